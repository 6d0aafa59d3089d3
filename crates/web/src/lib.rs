//! Pages, the JSON API and sessions: a room for each noun, with its pages, forms and templates. Every route stands in `routes.rs`.
//! No rules and no storage: a handler parses, looks or hands in acts, and renders.

mod api;
mod app;
mod assets;
mod chart;
mod claim;
mod connection;
mod constitution;
mod decision;
mod error;
mod feed;
mod fork;
mod form;
mod founding;
mod frame;
mod guard;
mod home;
mod invitation;
mod kernel;
mod log;
mod me;
mod member;
mod money;
mod paging;
mod power;
mod prose;
mod ranking;
mod record;
mod routes;
mod serve;
mod session;
mod token;
mod trouble;
mod update;
mod visit;
mod walk_in;

pub use app::{App, Door};
pub use connection::{Limits, Patience};
pub use founding::{FirstRun, FirstRunSettings, Reach, first_run_router};
pub use routes::{ROUTES, Route, router};
pub use serve::{serve, serve_first_run};
pub use session::Transport;
pub use trouble::Trouble;
