//! A picture, its words for those who do not see it, and its numbers.

use super::pen::Pen;

/// A picture ready for a page. Drawn three times, for a phone, half a page and a whole column, so that its letters keep their size.
#[derive(Debug, Clone)]
pub struct Figure {
    pub title: String,
    /// For columns under 416 px.
    pub narrow: String,
    /// For columns from 416 px.
    pub middle: String,
    /// For columns from 600 px.
    pub wide: String,
    pub table: Table,
}

/// The same numbers as rows.
#[derive(Debug, Clone)]
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// The widths that every figure is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Narrow,
    Middle,
    Wide,
}

impl Width {
    pub(super) fn px(self) -> f64 {
        match self {
            Self::Narrow => 320.0,
            Self::Middle => 460.0,
            Self::Wide => 640.0,
        }
    }
}

impl Figure {
    /// Draws every width. `id` is unique on the page: titles are found by it.
    pub(super) fn draw(id: &str, title: String, desc: String, table: Table, picture: impl Fn(Width) -> Pen) -> Self {
        let narrow = picture(Width::Narrow).svg(&format!("{id}-n"), &title, &desc);
        let middle = picture(Width::Middle).svg(&format!("{id}-m"), &title, &desc);
        let wide = picture(Width::Wide).svg(&format!("{id}-w"), &title, &desc);
        Self { title, narrow, middle, wide, table }
    }
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|word| (*word).to_owned()).collect(), rows: Vec::new() }
    }
}
