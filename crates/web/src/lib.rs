//! Pages, the JSON API and sessions. Every route stands in `routes.rs`; what pages ask of the co-op stands in `desk.rs`.
//! No rules and no storage: a handler parses, asks or submits, and renders.

mod api;
mod app;
mod assets;
mod chart;
mod desk;
mod form;
mod founding;
mod guard;
mod hosted;
mod invitation;
mod pages;
mod prose;
mod routes;
mod serve;
mod session;
mod trouble;

pub use app::{App, Door};
pub use desk::{BallotDraft, Deed, Desk, ForkStep, ItemDraft, ShareMove, Step, Tried};
pub use founding::{FirstRun, FirstRunSettings, Reach, first_run_router};
pub use hosted::HostDesk;
pub use routes::{ROUTES, Route, router};
pub use serve::{serve, serve_first_run};
pub use session::Transport;
pub use trouble::Trouble;
