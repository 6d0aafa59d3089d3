//! The balance by month, and under it what came in and what went out.

use super::figure::{Figure, Table, Width};
use super::pen::{Anchor, Pen};
use super::scale::{Scale, ticks, write_axis};
use views::MonthBalance;

/// The picture of the book.
pub fn balance(id: &str, months: &[MonthBalance]) -> Option<Figure> {
    let last = months.last()?;
    if months.len() < 2 {
        return None;
    }
    let mut table = Table::new(&words::chart::BALANCE_TABLE);
    for month in months.iter().rev() {
        table.rows.push(vec![
            month.label.clone(),
            month.money_in.text.clone(),
            month.money_out.text.clone(),
            month.balance.text.clone(),
        ]);
    }
    let desc = words::chart::balance_now(&last.balance.text, &last.label, months.len());
    Some(Figure::draw(id, words::chart::balance(&last.balance.currency), desc, table, |width| draw(months, width)))
}

const TOP: f64 = 12.0;
const PLOT: f64 = 140.0;
const BARS: f64 = 62.0;

fn draw(months: &[MonthBalance], width: Width) -> Pen {
    let mut pen = Pen::new(width.px(), TOP + PLOT + BARS + 44.0);
    let (left, right) = (46.0, pen.width - 6.0);
    let last = i64::try_from(months.len()).unwrap_or(1).saturating_sub(1);
    let across = Scale::new((0, last.max(1)), (left + 3.0, right - 3.0));
    let sums = || months.iter().map(|month| month.balance.amount_minor);
    let steps = ticks(sums().min().unwrap_or(0), sums().max().unwrap_or(1), 4);
    let up = Scale::new((steps.first().copied().unwrap_or(0), steps.last().copied().unwrap_or(1)), (TOP + PLOT, TOP));
    // Minor units a unit has, so that yen are not shown as hundreds.
    let code = months.last().map_or("", |month| month.balance.currency.as_str());
    let digits = quantity::Currency::parse(code).map_or(2, |currency| currency.digits());
    let digits = u32::from(digits);
    for step in &steps {
        let y = up.place(*step);
        pen.line(if *step == 0 { "axis" } else { "grid" }, (left, y), (right, y));
        let words = views::decimal(i128::from(*step), digits, 0);
        pen.text("tick", (left - 5.0, y + 4.0), Anchor::End, &words);
    }
    let line: Vec<(f64, f64)> = (0i64..)
        .zip(months)
        .map(|(index, month)| (across.place(index), up.place(month.balance.amount_minor)))
        .collect();
    pen.area("wash c0", &line, up.place(0));
    pen.polyline("stroke c0", &line);
    bars(&mut pen, months, across, (left, right));
    let base = pen.height - 4.0;
    let words: Vec<(f64, &str)> = line.iter().zip(months).map(|(at, month)| (at.0, month.label.as_str())).collect();
    write_axis(&mut pen, &words, base);
    pen
}

fn bars(pen: &mut Pen, months: &[MonthBalance], across: Scale, sides: (f64, f64)) {
    let top = TOP + PLOT + 22.0;
    let high_in = months.iter().map(|month| month.money_in.amount_minor).max().unwrap_or(0);
    let high_out = months.iter().map(|month| month.money_out.amount_minor).max().unwrap_or(0);
    let whole = high_in.saturating_add(high_out).max(1);
    let tall = Scale::new((0, whole), (0.0, BARS));
    let middle = top + tall.place(high_in);
    let broad = (across.place(1) - across.place(0)).clamp(1.2, 12.0) * 0.8;
    for (index, month) in (0i64..).zip(months) {
        let x = across.place(index) - broad / 2.0;
        let (given, spent) = (tall.place(month.money_in.amount_minor), tall.place(month.money_out.amount_minor));
        if given > 0.0 {
            pen.rect("fill for", x, middle - given, broad, given);
        }
        if spent > 0.0 {
            pen.rect("fill against", x, middle, broad, spent);
        }
    }
    pen.line("axis", (sides.0, middle), (sides.1, middle));
    pen.text("tick", (sides.0 - 5.0, middle - 3.0), Anchor::End, words::chart::IN);
    pen.text("tick", (sides.0 - 5.0, middle + 11.0), Anchor::End, words::chart::OUT);
}
