//! How concentrated weight is: the heaviest so many members hold so much.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen};
use super::scale::Scale;
use views::CurvePoint;

/// The weight curve, beside the straight line of equal weights.
pub fn curve(id: &str, points: &[CurvePoint], words: &str) -> Option<Figure> {
    if points.len() < 2 {
        return None;
    }
    let mut table = Table::new(&words::chart::CURVE_TABLE);
    for place in super::scale::labelled(points.len(), 11) {
        if let Some(point) = points.get(place) {
            table.rows.push(vec![
                words::chart::of_members(percent(point.members_ppm)),
                words::chart::of_weight(percent(point.weight_ppm)),
            ]);
        }
    }
    Some(Figure::draw(id, words::chart::CURVE.to_owned(), words.to_owned(), table, |width| draw(points, width)))
}

fn draw(points: &[CurvePoint], width: Width) -> Pen {
    let (top, plot) = (12.0, 190.0);
    let mut pen = Pen::new(width.px(), top + plot + 40.0);
    let (left, right) = (44.0, pen.width - 24.0);
    let across = Scale::new((0, 1_000_000), (left, right));
    let up = Scale::new((0, 1_000_000), (top + plot, top));
    for step in [0i64, 250_000, 500_000, 750_000, 1_000_000] {
        let (x, y) = (across.place(step), up.place(step));
        pen.line(if step == 0 { "axis" } else { "grid" }, (left, y), (right, y));
        let words = percent(u32::try_from(step).unwrap_or(0));
        pen.text("tick", (left - 6.0, y + 4.0), Anchor::End, &words);
        pen.text("tick", (x, top + plot + 17.0), Anchor::Middle, &words);
    }
    pen.line("equal", (across.place(0), up.place(0)), (across.place(1_000_000), up.place(1_000_000)));
    let line: Vec<(f64, f64)> = points
        .iter()
        .map(|point| (across.place(i64::from(point.members_ppm)), up.place(i64::from(point.weight_ppm))))
        .collect();
    pen.area("wash c0", &line, up.place(0));
    pen.polyline("stroke c0", &line);
    pen.text(
        "tick",
        (across.place(620_000), up.place(480_000)),
        Anchor::Start,
        if width != Width::Narrow { words::chart::ALL_THE_SAME_WIDE } else { words::chart::ALL_THE_SAME },
    );
    pen.text("tick", (f64::midpoint(left, right), top + plot + 34.0), Anchor::Middle, words::chart::HEAVIEST_FIRST);
    pen
}

fn percent(ppm: u32) -> String {
    words::numbers::per_cent(views::decimal(i128::from(ppm), 4, 0))
}
