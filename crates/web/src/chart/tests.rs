//! Rules that every picture keeps, whatever its numbers.

use super::pen::{Anchor, Pen, cut, escaped};
use super::scale::{Scale, labelled, spread, ticks};
use super::*;
use views::{Amount, CurvePoint, FlowPart, MonthBalance, Share};

fn usd(minor: i64) -> Amount {
    Amount::from_minor(minor, "USD", 2)
}

fn months(balances: &[i64]) -> Vec<MonthBalance> {
    let month = |(index, balance): (usize, &i64)| MonthBalance {
        at_us: index as i64,
        label: format!("month {index}"),
        money_in: usd(1),
        money_out: usd(0),
        balance: usd(*balance),
    };
    balances.iter().enumerate().map(month).collect()
}

fn well_formed(svg: &str) {
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
    assert!(svg.contains("<title") && svg.contains("<desc") && svg.contains("role=\"img\""));
    for forbidden in ["style=", "NaN", "inf", "onload", "<script", "href"] {
        assert!(!svg.contains(forbidden), "{forbidden} in {svg}");
    }
}

fn check(figure: &Figure) {
    for svg in [&figure.narrow, &figure.middle, &figure.wide] {
        well_formed(svg);
    }
    let columns = figure.table.head.len();
    assert!(!figure.table.rows.is_empty());
    assert!(figure.table.rows.iter().all(|row| row.len() == columns));
}

#[test]
fn balances_of_any_size_are_drawn() {
    for balances in [&[0, 0][..], &[1, -1], &[i64::MAX, 0], &[i64::MIN, i64::MAX], &[5, 700_000, -30]] {
        let figure = balance("b", &months(balances)).expect("a picture");
        check(&figure);
        assert_eq!(figure.table.rows.len(), balances.len());
    }
    assert!(balance("b", &[]).is_none());
    assert!(balance("b", &months(&[5])).is_none(), "one month is no line");
}

#[test]
fn shares_of_nobody_are_all_idle() {
    let figure = shares("s", &[], &Share::from_ppm(1_000_000));
    check(&figure);
    assert_eq!(figure.table.rows, [["not placed", "100 %"]]);
}

#[test]
fn what_was_kept_closes_the_flow() {
    let part = |name: &str, minor| FlowPart { name: name.to_owned(), amount: usd(minor) };
    let mut view = views::MoneyView {
        balance: usd(0),
        as_of: None,
        flow_words: "all time".to_owned(),
        sources: vec![part("donations", 1_000)],
        uses: vec![part("fees", 400)],
        kept: usd(600),
        months: Vec::new(),
        years: Vec::new(),
        entries: Vec::new(),
        next: None,
        previous: None,
        decided_by: Vec::new(),
    };
    let figure = flow("f", &view).expect("a picture");
    check(&figure);
    assert_eq!(figure.table.rows.last().map(|row| row[1].as_str()), Some("kept"));
    view.kept = usd(-600);
    let figure = flow("f", &view).expect("a picture");
    let row = ["source", "from savings", "6.00 USD"];
    assert!(figure.table.rows.iter().any(|one| *one == row));
    view.sources.clear();
    view.kept = usd(0);
    assert!(flow("f", &view).is_none());
}

#[test]
fn the_curve_starts_and_ends_in_the_corners() {
    let point = |members_ppm, weight_ppm| CurvePoint { members_ppm, weight_ppm };
    let points = [point(0, 0), point(100_000, 460_000), point(1_000_000, 1_000_000)];
    let figure = curve("c", &points, "words").expect("a picture");
    check(&figure);
    assert!(figure.wide.contains("M44.0 202.0"), "{}", figure.wide);
    assert!(curve("c", &points[..1], "words").is_none());
}

#[test]
fn words_cannot_leave_their_element() {
    let mut pen = Pen::new(10.0, 10.0);
    pen.text("label", (0.0, 0.0), Anchor::Start, "</text><script>\u{1}&'\"");
    let svg = pen.svg("x", "<b>", "\"");
    assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains('\u{1}'));
    assert_eq!(escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
}

#[test]
fn long_names_are_cut_between_letters() {
    assert_eq!(cut("přílišně", 4), "pří…");
    assert_eq!(cut("short", 5), "short");
}

#[test]
fn ticks_are_round_and_reach_around_all() {
    assert_eq!(ticks(0, 100, 4), [0, 50, 100]);
    assert_eq!(ticks(-30, 70, 4), [-50, 0, 50, 100]);
    for (low, high) in [(0, 0), (-1, 0), (i64::MIN, i64::MAX), (3, 9_999_999)] {
        let all = ticks(low, high, 4);
        assert!(all.len() >= 2 && all.len() <= 22, "{low} {high} {all:?}");
        assert!(all.contains(&0) || low == i64::MIN);
    }
}

#[test]
fn labels_keep_the_first_and_the_last() {
    assert_eq!(labelled(3, 6), [0, 1, 2]);
    assert_eq!(labelled(108, 3), [0, 53, 107]);
    assert_eq!(labelled(0, 3), [0usize; 0]);
}

#[test]
fn neighbours_are_moved_apart() {
    let places = spread(&[50.0, 50.0, 52.0], 10.0, 0.0, 100.0);
    let mut sorted = places.clone();
    sorted.sort_by(f64::total_cmp);
    assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= 9.99), "{places:?}");
}

#[test]
fn a_scale_of_nothing_stays_at_its_start() {
    assert_eq!(Scale::new((7, 7), (3.0, 9.0)).place(7), 3.0);
    assert_eq!(Scale::new((0, 10), (100.0, 0.0)).place(5), 50.0);
}
