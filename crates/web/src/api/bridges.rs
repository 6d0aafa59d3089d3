//! `/api/v1/bridges`: what the page `/bridges` does, for programs. Who may set up bridges, `bridge` asks.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use bridges::FarEnd;
use bridges::forge::Reach;
use host::bridge::{BridgeReport, BridgeSettings, Counts, NoBridge, Strangers};
use host::inbox::Report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::v1::{answer, is_json};
use crate::bridge::{Deed, Done, Wish, done, in_words, keeper, made};
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// A bridge that a program makes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBridge {
    /// The page of the repository or the collective; `owner/name` at GitHub and a collective's slug are understood too.
    address: String,
    /// `github`, `gitea`, `gitlab` or `open-collective`; by the address without one.
    #[serde(default)]
    forge: Option<String>,
    /// The forge's or the site's token.
    #[serde(default)]
    token: Option<String>,
    /// The secret of the webhook; one is drawn without it.
    #[serde(default)]
    secret: Option<String>,
    /// The rankings to which issues go, by their `of`; `forge` where it is left out, and none where it is `null`.
    #[serde(default = "usual_list")]
    issues: Option<String>,
    /// The work that counts as a contribution.
    #[serde(default)]
    counts: BTreeSet<Counts>,
    /// The fate of contributions of people whom nobody here knows.
    #[serde(default)]
    strangers: Strangers,
    /// Accounts that are programs.
    #[serde(default)]
    bots: BTreeSet<String>,
    /// It is read every so many minutes.
    #[serde(default)]
    every_minutes: Option<u32>,
}

#[allow(clippy::unnecessary_wraps, reason = "serde asks for the field's own type")]
fn usual_list() -> Option<String> {
    Some("forge".to_owned())
}

/// A deed with a bridge.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BridgeDeed {
    /// `test`, `dry-run`, `go`, `pause`, `remove`, `secret`, `token` or `bots`.
    #[serde(rename = "do")]
    deed: String,
    /// For `token`: the forge's new one; none takes it away.
    #[serde(default)]
    token: Option<String>,
    /// For `bots`: all accounts that are programs, in place of those before.
    #[serde(default)]
    bots: Option<BTreeSet<String>>,
}

/// The outcome of a deed.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "BridgeDone")]
pub(crate) struct BridgeDone {
    /// The sentences of a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<Vec<String>>,
    /// The report that a dry run would make.
    #[serde(skip_serializing_if = "Option::is_none")]
    would: Option<Report>,
    /// Whether there would be more than one reading takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
    /// How many transactions a collective has in all, where it was read from its beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// The new secret of the webhook: it is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Every bridge.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Bridges")]
pub(crate) struct BridgesAnswer {
    bridges: Vec<BridgeReport>,
}

/// `GET /api/v1/bridges`.
pub(crate) async fn list(visitor: Visitor) -> Result<Json<BridgesAnswer>, Trouble> {
    keeper(&visitor)?;
    visitor.see(|_, coop| {
        let bridges = coop.bridges()?.iter().map(|(id, bridge)| bridge.report(id)).collect();
        Ok(Json(BridgesAnswer { bridges }))
    })
}

/// `POST /api/v1/bridges`.
pub(crate) async fn make(visitor: Visitor, headers: HeaderMap, body: Bytes) -> Result<Response, Trouble> {
    let keeper = keeper(&visitor)?;
    let asked: NewBridge = read(&headers, &body)?;
    let to = match asked.forge.as_deref() {
        None => None,
        Some(name) => Some(FarEnd::parse(name).ok_or_else(|| Trouble::bad("forge", words::api::NO_SUCH_FORGE))?),
    };
    let mut settings = BridgeSettings::of(&asked.address, to, Reach::Public).map_err(trouble)?;
    if settings.to.dialect().is_some() {
        (settings.list, settings.strangers) = (asked.issues, asked.strangers);
    }
    (settings.counts, settings.bots) = (asked.counts, asked.bots);
    settings.every_minutes = asked.every_minutes.unwrap_or(settings.every_minutes);
    let wish = Wish { settings, token: asked.token, secret: asked.secret };
    answer(&made(&visitor, keeper, wish).await?.map_err(trouble)?)
}

/// `POST /api/v1/bridges/{bridge}`.
pub(crate) async fn act(
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Trouble> {
    keeper(&visitor)?;
    let asked: BridgeDeed = read(&headers, &body)?;
    let deed = Deed::parse(&asked.deed).ok_or_else(|| Trouble::bad("do", words::api::NO_SUCH_DEED))?;
    visitor.see(|_, coop| coop.bridge(&id)?.ok_or(Trouble::Absent).map(|_| ()))?;
    let text = match (deed, asked.bots) {
        (Deed::Bots, None) => return Err(Trouble::bad("bots", words::api::NO_BOTS)),
        (Deed::Bots, Some(bots)) => Some(bots.into_iter().collect::<Vec<_>>().join(",")),
        _ => asked.token,
    };
    let done = done(&visitor, id, deed, text).await?.map_err(trouble)?;
    answer(&match done {
        Done::Nothing => BridgeDone::default(),
        Done::Said(said) => BridgeDone { said: Some(said), ..BridgeDone::default() },
        Done::Would(dry) => {
            let (would, more) = (Some(dry.report), Some(dry.more));
            BridgeDone { would, more, total: dry.total, ..BridgeDone::default() }
        }
        Done::Secret(secret) => BridgeDone { secret: Some(secret), ..BridgeDone::default() },
    })
}

fn read<T: for<'a> Deserialize<'a>>(headers: &HeaderMap, body: &[u8]) -> Result<T, Trouble> {
    if !is_json(headers) {
        return Err(Trouble::bad("content-type", words::api::ACTS_ARE_JSON));
    }
    serde_json::from_slice(body).map_err(|why| Trouble::bad("", why.to_string()))
}

fn trouble(why: NoBridge) -> Trouble {
    match in_words(why) {
        Ok(words) => Trouble::bad("", words),
        Err(trouble) => trouble,
    }
}
