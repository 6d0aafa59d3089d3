//! The socket in a served co-op's folder, by which commands hand their work to the server: its place, its owner, and how one
//! gets there. It gives the rights that the data file gives, and to its owner alone (docs/spec/commands.md, While it serves).

mod answers;
pub mod client;
mod frame;
pub mod server;

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use answers::{Answers, Input, Told};

/// The socket's name in the co-op's folder.
pub const NAME: &str = "rochdale.sock";

/// Both ends name it first: a program of another version asks for nothing.
const VERSION: &str = concat!("rochdale ", env!("CARGO_PKG_VERSION"), " socket 1");

/// A peer that is silent for so long when it is its turn is stuck.
const GREETING: Duration = Duration::from_secs(10);

/// The path of the socket in a folder, for as long as this is held.
struct Address {
    path: PathBuf,
    /// The path may lead through it.
    _folder: Option<File>,
}

/// A socket's address has 108 bytes, 104 on some systems: a longer path leads through the open folder.
const LONGEST: usize = 100;

impl Address {
    fn of(folder: &Path) -> io::Result<Address> {
        let path = folder.join(NAME);
        if path.as_os_str().len() <= LONGEST {
            return Ok(Address { path, _folder: None });
        }
        let open = File::open(folder)?;
        Ok(Address { path: PathBuf::from(format!("/proc/self/fd/{}/{NAME}", open.as_raw_fd())), _folder: Some(open) })
    }
}

/// Whether the other end is the user that this process acts as.
fn is_own(other: &UnixStream) -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _in_it = runtime.enter();
    let own = own_user()?;
    other.set_nonblocking(true)?;
    let asked = tokio::net::UnixStream::from_std(other.try_clone()?)?.peer_cred();
    other.set_nonblocking(false)?;
    Ok(asked?.uid() == own)
}

/// The user that this process acts as; asked in tokio's runtime.
fn own_user() -> io::Result<u32> {
    let (own, _) = tokio::net::UnixStream::pair()?;
    Ok(own.peer_cred()?.uid())
}

/// A command as it was typed, and where.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    folder: PathBuf,
    arguments: Vec<OsString>,
}

#[cfg(test)]
mod tests;
