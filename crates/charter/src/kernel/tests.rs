//! Kernels: each field is read, and each mistake is reported.

use super::*;
use quantity::Span;

use crate::formula::Source;
use crate::read_kernel;

/// The least kernel with another line, in the words of an edition.
pub(super) fn kernel_with(line: &str, edition: Edition) -> Result<Kernel, Vec<Diagnostic>> {
    let text = format!(
        "kernel {{\nname x; purpose y; currency USD; class p {{ weight \"1\" }}\nconstitution {{ settles-in \"1 day\"; updates hourly }}\n{line}\n}}"
    );
    crate::read_kernel_under(&text, edition)
}

/// The same kernel under edition 2, with an empty constitution.
pub(super) fn rules_with(line: &str) -> crate::Rules {
    let kernel = kernel_with(line, Edition::TWO).unwrap();
    let constitution = crate::read_constitution("", &kernel).unwrap();
    crate::Rules::new(kernel, constitution)
}

/// A kernel of edition 1 with these classes.
fn kernel(classes: &str) -> Result<Kernel, Vec<Diagnostic>> {
    let text = format!(
        "kernel {{\n name \"x\"; purpose \"y\"; currency \"USD\"\n constitution {{ settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }}\n{classes}\n}}"
    );
    crate::read_kernel_under(&text, Edition::ONE)
}

fn codes(found: Result<Kernel, Vec<Diagnostic>>) -> Vec<&'static str> {
    found.err().unwrap_or_default().iter().map(|mistake| mistake.code).collect()
}

#[test]
fn the_open_source_kernel_says_what_its_prose_says() {
    let template = crate::template_under("open-source", Edition::ONE).unwrap();
    let text = template.fill("hledger", Currency::parse("EUR").unwrap()).kernel;
    let kernel = crate::read_kernel_under(&text, Edition::ONE).unwrap();
    assert_eq!((kernel.name.as_str(), kernel.currency.code(), kernel.zone.name()), ("hledger", "EUR", "UTC"));
    assert_eq!((kernel.cap_ppm, kernel.floor_micro, kernel.counting), (Some(200_000), 0, Counting::Quadratic));
    assert_eq!(kernel.constitution.settles_in, Span::parse("30 days").unwrap());
    assert_eq!((kernel.constitution.nominated_by_ppm, &kernel.constitution.changes), (20_000, &None));
    assert_eq!(kernel.updates, Rhythm::parse("weekly on monday at 01:00").unwrap());
    let two_thirds = Part { numerator: 2, denominator: 3, reach: Reach::AtLeast };
    let half_a_year = Span::parse("180 days").unwrap();
    let amend = Amendment::Held { of_weight: two_thirds, of_each_class: None, of_members: None, span: half_a_year };
    assert_eq!(kernel.amend, amend);
    assert!(kernel.fork.register && kernel.fork.ledger && kernel.fork.rules);
    assert_eq!(kernel.class_order, [0, 1]);
    let contributors = kernel.class("contributors").unwrap();
    assert_eq!(contributors.list.as_deref(), Some("contributor-list"));
    assert_eq!(contributors.weight.sources[0], Source::Count("contributors".to_owned()));
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
    assert_eq!(codes(kernel("class \"a\" { weight \"count(a)\" }")), ["C031"]);
    // A class that only depends on a cycle is not named.
    let found = kernel("class \"out\" { weight \"total(a)\" }\nclass \"a\" { weight \"total(b)\" }\nclass \"b\" { weight \"total(a)\" }").unwrap_err();
    assert_eq!(found[0].why, "the weights of `a` and `b` depend on each other");
    assert_eq!(found[0].line, 5);
}

#[test]
fn all_mistakes_are_reported_at_once_in_their_order() {
    let found = read_kernel("kernel {\n  nam \"x\"\n  currency \"usd\"\n  time-zone \"Mars\"\n  votes \"none\"\n  class \"A\" { weight \"1 +\" }\n  members { cap \"200%\" }\n}\noffice \"x\"").unwrap_err();
    let reported: Vec<String> = found.iter().map(|d| format!("{} {}", d.line, d.code)).collect();
    assert_eq!(
        reported,
        ["1 C007", "1 C007", "2 C006", "3 C018", "4 C036", "5 C033", "6 C011", "6 C022", "7 C014", "9 C044"]
    );
    assert_eq!(found[2].to_string(), "2:3: C006 unknown-field: `kernel` has no field `nam`; did you mean `name`?");
    assert_eq!(
        found[2].in_file("kernel.md"),
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
        ("amend \"100% of weight and 0.0001% of each class for 10 years\"", true),
        ("amend \"2/3 of weight and 0/2 of each class for 1 day\"", false),
        ("amend \"2/3 of weight for 23 hours\"", false),
        ("amend \"2/3 of weight for 11 years\"", false),
        ("fork carries=\"rules\" treasury=\"none\"", true),
        ("fork carries=\"everything\"", false),
    ] {
        assert_eq!(kernel(&format!("{class}\n{text}")).is_ok(), sound, "{text}");
    }
    assert_eq!(kernel("class \"a\" { weight \"1\"; scale \"sqrt\" }").unwrap().notes[0].code, "C042");
    assert!(kernel("votes \"linear\"\nclass \"a\" { weight \"1\"; scale \"sqrt\" }").unwrap().notes.is_empty());
}

#[test]
fn a_class_beside_the_kernel_is_not_passed_over() {
    let found = read_kernel("kernel class=\"a\" { class \"b\" { weight \"1\" } }").unwrap_err();
    assert!(found.iter().any(|mistake| (mistake.code, mistake.column) == ("C010", 8)), "{found:?}");
}

#[test]
fn an_amendment_says_what_each_class_must_give() {
    let amend = |text: &str| kernel(&format!("class \"a\" {{ weight \"1\" }}\namend \"{text}\"")).unwrap().amend;
    let part = |numerator, denominator| Part { numerator, denominator, reach: Reach::AtLeast };
    assert_eq!(amend("never"), Amendment::Never);
    assert_eq!(
        amend("3/4 of weight and 1/2 of each class for 90 days"),
        Amendment::Held {
            of_weight: part(3, 4),
            of_each_class: Some(part(1, 2)),
            of_members: None,
            span: Span::parse("90 days").unwrap(),
        }
    );
    assert_eq!(
        amend("75% of weight for 1 day"),
        Amendment::Held {
            of_weight: part(750_000, 1_000_000),
            of_each_class: None,
            of_members: None,
            span: Span::parse("1 day").unwrap(),
        }
    );
}

#[test]
fn control_is_whole_or_absent() {
    let two = |one: &str, other: &str| {
        kernel(&format!("class \"a\" {{ weight \"1\"; {one} }}\nclass \"b\" {{ weight \"1\"; {other} }}"))
    };
    let found = two("control \"30%\"", "control \"70%\"").unwrap();
    let control: Vec<Option<u32>> = found.classes.iter().map(|c| c.control_ppm).collect();
    assert_eq!(control, [Some(300_000), Some(700_000)]);
    let found = two("at-most \"10%\"", "").unwrap();
    let at_most: Vec<Option<u32>> = found.classes.iter().map(|c| c.at_most_ppm).collect();
    assert_eq!(at_most, [Some(100_000), None]);
    for (one, other, wanted) in [
        ("control \"30%\"", "", "C050"),
        ("control \"30%\"", "control \"70.0001%\"", "C050"),
        ("control \"30%\"", "control \"0%\"", "C014"),
        ("control \"30%\"", "contrl \"70%\"", "C006"),
        ("at-most \"30%\"", "at-most \"69.9999%\"", "C050"),
        ("at-most \"30%\"", "at-most \"70%\"", ""),
        ("at-most \"100%\"", "", "C014"),
        ("at-most \"10%\"; control \"30%\"", "control \"70%\"", "C051"),
        ("control \"x\"", "control \"70%\"", "C039"),
        ("control \"x\" }; clas \"c\" { weight \"1 +\"", "", "C039 C006 C050 C022 C050"),
    ] {
        assert_eq!(codes(two(one, other)).join(" "), wanted, "{one} {other}");
    }
}

#[test]
fn the_kernel_says_what_the_constitution_may_give() {
    let grant = |text: &str| {
        let text = format!(
            "kernel {{\n name \"x\"; purpose \"y\"; currency \"USD\"\n class \"a\" {{ weight \"1\" }}\n constitution {{ settles-in \"30 days\"; updates \"hourly\"; {text} }}\n}}"
        );
        let powers = read_kernel(&text).unwrap().grant.powers;
        powers.map(|powers| {
            let words = powers.into_iter().map(|given| match given.limit {
                Some(limit) => format!("{} {}", given.power.name(), limit.amount_minor),
                None => given.power.name().to_owned(),
            });
            words.collect::<Vec<_>>().join(", ")
        })
    };
    assert_eq!(grant(""), None);
    assert_eq!(grant("may \"merge\" \"spend\"").unwrap(), "merge, spend");
    assert_eq!(grant("may \"merge\" \"spend\"; limits { spend \"5 USD per year\" }").unwrap(), "merge, spend 500");
    assert_eq!(grant("may \"merge\"; limits { spend \"5 USD per year\" }").unwrap(), "merge, spend 500");
    // Limits alone take nothing else away.
    assert_eq!(
        grant("limits { spend \"5 USD per year\" }").unwrap(),
        "spend 500, admit, close-issue, keep-list, merge, moderate, publish, record, release"
    );
}

#[test]
fn a_wrong_currency_hides_no_other_mistake() {
    let found = read_kernel(
        "kernel {\n name \"x\"; purpose \"y\"; currency \"EURO\"\n class \"a\" { weight \"(1 EUR + hours(ever)) / 1 EUR\" }\n class \"b\" { weight \"dontaed(ever)\" }\n constitution { settles-in \"30 days\"; updates \"hourly\"; limits { spend \"5 EUR per mont\" } }\n}",
    );
    assert_eq!(codes(found), ["C018", "C017", "C026"]);
    let found = read_kernel(
        "kernel {\n name \"x\"; purpose \"y\"\n class \"a\" { weight \"donated(ever) + hours(ever)\" }\n constitution { settles-in \"30 days\"; updates \"hourly\" }\n}",
    );
    assert_eq!(codes(found), ["C007", "C012"]);
}

#[test]
fn a_mistake_of_form_hides_nothing_before_it() {
    let reported = |text: &str| -> Vec<String> {
        let found = read_kernel(text).unwrap_err();
        let reported = found.iter().map(|d| format!("{} {}", d.line, d.code));
        reported.collect()
    };
    let text = "kernel {\n  name \"\"\n  currency \"usd\"\n  class \"a\" { weight \"count(b) + dontaed(ever)\" }\n  purpose \"y\n  votes \"none\"\n}";
    // `b` may be in the part that could not be read, and `purpose` and `constitution` too.
    assert_eq!(reported(text), ["2 C014", "3 C018", "4 C017", "5 C003"]);
    assert_eq!(reported("kernel {\n  name \"\"\n"), ["1 C003"]);
    assert_eq!(reported("kernel \"x\n"), ["1 C003"]);
    assert_eq!(reported("}\n"), ["1 C003"]);
}

#[test]
fn a_kernel_nearly_called_so_hides_nothing_inside_it() {
    let inside = "{ nam \"x\"; purpose \"y\"; currency \"usd\"; votes \"none\"; class \"P\" { weight \"1 +\" }; constitution { settles-in \"30 days\"; updates \"hourly\" } }";
    assert_eq!(codes(read_kernel(&format!("kernal {inside}"))), ["C044", "C006", "C018", "C033", "C011", "C022"]);
    let sound = "kernel { name x; purpose y; currency USD; class p { weight \"1\" }; constitution { settles-in \"1 day\"; updates hourly } }";
    assert!(read_kernel(sound).is_ok());
    assert_eq!(
        codes(read_kernel(&format!("{sound}\nkernel {inside}"))),
        ["C008", "C006", "C018", "C033", "C011", "C022"]
    );
    assert!(codes(read_kernel(&format!("{sound}\nkernal {{}}"))).contains(&"C044"));
}

#[test]
fn a_constitution_in_the_place_of_a_kernel_is_reported_once() {
    let text = "office \"a\" { settles-in \"14 days\" }\nranking \"b\"\ndocument \"c\"\n";
    let found = read_kernel(text).unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].to_string(),
        "1:1: C044 wrong-document: this looks like a constitution: it has no `kernel { … }`; say which kernel applies to it: `--kernel FILE`"
    );
    assert_eq!(codes(read_kernel("hat\nshoe")), ["C044"]);
}

fn two(more: &str) -> Result<Kernel, Vec<Diagnostic>> {
    let text = format!(
        "kernel {{\n name x; purpose y; currency USD\n class a {{ weight \"1\" }}\n constitution {{ settles-in \"30 days\"; updates hourly }}\n{more}\n}}"
    );
    crate::read_kernel_under(&text, Edition::TWO)
}

#[test]
fn two_keys_are_read_since_edition_2() {
    let part = |numerator, denominator, reach| Part { numerator, denominator, reach };
    let (more, least) = (Reach::MoreThan, Reach::AtLeast);
    let heads = |part, of| Some(Heads { part, of });
    for (text, of_weight, of_each_class, of_members) in [
        ("2/3 of weight and 1/2 of members", part(2, 3, least), None, heads(part(1, 2, more), Of::All)),
        ("1/2 of weight and 2/3 of active members", part(1, 2, more), None, heads(part(2, 3, least), Of::Active)),
        (
            "50% of weight and 0.1% of members",
            part(500_000, 1_000_000, more),
            None,
            heads(part(1_000, 1_000_000, least), Of::All),
        ),
        (
            "51% of weight and 2/4 of each class and 1/2 of active members",
            part(510_000, 1_000_000, least),
            Some(part(2, 4, more)),
            heads(part(1, 2, more), Of::Active),
        ),
        (
            "3/4 of weight and 1/1 of members and 1/3 of each class",
            part(3, 4, least),
            Some(part(1, 3, least)),
            heads(part(1, 1, least), Of::All),
        ),
        ("2/3 of weight", part(2, 3, least), None, None),
    ] {
        let span = Span::parse("90 days").unwrap();
        let held = Amendment::Held { of_weight, of_each_class, of_members, span };
        assert_eq!(two(&format!("amend \"{text} for 90 days\"")).unwrap().amend, held, "{text}");
    }
    assert_eq!(two("").unwrap().amend, two("amend \"2/3 of weight and 1/2 of members for 180 days\"").unwrap().amend);
    for wrong in [
        "2/3 of weight and 0/2 of members for 90 days",
        "2/3 of weight and 3/2 of active members for 90 days",
        "2/3 of weight and 1/2 of members and 1/2 of active members for 90 days",
        "1/2 of members for 90 days",
        "2/3 of weight and 1/2 of friends for 90 days",
    ] {
        assert_eq!(codes(two(&format!("amend \"{wrong}\""))), ["C043"], "{wrong}");
    }
    assert_eq!(
        codes(kernel("class a { weight \"1\" }\namend \"2/3 of weight and 1/2 of members for 90 days\"")),
        ["C043"]
    );
}

/// A half is enough for `1/2` under edition 1, and not since.
#[test]
fn a_half_means_more_than_half_since_edition_2() {
    let weight = |kernel: Kernel| match kernel.amend {
        Amendment::Held { of_weight, .. } => of_weight,
        Amendment::Never => panic!("it is never amended"),
    };
    let amend = "amend \"1/2 of weight for 1 day\"";
    let one = weight(kernel(&format!("class a {{ weight \"1\" }}\n{amend}")).unwrap());
    let two = weight(two(amend).unwrap());
    assert_eq!([49, 50, 51].map(|part| one.is_reached(part, 100)), [false, true, true]);
    assert_eq!([49, 50, 51].map(|part| two.is_reached(part, 100)), [false, false, true]);
    assert_eq!((one.least(100), two.least(100), one.least(101), two.least(101)), (50, 51, 51, 51));
    assert_eq!((one.said(Edition::ONE).as_str(), two.said(Edition::TWO).as_str()), ("half", "more than half"));
}

#[test]
fn a_fork_s_limits_are_read_and_explained_since_edition_2() {
    let usual = two("").unwrap();
    assert!(usual.fork.given_at_most && usual.fork.treasury == TreasuryShare::ByWeight && usual.reserves_ppm == 0);
    assert!(!two("fork treasury=\"by head\"").unwrap().fork.given_at_most, "a share that is said is said whole");
    let full =
        two("fork treasury=\"by head, what they gave at most\" counts=purchases hour=\"20 USD\"\nreserves \"30%\"")
            .unwrap();
    assert_eq!((full.fork.treasury, full.fork.given_at_most), (TreasuryShare::ByHead, true));
    assert_eq!((full.fork.counted, full.reserves_ppm), (Counted { purchases: true, hour_minor: 2_000 }, 300_000));
    assert_eq!(
        explain_fork(&full)[1..],
        [
            "Of the money they take the same part as they are of all members.",
            "Of the part that they are when they announce it and the one that they are when they leave, the lesser counts.",
            "30 % of the money is a reserve that nobody divides.",
            "They take no more than they gave (donations, dues, loans, shares, purchases and hours at 20.00 USD each), less what went back to them, was paid to them or is owed to them.",
        ]
    );
    let one = |more: &str| kernel(&format!("class a {{ weight \"1\" }}\n{more}"));
    assert_eq!(explain_fork(&one("").unwrap()).len(), 2, "edition 1 has none of it");
    for (more, code, before) in [
        ("fork treasury=\"none, what they gave at most\"", "C033", "C033"),
        ("fork treasury=\"by head, what they gave at most\"", "", "C033"),
        ("fork counts=gifts", "C033", "C006"),
        ("fork hour=\"20 EUR\"", "C019", "C006"),
        ("reserves \"30%\"", "", "C006"),
        ("reserves \"0%\"", "C014", "C006"),
    ] {
        assert_eq!(
            (codes(two(more)).join(" "), codes(one(more)).join(" ")),
            (code.to_owned(), before.to_owned()),
            "{more}"
        );
    }
}

#[test]
fn a_class_that_reads_support_holds_weight_while_a_source_is_silent() {
    let gifts = |words: &str, edition| {
        let class = format!("class q {{ weight \"donated(last month) / 1 USD\"{words} }}");
        kernel_with(&class, edition)
    };
    let holds = |words, edition| gifts(words, edition).unwrap().class("q").unwrap().holds_while_silent;
    assert!(holds("", Edition::THREE) && holds("; while-silent \"hold 60 days\"", Edition::THREE));
    assert!(!holds("; while-silent \"fade\"", Edition::THREE) && !holds("", Edition::TWO));
    let (with, without) =
        (gifts("", Edition::THREE).unwrap(), gifts("; while-silent \"fade\"", Edition::THREE).unwrap());
    assert!(!with.class("p").unwrap().holds_while_silent, "it reads no support");
    let explained = |kernel: &Kernel| {
        let all = explain_kernel(kernel, None);
        all.iter().flat_map(|part| &part.sentences).filter(|sentence| sentence.contains("later than expected")).count()
    };
    assert_eq!([explained(&with), explained(&without)], [1, 0]);
    let effects = |from, to| effects(from, to).into_iter().map(|effect| effect.sentence).collect::<Vec<String>>();
    let sentence = "While a source of records is silent, the q would keep their weight for 60 days.";
    assert_eq!(effects(&without, &with), [sentence]);
    let sentence = "While a source of records is silent, the q would weigh what records there are give.";
    assert_eq!(effects(&with, &without), [sentence]);
    assert_eq!(codes(gifts("; while-silent \"fade\"", Edition::TWO)), ["C006"]);
}
