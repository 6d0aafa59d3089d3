//! How a member's weight fades if nothing more is given.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen};
use super::scale::{Scale, ticks, write_axis};
use views::FadePoint;

/// The forecast by month.
pub fn fade(id: &str, points: &[FadePoint], words: &str) -> Option<Figure> {
    if points.len() < 2 {
        return None;
    }
    let mut table = Table::new(&words::chart::FADE_TABLE);
    for point in points {
        table.rows.push(vec![point.label.clone(), point.weight.text.clone()]);
    }
    Some(Figure::draw(id, words::chart::FADE.to_owned(), words.to_owned(), table, |width| draw(points, width)))
}

fn draw(points: &[FadePoint], width: Width) -> Pen {
    let (top, plot) = (16.0, 130.0);
    let mut pen = Pen::new(width.px(), top + plot + 26.0);
    let weight = |point: &FadePoint| i64::try_from(point.weight.weight_micro).unwrap_or(i64::MAX);
    let steps = ticks(0, points.iter().map(weight).max().unwrap_or(1), 3);
    let high = steps.last().copied().unwrap_or(1);
    let (from, until) = (points.first().map_or(0, |point| point.at_us), points.last().map_or(1, |point| point.at_us));
    let (left, right) = (40.0, pen.width - 14.0);
    let across = Scale::new((from, until), (left, right));
    let up = Scale::new((0, high), (top + plot, top));
    for step in &steps {
        let y = up.place(*step);
        pen.line(if *step == 0 { "axis" } else { "grid" }, (left, y), (right, y));
        let places = if high < 3_000_000 { 1 } else { 0 };
        let words = views::decimal(i128::from(*step), 6, places);
        pen.text("tick", (left - 6.0, y + 4.0), Anchor::End, &words);
    }
    let line: Vec<(f64, f64)> =
        points.iter().map(|point| (across.place(point.at_us), up.place(weight(point)))).collect();
    pen.area("wash c0", &line, top + plot);
    pen.polyline("stroke c0", &line);
    for place in &line {
        pen.dot("fill c0", *place, 2.5);
    }
    let words: Vec<(f64, &str)> = line.iter().zip(points).map(|(at, point)| (at.0, point.label.as_str())).collect();
    write_axis(&mut pen, &words, top + plot + 19.0);
    pen
}
