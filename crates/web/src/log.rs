//! Log: every entry in words, and how to check it all without trusting this server.

use crate::app::aside;
use crate::frame::{Asked, Frame};
use crate::paging::Page;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use engine::Act;
use host::Snapshot;
use quantity::Moment;
use views::{LogEntryView, LogHead, LogView, Sight};

#[derive(Template)]
#[template(path = "log/show.html")]
struct LogPage {
    frame: Frame,
    view: LogView,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, coop| {
        let view = view(&visitor, sight, coop, asked.cursor.as_deref())?;
        Ok(LogPage { frame: visitor.frame(sight, "log", "/log", asked.done.as_deref()), view })
    })
}

/// The checkpoint that was signed at the last update, for programs: C2SP `tlog-checkpoint`.
pub(crate) async fn checkpoint(visitor: Visitor) -> Result<([(HeaderName, &'static str); 1], String), Trouble> {
    let coop = std::sync::Arc::clone(&visitor.app.coop);
    let note = aside(move || coop.checkpoint().ok_or(Trouble::Absent)).await?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], note))
}

/// A page of the log, and where it ends: with the last update. Ballots cast since are not published.
pub(crate) fn view(
    visitor: &Visitor,
    sight: &Sight<'_>,
    coop: &Snapshot,
    cursor: Option<&str>,
) -> Result<LogView, Trouble> {
    let published = coop.published();
    let total = usize::try_from(published).unwrap_or(usize::MAX);
    let page = Page::of(total, cursor)?;
    let mut entries = Vec::new();
    for place in page.range.rev() {
        let sequence = place as u64 + 1;
        if let Some(bytes) = coop.entry(sequence)? {
            entries.extend(entry(sight, sequence, &bytes));
        }
    }
    let last_update = coop.history().last_update();
    let last = if published == coop.head().seq { None } else { coop.entry(published)? };
    let head = LogHead {
        entries: published,
        entry_hash: last.map_or(coop.head().hash, |bytes| rochdale_log::hash_entry(&bytes)).to_string(),
        state_hash: last_update.map(|(_, hash)| hash.to_owned()),
        state_at: last_update.map(|(at, _)| sight.moment(at)),
        unverified_until: visitor.app.coop.unverified(),
    };
    let verify_command = words::log::VERIFY.to_owned();
    Ok(LogView { head, verify_command, entries, next: page.next, previous: page.previous })
}

fn entry(sight: &Sight<'_>, sequence: u64, bytes: &[u8]) -> Option<LogEntryView> {
    let entry = rochdale_log::decode(bytes).ok()?;
    let mut body = serde_json::Deserializer::from_slice(entry.body);
    let act = Act::deserialize_body(&entry.kind, &mut body)?.ok()?;
    let told = views::log_entry(&entry.authority, &act, sight.directory, &sight.state.rules.kernel.zone);
    Some(LogEntryView {
        sequence,
        at: sight.moment(Moment(entry.time_us)),
        act: entry.kind.to_string(),
        words: told.words,
        authority: entry.authority.into_owned(),
        entry_hash: rochdale_log::hash_entry(bytes).to_string(),
        demonstration: told.demonstration,
    })
}
