//! My page: what waits for me, what my weight is and why, where it is placed and how it will fade, and what I did, with receipts.

use crate::chart::{self, Figure};
use crate::form::{Fields, share_field, share_ppm};
use crate::frame::{Asked, Frame, render, see};
use crate::record::who::recorder;
use crate::sign_in::has_no_way;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use engine::intent::{NewShare, decisions_touched, move_shares as acts_of};
use engine::{Act, Pseudonym};
use host::Snapshot;
use views::{LogEntryView, MyPageView, PreviewView, Problem, Share, Sight};

#[derive(Template)]
#[template(path = "me/show.html")]
struct MyPage {
    frame: Frame,
    view: MyPageView,
    shares: Figure,
    fade: Option<Figure>,
    /// Changes to come, decision by decision; none before anything is typed.
    previews: Option<Vec<PreviewView>>,
    /// The member's newest own acts.
    own: Vec<LogEntryView>,
    may_record: bool,
    /// The reader came in by a link, and can come in by nothing else.
    has_no_way: bool,
}

/// As many of a member's own acts as the page shows.
const OWN_ACTS_SHOWN: usize = 20;

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    visitor.page(|sight, coop| MyPage::new(&visitor, (sight, coop), view(sight)?, None, asked.done.as_deref()))
}

/// Shows the page again with what the typed shares would change. Nothing is kept.
pub(crate) async fn preview(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let moves = match new_shares(&fields) {
        Ok(moves) => moves,
        Err(problems) => return again(&visitor, &fields, problems),
    };
    let previews = visitor.ahead(move |sight, me| {
        let acts = acts(sight, me, &moves)?;
        let touched = decisions_touched(&acts);
        Ok((acts, touched))
    });
    let previews = previews.await?;
    let page = visitor.page(|sight, coop| {
        let mut view = view(sight)?;
        refill(&mut view, &fields, Vec::new());
        for placed in &mut view.placed {
            placed.share = Share::from_ppm(placed.typed.share_ppm.unwrap_or_default());
        }
        if let Some(one) = previews.iter().find(|one| !one.whole_vote) {
            view.idle = one.idle.clone();
        }
        MyPage::new(&visitor, (sight, coop), view, Some(previews), None)
    });
    Ok(page?.into_response())
}

/// Changes the shares of ballots that stand, all or none.
pub(crate) async fn move_shares(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    match new_shares(&fields) {
        Ok(moves) => {
            visitor.act(move |sight, me| acts(sight, me, &moves)).await?;
            Ok(see("/me?done=shares"))
        }
        Err(problems) => again(&visitor, &fields, problems),
    }
}

fn acts(sight: &Sight<'_>, me: Pseudonym, moves: &[NewShare]) -> Result<Vec<Act>, Trouble> {
    acts_of(sight.state, me, moves).ok_or(Trouble::Absent)
}

fn view(sight: &Sight<'_>) -> Result<MyPageView, Trouble> {
    views::my_page(sight).ok_or(Trouble::Nobody)
}

/// The form as it was typed, and what is wrong with it.
fn again(visitor: &Visitor, fields: &Fields, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let page = visitor.see(|sight, coop| {
        let mut view = view(sight)?;
        refill(&mut view, fields, problems);
        MyPage::new(visitor, (sight, coop), view, None, None)
    })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

/// Parses the shares: fields named `share.` and the ballot's own name.
fn new_shares(fields: &Fields) -> Result<Vec<NewShare>, Vec<Problem>> {
    let mut moves = Vec::new();
    let mut problems = Vec::new();
    for (name, typed) in fields {
        let Some(ballot) = name.strip_prefix("share.") else {
            continue;
        };
        match share_ppm(typed) {
            Ok(share_ppm) => moves.push(NewShare { ballot: ballot.to_owned(), share_ppm }),
            Err(words) => problems.push(Problem { field: name.clone(), words }),
        }
    }
    if problems.is_empty() { Ok(moves) } else { Err(problems) }
}

/// Puts what was typed back into the form.
fn refill(view: &mut MyPageView, fields: &Fields, problems: Vec<Problem>) {
    for (name, typed) in fields {
        let field = name.strip_prefix("share.");
        let placed = view.placed.iter_mut().find(|one| Some(one.field.as_str()) == field);
        if let Some(placed) = placed {
            placed.typed = share_field(typed.trim().to_owned());
        }
    }
    view.problems = problems;
}

impl MyPage {
    fn new(
        visitor: &Visitor,
        (sight, coop): (&Sight<'_>, &Snapshot),
        view: MyPageView,
        previews: Option<Vec<PreviewView>>,
        done: Option<&str>,
    ) -> Result<Self, Trouble> {
        Ok(Self {
            frame: visitor.frame(sight, "me", "/me", done),
            shares: chart::shares("shares", &view.placed, &view.idle),
            fade: chart::fade("fade", &view.fade, &view.fade_words),
            view,
            previews,
            own: crate::log::own(visitor, sight, coop, OWN_ACTS_SHOWN)?,
            may_record: recorder(visitor, sight, coop).is_ok(),
            has_no_way: visitor.me.map_or(Ok(false), |me| has_no_way(visitor, me))?,
        })
    }
}
