//! The page on which a founder makes a test co-op of the rules in force, and throws it away.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use host::Charter;

use crate::assets::ADDRESSES;
use crate::bridge::keeper;
use crate::form::{Fields, value};
use crate::frame::{Asked, Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "test_coop/show.html")]
struct TestPage {
    frame: Frame,
    is_there: bool,
}

#[derive(Template)]
#[template(path = "test_coop/gone.html")]
struct GonePage {
    style: &'static str,
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    let test = visitor.app.test.clone().ok_or(Trouble::Absent)?;
    keeper(&visitor)?;
    visitor.page(|sight, _| {
        let frame = visitor.frame(sight, "constitution", "/test-co-op", asked.done.as_deref());
        Ok(TestPage { frame, is_there: test.is_there() })
    })
}

/// Makes one of the rules in force, or throws it away. Nothing is written into the co-op.
pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.me()?;
    let test = visitor.app.test.clone().ok_or(Trouble::Absent)?;
    keeper(&visitor)?;
    if value(&fields, "do") == "end" {
        test.end();
        return Ok(see("/test-co-op?done=test-ended").into_response());
    }
    let texts = visitor.aside(|visitor| {
        visitor.see(|sight, _| {
            let documents = views::rules_report(sight).documents;
            let text = |of: &str| documents.iter().find(|one| one.decision == of).map(|one| one.text.clone());
            text("kernel").zip(text("constitution")).ok_or(Trouble::Absent)
        })
    });
    let (kernel, constitution) = texts.await?;
    let charter = Charter::for_test(kernel, constitution).map_err(|error| Trouble::bad("texts", error.to_string()))?;
    test.make(charter).await
}

/// The page of a server that had nothing but a test co-op.
pub(super) fn thrown_away() -> Html<String> {
    let page = render(&GonePage { style: &ADDRESSES.style });
    page.unwrap_or_else(|_| Html(words::test_coop::GONE.to_owned()))
}
