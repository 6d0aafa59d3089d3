//! Votes over time: a line for each candidate, the holder's the strongest, and below it who held when.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen, cut};
use super::scale::{Scale, spread, ticks, write_axis};
use views::{DecisionView, VotesSeries};

/// The picture of a decision's past.
pub fn votes(id: &str, view: &DecisionView) -> Option<Figure> {
    let series: Vec<&VotesSeries> = view.history.iter().take(6).collect();
    let longest = series.iter().max_by_key(|one| one.points.len())?;
    if longest.points.len() < 2 {
        return None;
    }
    let mut head = vec![words::chart::UPDATE];
    head.extend(series.iter().map(|one| one.candidate.name.as_str()));
    let mut table = Table::new(&head);
    for point in longest.points.iter().rev().take(60) {
        let mut row = vec![point.label.clone()];
        for one in &series {
            let there = one.points.iter().find(|other| other.at_us == point.at_us);
            row.push(there.map_or_else(|| "–".to_owned(), |other| other.votes.text.clone()));
        }
        table.rows.push(row);
    }
    let desc = series
        .iter()
        .filter_map(|one| {
            let last = one.points.last()?;
            Some(words::chart::votes_of(&one.candidate.name, &last.votes.text))
        })
        .collect::<Vec<_>>()
        .join("; ");
    Some(Figure::draw(id, words::chart::VOTES.to_owned(), desc, table, |width| draw(view, &series, width)))
}

const TOP: f64 = 14.0;
const PLOT: f64 = 190.0;

fn draw(view: &DecisionView, series: &[&VotesSeries], width: Width) -> Pen {
    let mut pen = Pen::new(width.px(), TOP + PLOT + 56.0);
    let all = || series.iter().flat_map(|one| one.points.iter());
    let low = all().map(|point| point.votes.votes_micro).min().unwrap_or(0);
    let high = all().map(|point| point.votes.votes_micro).max().unwrap_or(1);
    let from = all().map(|point| point.at_us).min().unwrap_or(0);
    let until = all().map(|point| point.at_us).max().unwrap_or(1);
    let steps = ticks(low, high, 4);
    let (bottom, top) = (steps.first().copied().unwrap_or(0), steps.last().copied().unwrap_or(1));
    let left = 34.0;
    let letters = if width == Width::Narrow { 11 } else { 18 };
    let named = series.iter().map(|one| one.candidate.name.chars().count());
    let longest = named.max().unwrap_or(0).min(letters);
    let right = pen.width - 14.0 - longest as f64 * 8.9;
    let up = Scale::new((bottom, top), (TOP + PLOT, TOP));
    let across = Scale::new((from, until), (left, right));
    for step in &steps {
        let y = up.place(*step);
        let class = if *step == 0 { "axis" } else { "grid" };
        pen.line(class, (left, y), (right, y));
        let words = views::decimal(i128::from(*step), 6, if top < 3_000_000 { 1 } else { 0 });
        pen.text("tick", (left - 5.0, y + 4.0), Anchor::End, &words);
    }
    lines(&mut pen, view, series, across, up, right, letters);
    dates(&mut pen, series, across, TOP + PLOT + 50.0);
    tenures(&mut pen, view, across, (from, until), TOP + PLOT + 14.0);
    pen
}

fn lines(
    pen: &mut Pen,
    view: &DecisionView,
    series: &[&VotesSeries],
    across: Scale,
    up: Scale,
    right: f64,
    letters: usize,
) {
    let ends: Vec<f64> =
        series.iter().map(|one| one.points.last().map_or(TOP, |last| up.place(last.votes.votes_micro))).collect();
    let labels = spread(&ends, 15.0, TOP, TOP + PLOT);
    for (index, one) in series.iter().enumerate() {
        let holds = view.holders.iter().any(|holder| holder.candidate.id == one.candidate.id);
        let class = match (holds, one.candidate.is_nobody()) {
            (true, _) => "stroke holder".to_owned(),
            (false, true) => "stroke idle".to_owned(),
            (false, false) => format!("stroke c{} d{}", index % 6, index % 4),
        };
        let points: Vec<(f64, f64)> =
            one.points.iter().map(|point| (across.place(point.at_us), up.place(point.votes.votes_micro))).collect();
        pen.polyline(&class, &points);
        if let Some(last) = points.last() {
            pen.line("leader", (last.0 + 2.0, last.1), (right + 8.0, labels[index]));
        }
        let strength = if holds { "label strong" } else { "label" };
        pen.text(strength, (right + 11.0, labels[index] + 4.0), Anchor::Start, &cut(&one.candidate.name, letters));
    }
}

fn dates(pen: &mut Pen, series: &[&VotesSeries], across: Scale, y: f64) {
    let Some(longest) = series.iter().max_by_key(|one| one.points.len()) else {
        return;
    };
    let words: Vec<(f64, &str)> =
        longest.points.iter().map(|point| (across.place(point.at_us), point.label.as_str())).collect();
    write_axis(pen, &words, y);
}

/// A strip under the plot: who held when.
fn tenures(pen: &mut Pen, view: &DecisionView, across: Scale, span: (i64, i64), y: f64) {
    for (index, tenure) in view.tenures.iter().enumerate() {
        let from = tenure.from.at_us.max(span.0);
        let until = tenure.until.as_ref().map_or(span.1, |moment| moment.at_us).min(span.1);
        if until <= from {
            continue;
        }
        let (start, end) = (across.place(from), across.place(until));
        let class = if index % 2 == 0 { "tenure" } else { "tenure odd" };
        pen.rect(class, start, y, end - start - 1.0, 20.0);
        let letters = ((end - start - 10.0) / 7.0) as usize;
        if letters >= 4 {
            let words = cut(&tenure.candidate.name, letters);
            pen.text("tick on", (start + 5.0, y + 14.0), Anchor::Start, &words);
        }
    }
}
