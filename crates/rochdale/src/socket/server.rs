//! The server's end: it listens in the co-op's folder, and carries out what the folder's owner hands over, each command in a
//! thread of its own.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser as _;
use host::Shared;
use tokio::net::{UnixListener, UnixSocket};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::answers::{Input, answers};
use super::frame::Frame;
use super::{Address, Call, GREETING, VERSION, own_user};
use crate::Arguments;
use crate::caller::{Caller, Client};
use crate::exit::{DONE, Exit, WORLD_FAILED};

/// As many commands as are carried out at once.
const MOST_AT_ONCE: u32 = 8;
/// As many more as may wait to be seen.
const WAITING: u32 = 64;
/// A client that takes nothing for so long is stuck; one that is only slow, behind a pager for instance, is not.
const STUCK: Duration = Duration::from_secs(600);
/// The pause after a failure to take a connection: the machine is out of something.
const PAUSE: Duration = Duration::from_millis(200);

/// A socket that is listened on.
pub struct Listening {
    /// Where it is, for as long as its folder is open.
    address: Address,
    accepting: JoinHandle<()>,
    places: Arc<Semaphore>,
    /// INVARIANT: it holds the lock of the data file, so the socket is nobody else's.
    _coop: Arc<Shared>,
}

impl Listening {
    /// Listens in `folder`, whose co-op `coop` is open for writing here: a socket that is there is of a server that has ended.
    /// It runs in tokio's runtime.
    pub fn begin(folder: &Path, coop: &Arc<Shared>) -> io::Result<Listening> {
        let address = Address::of(folder)?;
        match fs::symlink_metadata(&address.path) {
            Ok(left) if left.file_type().is_socket() => fs::remove_file(&address.path)?,
            Ok(_) => return Err(io::Error::new(ErrorKind::AlreadyExists, "it is there already and no socket")),
            Err(why) if why.kind() == ErrorKind::NotFound => {}
            Err(why) => return Err(why),
        }
        let socket = UnixSocket::new_stream()?;
        socket.bind(&address.path)?;
        // Before anybody can connect.
        fs::set_permissions(&address.path, Permissions::from_mode(0o600))?;
        let listener = socket.listen(WAITING)?;
        let places = Arc::new(Semaphore::new(MOST_AT_ONCE as usize));
        let accepting = tokio::spawn(accept(listener, own_user()?, Arc::clone(coop), Arc::clone(&places)));
        Ok(Listening { address, accepting, places, _coop: Arc::clone(coop) })
    }

    /// Takes nothing more, removes the socket, and waits until everything under way has ended.
    pub async fn end(&self) {
        self.accepting.abort();
        let _ = self.places.acquire_many(MOST_AT_ONCE).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.accepting.abort();
        let _ = fs::remove_file(&self.address.path);
    }
}

async fn accept(listener: UnixListener, own: u32, coop: Arc<Shared>, places: Arc<Semaphore>) {
    loop {
        let client = match listener.accept().await {
            Ok((client, _)) => client,
            Err(error) => {
                tracing::error!(%error, "a command could not reach the server");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        if client.peer_cred().is_ok_and(|peer| peer.uid() == own)
            && let Ok(client) = client.into_std()
        {
            match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => receive(client, Arc::clone(&coop), place),
                Err(_) => turn_away(client),
            }
        }
    }
}

/// Two short frames fit into any socket, so nobody waits here.
fn turn_away(mut client: UnixStream) {
    let words = format!(
        "rochdale: the server carries out {MOST_AT_ONCE} commands already: nothing was done, try again when one of them has ended\n"
    );
    let mut bytes = Vec::new();
    for frame in [Frame::Welcome(VERSION.to_owned()), Frame::Errors(words.into_bytes()), Frame::End(WORLD_FAILED)] {
        let _ = frame.write(&mut bytes);
    }
    let _ = client.write_all(&bytes);
}

/// Carries out what a client asks for, in a thread of its own.
fn receive(client: UnixStream, coop: Arc<Shared>, place: OwnedSemaphorePermit) {
    let thread = std::thread::Builder::new().name("command".to_owned()).spawn(move || {
        let _place = place;
        // A client that goes away, or is none, concerns nobody else.
        if let Err(why) = attend(client, coop) {
            tracing::debug!(%why, "a client has gone");
        }
    });
    if let Err(error) = thread {
        tracing::error!(%error, "there is no thread for a command");
    }
}

fn attend(mut client: UnixStream, coop: Arc<Shared>) -> io::Result<()> {
    client.set_nonblocking(false)?;
    client.set_read_timeout(Some(GREETING))?;
    client.set_write_timeout(Some(STUCK))?;
    Frame::Welcome(VERSION.to_owned()).write(&mut client)?;
    let Frame::Call(Call { folder, arguments }) = Frame::read(&mut client)? else {
        return Ok(());
    };
    // From now on it may take as long as somebody types.
    client.set_read_timeout(None)?;
    let (answers, outgoing) = answers();
    let input = Input::new(client.try_clone()?);
    let sending = std::thread::Builder::new().spawn(move || outgoing.send_all(&mut client))?;
    let caller = Caller::Client(Client { coop, folder, answers, input });
    let ended = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command.write(&caller),
        Err(error) => Err(Exit::input(error.to_string())),
    };
    let code = ended.map_or_else(|exit| exit.tell(&caller), |()| DONE);
    if let Caller::Client(client) = caller {
        client.answers.end(code);
    }
    sending.join().unwrap_or_else(|_| Err(ErrorKind::Other.into()))
}
