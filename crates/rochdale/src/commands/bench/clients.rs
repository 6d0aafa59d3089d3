//! Clients that ask a server for the same pages at a pace while something else goes on, and how long the answers took.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::pages::get;
use super::timed;
use crate::exit::Exit;

/// Each client asks so often; one that got its answer late asks again at once.
pub const PACE: Duration = Duration::from_millis(100);
/// The most clients, which spread over one pace.
const MANY: u64 = 64;

/// Who asks for which pages.
pub struct Clients<'a> {
    pub address: SocketAddr,
    pub cookie: &'a str,
    pub paths: &'a [&'a str],
}

impl Clients<'_> {
    /// So many clients ask for as long as `work` takes; the times of each path, shortest first.
    pub fn ask(&self, clients: u64, work: &dyn Fn() -> Result<(), Exit>) -> Result<Vec<Vec<Duration>>, Exit> {
        let over = &AtomicBool::new(false);
        std::thread::scope(|scope| {
            let asking: Vec<_> = (0..clients).map(|client| scope.spawn(move || self.one(client, over))).collect();
            let worked = work();
            over.store(true, Ordering::Relaxed);
            let mut all = vec![Vec::new(); self.paths.len()];
            for client in asking {
                let times = client.join().unwrap_or_else(|_| Err(Exit::world("a client broke off")))?;
                all.iter_mut().zip(times).for_each(|(all, times)| all.extend(times));
            }
            all.iter_mut().for_each(|times| times.sort_unstable());
            worked.map(|()| all)
        })
    }

    fn one(&self, client: u64, over: &AtomicBool) -> Result<Vec<Vec<Duration>>, Exit> {
        let mut times = vec![Vec::new(); self.paths.len()];
        // Not all at the same instant.
        pause(PACE * u32::try_from(client % MANY).unwrap_or(0) / u32::try_from(MANY).unwrap_or(1));
        while !over.load(Ordering::Relaxed) {
            for (path, times) in self.paths.iter().zip(&mut times) {
                let (answer, time) = timed(|| get(self.address, self.cookie, path));
                answer?;
                times.push(time);
                pause(PACE.saturating_sub(time));
            }
        }
        Ok(times)
    }
}

/// The first line and the body of the next answer on a connection that stays open.
pub fn answer(answers: &mut BufReader<TcpStream>) -> Result<(String, String), Exit> {
    let (mut status, mut length) = (String::new(), 0);
    answers.read_line(&mut status)?;
    loop {
        let mut line = String::new();
        answers.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(bytes) = line.to_lowercase().strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body)?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// The time within which so many of a hundred were answered, of times in order.
pub fn percentile(times: &[Duration], percent: usize) -> Duration {
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Lets time go by: a benchmark measures what happens meanwhile.
pub fn pause(time: Duration) {
    let (_open, nothing) = std::sync::mpsc::channel::<()>();
    let _ = nothing.recv_timeout(time);
}
