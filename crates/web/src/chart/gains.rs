//! Who gains and who loses a part of all weight under other rules: bars to either side of a line.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen, cut};
use super::scale::Scale;
use views::{ClassCompared, MemberCompared, Share, WeightsCompared};

/// So many members have a bar; the table has more.
const MEMBERS: usize = 10;

struct Row {
    name: String,
    text: String,
    change_ppm: i64,
}

/// Classes and members whose part of all weight would be another; none where nobody's would.
pub fn gains(id: &str, weights: &WeightsCompared) -> Option<Figure> {
    let classes = weights.classes.iter().filter_map(class);
    let members = weights.members.shown.iter();
    let rows: Vec<Row> = classes.chain(members.clone().take(MEMBERS).map(member)).collect();
    if rows.is_empty() {
        return None;
    }
    let mut table = Table::new(&words::chart::GAINS_TABLE);
    let share = |share: &Option<Share>| share.as_ref().map_or_else(|| "–".to_owned(), Share::brief);
    for class in weights.classes.iter().filter(|one| change(one) != 0) {
        let who = words::chart::all_of(&class.class);
        table.rows.push(vec![who, share(&class.share), share(&class.share_instead)]);
    }
    for one in members {
        let (now, then) = (one.share.brief(), one.share_instead.brief());
        table.rows.push(vec![one.name.clone(), now, then]);
    }
    let words: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.name, row.text)).collect();
    Some(Figure::draw(id, words::chart::GAINS.to_owned(), words.join("; "), table, |width| draw(&rows, width)))
}

fn class(class: &ClassCompared) -> Option<Row> {
    let change_ppm = change(class);
    let share =
        |share: &Option<Share>| share.as_ref().map_or_else(|| words::chart::NO_SUCH_CLASS.to_owned(), Share::brief);
    (change_ppm != 0).then(|| Row {
        name: words::chart::all_of(&class.class),
        text: format!("{} → {}", share(&class.share), share(&class.share_instead)),
        change_ppm,
    })
}

fn member(one: &MemberCompared) -> Row {
    Row {
        name: one.name.clone(),
        text: format!("{} → {}", one.share.brief(), one.share_instead.brief()),
        change_ppm: i64::from(one.share_instead.share_ppm) - i64::from(one.share.share_ppm),
    }
}

fn change(class: &ClassCompared) -> i64 {
    let ppm = |share: &Option<Share>| share.as_ref().map_or(0, |share| i64::from(share.share_ppm));
    ppm(&class.share_instead) - ppm(&class.share)
}

const ROW: f64 = 42.0;
const BAR: f64 = 12.0;

fn draw(rows: &[Row], width: Width) -> Pen {
    let mut pen = Pen::new(width.px(), ROW * rows.len() as f64 + 18.0);
    let greatest = rows.iter().map(|row| row.change_ppm.abs()).max().unwrap_or(1).max(1);
    let (end, middle) = (pen.width, pen.width / 2.0);
    let scale = Scale::new((-greatest, greatest), (0.0, end));
    let letters = if width == Width::Narrow { 22 } else { 40 };
    pen.text("tick", (middle - 6.0, 11.0), Anchor::End, words::chart::LOSES);
    pen.text("tick", (middle + 6.0, 11.0), Anchor::Start, words::chart::GAINS_SIDE);
    for (index, row) in rows.iter().enumerate() {
        let y = 18.0 + ROW * index as f64;
        pen.text("label", (0.0, y + 14.0), Anchor::Start, &cut(&row.name, letters));
        pen.text("label figure", (end, y + 14.0), Anchor::End, &row.text);
        let place = scale.place(row.change_ppm);
        let length = (place - middle).abs().max(1.0);
        if row.change_ppm < 0 {
            pen.rect("fill against", middle - length, y + 20.0, length, BAR);
        } else {
            pen.rect("fill for", middle, y + 20.0, length, BAR);
        }
        pen.line("axis", (middle, y + 17.0), (middle, y + 20.0 + BAR + 3.0));
    }
    pen
}
