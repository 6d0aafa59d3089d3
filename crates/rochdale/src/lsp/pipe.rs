//! One message from an editor's pipe. Its length is looked at before room is made for it.

use std::io::{self, BufRead, Read as _, Write};

use lsp_server::{ErrorCode, Message};
use serde_json::json;

/// The longest head of a message, bytes.
const LONGEST_HEAD: u64 = 4_096;
/// The longest message, bytes: a text of rules with every character escaped, several times over.
const LONGEST: usize = 16 * 1_048_576;

/// A message from the pipe, or its absence.
pub(super) enum Came {
    Message(Message),
    /// A whole frame that holds no message, and why.
    Misread(String),
    /// The editor has hung up.
    Nothing,
}

/// Reads the next message.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Came> {
    let wrong = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let mut head = input.by_ref().take(LONGEST_HEAD);
    let mut length: Option<usize> = None;
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            let ended = length.is_none() && head.limit() > 0;
            return if ended { Ok(Came::Nothing) } else { Err(wrong("a message's head does not end")) };
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| wrong("a head without a colon"))?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
    let length = length.ok_or_else(|| wrong("a message without a length"))?;
    if length > LONGEST {
        return Err(wrong("a message longer than 16 MiB"));
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(match serde_json::from_slice(&body) {
        Ok(message) => Came::Message(message),
        Err(why) => Came::Misread(format!("not a message: {why}")),
    })
}

/// Answers a frame without a message. It has no id to repeat: the protocol uses `null` then, which its types do not hold.
pub(super) fn answer_misread(output: &mut impl Write, why: &str) -> io::Result<()> {
    let error = json!({ "code": ErrorCode::ParseError as i32, "message": why });
    let answer = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
    output.flush()
}
