//! The double as a program, for clients in other languages: `forge-double github|gitea|gitlab [PORT]`. It says where it listens and
//! serves until it is ended.

use forge_double::{Dialect, Server, World};

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let dialect = match words.first().map(String::as_str) {
        Some("github") => Dialect::GitHub,
        Some("gitea") => Dialect::Gitea,
        Some("gitlab") => Dialect::GitLab,
        _ => return Err(std::io::Error::other("usage: forge-double github|gitea|gitlab [PORT]")),
    };
    let port = words.get(1).and_then(|port| port.parse().ok()).unwrap_or(0);
    let server = Server::start_on(World::new(dialect), port)?;
    println!("listening on {}", server.url());
    server.wait();
    Ok(())
}
