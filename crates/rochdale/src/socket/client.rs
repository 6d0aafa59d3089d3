//! The client: a command that finds a server in its co-op's folder hands its work to it, and does as it is told from then on.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::FileTypeExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;

use indicatif::ProgressBar;

use super::frame::{Frame, PIECE};
use super::{Address, Call, GREETING, NAME, VERSION};
use crate::exit::{self, Exit};
use crate::progress;

/// Hands this process's command to the server of the co-op in `folder`; how it ended. `None` where no server answers: nothing
/// is done then.
pub fn hand_over(folder: &Path) -> Option<Result<ExitCode, Exit>> {
    let mut server = connect(folder)?;
    let program = match Frame::read(&mut server) {
        Ok(Frame::Welcome(program)) => program,
        _ => return None,
    };
    Some(if program == VERSION { ask(server, folder) } else { Err(differs(&program, folder)) })
}

/// The server at the socket, if it is the user's own. Another's is not trusted with a command.
fn connect(folder: &Path) -> Option<UnixStream> {
    let found = std::fs::symlink_metadata(folder.join(NAME)).ok()?;
    if !found.file_type().is_socket() {
        return None;
    }
    let server = UnixStream::connect(Address::of(folder).ok()?.path).ok()?;
    let is_own = super::is_own(&server).ok()?;
    server.set_read_timeout(Some(GREETING)).ok()?;
    is_own.then_some(server)
}

fn differs(program: &str, folder: &Path) -> Exit {
    let folder = folder.display();
    Exit::world(format!(
        "the server of `{folder}` is `{program}`, and this program is `{VERSION}`: use the server's, or start it again with this one"
    ))
}

fn ask(mut server: UnixStream, folder: &Path) -> Result<ExitCode, Exit> {
    server.set_read_timeout(None)?;
    let call = Call { folder: std::env::current_dir()?, arguments: std::env::args_os().collect() };
    match Frame::Call(call).write(&mut server) {
        // A server that is full says so and closes.
        Err(why) if why.kind() != ErrorKind::BrokenPipe => return Err(why.into()),
        _ => {}
    }
    let mut bar: Option<ProgressBar> = None;
    loop {
        match Frame::read(&mut server) {
            Ok(Frame::Output(bytes)) => {
                let mut output = io::stdout().lock();
                output.write_all(&bytes).and_then(|()| output.flush())?;
            }
            Ok(Frame::Errors(bytes)) => {
                let _ = io::stderr().write_all(&bytes);
            }
            Ok(Frame::WantsInput) => give_input(server.try_clone()?),
            Ok(Frame::Progress { done, total, what }) => {
                let bar = bar.get_or_insert_with(|| progress::bar(total, what));
                bar.set_length(total);
                bar.set_position(done);
            }
            Ok(Frame::ProgressEnds) => {
                if let Some(bar) = bar.take() {
                    bar.finish_and_clear();
                }
            }
            Ok(Frame::End(code)) => return Ok(code.into()),
            Ok(Frame::Welcome(_) | Frame::Call(_) | Frame::Input(_)) | Err(_) => return Err(gone(folder)),
        }
    }
}

fn gone(folder: &Path) -> Exit {
    let folder = folder.display();
    Exit::world(format!(
        "the server ended before it answered: either all of it is done or nothing; `rochdale status {folder}` shows which"
    ))
}

/// Sends standard input from a thread of its own, for as long as the server reads it. It ends with the process.
fn give_input(mut server: UnixStream) {
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut piece = vec![0; PIECE];
        loop {
            let read = match input.read(&mut piece) {
                Ok(read) => read,
                Err(why) if why.kind() == ErrorKind::Interrupted => continue,
                Err(_) => {
                    let _ = server.shutdown(std::net::Shutdown::Write);
                    return;
                }
            };
            let bytes = piece.get(..read).unwrap_or_default().to_vec();
            if Frame::Input(bytes).write(&mut server).is_err() || read == 0 {
                return;
            }
        }
    });
}

/// As the exit code of this process.
pub fn end(handed_over: Result<ExitCode, Exit>) -> ExitCode {
    handed_over.unwrap_or_else(|exit: exit::Exit| exit.report())
}
