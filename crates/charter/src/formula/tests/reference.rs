//! Formulas against a second way of working them out, over the edges of what a value can be: `docs/spec/formulas.md`,
//! *Every formula has a value*, node by node.

use proptest::prelude::*;
use quantity::mul_div;

use super::{ONE, parse};
use crate::formula::{Pico, Source};

#[derive(Clone, Debug)]
enum Node {
    Number(u32),
    Credits,
    LastYear,
    Heads,
    Two(char, Box<Node>, Box<Node>),
    Least(Box<Node>, Box<Node>),
    Greatest(Box<Node>, Box<Node>),
    Root(Box<Node>),
    Negative(Box<Node>),
    /// Where the first is less than the second the third, or else the fourth.
    Choice(Box<[Node; 4]>),
}

use Node::{Choice, Credits, Greatest, Heads, LastYear, Least, Negative, Number, Root, Two};

impl Node {
    fn text(&self) -> String {
        match self {
            Number(value) => value.to_string(),
            Credits => "credit(ever)".to_owned(),
            LastYear => "credit(last year)".to_owned(),
            Heads => "count(patrons)".to_owned(),
            Two(sign, left, right) => format!("({} {sign} {})", left.text(), right.text()),
            Least(left, right) => format!("min({}, {})", left.text(), right.text()),
            Greatest(left, right) => format!("max({}, {})", left.text(), right.text()),
            Root(inner) => format!("sqrt({})", inner.text()),
            Negative(inner) => format!("-({})", inner.text()),
            Choice(parts) => {
                let [a, b, yes, no] = parts.each_ref().map(Node::text);
                format!("(if {a} < {b} then {yes} else {no})")
            }
        }
    }

    /// The value, where `sources` are credits ever, credits of last year, and heads.
    fn value(&self, sources: [Pico; 3]) -> Pico {
        let of = |node: &Node| node.value(sources);
        match self {
            Number(value) => Pico::from(*value) * ONE,
            Credits => sources[0],
            LastYear => sources[1],
            Heads => sources[2],
            Two('+', left, right) => of(left).saturating_add(of(right)),
            Two('-', left, right) => of(left).saturating_sub(of(right)),
            Two('*', left, right) => mul_div(of(left), of(right), ONE),
            Two(_, left, right) => match of(right) {
                0 => 0,
                over => mul_div(of(left), ONE, over),
            },
            Least(left, right) => of(left).min(of(right)),
            Greatest(left, right) => of(left).max(of(right)),
            Root(inner) => root(of(inner)),
            Negative(inner) => of(inner).checked_neg().unwrap_or(Pico::MAX),
            Choice(parts) => {
                let [a, b, yes, no] = &**parts;
                of(if of(a) < of(b) { yes } else { no })
            }
        }
    }
}

/// The greatest r with r × r ≤ x × 10^12, bit by bit; r × r ÷ 10^12 rounded up is compared, so that nothing is too wide.
fn root(x: Pico) -> Pico {
    let fits = |r: Pico| {
        let whole = mul_div(r, r, ONE);
        // Where the quotient is x itself, what was cut off must be nothing.
        whole < x || (whole == x && r % ONE * (r % ONE) % ONE == 0)
    };
    let mut found: Pico = 0;
    for bit in (0..84).rev() {
        let next = found | (1 << bit);
        if x > 0 && fits(next) {
            found = next;
        }
    }
    found
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        prop_oneof![Just(0_u32), Just(1), any::<u32>()].prop_map(Number),
        Just(Credits),
        Just(LastYear),
        Just(Heads),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        prop_oneof![
            4 => (prop::sample::select(vec!['+', '-', '*', '/']), one(), one()).prop_map(|(sign, a, b)| Two(sign, a, b)),
            1 => (one(), one()).prop_map(|(a, b)| Least(a, b)),
            1 => (one(), one()).prop_map(|(a, b)| Greatest(a, b)),
            1 => one().prop_map(Root),
            1 => one().prop_map(Negative),
            1 => prop::array::uniform4(inner.clone()).prop_map(|parts| Choice(Box::new(parts))),
        ]
    })
}

/// Extreme values of a source.
fn edge() -> impl Strategy<Value = Pico> {
    prop_oneof![
        prop::sample::select(vec![
            0,
            1,
            -1,
            ONE,
            -ONE,
            Pico::MAX,
            Pico::MAX - 1,
            Pico::MIN,
            Pico::MIN + 1,
            Pico::MAX / ONE,
        ]),
        any::<i128>(),
        any::<i64>().prop_map(Pico::from),
    ]
}

proptest! {
    #[test]
    fn every_formula_has_the_value_that_the_page_gives_it(node in nodes(), sources in [edge(), edge(), edge()]) {
        let text = node.text();
        let formula = parse(&text).map_err(|no| TestCaseError::fail(format!("{text}: {no:?}")))?;
        let read = |source: &Source| match source {
            Source::Count(_) => sources[2],
            Source::Support { period, .. } if *period == quantity::Period::EVER => sources[0],
            _ => sources[1],
        };
        let values: Vec<Pico> = formula.sources.iter().map(read).collect();
        let expected = node.value(sources);
        prop_assert_eq!(formula.evaluate(&values), expected, "{}", text);
        let micro = u64::try_from(expected.div_euclid(1_000_000).max(0)).unwrap_or(u64::MAX);
        prop_assert_eq!(formula.weight(&values), micro);
        prop_assert!(!formula.trace(&values).is_empty());
    }

    #[test]
    fn what_is_missing_is_nothing(node in nodes()) {
        let formula = parse(&node.text()).map_err(|no| TestCaseError::fail(format!("{no:?}")))?;
        prop_assert_eq!(formula.evaluate(&[]), node.value([0; 3]));
    }
}

#[test]
fn the_worst_formulas_have_values() {
    let deep = |open: &str, close: &str| format!("{}credit(ever){}", open.repeat(60), close.repeat(60));
    for (text, given, expected) in [
        ("1 / credit(ever)".to_owned(), 0, 0),
        ("0 / 0".to_owned(), 0, 0),
        ("sqrt(-1 * credit(ever))".to_owned(), Pico::MAX, 0),
        ("credit(ever) * credit(ever)".to_owned(), Pico::MIN, Pico::MAX),
        ("credit(ever) * 0 - credit(ever)".to_owned(), Pico::MIN, Pico::MAX),
        ("-credit(ever)".to_owned(), Pico::MIN, Pico::MAX),
        ("credit(ever) / -1".to_owned(), Pico::MIN, Pico::MAX),
        ("credit(ever) + credit(ever)".to_owned(), Pico::MIN, Pico::MIN),
        ("credit(ever) / 0.000001".to_owned(), Pico::MAX, Pico::MAX),
        (deep("sqrt(", ")"), Pico::MAX, 1_000_000_000_000),
        (deep("(1 + ", ")"), Pico::MAX, Pico::MAX),
    ] {
        let formula = parse(&text).unwrap_or_else(|no| panic!("{text}: {no:?}"));
        assert_eq!(formula.evaluate(&[given]), expected, "{text}");
    }
}
