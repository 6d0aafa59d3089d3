//! The bucket of each challenger filling over time, and how it would go on if nothing moves.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen, cut};
use super::scale::Scale;
use views::{Challenger, DecisionView, FillPoint};

/// One small picture for each challenger, one under the other, on the same time axis.
pub fn buckets(id: &str, view: &DecisionView) -> Option<Figure> {
    let begin = begin(&view.challengers)?;
    // An empty bucket is told in the table: a picture of it would show nothing.
    let shown: Vec<Drawn<'_>> = view
        .challengers
        .iter()
        .map(|one| Drawn::since(one, begin))
        .filter(|drawn| drawn.points.iter().any(|point| point.fill_ppm > 0))
        .take(8)
        .collect();
    if shown.is_empty() {
        return None;
    }
    let mut table = Table::new(&words::chart::BUCKETS_TABLE);
    for one in &view.challengers {
        table.rows.push(vec![one.candidate.name.clone(), percent(one.fill_ppm), one.outlook.clone()]);
    }
    let desc = shown
        .iter()
        .map(|drawn| {
            let one = drawn.challenger;
            words::chart::bucket(&one.candidate.name, percent(one.fill_ppm), &one.outlook)
        })
        .collect::<Vec<_>>()
        .join("; ");
    Some(Figure::draw(id, words::chart::BUCKETS.to_owned(), desc, table, |width| draw(&shown, width)))
}

/// One bucket as it stands, for a card.
pub fn bucket_level(id: &str, whose: &str, fill_ppm: u32) -> String {
    level(id, &words::chart::bucket_of(whose), fill_ppm)
}

/// How much an option of a commitment has of the conviction that it needs.
pub fn option_level(id: &str, option: &str, fill_ppm: u32) -> String {
    level(id, &words::commitment::level_of(option), fill_ppm)
}

fn level(id: &str, title: &str, fill_ppm: u32) -> String {
    let mut pen = Pen::new(240.0, 14.0);
    pen.rect("vessel", 0.5, 0.5, 239.0, 13.0);
    pen.rect("fill c0", 2.0, 2.0, 236.0 * f64::from(fill_ppm) / 1e6, 10.0);
    pen.stretched().svg(id, title, &percent(fill_ppm))
}

/// A challenger and the part of their history that is drawn.
struct Drawn<'a> {
    challenger: &'a Challenger,
    points: &'a [FillPoint],
}

impl<'a> Drawn<'a> {
    fn since(challenger: &'a Challenger, begin: i64) -> Self {
        let history = &challenger.history;
        let first = history.partition_point(|point| point.at_us < begin);
        Self { challenger, points: history.get(first..).unwrap_or_default() }
    }
}

/// The shortest past that is drawn: half a year.
const PAST_US: i64 = 26 * 7 * 86_400_000_000;

/// Where the pictures begin: when the oldest of the buckets that hold something began to fill, or half a year ago. The time
/// before has no bearing on when the outcome changes, and would squeeze what has.
fn begin(challengers: &[Challenger]) -> Option<i64> {
    let now = challengers.iter().filter_map(|one| Some(one.history.last()?.at_us)).max()?;
    let risen = challengers.iter().filter_map(|one| {
        let empty = one.history.iter().rposition(|point| point.fill_ppm == 0);
        let from = one.history.get(empty.unwrap_or(0))?;
        (one.fill_ppm > 0).then_some(from.at_us)
    });
    Some(risen.min().unwrap_or(now).min(now.saturating_sub(PAST_US)))
}

const ROW: f64 = 92.0;
const TANK: f64 = 52.0;

fn draw(shown: &[Drawn<'_>], width: Width) -> Pen {
    let mut pen = Pen::new(width.px(), ROW * shown.len() as f64 + 18.0);
    let starts = shown.iter().filter_map(|one| one.points.first());
    let ends = shown.iter().filter_map(|one| one.points.last());
    let first = starts.min_by_key(|point| point.at_us);
    let from = first.map_or(0, |point| point.at_us);
    let now = ends.map(|point| point.at_us).max().unwrap_or(0);
    // Half as much future as past at most: a bucket that fills in ten years should not squeeze what happened.
    let farthest = now.saturating_add(now.saturating_sub(from) / 2);
    let until = shown
        .iter()
        .filter_map(|one| one.challenger.full_at.as_ref())
        .map(|moment| moment.at_us.min(farthest))
        .max()
        .unwrap_or(now)
        .max(now.saturating_add(now.saturating_sub(from) / 6));
    let across = Scale::new((from, until), (1.0, pen.width - 5.0));
    for (row, one) in shown.iter().enumerate() {
        challenger(&mut pen, one, ROW * row as f64, across, now);
    }
    let base = ROW * shown.len() as f64 + 10.0;
    if let Some(first) = first {
        pen.text("tick", (0.0, base), Anchor::Start, &first.label);
    }
    pen.text("tick", (across.place(now), base), Anchor::Middle, words::time::NOW);
    pen
}

fn challenger(pen: &mut Pen, drawn: &Drawn<'_>, top: f64, across: Scale, now: i64) {
    let one = drawn.challenger;
    let (full, empty) = (top + 22.0, top + 22.0 + TANK);
    let up = Scale::new((0, 1_000_000), (empty, full));
    let end = pen.width;
    pen.text("label strong", (0.0, top + 13.0), Anchor::Start, &cut(&one.candidate.name, 24));
    pen.text("label figure", (end, top + 13.0), Anchor::End, &percent(one.fill_ppm));
    pen.rect("vessel", 0.5, full, end - 1.0, TANK);
    let points: Vec<(f64, f64)> =
        drawn.points.iter().map(|point| (across.place(point.at_us), up.place(i64::from(point.fill_ppm)))).collect();
    let (wash, ink) = if one.candidate.is_nobody() { ("wash idle", "stroke idle") } else { ("wash c0", "stroke c0") };
    pen.area(wash, &points, empty);
    pen.polyline(ink, &points);
    pen.line("rim", (0.0, full), (end, full));
    let here = across.place(now);
    pen.line("now", (here, full), (here, empty));
    let level = up.place(i64::from(one.fill_ppm));
    if let Some(moment) = &one.full_at {
        let there = across.place(moment.at_us).min(end - 5.0);
        // Cut where the axis ends: the slope stays true.
        let part = ((there - here) / (across.place(moment.at_us) - here).max(0.1)).clamp(0.0, 1.0);
        let reached = level + (full - level) * part;
        pen.line("ahead", (here, level), (there, reached));
        if part >= 1.0 {
            pen.dot("mark", (there, full), 4.0);
        }
    }
    pen.dot(&ink.replace("stroke", "fill"), (here, level), 3.5);
}

fn percent(ppm: u32) -> String {
    words::chart::full(views::decimal(i128::from(ppm), 4, 0))
}
