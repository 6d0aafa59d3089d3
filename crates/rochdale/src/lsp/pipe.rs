//! One message from an editor's pipe. Its length is looked at before room is made for it.

use std::io::{self, BufRead, Read as _};

use lsp_server::Message;

/// The longest head of a message, bytes.
const LONGEST_HEAD: u64 = 4_096;
/// The longest message, bytes: a text of rules with every character escaped, several times over.
const LONGEST: usize = 16 * 1_048_576;

/// The next message; `None` where the editor has hung up.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let wrong = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let mut head = input.by_ref().take(LONGEST_HEAD);
    let mut length: Option<usize> = None;
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            let ended = length.is_none() && head.limit() > 0;
            return if ended {
                Ok(None)
            } else {
                Err(wrong("a message's head does not end"))
            };
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| wrong("a head without a colon"))?;
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
    let message = serde_json::from_slice(&body);
    message
        .map(Some)
        .map_err(|why| wrong(&format!("not a message: {why}")))
}
