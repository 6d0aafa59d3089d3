//! Kernels: what is read, and each mistake.

use super::*;
use crate::Source;

fn kernel(classes: &str) -> Result<Kernel, Vec<Diagnostic>> {
    read_kernel(&format!(
        "kernel {{\n name \"x\"; purpose \"y\"; currency \"USD\"\n constitution {{ settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }}\n{classes}\n}}"
    ))
}

fn codes(found: Result<Kernel, Vec<Diagnostic>>) -> Vec<&'static str> {
    found
        .err()
        .unwrap_or_default()
        .iter()
        .map(|mistake| mistake.code)
        .collect()
}

#[test]
fn the_open_source_kernel_says_what_its_prose_says() {
    let text = crate::template("open-source")
        .unwrap()
        .fill("hledger", Currency::parse("EUR").unwrap())
        .kernel;
    let kernel = read_kernel(&text).unwrap();
    assert_eq!(
        (
            kernel.name.as_str(),
            kernel.currency.code(),
            kernel.zone.name()
        ),
        ("hledger", "EUR", "UTC")
    );
    assert_eq!(
        (kernel.cap_ppm, kernel.floor_micro, kernel.counting),
        (Some(200_000), 0, Counting::Quadratic)
    );
    assert_eq!(
        kernel.constitution.settles_in,
        Span::parse("30 days").unwrap()
    );
    assert_eq!(
        (
            kernel.constitution.nominated_by_ppm,
            &kernel.constitution.changes
        ),
        (20_000, &None)
    );
    assert_eq!(
        kernel.updates,
        Rhythm::parse("weekly on monday at 01:00").unwrap()
    );
    let two_thirds = Part {
        numerator: 2,
        denominator: 3,
    };
    let half_a_year = Span::parse("180 days").unwrap();
    let amend = Amendment::Held {
        of_weight: two_thirds,
        of_each_class: None,
        span: half_a_year,
    };
    assert_eq!(kernel.amend, amend);
    assert!(kernel.fork.register && kernel.fork.ledger && kernel.fork.rules);
    assert_eq!(kernel.class_order, [0, 1]);
    let contributors = kernel.class("contributors").unwrap();
    assert_eq!(contributors.list.as_deref(), Some("contributor-list"));
    assert_eq!(
        contributors.weight.sources[0],
        Source::Count("contributors".to_owned())
    );
}

#[test]
fn classes_stand_in_the_order_of_their_needs() {
    let chain = kernel(
        "class \"a\" { weight \"highest(b) + count(c)\" }\nclass \"b\" { weight \"total(c)\" }\nclass \"c\" { weight \"1\" }",
    )
    .unwrap();
    assert_eq!(chain.class_order, [2, 1, 0]);
    // Counting by a list needs no weight; counting by weight does.
    assert!(kernel("class \"a\" list=\"l\" { weight \"count(a)\" }").is_ok());
    assert_eq!(
        codes(kernel("class \"a\" { weight \"count(a)\" }")),
        ["C031"]
    );
    // Whoever only leans on a circle is not blamed for it.
    let found = kernel("class \"out\" { weight \"total(a)\" }\nclass \"a\" { weight \"total(b)\" }\nclass \"b\" { weight \"total(a)\" }").unwrap_err();
    assert_eq!(
        found[0].why,
        "the weights of `a` and `b` depend on each other"
    );
    assert_eq!(found[0].line, 5);
}

#[test]
fn all_mistakes_are_told_at_once_in_their_order() {
    let found = read_kernel("kernel {\n  nam \"x\"\n  currency \"usd\"\n  time-zone \"Mars\"\n  votes \"none\"\n  class \"A\" { weight \"1 +\" }\n  members { cap \"200%\" }\n}\noffice \"x\"").unwrap_err();
    let told: Vec<String> = found
        .iter()
        .map(|d| format!("{} {}", d.line, d.code))
        .collect();
    assert_eq!(
        told,
        [
            "1 C007", "1 C007", "1 C007", "2 C006", "3 C018", "4 C036", "5 C033", "6 C011",
            "7 C014", "9 C044"
        ]
    );
    assert_eq!(
        found[3].to_string(),
        "2:3: C006 unknown-field: `kernel` has no field `nam`; did you mean `name`?"
    );
    assert_eq!(
        found[3].in_file("kernel.md"),
        "kernel.md:2:3: C006 unknown-field: `kernel` has no field `nam`; did you mean `name`?"
    );
}

#[test]
fn ranges_hold_at_their_ends() {
    let class = "class \"a\" { weight \"1\" }";
    for (text, sound) in [
        ("members { cap \"100%\"; floor \"0 weights\" }", true),
        ("members { cap \"0.0001%\" }", true),
        ("members { cap \"0%\" }", false),
        ("members { cap \"100.0001%\" }", false),
        ("members { floor \"1000000 weights\" }", true),
        ("members { floor \"1000001 weights\" }", false),
        ("members { floor \"1 weight\" }", true),
        ("members { floor \"-1 weights\" }", false),
        ("amend \"1/2 of weight for 1 day\"", true),
        ("amend \"never\"", true),
        ("amend \"49% of weight for 1 day\"", false),
        ("amend \"3/2 of weight for 1 day\"", false),
        ("amend \"0/0 of weight for 1 day\"", false),
        ("fork carries=\"rules\" treasury=\"none\"", true),
        ("fork carries=\"everything\"", false),
    ] {
        assert_eq!(kernel(&format!("{class}\n{text}")).is_ok(), sound, "{text}");
    }
    assert_eq!(
        kernel("class \"a\" { weight \"1\"; scale \"sqrt\" }")
            .unwrap()
            .notes[0]
            .code,
        "C042"
    );
    assert!(
        kernel("votes \"linear\"\nclass \"a\" { weight \"1\"; scale \"sqrt\" }")
            .unwrap()
            .notes
            .is_empty()
    );
}

#[test]
fn a_class_beside_the_kernel_is_not_passed_over() {
    let found = read_kernel("kernel class=\"a\" { class \"b\" { weight \"1\" } }").unwrap_err();
    assert!(
        found
            .iter()
            .any(|mistake| (mistake.code, mistake.column) == ("C010", 8)),
        "{found:?}"
    );
}
