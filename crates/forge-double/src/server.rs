//! The forge on loopback: one connection, one call, one answer, with the faults that are demanded. Plain HTTP/1.1 over threads,
//! since a test must be able to end a connection at any byte.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::answer::Answer;
use crate::call::{Call, split};
use crate::fault::{self, Fault};
use crate::hook::Delivery;
use crate::world::World;

/// The most bytes of a call.
const ENOUGH_BYTES: usize = 4 << 20;
/// A silent connection is given up after this time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A forge that answers on loopback until this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to answer, on a port of its own.
    ///
    /// # Errors
    /// The machine's, where it gives no port or thread.
    pub fn start(world: World) -> std::io::Result<Server> {
        Server::start_on(world, 0)
    }

    /// As [`Server::start`], on this port.
    ///
    /// # Errors
    /// The machine's.
    pub fn start_on(mut world: World, port: u16) -> std::io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
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
        let thread = std::thread::Builder::new().name("forge".to_owned()).spawn(accept)?;
        Ok(Server { address, world, stopping, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`; a dialect's own base follows it (`/api/v3`, `/api/v1`, `/api/v4`).
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The forge itself, to look at and to act on. No call is answered meanwhile.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the end of the process.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    /// Sends a delivery to its hook; the status of the answer.
    ///
    /// # Errors
    /// The connection's.
    pub fn deliver(delivery: &Delivery) -> std::io::Result<u16> {
        let wrong = || std::io::Error::other(format!("no address on loopback: {}", delivery.url));
        let rest = delivery.url.strip_prefix("http://").ok_or_else(wrong)?;
        let (host, path) = rest.split_once('/').ok_or_else(wrong)?;
        let address: SocketAddr = host.replace("localhost", "127.0.0.1").parse().map_err(|_| wrong())?;
        if !address.ip().is_loopback() {
            return Err(wrong());
        }
        let mut head = format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for (name, value) in &delivery.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", delivery.body.len()));
        let mut connection = TcpStream::connect(address)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(head.as_bytes())?;
        connection.write_all(&delivery.body)?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer)?;
        let text = String::from_utf8_lossy(&answer);
        text.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| std::io::Error::other("no answer"))
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

/// Answers the one call of a connection.
fn serve(mut connection: TcpStream, world: &Mutex<World>) {
    let _ = connection.set_read_timeout(Some(PATIENCE));
    let Some(call) = read(&mut connection) else { return };
    let (fault, answer) = {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = fault::take(&mut world, &call);
        if fault == Some(Fault::Unheard) {
            let _ = connection.shutdown(Shutdown::Both);
            return;
        }
        let answer = match fault.and_then(|fault| fault::refuse(&world, fault)) {
            Some(refusal) => refusal,
            None => limited(&mut world, &call),
        };
        world.calls.push((call.method.clone(), call.path.clone(), answer.status));
        (fault, answer)
    };
    match fault {
        Some(Fault::LostAnswer) => {}
        Some(Fault::BrokenAfter) => {
            let broken = Answer::json(502, &serde_json::json!({ "message": "Bad Gateway" }));
            let _ = write(&mut connection, &broken, usize::MAX);
        }
        Some(Fault::HalfAnswer) => {
            let _ = write(&mut connection, &answer, answer.body.len() / 2);
        }
        Some(Fault::Slow(milliseconds)) => {
            // Until the caller hangs up, and so long at most.
            let _ = connection.set_read_timeout(Some(Duration::from_millis(milliseconds.max(1))));
            let _ = connection.read(&mut [0]);
            let _ = write(&mut connection, &answer, usize::MAX);
        }
        _ => {
            let _ = write(&mut connection, &answer, usize::MAX);
        }
    }
    let _ = connection.shutdown(Shutdown::Both);
}

/// Answers within the hourly limit, and tells it.
fn limited(world: &mut World, call: &Call) -> Answer {
    if call.path.starts_with("/_double/") {
        return crate::answer(world, call);
    }
    if world.now.saturating_sub(world.used.1) >= 3_600 {
        world.used = (0, world.now);
    }
    let reset = world.used.1.saturating_add(3_600);
    if world.used.0 >= world.hourly {
        let left = reset.saturating_sub(world.now);
        return fault::refuse(world, Fault::Spent(left)).unwrap_or_else(|| Answer::empty(403));
    }
    let answer = crate::answer(world, call);
    // An answer that nothing has changed is free, as GitHub counts.
    if answer.status != 304 {
        world.used.0 = world.used.0.saturating_add(1);
    }
    let (limit, left, at) = fault::names_of_limit(world.dialect);
    answer.with(limit, world.hourly).with(left, world.hourly.saturating_sub(world.used.0)).with(at, reset)
}

/// Reads one call as a whole; `None` where there is none.
fn read(connection: &mut TcpStream) -> Option<Call> {
    let mut bytes = Vec::new();
    let mut part = [0; 8_192];
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        if let Ok(httparse::Status::Complete(head)) = request.parse(&bytes) {
            let (path, query) = split(request.path?);
            let pair = |header: &httparse::Header<'_>| {
                (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
            };
            let method = request.method?.to_owned();
            let headers = request.headers.iter().map(pair).collect();
            let mut call = Call { method, path, query, headers, body: Vec::new() };
            if call.header("expect").is_some() {
                connection.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
            }
            let chunked = call.header("transfer-encoding").is_some();
            let length = call.header("content-length").and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
            let whole =
                |bytes: &[u8]| if chunked { bytes.ends_with(b"0\r\n\r\n") } else { bytes.len() >= head + length };
            while !whole(&bytes) && bytes.len() < ENOUGH_BYTES {
                let count = connection.read(&mut part).ok().filter(|count| *count > 0)?;
                bytes.extend_from_slice(part.get(..count)?);
            }
            let body = bytes.get(head..)?;
            call.body = if chunked { joined(body)? } else { body.get(..length)?.to_vec() };
            return Some(call);
        }
        let count = connection.read(&mut part).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(part.get(..count)?);
        if bytes.len() > ENOUGH_BYTES {
            return None;
        }
    }
}

/// Puts a body together that came in chunks.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|pair| pair == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(body.get(..end)?).ok()?.trim(), 16).ok()?;
        let from = end + 2;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(from..from + size)?);
        body = body.get(from + size + 2..)?;
    }
}

/// Writes an answer, its body up to so many bytes.
fn write(connection: &mut TcpStream, answer: &Answer, most: usize) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} -\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if answer.status != 204 && answer.status != 304 {
        head.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    }
    head.push_str("\r\n");
    // In one piece: a body that comes after its head waits for the other side's word that the head has come.
    let body = answer.body.as_bytes();
    let mut whole = head.into_bytes();
    whole.extend_from_slice(body.get(..most.min(body.len())).unwrap_or_default());
    connection.write_all(&whole)?;
    connection.flush()
}
