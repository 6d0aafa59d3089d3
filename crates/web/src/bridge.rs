//! Bridges to forges and to Open Collective: a page that makes, tries, starts, stops and removes them. Who may record may do that, which the host asks the
//! engine; what a bridge records, the inbox says.

pub(crate) mod hook;

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use bridges::FarEnd;
use bridges::forge::Reach;
use host::bridge::{self, Bridge, BridgeSettings, Counts, DryRun, MadeBridge, NoBridge, Running, Strangers, Vault};
use host::inbox::Right;
use host::{Snapshot, Writable};
use quantity::Moment;
use views::Sight;

use crate::form::{Fields, value, values};
use crate::frame::{Asked, Frame, render, see};
use crate::record::who::Recorder;
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "bridge/list.html")]
struct BridgesPage {
    frame: Frame,
    rows: Vec<BridgeRow>,
    /// A text that is shown once: a heading, and the secret.
    secret: Option<(String, String, bool)>,
    /// The outcome of a test or a dry run: a heading and its lines.
    said: Option<(String, Vec<String>)>,
    problem: Option<String>,
    typed: Fields,
}

/// A bridge in the list.
struct BridgeRow {
    id: String,
    address: String,
    place: String,
    state: &'static str,
    going: bool,
    /// All that it brings in, a sentence each.
    about: Vec<String>,
    heard: Option<views::Moment>,
    /// How it went, a few words each.
    counts: Vec<String>,
    trouble: Option<String>,
    /// Where the forge sends its webhooks; none of a collective.
    hook: Option<String>,
    /// The accounts that are left out as programs, where work counts; parted by commas.
    bots: Option<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    keeper(&visitor)?;
    render(&page(&visitor, asked.done.as_deref())?)
}

/// Makes a bridge. The token comes back in no answer.
pub(crate) async fn make(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let keeper = keeper(&visitor)?;
    let wish = Wish::of_form(&fields);
    let made = match wish {
        Ok(wish) => made(&visitor, keeper, wish).await?,
        Err(why) => Err(why),
    };
    match made {
        Ok(made) => {
            // One that needs no secret is made and shown in the list.
            let Some(secret) = made.secret else { return Ok(see("/bridges?done=bridge-made")) };
            let secret = Some((words::bridge::made(made.place), secret, false));
            Ok(render(&BridgesPage { secret, ..page(&visitor, None)? })?.into_response())
        }
        Err(why) => {
            let problem = Some(words::bridge::not_made(in_words(why)?));
            let typed = fields.into_iter().filter(|(name, _)| name != "token").collect();
            let page = BridgesPage { problem, typed, ..page(&visitor, None)? };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
        }
    }
}

/// Makes a bridge by one address, and shows what would come by it.
pub(crate) async fn arrive(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let (keeper, vault) = (keeper(&visitor)?, vault(&visitor)?);
    let (address, token) = (value(&fields, "from").to_owned(), value(&fields, "from_token").to_owned());
    let work = move |visitor: &Visitor| {
        let coop = &visitor.app.coop;
        let (mut writer, present) = (Writable::Served(Arc::clone(coop)), coop.read());
        // From a page nobody reaches into the network behind this server.
        let settings = BridgeSettings::for_address(&present, &address, None, Reach::Public);
        let by = (keeper.by, coop.now());
        Ok(settings.and_then(|settings| bridge::arrive(&mut writer, &vault, settings, Some(&token), by)))
    };
    let arrived = match visitor.costly(work).await? {
        Ok(arrived) => arrived,
        Err(why) => {
            let problem = Some(words::bridge::not_made(in_words(why)?));
            let typed = fields.into_iter().filter(|(name, _)| name != "from_token").collect();
            let page = BridgesPage { problem, typed, ..page(&visitor, None)? };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
        }
    };
    let place = arrived.made.place;
    let secret = arrived.made.secret.map(|secret| (words::bridge::made(&place), secret, false));
    let shown = BridgesPage { secret, ..page(&visitor, None)? };
    let page = match arrived.would {
        Ok(dry) => {
            let mut lines = vec![words::bridge::recognised(arrived.settings.to.title(), &place)];
            lines.extend(would_be(&visitor, &dry)?);
            BridgesPage { said: Some((words::bridge::would(&place), lines)), ..shown }
        }
        Err(why) => BridgesPage { problem: Some(words::bridge::untried(&place, in_words(why)?)), ..shown },
    };
    Ok(render(&page)?.into_response())
}

/// The lines of a dry run.
fn would_be(visitor: &Visitor, dry: &DryRun) -> Result<Vec<String>, Trouble> {
    let mut lines = visitor.see(|sight, _| Ok(dry.report.lines(&|who| sight.directory.name(who))))?;
    lines.extend(dry.total.map(words::bridge::in_all));
    lines.extend(dry.more.then(|| words::bridge::AND_MORE.to_owned()));
    Ok(lines)
}

/// Does something with one bridge.
pub(crate) async fn act(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    visitor.me()?;
    keeper(&visitor)?;
    let bridge = visitor.see(|_, coop| coop.bridge(&id)?.ok_or(Trouble::Absent))?;
    let deed = Deed::parse(value(&fields, "do")).ok_or(Trouble::Absent)?;
    let text = value(&fields, if deed == Deed::Bots { "bots" } else { "token" }).to_owned();
    let done = done(&visitor, id, deed, Some(text)).await?;
    let shown = page(&visitor, None)?;
    let page = match done {
        Ok(Done::Nothing) => return Ok(see(&format!("/bridges?done=bridge-{}", deed.name()))),
        Ok(Done::Said(lines)) => BridgesPage { said: Some((words::bridge::tested(bridge.place()), lines)), ..shown },
        Ok(Done::Would(dry)) => {
            let lines = would_be(&visitor, &dry)?;
            BridgesPage { said: Some((words::bridge::would(bridge.place()), lines)), ..shown }
        }
        Ok(Done::Secret(secret)) => BridgesPage { secret: Some((bridge.place(), secret, true)), ..shown },
        Err(why) => {
            let page = BridgesPage { problem: Some(words::bridge::not_done(in_words(why)?)), ..shown };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response());
        }
    };
    Ok(render(&page)?.into_response())
}

/// Somebody who may set up bridges. A token for some kinds is for no bridge, and neither is the power of an office.
pub(crate) fn keeper(visitor: &Visitor) -> Result<Recorder, Trouble> {
    let recorder = visitor.recorder()?;
    match recorder.right {
        _ if recorder.keeps_bridges() => Ok(recorder),
        Some(Right::Power) => Err(Trouble::bad("", words::bridge::NOT_BY_POWER)),
        _ => Err(Trouble::OutOfScope),
    }
}

/// The vault of the co-op; none where it has no folder.
pub(crate) fn vault(visitor: &Visitor) -> Result<Vault, Trouble> {
    visitor.app.coop.vault().ok_or_else(|| Trouble::bad("", words::bridge::NO_FOLDER))
}

/// A wish for a bridge.
pub(crate) struct Wish {
    pub(crate) settings: BridgeSettings,
    pub(crate) token: Option<String>,
    pub(crate) secret: Option<String>,
}

impl Wish {
    fn of_form(fields: &Fields) -> Result<Wish, NoBridge> {
        let to = FarEnd::parse(value(fields, "forge"));
        // From a page nobody reaches into the network behind this server.
        let mut settings = BridgeSettings::of(value(fields, "address"), to, Reach::Public)?;
        if settings.to.dialect().is_some() {
            let takes: BTreeSet<String> = values(fields, "takes").into_iter().collect();
            settings.list = settings.list.filter(|_| takes.contains("issues"));
            settings.counts = Counts::ALL.into_iter().filter(|kind| takes.contains(kind.name())).collect();
            settings.strangers = if value(fields, "strangers") == "join" { Strangers::Join } else { Strangers::Wait };
            settings.bots = BridgeSettings::bots_of(value(fields, "bots"));
        }
        Ok(Wish { settings, token: Some(value(fields, "token").to_owned()), secret: None })
    }
}

pub(crate) async fn made(
    visitor: &Visitor,
    keeper: Recorder,
    wish: Wish,
) -> Result<Result<MadeBridge, NoBridge>, Trouble> {
    let vault = vault(visitor)?;
    let work = move |visitor: &Visitor| {
        let coop = &visitor.app.coop;
        let given = (wish.token.as_deref(), wish.secret.as_deref());
        let mut writer = Writable::Served(Arc::clone(coop));
        Ok(bridge::add(&mut writer, &vault, wish.settings, given, (keeper.by, coop.now())))
    };
    visitor.aside(work).await
}

/// A thing to do with a bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Test,
    DryRun,
    Go,
    Pause,
    Remove,
    Secret,
    Token,
    Bots,
}

impl Deed {
    const ALL: [Deed; 8] =
        [Deed::Test, Deed::DryRun, Deed::Go, Deed::Pause, Deed::Remove, Deed::Secret, Deed::Token, Deed::Bots];

    pub(crate) fn parse(name: &str) -> Option<Deed> {
        Deed::ALL.into_iter().find(|deed| deed.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Deed::Test => "test",
            Deed::DryRun => "dry-run",
            Deed::Go => "go",
            Deed::Pause => "pause",
            Deed::Remove => "remove",
            Deed::Secret => "secret",
            Deed::Token => "token",
            Deed::Bots => "bots",
        }
    }
}

/// The outcome of a deed.
pub(crate) enum Done {
    Nothing,
    Said(Vec<String>),
    /// The report that would be, and how much more there would be.
    Would(Box<DryRun>),
    Secret(String),
}

/// Does something with a bridge, with `text` where it takes a token or names. Calls of a forge are costly work, of which there are few
/// places.
pub(crate) async fn done(
    visitor: &Visitor,
    id: String,
    deed: Deed,
    text: Option<String>,
) -> Result<Result<Done, NoBridge>, Trouble> {
    let vault = vault(visitor)?;
    let work = move |visitor: &Visitor| {
        let coop = &visitor.app.coop;
        let (mut writer, now) = (Writable::Served(Arc::clone(coop)), coop.now());
        let done = match deed {
            Deed::Test => bridge::tested(&coop.read(), &vault, &id).map(Done::Said),
            Deed::DryRun => bridge::dry_run(&mut writer, &vault, &id, now).map(|dry| Done::Would(Box::new(dry))),
            Deed::Go => bridge::set_running(&mut writer, &id, Running::Going, now).map(|()| Done::Nothing),
            Deed::Pause => bridge::set_running(&mut writer, &id, Running::Paused, now).map(|()| Done::Nothing),
            Deed::Remove => bridge::remove(&mut writer, &id).map(|()| Done::Nothing),
            Deed::Secret => bridge::renew_secret(&mut writer, &vault, &id, None, now).map(Done::Secret),
            Deed::Token => bridge::set_token(&mut writer, &vault, &id, text.as_deref(), now).map(|()| Done::Nothing),
            Deed::Bots => {
                let bots = BridgeSettings::bots_of(text.as_deref().unwrap_or_default());
                bridge::set_bots(&mut writer, &id, bots, now).map(|()| Done::Nothing)
            }
        };
        Ok(done)
    };
    match deed {
        Deed::Test | Deed::DryRun => visitor.costly(work).await,
        _ => visitor.aside(work).await,
    }
}

/// The words about a bridge that cannot be, or does not work; a fault is the operator's.
pub(crate) fn in_words(why: NoBridge) -> Result<String, Trouble> {
    match why {
        NoBridge::Failed(host::Error::Usage(words)) => Ok(words),
        NoBridge::Failed(error) => Err(error.into()),
        other => Ok(other.to_string()),
    }
}

fn page(visitor: &Visitor, done: Option<&str>) -> Result<BridgesPage, Trouble> {
    visitor.see(|sight, coop| {
        Ok(BridgesPage {
            frame: visitor.frame(sight, "me", "/bridges", done),
            rows: rows(sight, coop)?,
            secret: None,
            said: None,
            problem: None,
            typed: vec![("takes".to_owned(), "issues".to_owned())],
        })
    })
}

fn rows(sight: &Sight<'_>, coop: &Snapshot) -> Result<Vec<BridgeRow>, Trouble> {
    Ok(coop.bridges()?.into_iter().map(|(id, bridge)| row(sight, id, &bridge)).collect())
}

fn row(sight: &Sight<'_>, id: String, bridge: &Bridge) -> BridgeRow {
    use words::bridge as say;
    let (settings, heard) = (&bridge.settings, &bridge.heard);
    let is_forge = settings.to.dialect().is_some();
    let about = if is_forge { of_a_forge(settings) } else { vec![say::LEDGER.to_owned()] };
    let mut counts = vec![say::every(settings.every_minutes), say::recorded(heard.recorded)];
    let some = |number: u64, words: String| (number > 0).then_some(words);
    counts.extend(some(heard.waiting, say::waiting(heard.waiting)));
    counts.extend(some(heard.left_out, say::left_out(heard.left_out)));
    counts.extend(is_forge.then(|| say::deliveries(heard.deliveries)));
    counts.extend(heard.other.as_ref().map(|name| say::passed(heard.others, name)));
    counts.extend(heard.release.as_ref().map(|(name, _)| say::release(name)));
    BridgeRow {
        hook: is_forge.then(|| Bridge::hook(&id)),
        id,
        address: settings.address.clone(),
        place: bridge.place(),
        state: match bridge.state {
            Running::New => say::NEW,
            Running::Going => say::GOING,
            Running::Paused => say::PAUSED,
        },
        going: bridge.state == Running::Going,
        about,
        heard: heard.last_us.map(|at| sight.moment(Moment(at))),
        counts,
        trouble: heard.trouble.as_ref().map(|trouble| trouble.why.clone()),
        bots: (is_forge && !settings.counts.is_empty()).then(|| bots_of(settings)),
    }
}

/// All that comes in of a forge, a sentence each.
fn of_a_forge(settings: &BridgeSettings) -> Vec<String> {
    use words::bridge as say;
    let kinds: Vec<&str> = settings.counts.iter().map(|kind| kind.name()).collect();
    let mut about = vec![match &settings.list {
        Some(list) => say::issues_to(list),
        None => say::NO_ISSUES.to_owned(),
    }];
    if kinds.is_empty() {
        about.push(say::COUNTS_NOTHING.to_owned());
        return about;
    }
    about.push(say::counting(kinds.join(", ")));
    about.push(match settings.strangers {
        Strangers::Wait => say::STRANGERS_WAIT.to_owned(),
        Strangers::Join => say::STRANGERS_JOIN.to_owned(),
    });
    about.extend((!settings.bots.is_empty()).then(|| say::left_out_as_programs(bots_of(settings))));
    about
}

/// The accounts that are left out as programs, in words.
fn bots_of(settings: &BridgeSettings) -> String {
    settings.bots.iter().cloned().collect::<Vec<_>>().join(", ")
}

impl BridgesPage {
    fn typed(&self, field: &str) -> &str {
        value(&self.typed, field)
    }

    fn has(&self, field: &str, wanted: &str) -> bool {
        self.typed.iter().any(|(name, value)| name == field && value == wanted)
    }
}
