//! Every page shares these: head, foot, banners, and the word of thanks after an act.

use crate::app::Door;
use crate::assets::ADDRESSES;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse, Response};
use host::Snapshot;
use serde::Deserialize;
use views::{CoopSummary, Sight};

/// The frame around a page.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) coop: CoopSummary,
    /// Which line of the navigation is this page.
    pub(crate) here: &'static str,
    /// Where to come back to after an act that belongs to no page.
    pub(crate) path: String,
    /// The reader came in by invitation, and can sign out.
    pub(crate) signed_in: bool,
    /// Members sign in here, and the reader has not.
    pub(crate) may_sign_in: bool,
    /// Something about the reader's ways in changed elsewhere, and they have not seen it here.
    pub(crate) untold: bool,
    /// The reader is nobody here, and some class has a door.
    pub(crate) can_ask: bool,
    /// The reason why nothing can be written now.
    pub(crate) fault: Option<String>,
    /// The word of thanks for an act.
    pub(crate) notice: Option<&'static str>,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    /// The script that signs, where this log has signatures and the reader is a member.
    pub(crate) signer: Option<&'static str>,
    /// The co-op's id, by which a browser keeps a key for each co-op.
    pub(crate) coop_id: String,
    /// As whom the reader acts: a pseudonym, or nothing.
    pub(crate) member: String,
    pub(crate) passkey: &'static str,
    pub(crate) mark: &'static str,
}

/// The parameters of a page's address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(crate) query: String,
    pub(crate) cursor: Option<String>,
    /// The item whose page of a ranking is wanted.
    pub(crate) item: Option<String>,
    pub(crate) done: Option<String>,
}

impl Visitor {
    /// The frame of a page that the navigation calls `here`, at an address of this server.
    pub(crate) fn frame(&self, sight: &Sight<'_>, here: &'static str, path: &str, done: Option<&str>) -> Frame {
        let signs = self.me.is_some() && views::device::has_signatures(sight);
        Frame {
            coop: views::coop_summary(sight),
            here,
            path: path.to_owned(),
            signed_in: self.app.door == Door::Invited && self.me.is_some(),
            may_sign_in: self.app.door == Door::Invited && self.me.is_none(),
            untold: self.untold,
            can_ask: self.app.door == Door::Invited && self.me.is_none() && views::has_door(sight),
            fault: self.app.coop.health().err(),
            notice: done.and_then(words::frame::done),
            style: &ADDRESSES.style,
            script: &ADDRESSES.script,
            signer: signs.then_some(&*ADDRESSES.signer),
            coop_id: self.app.coop.read().id().to_owned(),
            member: self.me.map_or_else(String::new, |me| me.to_string()),
            passkey: &ADDRESSES.passkey,
            mark: &ADDRESSES.mark,
        }
    }

    /// A page of what is seen now.
    pub(crate) fn page<P: Template>(
        &self,
        fill: impl FnOnce(&Sight<'_>, &Snapshot) -> Result<P, Trouble>,
    ) -> Result<Html<String>, Trouble> {
        render(&self.see(fill)?)
    }
}

/// The page as HTML.
pub(crate) fn render(page: &impl Template) -> Result<Html<String>, Trouble> {
    match page.render() {
        Ok(html) => Ok(Html(html)),
        Err(fault) => {
            tracing::error!(%fault, "a page cannot be written");
            Err(Trouble::Unready)
        }
    }
}

/// On to another page after an act, so that loading again does not act again.
pub(crate) fn see(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()
}
