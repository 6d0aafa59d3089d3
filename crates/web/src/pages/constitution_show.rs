//! Constitution: the rules in force in prose, clause and plain English, and what stands for their place. And the kernel.

use super::{Asked, Frame, render};
use crate::app::App;
use crate::prose::{Block, blocks};
use crate::session::Visitor;
use crate::trouble::Trouble;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use views::{ConstitutionView, KernelView, RulesSection};

/// The path of the co-op's own constitution.
const ROOT: &str = "constitution";

#[derive(Template)]
#[template(path = "constitution_show.html")]
struct ConstitutionPage {
    frame: Frame,
    sections: Vec<Part>,
    view: ConstitutionView,
}

#[derive(Template)]
#[template(path = "kernel_show.html")]
struct KernelPage {
    frame: Frame,
    sections: Vec<Part>,
    view: KernelView,
}

/// A section with its prose ready to print.
pub(super) struct Part {
    pub(super) prose: Vec<Block>,
    pub(super) section: RulesSection,
}

pub(super) fn parts(sections: &[RulesSection]) -> Vec<Part> {
    let part = |section: &RulesSection| Part { prose: blocks(&section.prose), section: section.clone() };
    sections.iter().map(part).collect()
}

pub(crate) async fn show(state: State<App>, visitor: Visitor, asked: Query<Asked>) -> Result<Html<String>, Trouble> {
    page(state, visitor, ROOT, asked)
}

pub(crate) async fn show_inside(
    state: State<App>,
    visitor: Visitor,
    Path(path): Path<String>,
    asked: Query<Asked>,
) -> Result<Html<String>, Trouble> {
    page(state, visitor, &path, asked)
}

fn page(
    State(app): State<App>,
    visitor: Visitor,
    path: &str,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let view = app.desk.constitution(path, visitor.me.as_deref())?;
    let here = &view.href;
    let frame = Frame::new(&app, &visitor, "constitution", here, asked.done.as_deref())?;
    let text = view.in_force.as_ref();
    render(&ConstitutionPage { frame, sections: text.map(|text| parts(&text.sections)).unwrap_or_default(), view })
}

pub(crate) async fn kernel(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let view = app.desk.kernel(visitor.me.as_deref())?;
    let path = "/constitution/kernel";
    let frame = Frame::new(&app, &visitor, "constitution", path, asked.done.as_deref())?;
    render(&KernelPage { frame, sections: parts(&view.in_force.sections), view })
}
