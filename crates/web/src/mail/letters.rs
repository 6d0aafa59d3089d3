//! Letters that wait or have failed, for those who set up bridges. Neither whole addresses nor words of letters are shown.

use askama::Template;
use axum::response::Html;
use host::mail::Letter;
use quantity::Moment;

use crate::bridge::keeper;
use crate::frame::{Frame, render};
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// The most letters that the page lists.
const MOST_LISTED: usize = 100;

#[derive(Template)]
#[template(path = "mail/letters.html")]
struct LettersPage {
    frame: Frame,
    is_on: bool,
    waiting: String,
    listed: Vec<Row>,
}

struct Row {
    number: u64,
    host: String,
    made: views::Moment,
    tries: u32,
    next: Option<views::Moment>,
    why: Option<String>,
}

pub(crate) async fn show(visitor: Visitor) -> Result<Html<String>, Trouble> {
    visitor.me()?;
    keeper(&visitor)?;
    let page = visitor.see(|sight, coop| {
        let all = coop.letters()?;
        let waiting = all.iter().filter(|(_, letter)| letter.failed.is_none()).count();
        let row = |(number, letter): (String, Letter)| Row {
            number: number.parse().unwrap_or_default(),
            host: letter.to.rsplit('@').next().unwrap_or_default().to_owned(),
            made: sight.moment(Moment(letter.made_us)),
            tries: letter.tries,
            next: letter.failed.is_none().then(|| sight.moment(Moment(letter.next_us))),
            why: letter.failed,
        };
        Ok(LettersPage {
            frame: visitor.frame(sight, "me", "/mail", None),
            is_on: visitor.app.post.is_some(),
            waiting: words::mail::waiting(waiting),
            listed: all.into_iter().take(MOST_LISTED).map(row).collect(),
        })
    })?;
    render(&page)
}
