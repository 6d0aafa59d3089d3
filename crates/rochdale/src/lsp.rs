//! The language server: mistakes as they are typed, the meaning of words, the words that fit, one layout. It speaks the
//! Language Server Protocol 3.17 over standard input and output and keeps only the texts that an editor has open.

mod pipe;
mod place;
#[cfg(test)]
mod tests;
mod texts;

use std::io::{self, BufRead, Write};

use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde_json::{Value, json};

use crate::exit::Exit;
use pipe::Came;
use texts::Texts;

/// Returns the server's capabilities, as the protocol names them.
fn capabilities() -> Value {
    json!({
        "positionEncoding": "utf-16",
        "textDocumentSync": { "openClose": true, "change": 1 },
        "hoverProvider": true,
        "completionProvider": { "triggerCharacters": ["\"", "("] },
        "documentFormattingProvider": true,
    })
}

/// Serves one editor on standard input and output until it says that it ends.
pub fn serve() -> Result<(), Exit> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    talk(&mut input, &mut output)
}

/// The whole conversation.
fn talk(input: &mut impl BufRead, output: &mut impl Write) -> Result<(), Exit> {
    let broken = |why: io::Error| Exit::world(format!("the editor's pipe: {why}"));
    let (mut texts, mut stage) = (Texts::default(), Stage::New);
    loop {
        let message = match pipe::read(input).map_err(broken)? {
            Came::Message(message) => message,
            Came::Misread(why) => {
                pipe::answer_misread(output, &why).map_err(broken)?;
                continue;
            }
            Came::Nothing => return Err(Exit::world("the editor is gone and did not say so")),
        };
        let answers = match message {
            Message::Request(request) => {
                let (answer, next) = stage.answer(&texts, request);
                stage = next;
                vec![Message::Response(answer)]
            }
            Message::Notification(told) if told.method == "exit" => return stage.end(),
            Message::Notification(told) => hear(&mut texts, &told),
            Message::Response(_) => Vec::new(),
        };
        for answer in answers {
            answer.write(output).map_err(broken)?;
        }
    }
}

/// How far the conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    New,
    Open,
    Ending,
}

impl Stage {
    /// Answers a question, and how far the conversation is then.
    fn answer(self, texts: &Texts, request: Request) -> (Response, Stage) {
        match (self, request.method.as_str()) {
            (Stage::New, "initialize") => {
                let hello = json!({
                    "capabilities": capabilities(),
                    "serverInfo": { "name": "rochdale", "version": env!("CARGO_PKG_VERSION") },
                });
                (Response::new_ok(request.id, hello), Stage::Open)
            }
            (Stage::Open, "shutdown") => (Response::new_ok(request.id, Value::Null), Stage::Ending),
            (Stage::Open, _) => (answer(texts, request), Stage::Open),
            (stage, method) => {
                let why = format!("`{method}` is not asked for now");
                let code = match stage {
                    Stage::New => ErrorCode::ServerNotInitialized,
                    Stage::Open | Stage::Ending => ErrorCode::InvalidRequest,
                };
                (Response::new_err(request.id, code as i32, why), stage)
            }
        }
    }

    fn end(self) -> Result<(), Exit> {
        match self {
            Stage::Ending => Ok(()),
            Stage::New | Stage::Open => Err(Exit::no("the editor left without saying `shutdown` first")),
        }
    }
}

/// Answers a question about an open text; `null` where there is nothing to say.
fn answer(texts: &Texts, request: Request) -> Response {
    let uri = request.params["textDocument"]["uri"].as_str().unwrap_or("");
    let at = &request.params["position"];
    let found = match request.method.as_str() {
        "textDocument/hover" => texts.hover(uri, at),
        "textDocument/completion" => texts.complete(uri, at),
        "textDocument/formatting" => texts.format(uri),
        other => {
            let why = format!("this server does not know `{other}`");
            return Response::new_err(request.id, ErrorCode::MethodNotFound as i32, why);
        }
    };
    Response::new_ok(request.id, found.unwrap_or(Value::Null))
}

/// Takes note of a text that was opened, changed or closed, and reports the mistakes of every text that this affects.
fn hear(texts: &mut Texts, told: &Notification) -> Vec<Message> {
    let document = &told.params["textDocument"];
    let Some(uri) = document["uri"].as_str() else {
        return Vec::new();
    };
    let touched = match told.method.as_str() {
        "textDocument/didOpen" => texts.keep(uri, document["text"].as_str().unwrap_or("")),
        "textDocument/didChange" => {
            let changes = told.params["contentChanges"].as_array();
            let last = changes.and_then(|changes| changes.last()?["text"].as_str());
            last.map_or_else(|| Ok(Vec::new()), |text| texts.keep(uri, text))
        }
        "textDocument/didClose" => {
            texts.forget(uri);
            return vec![publish(uri, Vec::new())];
        }
        _ => return Vec::new(),
    };
    let tell = |uri: String| {
        let mistakes = texts.mistakes(&uri);
        publish(&uri, mistakes)
    };
    match touched {
        Ok(touched) => touched.into_iter().map(tell).collect(),
        Err(why) => vec![publish(uri, vec![why])],
    }
}

fn publish(uri: &str, mistakes: Vec<Value>) -> Message {
    let told = json!({ "uri": uri, "diagnostics": mistakes });
    let method = "textDocument/publishDiagnostics".to_owned();
    Message::Notification(Notification::new(method, told))
}
