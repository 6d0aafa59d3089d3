//! Every route. Nothing else is served.

use crate::app::App;
use crate::{
    api, application, assets, bridge, claim, commitment, constitution, credit, decision, device, embed, error, feed,
    fork, guard, hearing, home, invitation, kernel, log, mail, me, member, membership, money, outbox, pledge, pool,
    power, ranking, record, register, release, requests, session, sign_in, source, test_coop, token, update, walk_in,
    way, who,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, any, get, post};
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};

/// The most that one request may send, in bytes: the longest entry of the log.
const MOST_BYTES: usize = 64 * 1024;

/// The most where a document is proposed: forms write a byte as up to three.
const MOST_BYTES_OF_TEXT: usize = 4 * MOST_BYTES;

/// Where a document is proposed.
const TEXTS: [&str; 2] = ["/decisions/{name}/documents", "/hearings"];

/// The most where rules are written: two texts of the most bytes, each byte as up to three.
const MOST_BYTES_OF_RULES: usize = 8 * 1024 * 1024;

/// Where rules are written.
const RULES: [&str; 7] = [
    "/constitution/propose",
    "/constitution/propose/check",
    "/constitution/propose/tidy",
    "/constitution/propose/attacks",
    "/constitution/propose/past",
    "/fork/announce",
    "/fork/check",
];

/// The most where a program hands an act in: rules of the most bytes, with their line breaks escaped.
const MOST_BYTES_OF_ACT: usize = 2 * 1024 * 1024;

/// Where a program hands an act in, or a text to be checked.
const ACTS: [&str; 2] = ["/api/v1/acts", "/api/v1/rules/check"];

/// Where records are brought in: by a program, or by a form with a table and a file in it.
const IMPORTS: [&str; 4] = ["/api/v1/imports", "/record/table", "/api/v1/move-in", "/record/move-in"];

/// The most there: a file of the most bytes, with its quotes and line breaks escaped.
const MOST_BYTES_OF_IMPORT: usize = 8 * 1024 * 1024;

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
    get  "/" => home::show,
    get  "/me" => me::show,
    post "/me/preview" => me::preview,
    post "/me/shares" => me::move_shares,
    get  "/me/devices" => device::show,
    post "/me/devices" => device::take,
    get  "/me/ways" => way::show,
    post "/me/ways/seen" => way::seen,
    post "/me/ways/remove" => way::remove,
    post "/me/ways/codes" => way::make_codes,
    post "/me/ways/end" => way::end,
    post "/me/ways/end-all" => way::end_all,
    get  "/me/ways/password" => way::password::show,
    post "/me/ways/password" => way::password::take,
    get  "/me/ways/address" => mail::address::show,
    post "/me/ways/address" => mail::address::take,
    get  "/me/ways/passkey" => way::passkey::show,
    post "/me/ways/passkey" => way::passkey::take,
    post "/me/ways/passkey/ask" => way::passkey::ask,
    post "/me/ways/issuer/{issuer}" => sign_in::issuer::link,
    get  "/me/ways/totp" => way::totp::show,
    post "/me/ways/totp" => way::totp::take,
    get  "/sign-in" => sign_in::show,
    post "/sign-in" => sign_in::take,
    post "/sign-in/code" => sign_in::second,
    post "/sign-in/recovery" => sign_in::recover,
    post "/sign-in/alone" => sign_in::alone,
    post "/sign-in/mail" => mail::ask,
    get  "/mail" => mail::letters::show,
    get  "/mail/{token}" => mail::show,
    post "/mail/{token}" => mail::take,
    post "/sign-in/passkey" => sign_in::passkey::take,
    post "/sign-in/passkey/ask" => sign_in::passkey::ask,
    get  "/sign-in/issuer/{issuer}" => sign_in::issuer::leave,
    get  "/sign-in/issuer/{issuer}/back" => sign_in::issuer::show,
    post "/sign-in/issuer/{issuer}/back" => sign_in::issuer::take,
    post "/prove/passkey" => sign_in::passkey::prove,
    post "/prove/passkey/ask" => sign_in::passkey::ask_again,
    get  "/prove" => sign_in::prove::show,
    post "/prove" => sign_in::prove::take,
    get  "/credit" => credit::show,
    get  "/credit/{period}" => credit::own,
    get  "/pledge" => pledge::show,
    post "/pledge" => pledge::take,
    get  "/claims" => claim::show,
    post "/claims" => claim::take,
    get  "/hearings" => hearing::show,
    post "/hearings" => hearing::take,
    get  "/register" => register::show,
    get  "/register.csv" => register::csv,
    get  "/membership" => membership::show,
    post "/membership" => membership::take,
    get  "/join" => application::show,
    post "/join" => application::ask,
    get  "/applications" => application::list::show,
    post "/applications" => application::list::take,
    get  "/who" => who::show,
    post "/who" => who::take,
    get  "/powers/waiting" => power::waiting::show,
    post "/powers/waiting" => power::waiting::answer,
    get  "/powers/{power}" => power::show,
    post "/powers/{power}" => power::take,
    get  "/decisions" => decision::list::show,
    get  "/decisions/{name}" => decision::show,
    post "/decisions/{name}/preview" => decision::ballot::preview,
    post "/decisions/{name}/ballot" => decision::ballot::cast,
    post "/decisions/{name}/stand" => decision::candidacy::stand,
    post "/decisions/{name}/withdraw" => decision::candidacy::withdraw,
    post "/decisions/{name}/resign" => decision::candidacy::resign,
    post "/decisions/{name}/nominations" => decision::candidacy::nominate,
    post "/decisions/{name}/documents" => decision::candidacy::propose,
    get  "/decisions/{name}/documents/{document}" => decision::document::show,
    post "/decisions/{name}/options" => commitment::propose,
    post "/decisions/{name}/options/withdraw" => commitment::withdraw,
    post "/decisions/{name}/give" => pool::give,
    post "/decisions/{name}/requests" => requests::ask,
    post "/decisions/{name}/requests/{request}/vote" => requests::vote,
    post "/decisions/{name}/requests/{request}/withdraw" => requests::withdraw,
    post "/decisions/{name}/projects" => pool::ask,
    post "/decisions/{name}/projects/{project}/pledge" => pool::pledge,
    post "/decisions/{name}/projects/{project}/vote" => pool::vote,
    post "/decisions/{name}/projects/{project}/withdraw" => pool::withdraw,
    get  "/decisions/{name}/add" => ranking::own::show,
    post "/decisions/{name}/add" => ranking::own::add,
    get  "/decisions/{name}/served" => ranking::served::show,
    post "/decisions/{name}/items/{item}/take-back" => ranking::own::take_back,
    post "/decisions/{name}/items/{item}/preview" => ranking::ballot::preview,
    post "/decisions/{name}/items/{item}/ballot" => ranking::ballot::cast,
    get  "/constitution" => constitution::show,
    get  "/constitution/of/{path}" => constitution::show_inside,
    get  "/constitution/kernel" => kernel::show,
    get  "/constitution/kernel/{document}" => kernel::show_proposed,
    post "/constitution/kernel/assent" => kernel::assent,
    post "/constitution/kernel/withdraw" => kernel::withdraw,
    get  "/constitution/propose" => constitution::propose::show,
    post "/constitution/propose" => constitution::propose::propose,
    post "/constitution/propose/check" => constitution::propose::check,
    post "/constitution/propose/tidy" => constitution::propose::tidy,
    post "/constitution/propose/attacks" => constitution::propose::attacks,
    post "/constitution/propose/past" => constitution::propose::past,
    get  "/fork" => fork::show,
    post "/fork/join" => fork::join,
    post "/fork/stay" => fork::stay,
    get  "/fork/announce" => fork::draft,
    post "/fork/announce" => fork::announce,
    post "/fork/check" => fork::check,
    get  "/fork/{fork}/{part}" => fork::show_text,
    get  "/issues" => ranking::show,
    get  "/money" => money::show,
    get  "/releases" => release::list,
    post "/releases" => release::renew,
    get  "/releases/{clause}" => release::show,
    post "/releases/{clause}" => release::upload::take,
    post "/releases/{clause}/withdraw" => release::withdraw,
    get  "/releases/{clause}/{version}/{file}" => release::fetch::show,
    get  "/fetch/{key}/{clause}/{version}/{file}" => release::fetch::by_link,
    get  "/record" => record::show,
    post "/record" => record::take,
    post "/record/table" => record::table::take,
    get  "/record/move-in" => record::move_in::show,
    post "/record/move-in" => record::move_in::take,
    get  "/imports" => record::imports::list,
    get  "/imports/{number}" => record::imports::show,
    get  "/sources" => source::show,
    post "/sources" => source::take,
    get  "/bridges" => bridge::show,
    post "/bridges" => bridge::make,
    post "/bridges/address" => bridge::arrive,
    post "/bridges/{bridge}" => bridge::act,
    post "/hooks/{bridge}" => bridge::hook::take,
    get  "/test-co-op" => test_coop::page::show,
    post "/test-co-op" => test_coop::page::take,
    get  "/tokens" => token::show,
    post "/tokens" => token::make,
    post "/tokens/end" => token::end,
    get  "/members" => member::list::show,
    get  "/members/{member}" => member::show,
    get  "/log" => log::show,
    get  "/log/checkpoint" => log::checkpoint,
    get  "/log/{entry}/receipt" => log::receipt,
    get  "/walk-in" => walk_in::show,
    post "/walk-in" => walk_in::begin,
    post "/walk-in/end" => walk_in::end,
    get  "/invitation/{code}" => invitation::open::show,
    post "/invitation/{code}" => invitation::open::accept,
    get  "/invitations" => invitation::list::show,
    post "/invitations" => invitation::list::invite,
    post "/invitations/revoke" => invitation::list::revoke,
    post "/session/end" => session::out::end,
    post "/demo/update" => update::run,
    get  "/feeds/changes.atom" => feed::show,
    get  "/static/{hash}/{file}" => assets::show,
    get  "/badge/{name}" => embed::badge,
    get  "/badge/{name}/{item}" => embed::item_badge,
    get  "/embed/{name}" => embed::show,
    get  "/embed/{name}/{item}" => embed::show_item,
    get  "/outbox" => outbox::show,
    post "/outbox" => outbox::take,
    post "/outbox/outlets" => outbox::choose,

    // JSON
    get  "/api" => api::page::show,
    get  "/api/openapi.json" => api::openapi::show,
    get  "/api/v1/coop" => api::v1::coop,
    get  "/api/v1/weights" => api::v1::weights,
    get  "/api/v1/decisions" => api::v1::decisions,
    get  "/api/v1/decisions/{name}" => api::v1::standings,
    get  "/api/v1/decisions/{name}/served" => api::v1::served,
    get  "/api/v1/issues" => api::v1::issues,
    get  "/api/v1/rules" => api::rules::show,
    post "/api/v1/rules/check" => api::rules::check,
    get  "/api/v1/book" => api::v1::book,
    get  "/api/v1/members" => api::v1::members,
    get  "/api/v1/members/{member}" => api::v1::member,
    get  "/api/v1/log" => api::v1::log,
    get  "/api/v1/log/entries/{entry}/receipt" => log::receipt,
    post "/api/v1/acts" => api::v1::submit_act,
    post "/api/v1/facts" => api::imports::fact,
    post "/api/v1/imports" => api::imports::import,
    get  "/api/v1/imports" => api::imports::list,
    get  "/api/v1/imports/{number}" => api::imports::one,
    post "/api/v1/move-in" => api::imports::move_in,
    get  "/api/v1/hearings" => hearing::read,
    get  "/api/v1/register" => register::json,
    get  "/api/v1/applications" => application::list::read,
    get  "/api/v1/who" => who::list,
    post "/api/v1/who" => who::answer,
    get  "/api/v1/bridges" => api::bridges::list,
    post "/api/v1/bridges" => api::bridges::make,
    post "/api/v1/bridges/{bridge}" => api::bridges::act,
    get  "/api/v1/credit" => credit::all_json,
    get  "/api/v1/credit/{period}" => credit::own_json,
    get  "/api/v1/releases" => api::v1::releases,
    post "/api/v1/releases/{release}" => release::upload::publish,
    get  "/api/v1/outbox" => api::outbox::show,
    post "/api/v1/outbox" => api::outbox::take,
    post "/api/v1/outbox/outlets" => api::outbox::choose,

    // operator
    get  "/health" => api::health,
}

/// Whether an answer is to be read here: what is handed out to be kept has a length of its own, and parts.
fn is_page(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(CONTENT_DISPOSITION)
}

/// The whole server of one co-op.
pub fn router(app: App) -> Router {
    // From the outermost to the innermost, as one layer: each layer of its own would be made anew for each request.
    let around = ServiceBuilder::new()
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_page)))
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(app.clone(), error::dress))
        .layer(from_fn_with_state(app.clone(), guard::host))
        .layer(from_fn(guard::same_site))
        .layer(from_fn_with_state(app.clone(), token::bearer::let_in))
        .layer(DefaultBodyLimit::max(MOST_BYTES));
    table()
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| match path {
            path if TEXTS.contains(&path) => {
                let wide = DefaultBodyLimit::max(MOST_BYTES_OF_TEXT);
                router.route(path, methods.layer(wide))
            }
            path if RULES.contains(&path) => {
                let wide = DefaultBodyLimit::max(MOST_BYTES_OF_RULES);
                router.route(path, methods.layer(wide))
            }
            path if IMPORTS.contains(&path) => {
                let wide = DefaultBodyLimit::max(MOST_BYTES_OF_IMPORT);
                router.route(path, methods.layer(wide))
            }
            path if ACTS.contains(&path) => {
                let wide = DefaultBodyLimit::max(MOST_BYTES_OF_ACT);
                router.route(path, methods.layer(wide))
            }
            _ => router.route(path, methods),
        })
        .layer(around)
        // A test co-op answers for itself: its own server is within.
        .route("/test", any(test_coop::enter))
        .route("/test/", any(test_coop::enter))
        .route("/test/{*path}", any(test_coop::enter))
        .with_state(app)
}
