//! Serves every page with made-up facts, for looking at them: `cargo run -p web --example fixture_server -- 1845 [empty|down]`.

#[path = "../tests/fixture/mod.rs"]
#[allow(dead_code, reason = "tests use more of the fixture than this")]
mod fixture;

use std::sync::Arc;
use web::{App, Door, router};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "1845".to_owned());
    let mode = std::env::args().nth(2).unwrap_or_default();
    let facts = fixture::Fixture { down: mode == "down", empty: mode == "empty", ..fixture::Fixture::default() };
    let app = App::new(Arc::new(facts), Door::WalkIn);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router(app)).await
}
