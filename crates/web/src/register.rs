//! The register of members as of a day, to be read, printed and taken along. Reading the past takes as long as a replay.

use askama::Template;
use axum::extract::Query;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use quantity::{Currency, Moment, format_decimal, format_micro};
use serde::Deserialize;
use views::{Kept, RegisterReport, Sight, register};

use crate::frame::{Frame, render};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "register/show.html")]
struct RegisterPage {
    frame: Frame,
    report: RegisterReport,
    currency: Currency,
    former: bool,
}

impl RegisterPage {
    fn money(&self, minor: &i64) -> String {
        format_decimal(*minor, self.currency.digits())
    }

    fn weight(&self, micro: &u64) -> String {
        format_micro(i128::from(*micro))
    }
}

/// The parameters of the page's address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    /// A day; today where it is left out.
    #[serde(default)]
    at: String,
    /// `yes` for those who had left too.
    #[serde(default)]
    former: String,
}

/// The register as it was asked for. Addresses are for the operator and officers, and on no page.
fn report(visitor: &Visitor, wanted: &Wanted) -> Result<(RegisterReport, Currency), Trouble> {
    let now = visitor.see(|sight, _| match wanted.at.trim() {
        "" => Ok(sight.now),
        text => {
            let at = Moment::parse_at_end_of_day(text, &sight.state.rules.kernel.zone);
            at.map_err(|why| Trouble::bad("at", why))
        }
    })?;
    let then = visitor.app.coop.register_at(now)?.ok_or_else(|| Trouble::bad("at", words::register::BEFORE_ALL))?;
    let kept = Kept::of(&then.state, then.history.points());
    let former = wanted.former == "yes";
    visitor.see(|sight, _| {
        let sight = Sight { state: &then.state, kept: &kept, history: then.history.points(), now, ..*sight };
        let report = register(&sight, (&then.lives, then.entry), former, &mut |_| Vec::new());
        Ok((report, then.state.rules.kernel.currency))
    })
}

/// `GET /register`.
pub(crate) async fn show(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Html<String>, Trouble> {
    visitor
        .costly(move |visitor| {
            let (report, currency) = report(visitor, &wanted)?;
            let frame = visitor.see(|sight, _| Ok(visitor.frame(sight, "members", "/register", None)))?;
            render(&RegisterPage { frame, report, currency, former: wanted.former == "yes" })
        })
        .await
}

/// `GET /register.csv`: RFC 4180, and no cell is a formula.
pub(crate) async fn csv(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let rows = move |visitor: &Visitor| {
        let (report, currency) = report(visitor, &wanted)?;
        let name = format!("attachment; filename=\"register-{}.csv\"", report.day);
        let line =
            |row: &Vec<String>| row.iter().map(|cell| bridges::export::csv_cell(cell)).collect::<Vec<_>>().join(",");
        let rows = views::register_rows(&report, currency);
        let text: String = rows.iter().map(|row| line(row) + "\r\n").collect();
        Ok((name, text))
    };
    let (name, text) = visitor.costly(rows).await?;
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], text).into_response())
}

/// `GET /api/v1/register`.
pub(crate) async fn json(
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<RegisterReport>, Trouble> {
    visitor.costly(move |visitor| Ok(axum::Json(report(visitor, &wanted)?.0))).await
}
