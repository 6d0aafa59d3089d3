//! One bar in parts, and a line of words for each part: weight by class, or a member's shares.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen, cut};
use views::{ClassSlice, Placed, Share};

struct Part {
    class: String,
    name: String,
    text: String,
    value: u64,
}

/// Weight by class.
pub fn classes(id: &str, slices: &[ClassSlice]) -> Option<Figure> {
    if slices.iter().all(|slice| slice.weight.weight_micro == 0) {
        return None;
    }
    let mut table = Table::new(&words::chart::CLASSES_TABLE);
    let mut parts = Vec::new();
    for slice in slices {
        table.rows.push(vec![
            slice.class.clone(),
            slice.members.to_string(),
            slice.weight.text.clone(),
            slice.share.brief(),
        ]);
        parts.push(Part {
            class: format!("fill c{}", slice.class_index % 6),
            name: slice.class.clone(),
            text: format!("{} · {}", slice.weight.text, slice.share.brief()),
            value: slice.weight.weight_micro,
        });
    }
    let desc = parts.iter().map(|part| format!("{}: {}", part.name, part.text)).collect::<Vec<_>>().join("; ");
    Some(Figure::draw(id, words::chart::CLASSES.to_owned(), desc, table, |width| draw(&parts, width)))
}

/// Where a member's weight is placed, and what is idle.
pub fn shares(id: &str, placed: &[Placed], idle: &Share) -> Figure {
    let mut table = Table::new(&words::chart::SHARES_TABLE);
    let mut parts = Vec::new();
    // A share of a whole vote on one decision takes nothing from the weight that is drawn here.
    for (index, one) in placed.iter().enumerate().filter(|(_, one)| !one.whole_vote) {
        table.rows.push(vec![format!("{} ({})", one.title, one.side.words()), one.share.text.clone()]);
        parts.push(Part {
            class: format!("fill c{}", index % 6),
            name: format!("{} · {}", one.title, one.side.words()),
            text: one.share.text.clone(),
            value: u64::from(one.share.share_ppm),
        });
    }
    table.rows.push(vec![words::me::NOT_PLACED.to_owned(), idle.text.clone()]);
    parts.push(Part {
        class: "fill idle".to_owned(),
        name: words::me::NOT_PLACED.to_owned(),
        text: idle.text.clone(),
        value: u64::from(idle.share_ppm),
    });
    let desc = words::chart::shares(parts.len().saturating_sub(1), &idle.text);
    Figure::draw(id, words::chart::SHARES.to_owned(), desc, table, |width| bar(&parts, width))
}

const BAR: f64 = 30.0;
const ROW: f64 = 24.0;

/// The bar alone, for a page that lists its parts beside it.
fn bar(parts: &[Part], width: Width) -> Pen {
    let mut pen = Pen::new(width.px(), BAR);
    stripes(&mut pen, parts);
    pen
}

fn draw(parts: &[Part], width: Width) -> Pen {
    let mut pen = Pen::new(width.px(), BAR + 10.0 + ROW * parts.len() as f64);
    stripes(&mut pen, parts);
    let letters = if width == Width::Narrow { 27 } else { 40 };
    for (row, part) in parts.iter().enumerate() {
        let y = BAR + 10.0 + ROW * row as f64;
        pen.rect(&part.class, 0.0, y + 4.0, 13.0, 13.0);
        pen.text("label", (22.0, y + 15.0), Anchor::Start, &cut(&part.name, letters));
        let end = pen.width;
        pen.text("label figure", (end, y + 15.0), Anchor::End, &part.text);
    }
    pen
}

fn stripes(pen: &mut Pen, parts: &[Part]) {
    let whole = parts.iter().map(|part| part.value as f64).sum::<f64>();
    let mut x = 0.0;
    for part in parts {
        let length = if whole > 0.0 { part.value as f64 / whole * pen.width } else { 0.0 };
        // A gap in the paper's colour parts neighbours for readers who do not tell the colours apart.
        pen.rect(&part.class, x, 0.0, (length - 2.0).max(0.6), BAR);
        x += length;
    }
}
