//! Every route. What is not here is not served.

use crate::app::App;
use crate::pages::{
    api_show, ballot_cast, candidacy_step, constitution_show, decision_list, decision_show, document_show, fork_show,
    home_show, invitation_list, invitation_open, item_cast, kernel_step, log_list, me_show, member_list, member_show,
    money_show, power_show, propose_show, ranking_show, session_end, update_run, walk_in_show,
};
use crate::{api, assets, guard, trouble};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use tower_http::compression::CompressionLayer;

/// The most that one request may send, in bytes: the longest entry of the log.
const MOST_BYTES: usize = 64 * 1024;

/// The most where a document is proposed: forms write a byte as up to three.
const MOST_BYTES_OF_TEXT: usize = 4 * MOST_BYTES;

/// Where a document is proposed.
const TEXTS: &str = "/decisions/{name}/documents";

/// The most where rules are written: two texts of the most bytes, each byte as up to three.
const MOST_BYTES_OF_RULES: usize = 8 * 1024 * 1024;

/// Where rules are written.
const RULES: [&str; 6] = [
    "/constitution/propose",
    "/constitution/propose/check",
    "/constitution/propose/tidy",
    "/constitution/propose/past",
    "/fork/announce",
    "/fork/check",
];

/// The most where a program hands an act in: rules of the most bytes, with their line breaks escaped.
const MOST_BYTES_OF_ACT: usize = 2 * 1024 * 1024;

/// Where a program hands an act in, or a text to be checked.
const ACTS: [&str; 2] = ["/api/v1/acts", "/api/v1/rules/check"];

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
}

macro_rules! routes {
    ($($method:ident $path:literal => $handler:expr,)*) => {
        /// Every route by method and path, for tests that try them all.
        pub const ROUTES: &[Route] = &[$(Route { method: stringify!($method), path: $path }),*];

        fn table() -> Vec<(&'static str, MethodRouter<App>)> {
            vec![$(($path, $method($handler))),*]
        }
    };
}

routes! {
    // pages
    get  "/" => home_show::show,
    get  "/me" => me_show::show,
    post "/me/preview" => me_show::preview,
    post "/me/shares" => me_show::move_shares,
    get  "/powers/{power}" => power_show::show,
    post "/powers/{power}" => power_show::take,
    get  "/decisions" => decision_list::show,
    get  "/decisions/{name}" => decision_show::show,
    post "/decisions/{name}/preview" => ballot_cast::preview,
    post "/decisions/{name}/ballot" => ballot_cast::cast,
    post "/decisions/{name}/stand" => candidacy_step::stand,
    post "/decisions/{name}/withdraw" => candidacy_step::withdraw,
    post "/decisions/{name}/resign" => candidacy_step::resign,
    post "/decisions/{name}/nominations" => candidacy_step::nominate,
    post "/decisions/{name}/documents" => candidacy_step::propose,
    get  "/decisions/{name}/documents/{document}" => document_show::show,
    post "/decisions/{name}/items/{item}/preview" => item_cast::preview,
    post "/decisions/{name}/items/{item}/ballot" => item_cast::cast,
    get  "/constitution" => constitution_show::show,
    get  "/constitution/of/{path}" => constitution_show::show_inside,
    get  "/constitution/kernel" => constitution_show::kernel,
    get  "/constitution/kernel/{document}" => kernel_step::show,
    post "/constitution/kernel/assent" => kernel_step::assent,
    post "/constitution/kernel/withdraw" => kernel_step::withdraw,
    get  "/constitution/propose" => propose_show::show,
    post "/constitution/propose" => propose_show::propose,
    post "/constitution/propose/check" => propose_show::check,
    post "/constitution/propose/tidy" => propose_show::tidy,
    post "/constitution/propose/past" => propose_show::past,
    get  "/fork" => fork_show::show,
    post "/fork/join" => fork_show::join,
    post "/fork/stay" => fork_show::stay,
    get  "/fork/announce" => fork_show::draft,
    post "/fork/announce" => fork_show::announce,
    post "/fork/check" => fork_show::check,
    get  "/fork/{fork}/{part}" => fork_show::show_text,
    get  "/issues" => ranking_show::show,
    get  "/money" => money_show::show,
    get  "/members" => member_list::show,
    get  "/members/{member}" => member_show::show,
    get  "/log" => log_list::show,
    get  "/walk-in" => walk_in_show::show,
    post "/walk-in" => walk_in_show::begin,
    post "/walk-in/end" => walk_in_show::end,
    get  "/invitation/{code}" => invitation_open::show,
    post "/invitation/{code}" => invitation_open::accept,
    get  "/invitations" => invitation_list::show,
    post "/invitations" => invitation_list::invite,
    post "/invitations/revoke" => invitation_list::revoke,
    post "/session/end" => session_end::end,
    post "/demo/update" => update_run::run,
    get  "/static/{hash}/{file}" => assets::show,

    // JSON
    get  "/api" => api_show::show,
    get  "/api/openapi.json" => api::openapi::show,
    get  "/api/v1/coop" => api::v1::coop,
    get  "/api/v1/weights" => api::v1::weights,
    get  "/api/v1/decisions" => api::v1::decisions,
    get  "/api/v1/decisions/{name}" => api::v1::standings,
    get  "/api/v1/issues" => api::v1::issues,
    get  "/api/v1/rules" => api::rules::show,
    post "/api/v1/rules/check" => api::rules::check,
    get  "/api/v1/book" => api::v1::book,
    get  "/api/v1/members" => api::v1::members,
    get  "/api/v1/members/{member}" => api::v1::member,
    get  "/api/v1/log" => api::v1::log,
    post "/api/v1/acts" => api::v1::submit_act,

    // operator
    get  "/health" => api::health,
}

/// The whole server of one co-op.
pub fn router(app: App) -> Router {
    table()
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| match path {
            TEXTS => {
                let wide = DefaultBodyLimit::max(MOST_BYTES_OF_TEXT);
                router.route(path, methods.layer(wide))
            }
            path if RULES.contains(&path) => {
                let wide = DefaultBodyLimit::max(MOST_BYTES_OF_RULES);
                router.route(path, methods.layer(wide))
            }
            path if ACTS.contains(&path) => {
                let wide = DefaultBodyLimit::max(MOST_BYTES_OF_ACT);
                router.route(path, methods.layer(wide))
            }
            _ => router.route(path, methods),
        })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn(guard::same_site))
        .layer(from_fn_with_state(app.clone(), guard::host))
        .layer(from_fn_with_state(app.clone(), trouble::dress))
        .layer(from_fn(guard::headers))
        .layer(CompressionLayer::new())
        .with_state(app)
}
