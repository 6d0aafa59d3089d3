//! Home: what the co-op is, how it is doing, what is being decided and what happened.

use crate::chart::{self, Figure};
use crate::decision::list::buckets;
use crate::frame::{Asked, Frame};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use views::HomeView;

#[derive(Template)]
#[template(path = "home/show.html")]
struct HomePage {
    frame: Frame,
    view: HomeView,
    classes: Option<Figure>,
    balance: Option<Figure>,
    /// The bucket of each decision's first challenger, in the order of the decisions.
    buckets: Vec<String>,
}

impl HomePage {
    /// How many of the first steps are done.
    fn done(&self) -> usize {
        self.view.steps.iter().filter(|step| step.is_done).count()
    }
}

/// Money over the last three years: the whole story is on the money page.
const MONTHS: usize = 36;

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let view = views::home(sight);
        let first = view.months.len().saturating_sub(MONTHS);
        Ok(HomePage {
            frame: visitor.frame(sight, "home", "/", asked.done.as_deref()),
            classes: chart::classes("classes", &view.classes),
            balance: chart::balance("balance", &view.months[first..]),
            buckets: buckets(&view.decisions),
            view,
        })
    })
}
