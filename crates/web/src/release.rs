//! Releases: the page of a clause's versions, publishing and withdrawing, and members' own links. Files themselves are handed out in
//! `fetch`, and come in through `upload`.

pub(crate) mod fetch;
mod parts;
pub(crate) mod upload;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::{Html, IntoResponse, Response};
use engine::act::{Act, WithdrawRelease};
use engine::intent;
use host::file::ReleaseKey;
use host::{Snapshot, clock};
use quantity::Moment;
use views::{ReleaseClauseView, Sight};

use crate::app::Door;
use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::session::Transport;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// The most files of one release, as the engine has it.
const MOST_FILES: usize = 20;

/// The end of the names under which `minisign` looks for signatures.
pub(crate) const MINISIG: &str = ".minisig";

/// As many versions of a clause as are shown with a new link, newest first.
const MOST_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "release/show.html")]
struct ReleasesPage {
    frame: Frame,
    clauses: Vec<ReleaseClauseView>,
    /// The keys that signed files, newest first.
    keys: Vec<Key>,
    is_walk_in: bool,
    /// Whether the reader could have a link.
    may_have_link: bool,
    /// The day on which they made theirs.
    link_since: Option<String>,
    /// The link that was just made, as commands that fetch by it.
    link: Vec<String>,
    /// Why nothing was published.
    problem: Option<String>,
    version: String,
    files_hint: String,
}

/// A key of the co-op's, and what it signs.
struct Key {
    public: String,
    words: String,
}

/// The clauses with the co-op's own signatures of files that the reader may fetch.
pub(crate) fn with_signatures(
    sight: &Sight<'_>,
    coop: &Snapshot,
    only: Option<&str>,
) -> Result<Vec<ReleaseClauseView>, Trouble> {
    let mut clauses = views::releases(sight, only);
    for clause in &mut clauses {
        for version in &mut clause.versions {
            for file in &mut version.files {
                let is_signed = coop.file_signature(&clause.release, &version.version, &file.name)?.is_some();
                // A publisher's own signature of that name comes first.
                let ours = is_signed && file.publisher_signature.as_deref() != Some(&[&*file.name, MINISIG].concat());
                file.signature = file.href.as_ref().filter(|_| ours).map(|href| [href, MINISIG].concat());
            }
        }
    }
    Ok(clauses)
}

fn keys(sight: &Sight<'_>, coop: &Snapshot) -> Result<Vec<Key>, Trouble> {
    let day = |key: &ReleaseKey| sight.moment(Moment(key.made_us)).day;
    let words = |key: &ReleaseKey| {
        if key.signs() { words::release::key_signs(day(key)) } else { words::release::key_was(day(key)) }
    };
    let keys = coop.release_keys()?;
    Ok(keys.into_iter().rev().map(|key| Key { words: words(&key), public: key.public }).collect())
}

impl ReleasesPage {
    fn new(visitor: &Visitor, only: Option<&str>, done: Option<&str>) -> Result<ReleasesPage, Trouble> {
        visitor.see(|sight, coop| {
            let clauses = with_signatures(sight, coop, only)?;
            let is_nothing = clauses.is_empty() && (only.is_some() || !views::has_releases(sight));
            if is_nothing {
                return Err(Trouble::Absent);
            }
            let path = clauses.first().filter(|_| only.is_some()).map_or("/releases", |one| one.href.as_str());
            let me = sight.me.filter(|_| may_have_link(visitor));
            let since = me.map_or(Ok(None), |me| coop.link_of(me))?;
            Ok(ReleasesPage {
                frame: visitor.frame(sight, "money", path, done),
                may_have_link: me.is_some(),
                link_since: since.map(|at| sight.moment(at).day),
                link: Vec::new(),
                problem: None,
                version: String::new(),
                files_hint: words::release::files_hint(MOST_FILES, views::size(visitor.app.room.file)),
                keys: keys(sight, coop)?,
                is_walk_in: visitor.app.door == Door::WalkIn && sight.me.is_some(),
                clauses,
            })
        })
    }
}

/// Whether members have links at this door: where anybody acts as any member, a link of one's own means nothing.
fn may_have_link(visitor: &Visitor) -> bool {
    visitor.app.door == Door::Invited
}

pub(crate) async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&ReleasesPage::new(&visitor, None, asked.done.as_deref())?)
}

pub(crate) async fn show(
    visitor: Visitor,
    Path(clause): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    render(&ReleasesPage::new(&visitor, Some(&clause), asked.done.as_deref())?)
}

/// Makes the reader's link anew, and shows it once. It stands in no address of a page.
pub(crate) async fn renew(visitor: Visitor, headers: HeaderMap) -> Result<Response, Trouble> {
    let me = visitor.me()?;
    if !may_have_link(&visitor) {
        return Err(Trouble::Absent);
    }
    // Nobody has a link where nothing comes out.
    ReleasesPage::new(&visitor, None, None)?;
    let now = clock::now();
    let secret = visitor.write(move |batch| Ok(batch.renew_link(me, now)?)).await?;
    let scheme = if visitor.app.transport == Transport::Https { "https" } else { "http" };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let link = format!("{scheme}://{host}/fetch/{secret}/");
    let page = ReleasesPage::new(&visitor, None, None)?;
    let newest = page.clauses.iter().flat_map(|clause| clause.versions.iter().take(MOST_SHOWN));
    let files = newest.flat_map(|version| &version.files).filter_map(|file| file.href.as_deref());
    let files = files.filter_map(|href| href.strip_prefix("/releases/"));
    let mut commands: Vec<String> = files.map(|file| words::release::curl([&*link, file].concat())).collect();
    if commands.is_empty() {
        commands.push(link);
    }
    Ok(render(&ReleasesPage { link: commands, ..page })?.into_response())
}

pub(crate) async fn withdraw(
    visitor: Visitor,
    Path(clause): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let version = value(&fields, "version").to_owned();
    let release = clause.clone();
    visitor
        .act(move |sight, me| {
            let act = Act::WithdrawRelease(WithdrawRelease { release, version });
            Ok(vec![intent::by_power(sight.state, me, act, sight.now)])
        })
        .await?;
    visitor.see(|sight, _| Ok(see(&done_at(sight, &clause, "release-withdrawn"))))
}

/// The page of a clause after an act: with its word of thanks, or that the act waits for others.
fn done_at(sight: &Sight<'_>, clause: &str, done: &str) -> String {
    let href = views::releases(sight, Some(clause)).first().map_or("/releases".to_owned(), |one| one.href.clone());
    let me = sight.me;
    let waits = sight.state.powers.proposed().any(|(_, one)| {
        let own = me.and_then(|me| sight.state.members.index(me));
        one.at == sight.state.time && Some(one.proposer) == own
    });
    format!("{href}?done={}", if waits { "release-waits" } else { done })
}
