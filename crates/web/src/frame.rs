//! Every page shares these: head, foot, banners, and the word of thanks after an act.

use crate::app::Door;
use crate::assets::ADDRESSES;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse, Response};
use host::Coop;
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
    /// The word of thanks for an act.
    pub(crate) notice: Option<&'static str>,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    pub(crate) mark: &'static str,
}

/// The parameters of a page's address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(crate) query: String,
    pub(crate) cursor: Option<String>,
    pub(crate) done: Option<String>,
}

impl Visitor {
    /// The frame of a page that the navigation calls `here`, at an address of this server.
    pub(crate) fn frame(&self, sight: &Sight<'_>, here: &'static str, path: &str, done: Option<&str>) -> Frame {
        Frame {
            coop: views::coop_summary(sight),
            here,
            path: path.to_owned(),
            signed_in: self.app.door == Door::Invited && self.me.is_some(),
            notice: done.and_then(notice),
            style: &ADDRESSES.style,
            script: &ADDRESSES.script,
            mark: &ADDRESSES.mark,
        }
    }

    /// A page of what is seen now.
    pub(crate) fn page<P: Template>(
        &self,
        fill: impl FnOnce(&Sight<'_>, &Coop) -> Result<P, Trouble>,
    ) -> Result<Html<String>, Trouble> {
        render(&self.see(fill)?)
    }
}

/// Only these words can be shown: an address must not put others into a page.
fn notice(done: &str) -> Option<&'static str> {
    match done {
        "ballot" => Some("Your ballot stands. It counts at the next update, and you can move it at any time."),
        "stand" => Some(
            "Your name is up. Give it some of your own attention here: a name without any drops out at the next update.",
        ),
        "withdraw" => Some("It is taken back. Votes for it count for nothing from the next update on."),
        "resign" => Some("You have given the seat back. It is vacant until somebody wins it."),
        "propose" => Some(
            "Your document is up. Give it some of your own attention here: a text without any drops out at the next update.",
        ),
        "propose-kernel" => {
            Some("Your kernel is up. Members can assent to it here; your own assent has to be given too.")
        }
        "assent" => Some("Your assent stands, and counts at every update until you take it back."),
        "assent-back" => Some("Your assent is taken back."),
        "withdraw-kernel" => Some("The proposed kernel is withdrawn, with every assent to it."),
        "fork-announce" => Some("It is announced, and you go with it. Others can say that they go too."),
        "fork-join" => Some("You go with it. Until it is carried out you can stay after all."),
        "fork-stay" => Some("You stay. Nothing has changed for you."),
        "nominate" => Some("Your attention is noted. It counts at the next update."),
        "shares" => Some("Your shares have moved. They count at the next update."),
        "update" => Some("The update has run: every decision was counted."),
        "joined" => Some("You are in. This browser stays signed in for as long as you come by once in 30 days."),
        "founded" => {
            Some("The co-op is founded, and you are its first member. Now invite the others: nobody decides alone.")
        }
        "admitted" => Some("They are admitted, and stand in the register."),
        "on-list" => Some("They are on the list. It counts from the next update on."),
        "off-list" => Some("They are off the list. It counts from the next update on."),
        "item-opened" => Some("The item is open: members can support it."),
        "item-closed" => Some("The item is closed. Shares that stood on it are free again."),
        "booked" => Some("The expense is booked."),
        "revoked" => Some("The invitation is taken back: its link is good for nothing."),
        "signed-out" => Some("You are signed out of this browser."),
        "walk-in" => Some("You are now acting as this member."),
        _ => None,
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
