//! A whole conversation with an editor, over the protocol's own messages.

use std::io::{BufReader, PipeReader, PipeWriter, pipe};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

use super::talk;

/// An editor at the other end of the pipe.
struct Editor {
    to: PipeWriter,
    from: BufReader<PipeReader>,
    asked: i32,
    server: Option<std::thread::JoinHandle<bool>>,
}

impl Editor {
    fn new() -> Editor {
        let ((input, to), (from, mut output)) = (pipe().unwrap(), pipe().unwrap());
        let mut input = BufReader::new(input);
        let server = std::thread::spawn(move || talk(&mut input, &mut output).is_ok());
        let mut editor = Editor { to, from: BufReader::new(from), asked: 0, server: Some(server) };
        let hello = editor.ask("initialize", json!({ "capabilities": {} }));
        assert_eq!(hello["capabilities"]["hoverProvider"], true);
        editor.tell("initialized", json!({}));
        editor
    }

    fn hear(&mut self) -> Message {
        Message::read(&mut self.from).unwrap().unwrap()
    }

    fn tell(&mut self, method: &str, params: Value) {
        let message = Notification::new(method.to_owned(), params);
        Message::from(message).write(&mut self.to).unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let request = Request::new(RequestId::from(self.asked), method.to_owned(), params);
        Message::from(request).write(&mut self.to).unwrap();
        loop {
            if let Message::Response(answer) = self.hear() {
                assert!(answer.error.is_none() || method == "nonsense", "{answer:?}");
                return answer.result.unwrap_or(Value::Null);
            }
        }
    }

    /// Opens a text; the mistakes told of it.
    fn open(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.mistakes(uri)
    }

    fn mistakes(&mut self, uri: &str) -> Vec<Value> {
        loop {
            if let Message::Notification(told) = self.hear() {
                assert_eq!(told.method, "textDocument/publishDiagnostics");
                if told.params["uri"] == uri {
                    return told.params["diagnostics"].as_array().unwrap().clone();
                }
            }
        }
    }

    fn at(&mut self, method: &str, uri: &str, line: u32, character: u32) -> Value {
        let place = json!({ "line": line, "character": character });
        self.ask(method, json!({ "textDocument": { "uri": uri }, "position": place }))
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.server.take().unwrap().join().unwrap());
    }
}

/// Returns everything that the server answers to these bytes, and how it ends.
fn answered(bytes: &[u8]) -> (String, Option<String>) {
    let mut output = Vec::new();
    let ended = talk(&mut &*bytes, &mut output).err();
    let ended = ended.map(|exit| format!("{exit:?}"));
    (String::from_utf8(output).unwrap(), ended)
}

fn frame(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn what_is_no_message_is_answered_and_the_conversation_goes_on() {
    let hello = frame(r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#);
    let bye = frame(r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#);
    let exit = frame(r#"{"jsonrpc":"2.0","method":"exit"}"#);
    for wrong in ["{\"jsonrpc\":", "[1", "\u{fffd}", "{}"] {
        let whole = [frame(wrong), hello.clone(), bye.clone(), exit.clone()].concat();
        let (said, ended) = answered(whole.as_bytes());
        assert_eq!(ended, None, "{said}");
        assert!(said.contains("\"code\":-32700") && said.contains("\"id\":null"), "{said}");
        assert!(said.contains("\"id\":2"), "{said}");
    }
    for (bytes, code) in [([hello.clone(), exit].concat(), 1), (hello, 3)] {
        let ended = answered(bytes.as_bytes()).1.unwrap();
        assert!(ended.contains(&format!("code: {code},")), "{ended}");
    }
}

#[test]
fn what_is_not_kept_is_told() {
    let mut editor = Editor::new();
    let long = format!("{}\n{}", kernel(), " ".repeat(1_048_576));
    let told = editor.open(KERNEL, &long);
    let said = told[0]["message"].as_str().unwrap();
    assert!(told.len() == 1 && said.contains("1048576 bytes"), "{told:?}");
    for place in 0..256 {
        editor.open(&format!("file:///{place}/kernel.md"), &kernel());
    }
    let told = editor.open(KERNEL, &kernel());
    let said = told[0]["message"].as_str().unwrap();
    assert!(told.len() == 1 && said.contains("256 texts are open"), "{told:?}");
    let document = json!({ "textDocument": { "uri": "file:///7/kernel.md" } });
    editor.tell("textDocument/didClose", document);
    assert_eq!(editor.open(KERNEL, &kernel()), Vec::<Value>::new());
}

const KERNEL: &str = "file:///co-op/kernel.md";
const CONSTITUTION: &str = "file:///co-op/constitution.md";

fn kernel() -> String {
    kernel_under(charter::Edition::USUAL)
}

fn kernel_under(edition: charter::Edition) -> String {
    let currency = quantity::Currency::parse("EUR").unwrap();
    charter::template_under("open-source", edition).unwrap().fill("x", currency).kernel
}

#[test]
fn mistakes_are_told_as_they_are_typed_and_go_when_they_are_mended() {
    let mut editor = Editor::new();
    assert_eq!(editor.open(KERNEL, &kernel()), Vec::<Value>::new());
    let told = editor.open(CONSTITUTION, "// ü\n/* 😀 */ ofice \"maintainer\" { settles-in \"14 days\" }");
    let codes: Vec<&Value> = told.iter().map(|mistake| &mistake["code"]).collect();
    assert_eq!(codes, ["C005"]);
    assert_eq!(told[0]["range"]["start"], json!({ "line": 1, "character": 9 }));
    let change = json!({ "textDocument": { "uri": CONSTITUTION, "version": 2 },
        "contentChanges": [{ "text": "office \"maintainer\" { settles-in \"14 days\" }" }] });
    editor.tell("textDocument/didChange", change);
    assert_eq!(editor.mistakes(CONSTITUTION), Vec::<Value>::new());
}

#[test]
fn a_changed_kernel_is_told_to_the_constitution_beside_it() {
    let mut editor = Editor::new();
    editor.open(KERNEL, &kernel());
    let text = "office \"editor\" electorate=\"contributors\" { settles-in \"14 days\" }";
    assert!(editor.open(CONSTITUTION, text).is_empty());
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": KERNEL, "version": 2 },
        "contentChanges": [{ "text": kernel().replace("contributors", "makers") }] }),
    );
    let told = editor.mistakes(CONSTITUTION);
    assert_eq!(told[0]["code"], "C016");
}

#[test]
fn a_constitution_without_a_kernel_says_so() {
    let mut editor = Editor::new();
    let told = editor.open("file:///nowhere/constitution.md", "office \"a\" { settles-in \"14 days\" }");
    assert!(told[0]["message"].as_str().unwrap().contains("kernel.md"));
}

#[test]
fn a_word_is_explained_and_the_words_that_fit_are_offered() {
    let mut editor = Editor::new();
    editor.open(KERNEL, &kernel());
    let text = "office \"editor\" {\n    settles-in \"14 days\"\n    may \"me\"\n}\n";
    editor.open(CONSTITUTION, text);
    let hover = editor.at("textDocument/hover", CONSTITUTION, 1, 6);
    let said = hover["contents"]["value"].as_str().unwrap();
    assert!(said.starts_with("How long"), "{said}");
    let offered = editor.at("textDocument/completion", CONSTITUTION, 2, 11);
    assert_eq!(offered[0]["label"], "merge");
    assert_eq!(offered[0]["textEdit"]["range"]["start"]["character"], 9);
    assert_eq!(editor.at("textDocument/hover", CONSTITUTION, 90, 0), Value::Null);
    assert_eq!(editor.ask("nonsense", json!({})), Value::Null);
}

/// Words of a later edition in a co-op of an earlier one would be mistakes.
#[test]
fn words_are_those_of_the_co_op_s_edition() {
    for (edition, fields) in [(charter::Edition::ONE, 0), (charter::Edition::TWO, 1), (charter::Edition::THREE, 1)] {
        let folder = tempfile::tempdir().unwrap();
        let filled = charter::template_under("club", edition).unwrap();
        let filled = filled.fill("x", quantity::Currency::parse("EUR").unwrap());
        let charter = host::Charter::read_under(filled.kernel, filled.constitution, edition).unwrap();
        host::init(&folder.path().join("home"), &charter, false).unwrap();
        let uri = format!("file://{}/home/kernel.md", folder.path().display());
        let mut editor = Editor::new();
        editor.open(&uri, "kernel {\n    found\n}\n");
        let offered = editor.at("textDocument/completion", &uri, 1, 9);
        assert_eq!(offered.as_array().unwrap().len(), fields, "{edition}: {offered}");
        let told = editor.open(&uri, &kernel_under(edition.max(charter::Edition::TWO)));
        let wrong: Vec<&Value> = told.iter().filter(|mistake| mistake["severity"] == 1).collect();
        assert_eq!(wrong.is_empty(), fields > 0, "{edition}: {wrong:?}");
    }
}

#[test]
fn a_clause_that_checks_is_said_in_plain_english() {
    let mut editor = Editor::new();
    editor.open(KERNEL, &kernel());
    editor.open(CONSTITUTION, "office \"editor\" { settles-in \"14 days\" }\n");
    let hover = editor.at("textDocument/hover", CONSTITUTION, 0, 9);
    let said = hover["contents"]["value"].as_str().unwrap();
    assert!(said.contains("14 days"), "{said}");
}

#[test]
fn the_layout_is_changed_once() {
    let mut editor = Editor::new();
    editor.open(KERNEL, &kernel());
    editor.open(CONSTITUTION, "office   \"editor\" {settles-in \"14 days\"}");
    let of = json!({ "textDocument": { "uri": CONSTITUTION }, "options": {} });
    let changes = editor.ask("textDocument/formatting", of.clone());
    let formatted = changes[0]["newText"].as_str().unwrap().to_owned();
    assert!(formatted.starts_with("office \"editor\" {"), "{formatted}");
    editor.open(CONSTITUTION, &formatted);
    assert_eq!(editor.ask("textDocument/formatting", of), Value::Null);
}

#[test]
fn an_editor_that_breaks_off_or_talks_nonsense_ends_the_server() {
    let talked = |said: &str| {
        let mut answer = Vec::new();
        let ended = talk(&mut said.as_bytes(), &mut answer);
        (ended.is_ok(), String::from_utf8(answer).unwrap())
    };
    for said in [
        "",
        "garbage\r\n\r\n",
        "Content-Length: 9999999999999\r\n\r\n{}",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 9\r\n\r\n{}",
        "Content-Length: 2\r\n",
    ] {
        assert_eq!(talked(said), (false, String::new()), "{said}");
    }
    let early = r#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}"#;
    let (_, answer) = talked(&format!("Content-Length: {}\r\n\r\n{early}", early.len()));
    assert!(answer.contains("-32002"), "{answer}");
}

#[test]
fn places_and_bytes_are_each_other_s_at_every_line_end() {
    let text = "a\rb\r\n\u{1f600}c\nd";
    for (byte, line, character) in [(0, 0, 0), (1, 0, 1), (2, 1, 0), (5, 2, 0), (9, 2, 2), (11, 3, 0), (12, 3, 1)] {
        let place = json!({ "line": line, "character": character });
        assert_eq!(super::place::byte_of(text, &place), byte, "{place}");
        assert_eq!(super::place::range_of(text, &(byte..byte))["start"], place, "{byte}");
    }
    assert_eq!(super::place::byte_of(text, &json!({ "line": 9, "character": 0 })), 12);
}
