//! A server and clients that keep their connections, in one process.

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use host::Shared;
use tokio::runtime::Runtime;
use web::{App, Door, Limits};

use super::super::clients::answer;
use super::Vote;
use crate::exit::Exit;

pub struct Server {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Server {
    pub fn start(coop: Arc<Shared>) -> Result<Server, Exit> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        runtime.spawn(web::serve(listener, App::new(coop, Door::WalkIn), Limits::USUAL, std::future::pending()));
        Ok(Server { address, runtime: Some(runtime) })
    }

    pub fn connect(&self) -> Result<Connection, Exit> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Connection { address: self.address, answers: BufReader::new(stream) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

pub struct Connection {
    address: SocketAddr,
    answers: BufReader<TcpStream>,
}

impl Connection {
    pub fn hand_in(&mut self, vote: &Vote) -> Result<(), Exit> {
        let Vote { member, share_ppm, key } = vote;
        let act = format!(
            "{{\"act\":\"cast_ballot\",\"member\":\"{member}\",\"decision\":\"issues\",\"item\":\"1\",\"share_ppm\":{share_ppm},\"against\":false}}"
        );
        let head = format!(
            "POST /api/v1/acts HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{act}",
            self.address,
            act.len()
        );
        self.answers.get_mut().write_all(head.as_bytes())?;
        let (status, body) = answer(&mut self.answers)?;
        if status.contains(" 200 ") {
            return Ok(());
        }
        Err(Exit::world(format!("{}: {body}", status.trim())))
    }
}
