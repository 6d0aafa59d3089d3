//! The frames on the socket: a kind, a length of four bytes, and so many bytes. It knows no command.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use super::Call;

/// The longest frame, bytes: twice the longest command line of most systems.
const MOST_BYTES: u32 = 4 * 1024 * 1024;
/// Streams are cut into pieces of so many bytes.
pub const PIECE: usize = 64 * 1024;

/// The words that one end has for the other.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// The server's first word: which program it is.
    Welcome(String),
    /// The client's first word.
    Call(Call),
    /// Standard output.
    Output(Vec<u8>),
    /// Standard error.
    Errors(Vec<u8>),
    /// The command reads standard input from now on.
    WantsInput,
    /// Standard input; its end where it is empty.
    Input(Vec<u8>),
    /// How far the work is.
    Progress { done: u64, total: u64, what: String },
    /// The work that was told of is over.
    ProgressEnds,
    /// The server's last word: the exit code.
    End(u8),
}

impl Frame {
    /// Writes the frame whole.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let (kind, body) = match self {
            Frame::Welcome(program) => (1, program.as_bytes().to_vec()),
            Frame::Call(call) => (2, call.to_bytes()),
            Frame::Output(bytes) => (3, bytes.clone()),
            Frame::Errors(bytes) => (4, bytes.clone()),
            Frame::WantsInput => (5, Vec::new()),
            Frame::Input(bytes) => (6, bytes.clone()),
            Frame::Progress { done, total, what } => {
                (7, [&done.to_be_bytes()[..], &total.to_be_bytes(), what.as_bytes()].concat())
            }
            Frame::ProgressEnds => (8, Vec::new()),
            Frame::End(code) => (9, vec![*code]),
        };
        let length = u32::try_from(body.len()).ok().filter(|length| *length <= MOST_BYTES);
        let length = length.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the frame is too long"))?;
        let mut bytes = Vec::with_capacity(body.len() + 5);
        bytes.push(kind);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&body);
        to.write_all(&bytes)
    }

    /// Reads the next frame.
    pub fn read(from: &mut impl Read) -> io::Result<Frame> {
        let mut head = [0; 5];
        from.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = u32::from_be_bytes(length);
        if length > MOST_BYTES {
            return Err(no_frame());
        }
        let mut body = Vec::new();
        // It grows as bytes come in, and not before.
        from.take(length.into()).read_to_end(&mut body)?;
        if body.len() < length as usize {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Frame::of(kind, body).ok_or_else(no_frame)
    }

    fn of(kind: u8, body: Vec<u8>) -> Option<Frame> {
        match kind {
            1 => Some(Frame::Welcome(String::from_utf8(body).ok()?)),
            2 => Some(Frame::Call(Call::of_bytes(&body)?)),
            3 => Some(Frame::Output(body)),
            4 => Some(Frame::Errors(body)),
            5 => body.is_empty().then_some(Frame::WantsInput),
            6 => Some(Frame::Input(body)),
            7 => {
                let (done, rest) = body.split_first_chunk()?;
                let (total, what) = rest.split_first_chunk()?;
                let what = String::from_utf8(what.to_vec()).ok()?;
                Some(Frame::Progress { done: u64::from_be_bytes(*done), total: u64::from_be_bytes(*total), what })
            }
            8 => body.is_empty().then_some(Frame::ProgressEnds),
            9 => match *body {
                [code] => Some(Frame::End(code)),
                _ => None,
            },
            _ => None,
        }
    }
}

fn no_frame() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "this is no frame")
}

impl Call {
    /// Paths and arguments hold no zero byte, so one ends each of them; they need not be UTF-8.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in [self.folder.as_os_str()].into_iter().chain(self.arguments.iter().map(OsString::as_os_str)) {
            bytes.extend_from_slice(part.as_bytes());
            bytes.push(0);
        }
        bytes
    }

    fn of_bytes(bytes: &[u8]) -> Option<Call> {
        let mut parts = bytes.strip_suffix(&[0])?.split(|byte| *byte == 0);
        let folder = OsStr::from_bytes(parts.next()?).into();
        Some(Call { folder, arguments: parts.map(|part| OsString::from_vec(part.to_vec())).collect() })
    }
}
