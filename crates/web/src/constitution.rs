//! Constitution: the rules in force in prose, clause and plain English, and what stands for their place.

pub(crate) mod propose;

use crate::frame::{Asked, Frame};
use crate::prose::{Block, blocks};
use crate::trouble::Trouble;
use crate::visit::Visitor;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use engine::chamber::ROOT;
use views::{ConstitutionView, RulesSection};

#[derive(Template)]
#[template(path = "constitution/show.html")]
struct ConstitutionPage {
    frame: Frame,
    sections: Vec<Part>,
    view: ConstitutionView,
}

/// A section with its prose ready to print.
pub(crate) struct Part {
    pub(crate) prose: Vec<Block>,
    pub(crate) section: RulesSection,
}

pub(crate) fn parts(sections: &[RulesSection]) -> Vec<Part> {
    let part = |section: &RulesSection| Part { prose: blocks(&section.prose), section: section.clone() };
    sections.iter().map(part).collect()
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    page(&visitor, ROOT, &asked)
}

pub(crate) async fn show_inside(
    visitor: Visitor,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    page(&visitor, &path, &asked)
}

fn page(visitor: &Visitor, path: &str, asked: &Asked) -> Result<Html<String>, Trouble> {
    visitor.page(|sight, _| {
        let view = views::constitution(sight, path).ok_or(Trouble::Absent)?;
        let frame = visitor.frame(sight, "constitution", &view.href, asked.done.as_deref());
        let text = view.in_force.as_ref();
        Ok(ConstitutionPage { frame, sections: text.map(|text| parts(&text.sections)).unwrap_or_default(), view })
    })
}
