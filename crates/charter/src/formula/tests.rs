//! Formulas: grammar, units, values, mistakes, and laws.

use super::*;

mod laws;
mod reference;

/// 10^12: one of a plain number.
const ONE: Pico = 1_000_000_000_000;

fn classes() -> Vec<String> {
    ["patrons", "contributors", "core-team"].map(str::to_owned).to_vec()
}

fn parse(text: &str) -> Result<Formula, Vec<FormulaMistake>> {
    let currency = Currency::parse("USD").unwrap();
    Formula::parse(text, &Scope { currency, classes: &classes(), parameters: &[], edition: crate::Edition::THREE })
}

fn value(text: &str, values: &[Pico]) -> Pico {
    match parse(text) {
        Ok(formula) => formula.evaluate(values),
        Err(mistakes) => panic!("{text}: {mistakes:?}"),
    }
}

/// Each mistake as code, place and help.
fn mistakes(text: &str) -> Vec<String> {
    parse(text)
        .err()
        .unwrap_or_default()
        .iter()
        .map(|mistake| {
            let FormulaMistake { code, at, .. } = mistake;
            format!("{code}@{}..{}", at.start, at.end)
        })
        .collect()
}

#[test]
fn precedence_is_the_usual_one() {
    for (text, expected) in [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("12 / 2 / 3", 2),
        ("12 ÷ 2 × 3", 18),
        ("-2 * -3", 6),
        ("- -5", 5),
        ("1--1", 2),
        ("2 − 1", 1),
        ("if 1 < 2 and 2 < 1 or 1 == 1 then 5 else 6", 5),
        ("if not 1 == 2 and 1 == 2 then 5 else 6", 6),
        ("if 1 > 2 then 1 else if 2 > 1 then 2 else 3", 2),
        ("if 1 ≤ 1 then 1 else 0 + 5", 1),
        ("(if 1 ≥ 2 then 1 else 0) + 5", 5),
        ("if 1 ≠ 1 then 1 else 0", 0),
        ("min(3, 1, 2) + max(3, 9, 2)", 10),
        ("sqrt(49)", 7),
        ("200%", 2),
        ("3 hours / 1 minute", 180),
        ("2 weeks / 1 day", 14),
        ("5 USD-3 USD == 2 USD", -1),
        ("1 year / 1 quarter", 4),
        ("6 USD per month * 1 year / 1 USD", 72),
        ("72 USD / 1 year / 6 USD per month", 1),
        ("if 12 USD / 1 quarter == 4 USD per month then 1 else 0", 1),
        ("10 per week * 2 weeks", 20),
        ("20 USD per hour * 90 minutes / 1 USD", 30),
        ("90 minutes * 20 USD per hour / 1 USD", 30),
        ("30 USD / 20 USD per hour / 90 minutes", 1),
        ("1 / 1 per day / 1 day", 1),
    ] {
        if expected >= 0 {
            assert_eq!(value(text, &[]), expected * ONE, "{text}");
        } else {
            assert_eq!(mistakes(text), ["C021@0..20"], "{text}");
        }
    }
}

#[test]
fn sources_stand_once_in_the_order_of_use() {
    let formula = parse(
        "(min(donated(last month), pledged(next month)) + donated( last  1 month ) + faded(purchased, half-life 180 days)) / 1 USD + count(contributors) + credit(ever) + contributed(ever)",
    )
    .unwrap();
    let period = |words| Period::parse(words).unwrap();
    let given = |kind, words| Source::Support { kind, period: period(words) };
    assert_eq!(
        formula.sources,
        [
            given(SupportKind::Donation, "last month"),
            given(SupportKind::Pledge, "next month"),
            Source::Faded { kind: SupportKind::Purchase, half_life_us: 180 * 86_400_000_000 },
            Source::Count("contributors".to_owned()),
            given(SupportKind::Contribution, "ever"),
        ]
    );
}

#[test]
fn patrons_weigh_the_lesser_of_gift_and_promise() {
    let formula = parse("min(donated(last month), pledged(next month)) / 1 USD").unwrap();
    assert_eq!(formula.weight(&[1_250 * ONE, 1_000 * ONE]), 10_000_000);
    assert_eq!(formula.weight(&[333 * ONE, 1_000 * ONE]), 3_330_000);
    assert_eq!(formula.weight(&[-333 * ONE, 1_000 * ONE]), 0);
    assert_eq!(formula.weight(&[Pico::MAX, Pico::MAX]), u64::MAX);
    assert_eq!(formula.weight(&[]), 0);
}

#[test]
fn a_lone_contributor_weighs_as_the_highest_patron() {
    let formula = parse("if count(contributors) == 1 then highest(patrons) else contributed(last year)").unwrap();
    assert_eq!(formula.weight(&[ONE, 7 * ONE, 3 * ONE]), 7_000_000);
    assert_eq!(formula.weight(&[2 * ONE, 7 * ONE, 3 * ONE]), 3_000_000);
}

#[test]
fn what_is_undefined_elsewhere_has_a_value_here() {
    assert_eq!(value("1 / 0", &[]), 0);
    assert_eq!(value("1 / (1 - 1)", &[]), 0);
    assert_eq!(value("sqrt(-4)", &[]), 0);
    assert_eq!(value("contributed(ever) * contributed(ever)", &[Pico::MAX]), Pico::MAX);
    assert_eq!(value("-contributed(ever) * contributed(ever)", &[Pico::MAX]), Pico::MIN);
    assert_eq!(value("contributed(ever) + contributed(ever)", &[Pico::MAX]), Pico::MAX);
    assert_eq!(value("-contributed(ever)", &[Pico::MIN]), Pico::MAX);
    assert_eq!(value("contributed(ever) / -1", &[Pico::MIN]), Pico::MAX);
    assert_eq!(value("contributed(ever) / 0.000000000001", &[Pico::MIN]), Pico::MIN);
}

#[test]
fn products_and_quotients_round_toward_zero() {
    assert_eq!(value("1 / 3", &[]), 333_333_333_333);
    assert_eq!(value("-1 / 3", &[]), -333_333_333_333);
    assert_eq!(value("contributed(ever) / contributed(last year)", &[2 * ONE, 3 * ONE]), 666_666_666_666);
    assert_eq!(value("0.000000000001 * 0.5", &[]), 0);
    assert_eq!(value("sqrt(2)", &[]), 1_414_213_562_373);
    assert_eq!(parse("-0.0000001").unwrap().weight(&[]), 0);
    assert_eq!(parse("0.0000019").unwrap().weight(&[]), 1);
}

#[test]
fn roots_halve_exponents() {
    assert_eq!(value("sqrt(donated(ever)) / sqrt(1 USD)", &[400 * ONE]), 2 * ONE);
    assert_eq!(value("sqrt(donated(ever) * donated(ever)) / 1 USD", &[400 * ONE]), 4 * ONE);
    assert_eq!(value("donated(ever) * 1 hour / hours(ever) / 1 USD", &[400 * ONE, 7_200 * ONE]), 2 * ONE);
    assert_eq!(mistakes("sqrt(donated(ever)) / 1 USD"), ["C021@0..27"]);
    assert_eq!(mistakes("sqrt(sqrt(sqrt(sqrt(sqrt(sqrt(sqrt(1 USD)))))))"), ["C041@0..47"]);
}

#[test]
fn every_mistake_has_its_code_and_place() {
    for (text, expected) in [
        ("", vec!["C022@0..0"]),
        ("   ", vec!["C022@0..3"]),
        ("donated(last month)", vec!["C021@0..19"]),
        ("1 == 1", vec!["C021@0..6"]),
        ("1 + 2 USD", vec!["C012@0..9"]),
        ("(1 USD + 1 hour) / 1 USD", vec!["C012@1..15"]),
        ("min(1, 2 USD)", vec!["C012@7..12"]),
        ("if 1 then 2 else 3", vec!["C030@3..4"]),
        ("if 1 == 1 then 2 else 3 USD", vec!["C012@22..27"]),
        ("1 + (1 == 1)", vec!["C030@4..12"]),
        ("not 5", vec!["C030@4..5"]),
        ("1 < 2 < 3", vec!["C022@6..7"]),
        ("count(patron)", vec!["C016@6..12"]),
        ("dontaed(last month) / 1 USD", vec!["C017@0..7"]),
        ("1 USD / 1 EUR", vec!["C019@10..13"]),
        ("1 USD / 1 XXQ", vec!["C018@10..13"]),
        ("1 USD / 1 usd", vec!["C018@10..13"]),
        ("3 hourz / 1 hour", vec!["C020@2..7"]),
        ("1 month / 1 day", vec!["C021@0..15"]),
        ("1 month + 30 days", vec!["C012@0..17"]),
        ("5 USD per", vec!["C022@9..9"]),
        ("5 USD per 3", vec!["C022@10..11"]),
        ("5 USD per mont / 1 USD", vec!["C020@10..14"]),
        ("5 EUR per month", vec!["C019@2..5"]),
        ("5 USD per EUR", vec!["C019@10..13"]),
        ("5 USD per month", vec!["C021@0..15"]),
        ("donated(last month) >= 5 USD per month", vec!["C012@0..38"]),
        ("donated(ever) per month", vec!["C022@14..17"]),
        ("per", vec!["C022@0..3"]),
        ("donated(lst month) / 1 USD", vec!["C026@8..17"]),
        ("donated(next month) / 1 USD", vec!["C027@8..18"]),
        ("min(1)", vec!["C028@0..6"]),
        ("sqrt(1, 2)", vec!["C028@0..10"]),
        ("sqrt()", vec!["C028@0..6"]),
        ("9999999999999999", vec!["C029@0..16"]),
        ("0.1234567890123", vec!["C029@0..15"]),
        ("faded(donated, half-life 3) / 1 USD", vec!["C032@25..26"]),
        ("faded(donated, half-life 1 minute) / 1 USD", vec!["C032@25..33"]),
        ("faded(pledged, half-life 3 days) / 1 USD", vec!["C017@6..13"]),
        ("1 = 1", vec!["C023@2..3"]),
        ("$5", vec!["C023@0..1"]),
        ("€5 + £6", vec!["C023@0..3", "C023@7..9"]),
        ("(1", vec!["C022@2..2"]),
        ("1)", vec!["C022@1..2"]),
        ("1 +", vec!["C022@3..3"]),
        ("donated", vec!["C022@0..7"]),
        ("patrons", vec!["C022@0..7"]),
        ("if 1 == 1 then 2", vec!["C022@16..16"]),
        // Several at once.
        ("count(patron) + dontaed(ever) + count(core)", vec!["C016@6..12", "C017@16..23", "C016@38..42"]),
    ] {
        assert_eq!(mistakes(text), expected, "{text}");
    }
}

#[test]
fn a_mistake_says_what_was_meant() {
    for (text, expected) in [
        ("count(patron)", "did you mean `patrons`?"),
        ("dontaed(last month)", "did you mean `donated`?"),
        ("donated(lst mnth) / 1 USD", "did you mean `last month`?"),
        ("1 / 1 usd", "did you mean `USD`?"),
        ("3 houss / 1 hour", "did you mean `hours`?"),
        ("donated(last month)", "divide by an amount: `… / 1 USD`"),
        ("patrons", "say what of the class: `count(patrons)`, `highest(patrons)` or `total(patrons)`"),
    ] {
        let found = parse(text).unwrap_err();
        assert_eq!(found[0].help.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let nested = |depth| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(DEEPEST)).is_ok());
    assert_eq!(mistakes(&nested(DEEPEST + 1)), ["C025@65..66"]);
    assert_eq!(mistakes(&"-".repeat(4_000)), ["C025@65..66"]);
    assert_eq!(mistakes(&"not ".repeat(1_000)), ["C025@260..263"]);
    assert_eq!(mistakes(&"(".repeat(LONGEST + 1)), ["C024@0..4097"]);
    let long = vec!["1"; 2_000].join("+");
    assert_eq!(value(&long, &[]), 2_000 * ONE);
    // The deepest formula with every operator pending needs more than the small stack.
    let deep = format!("{}1{}", "(0 + 1 * ".repeat(60), ")".repeat(60));
    assert_eq!(value(&deep, &[]), ONE);
}

#[test]
fn a_trace_goes_from_the_whole_to_its_parts() {
    let formula = parse("min(donated(last month), pledged(next month)) / 1 USD").unwrap();
    assert_eq!(
        lines(&formula, &[1_200 * ONE, 1_000 * ONE]),
        [
            "0 (the lesser of donated last month and pledged next month) ÷ 1 USD = 10",
            "1 the lesser of donated last month and pledged next month = 10.00 USD",
            "2 donated last month = 12.00 USD",
            "2 pledged next month = 10.00 USD",
        ]
    );
    let formula =
        parse("if count(contributors) == 1 then highest(patrons) else sqrt(hours(last year) / 1 hour)").unwrap();
    assert_eq!(
        lines(&formula, &[2 * ONE, 5 * ONE, 10_800 * ONE]),
        [
            "0 the highest weight among patrons if the number of contributors is 1, otherwise the square root of (worked last year ÷ 1 hour) = 1.73205",
            "1 the number of contributors is 1 = no",
            "2 the number of contributors = 2",
            "1 the square root of (worked last year ÷ 1 hour) = 1.73205",
            "2 worked last year ÷ 1 hour = 3",
            "3 worked last year = 3 hours",
        ].map(|line| line.replace("0 the highest weight among patrons if the number of contributors is 1, otherwise the square root of (worked last year ÷ 1 hour)", "0 a choice"))
    );
    let formula = parse("sqrt(donated(ever)) / sqrt(1 USD) + donated(ever) / hours(ever) * 1 hour / 1 USD").unwrap();
    let lines = lines(&formula, &[400 * ONE, 3_600 * ONE]);
    assert!(lines.contains(&"2 the square root of donated ever = 2 √USD".to_owned()), "{lines:?}");
}

fn lines(formula: &Formula, values: &[Pico]) -> Vec<String> {
    let line = |line: &TraceLine| format!("{} {} = {}", line.depth, line.words, line.value);
    formula.trace(values).iter().map(line).collect()
}

#[test]
fn a_rate_is_exact_where_a_decimal_is_not() {
    // 7 USD an hour are 0.19444… minor units a second.
    for text in ["hours(ever) * 7 USD per hour / 1 USD", "7 USD per hour * hours(ever) / 1 USD"] {
        let formula = parse(text).unwrap();
        assert_eq!(formula.weight(&[3_600 * 11 * ONE]), 77_000_000, "{text}");
    }
    let formula = parse("donated(ever) / 7 USD per hour / 1 hour").unwrap();
    assert_eq!(formula.weight(&[7_700 * ONE]), 11_000_000);
    let formula =
        parse("if 5 USD per hour > hours(ever) / hours(ever) * 499 USD per hour / 100 then 1 else 0").unwrap();
    assert_eq!(formula.weight(&[ONE]), 1_000_000);
    let formula = parse("donated(last year) / 12 months / 5 USD per month").unwrap();
    let shown = lines(&formula, &[6_000 * ONE]);
    assert_eq!(shown[0], "0 donated last year ÷ 12 months ÷ 5 USD per month = 1");
    let formula = parse("faded(donated, half-life 1 year) / 1 USD").unwrap();
    assert_eq!(lines(&formula, &[5 * ONE])[0], "0 (what was donated and fades by half in 1 year) ÷ 1 USD = 0.05");
    let formula = parse("min(donated(last year) / 1 year, 5 USD per month) / 1 USD per month").unwrap();
    let shown = lines(&formula, &[4_800 * ONE]);
    assert!(shown.iter().any(|line| line.ends_with("= 4 USD per month")), "{shown:?}");
}
