//! Log: every entry in words, and how to check it all without trusting this server.

use crate::app::aside;
use crate::frame::{Asked, Frame};
use crate::paging::Page;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::HeaderName;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
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

/// The receipt of an entry under that checkpoint, for members to keep: C2SP `tlog-proof`.
pub(crate) async fn receipt(
    visitor: Visitor,
    Path(entry): Path<String>,
) -> Result<([(HeaderName, String); 2], String), Trouble> {
    let number: u64 = entry.parse().ok().filter(|number: &u64| number.to_string() == entry).ok_or(Trouble::Absent)?;
    let receipt = visitor.costly(move |visitor| visitor.app.coop.receipt(number)?.ok_or(Trouble::Absent)).await?;
    let name = format!("attachment; filename=\"entry-{number}.tlog-proof\"");
    let heads = [(CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((heads, receipt))
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
    let signed = visitor.app.coop.signed_until();
    let mut entries = Vec::new();
    for place in page.range.rev() {
        let sequence = place as u64 + 1;
        if let Some(bytes) = coop.entry(sequence)? {
            let shown = entry(sight, sequence, &bytes);
            entries.extend(shown.map(|entry| LogEntryView { receipt: receipt_of(sequence, signed), ..entry }));
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
        public_key: visitor.app.coop.public_key(),
    };
    let verify_command = words::log::VERIFY.to_owned();
    Ok(LogView { head, verify_command, entries, next: page.next, previous: page.previous })
}

/// A member's own newest acts, at most so many. Those since the last update are shown to nobody else.
pub(crate) fn own(
    visitor: &Visitor,
    sight: &Sight<'_>,
    coop: &Snapshot,
    most: usize,
) -> Result<Vec<LogEntryView>, Trouble> {
    let Some(me) = sight.me.and_then(|me| sight.state.members.index(me)) else { return Ok(Vec::new()) };
    let signed = visitor.app.coop.signed_until();
    let mut entries = Vec::new();
    for sequence in coop.history().own_of(me).take(most) {
        if let Some(bytes) = coop.entry(sequence)? {
            let shown = entry(sight, sequence, &bytes);
            entries.extend(shown.map(|entry| LogEntryView { receipt: receipt_of(sequence, signed), ..entry }));
        }
    }
    Ok(entries)
}

/// Where the receipt of an entry is, once a checkpoint is signed that has the entry.
fn receipt_of(sequence: u64, signed: u64) -> Option<String> {
    (sequence <= signed).then(|| format!("/log/{sequence}/receipt"))
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
        receipt: None,
    })
}
