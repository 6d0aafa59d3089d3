//! Where money came from and where it went: ribbons as broad as the sums.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen, cut};
use views::{FlowPart, MoneyView};

/// Sources on the left, uses and what was kept on the right.
pub fn flow(id: &str, view: &MoneyView) -> Option<Figure> {
    let mut left = view.sources.clone();
    let mut right = view.uses.clone();
    let kept = FlowPart {
        name: if view.kept.is_negative() { words::chart::FROM_SAVINGS } else { words::chart::KEPT }.to_owned(),
        amount: view.kept.clone(),
    };
    if view.kept.is_negative() {
        left.push(kept);
    } else {
        right.push(kept);
    }
    left.retain(|part| part.amount.amount_minor != 0);
    right.retain(|part| part.amount.amount_minor != 0);
    if left.is_empty() {
        return None;
    }
    let mut table = Table::new(&words::chart::FLOW_TABLE);
    for (side, parts) in [(words::chart::SOURCE, &left), (words::chart::USE, &right)] {
        for part in parts {
            table.rows.push(vec![
                side.to_owned(),
                part.name.clone(),
                part.amount.text.trim_start_matches('−').to_owned(),
            ]);
        }
    }
    Some(Figure::draw(id, words::chart::FLOW.to_owned(), view.flow_words.clone(), table, |width| {
        draw(&left, &right, width)
    }))
}

const TALL: f64 = 230.0;
const ROW: f64 = 40.0;

fn draw(left: &[FlowPart], right: &[FlowPart], width: Width) -> Pen {
    let rows = left.len().max(right.len()) as f64;
    let mut pen = Pen::new(width.px(), (TALL + 14.0 * rows).max(ROW * rows) + 4.0);
    let total = sum(left).max(sum(right)).max(1.0);
    let tall = TALL.min(pen.height - 8.0);
    let middle = pen.width / 2.0;
    let top = (pen.height - tall) / 2.0;
    pen.rect("fill trunk", middle - 5.0, top, 10.0, tall);
    side(&mut pen, left, total, Side::Left, tall);
    side(&mut pen, right, total, Side::Right, tall);
    pen
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn side(pen: &mut Pen, parts: &[FlowPart], total: f64, side: Side, tall: f64) {
    let heights: Vec<f64> = parts.iter().map(|part| (size(part) / total * tall).max(1.5)).collect();
    let slots: Vec<f64> = heights.iter().map(|height| height.max(ROW - 6.0)).collect();
    let used: f64 = slots.iter().sum();
    let gap = ((pen.height - used) / (parts.len() as f64 + 1.0)).max(2.0);
    let (room, letters, name) =
        if pen.width > 400.0 { (pen.width * 0.27, 20, "label strong") } else { (116.0, 17, "tick on") };
    let mut outer = gap;
    let mut inner = (pen.height - tall) / 2.0;
    for (index, part) in parts.iter().enumerate() {
        let (height, slot) = (heights[index], slots[index]);
        let start = outer + (slot - height) / 2.0;
        let (edge, trunk) = match side {
            Side::Left => (room, pen.width / 2.0 - 5.0),
            Side::Right => (pen.width - room, pen.width / 2.0 + 5.0),
        };
        let class = match side {
            Side::Left => format!("ribbon c{}", index % 6),
            Side::Right => "ribbon use".to_owned(),
        };
        pen.path(&class, &ribbon(edge, start, trunk, inner, height));
        // Beside the ribbons, never on them: thin ones would strike the words through.
        let (x, anchor) = match side {
            Side::Left => (room - 8.0, Anchor::End),
            Side::Right => (pen.width - room + 8.0, Anchor::Start),
        };
        let y = outer + slot / 2.0;
        pen.text(name, (x, y - 2.0), anchor, &cut(&part.name, letters));
        let sum = part.amount.text.trim_start_matches('−');
        pen.text("tick", (x, y + 13.0), anchor, sum);
        outer += slot + gap;
        inner += height;
    }
}

fn ribbon(edge: f64, start: f64, trunk: f64, inner: f64, height: f64) -> String {
    let bend = (edge + trunk) / 2.0;
    let (low, under) = (start + height, inner + height);
    format!(
        "M{edge:.1} {start:.1}C{bend:.1} {start:.1} {bend:.1} {inner:.1} {trunk:.1} {inner:.1}L{trunk:.1} {under:.1}C{bend:.1} {under:.1} {bend:.1} {low:.1} {edge:.1} {low:.1}Z"
    )
}

fn size(part: &FlowPart) -> f64 {
    part.amount.amount_minor.unsigned_abs() as f64
}

fn sum(parts: &[FlowPart]) -> f64 {
    parts.iter().map(size).sum()
}
