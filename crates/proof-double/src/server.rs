//! The issuer on loopback: one connection, one call, one answer, over threads.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::world::{Call, Reply, World};

/// The most bytes of a call.
const ENOUGH_BYTES: usize = 64 << 10;
/// A silent connection is given up after this time.
const PATIENCE: Duration = Duration::from_secs(20);

/// An issuer that answers on loopback until this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to answer, on a port of its own, which is in the issuer's name from now on.
    ///
    /// # Errors
    /// The machine's, where it gives no port or thread.
    pub fn start(mut world: World) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        world.base = format!("http://{address}");
        let world = Arc::new(Mutex::new(world));
        let stopping = Arc::new(AtomicBool::new(false));
        let (shared, stop) = (Arc::clone(&world), Arc::clone(&stopping));
        let accept = move || {
            for connection in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(connection), world) = (connection, Arc::clone(&shared)) else { continue };
                let _ = std::thread::Builder::new().spawn(move || serve(connection, &world));
            }
        };
        let thread = std::thread::Builder::new().name("issuer".to_owned()).spawn(accept)?;
        Ok(Self { address, world, stopping, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Opens a page of the issuer's as a browser does; the address to which it is sent back, or what the page says.
    ///
    /// # Errors
    /// The page sends nobody back.
    pub fn visit(&self, address: &str) -> Result<String, Reply> {
        let path = address.strip_prefix(&self.url()).unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (method, path) = ("GET".to_owned(), path.to_owned());
        let mut reply = self.world().answer(&Call { method, path, fields: fields(query), authorization: None });
        reply.location.take().ok_or(reply)
    }

    /// The issuer itself, to look at and to act on. No call is answered meanwhile.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(mut connection: TcpStream, world: &Mutex<World>) {
    let _ = connection.set_read_timeout(Some(PATIENCE));
    let Some(call) = read(&mut connection) else { return };
    let Reply { status, location, body } = world.lock().unwrap_or_else(PoisonError::into_inner).answer(&call);
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let location = location.map(|location| format!("Location: {location}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = "Connection: close\r\nContent-Type: application/json";
    let whole = format!("HTTP/1.1 {status} -\r\n{head}\r\n{location}Content-Length: {length}\r\n\r\n{body}");
    let _ = connection.write_all(whole.as_bytes());
}

/// Reads one call as a whole; none where there is none.
fn read(connection: &mut TcpStream) -> Option<Call> {
    let mut bytes = Vec::new();
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut request = httparse::Request::new(&mut headers);
        if let Ok(httparse::Status::Complete(head)) = request.parse(&bytes) {
            let (path, query) = request.path?.split_once('?').unwrap_or((request.path?, ""));
            let header = |name: &str| {
                let found = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
                found.map(|header| String::from_utf8_lossy(header.value).into_owned())
            };
            let mut call = Call {
                method: request.method?.to_owned(),
                path: path.to_owned(),
                fields: fields(query),
                authorization: header("authorization"),
            };
            let length = header("content-length").and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
            while bytes.len() < head.checked_add(length)? {
                more(connection, &mut bytes)?;
            }
            if call.method == "POST" {
                call.fields = fields(std::str::from_utf8(bytes.get(head..)?).ok()?);
            }
            return Some(call);
        }
        more(connection, &mut bytes)?;
    }
}

fn more(connection: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut part = [0; 4_096];
    let count = connection.read(&mut part).ok().filter(|count| *count > 0)?;
    bytes.extend_from_slice(part.get(..count)?);
    (bytes.len() <= ENOUGH_BYTES).then_some(())
}

fn fields(text: &str) -> BTreeMap<String, String> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (plain(name), plain(value))
    };
    text.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// Undoes percent escapes.
fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
