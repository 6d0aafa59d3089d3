//! Badges and small frames, by which a project shows on its own pages how an issue or a decision stands. They are the same for
//! everybody, hold no script, and any page may show them.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use views::Embedded;

use crate::assets::ADDRESSES;
use crate::frame::render;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// Updates are rare, and pages that show a badge have many readers.
const KEEP: &str = "public, max-age=300";
/// The most letters on one half of a badge.
const MOST_LETTERS: usize = 40;

#[derive(Template)]
#[template(path = "embed/show.html")]
struct EmbedPage {
    coop: String,
    view: Embedded,
    style: &'static str,
}

/// The badge of a decision.
pub(crate) async fn badge(visitor: Visitor, Path(file): Path<String>) -> Result<Response, Trouble> {
    let name = file.strip_suffix(".svg").ok_or(Trouble::Absent)?.to_owned();
    picture(visitor, &name, None)
}

/// The badge of an item.
pub(crate) async fn item_badge(
    visitor: Visitor,
    Path((name, file)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let item = file.strip_suffix(".svg").ok_or(Trouble::Absent)?.to_owned();
    picture(visitor, &name, Some(&item))
}

fn picture(visitor: Visitor, name: &str, item: Option<&str>) -> Result<Response, Trouble> {
    let (coop, view) = looked_up(visitor, name, item)?;
    // A badge in a page has no room for the title of an issue, which stands beside it there.
    let right = if item.is_some() { view.words.clone() } else { format!("{}: {}", view.title, view.words) };
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, KEEP)], svg(&coop, &right, view.open)?).into_response())
}

/// A frame on a decision.
pub(crate) async fn show(visitor: Visitor, Path(name): Path<String>) -> Result<Response, Trouble> {
    frame(visitor, &name, None)
}

/// A frame on an item.
pub(crate) async fn show_item(
    visitor: Visitor,
    Path((name, item)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    frame(visitor, &name, Some(&item))
}

fn frame(visitor: Visitor, name: &str, item: Option<&str>) -> Result<Response, Trouble> {
    let (coop, view) = looked_up(visitor, name, item)?;
    let page = render(&EmbedPage { coop, view, style: &ADDRESSES.style })?;
    Ok(([(CACHE_CONTROL, KEEP)], page).into_response())
}

fn looked_up(visitor: Visitor, name: &str, item: Option<&str>) -> Result<(String, Embedded), Trouble> {
    // The same for everybody, whoever reads.
    let anybody = Visitor { me: None, bearer: None, untold: false, ..visitor };
    anybody.see(|sight, _| {
        let view = views::embedded(sight, name, item).ok_or(Trouble::Absent)?;
        Ok((views::coop_summary(sight).name, view))
    })
}

/// Two halves of text on colours that are readable in light and dark surroundings.
#[derive(Template)]
#[template(path = "embed/badge.html")]
struct Badge {
    left: String,
    right: String,
    /// The widths of the halves, and of both together.
    first: usize,
    second: usize,
    whole: usize,
    /// The middles of the texts, and their widths.
    middles: (usize, usize),
    rooms: (usize, usize),
    colour: &'static str,
}

fn svg(left: &str, right: &str, open: bool) -> Result<String, Trouble> {
    let cut = |text: &str| {
        let mut cut: String = text.chars().take(MOST_LETTERS).collect();
        if text.chars().count() > MOST_LETTERS {
            cut.push('…');
        }
        cut
    };
    let (left, right) = (cut(left), cut(right));
    // Of the common sans-serifs at 11 pixels few letters are wider; `textLength` fits the others in.
    let wide = |text: &str| text.chars().count().saturating_mul(7).saturating_add(16);
    let (first, second) = (wide(&left), wide(&right));
    let badge = Badge {
        left,
        right,
        first,
        second,
        whole: first.saturating_add(second),
        middles: (first / 2, first.saturating_add(second / 2)),
        rooms: (first.saturating_sub(16), second.saturating_sub(16)),
        colour: if open { "#2f6b3a" } else { "#5c5c5c" },
    };
    render(&badge).map(|Html(picture)| picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_short_and_holds_no_markup_of_others() {
        let picture = svg("Dairy <script>\"&", &"x".repeat(500), true).expect("a picture");
        assert!(picture.contains("Dairy &#60;script&#62;&#34;&#38;: xxx") && !picture.contains("<script"), "{picture}");
        assert!(picture.len() < 1_200, "{}", picture.len());
        assert!(svg("a", "b", false).expect("a picture").contains("#5c5c5c"));
    }
}
