//! Constitutions: each kind of clause is read, and each mistake is reported.

use std::collections::BTreeSet;

use quantity::{Currency, Span};

use super::{Body, BroughtBy, Clause, ClauseKind, Delegation, Document, Ranking};
use crate::diagnostic::Diagnostic;
use crate::kernel::{Counting, GivenPower, Kernel, Power, Terms};
use crate::phrase::{Every, MoneyPer};
use crate::{Above, Constitution, read_constitution, read_constitution_below, read_kernel, template};

pub(super) fn kernel() -> Kernel {
    read_kernel(&template("open-source").unwrap().fill("x", Currency::parse("USD").unwrap()).kernel).unwrap()
}

/// A kernel whose constitution may give only this.
pub(super) fn granting(grant: &str) -> Kernel {
    granting_under(grant, crate::Edition::ONE)
}

pub(super) fn granting_under(grant: &str, edition: crate::Edition) -> Kernel {
    let text = format!(
        "kernel {{ name x; purpose y; currency USD; class p {{ weight \"1\" }}; constitution {{ settles-in \"1 day\"; updates hourly; {grant} }} }}"
    );
    crate::read_kernel_under(&text, edition).unwrap()
}

pub(super) fn read(text: &str) -> Result<Constitution, Vec<Diagnostic>> {
    read_constitution(text, &kernel())
}

/// The first clause of a sound text.
pub(super) fn kind(text: &str) -> ClauseKind {
    let read = read(text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
    read.clauses[0].kind.clone()
}

/// The codes of a text's mistakes.
pub(super) fn codes(text: &str) -> String {
    codes_below(&[text])
}

/// The same before edition 4.
pub(super) fn codes_before_four(text: &str) -> String {
    let found = read_constitution(text, &granting_under("", crate::Edition::THREE)).err().unwrap_or_default();
    let codes: Vec<&str> = found.iter().map(|d| d.code).collect();
    codes.join(" ")
}

/// The clauses of a chain of constitutions, the last part checked below the first clause of each other one.
pub(super) fn below(parts: &[&str], kernel: &Kernel) -> Result<Constitution, Vec<Diagnostic>> {
    let Some((last, others)) = parts.split_last() else {
        panic!("a chain has a part");
    };
    let mut clauses: Vec<Clause> = Vec::new();
    for part in others {
        let mut above = Above::root(kernel);
        above.clauses = clauses.iter().collect();
        let read = read_constitution_below(part, &above);
        let read = read.unwrap_or_else(|found| panic!("{part}: {found:?}"));
        clauses.push(read.clauses[0].clone());
    }
    let mut above = Above::root(kernel);
    above.clauses = clauses.iter().collect();
    read_constitution_below(last, &above)
}

/// The codes of the last part's mistakes.
pub(super) fn codes_below(parts: &[&str]) -> String {
    let found = below(parts, &kernel()).err().unwrap_or_default();
    let codes: Vec<&str> = found.iter().map(|d| d.code).collect();
    codes.join(" ")
}

#[test]
fn each_kind_of_clause_is_read_whole() {
    let found = read(
        "office \"maintainer\" { settles-in \"14 days\"; nominated-by \"5%\"; changes \"monday 07:00\"; may \"merge\"; may \"spend\" \"release\" up-to=\"12.50 USD per week\" }\nbody \"core\" seats=5 electorate=\"contributors\" { settles-in \"21 days\"; votes \"linear\"; electorate-x }\n",
    );
    assert_eq!(found.unwrap_err()[0].help.as_deref(), Some("did you mean `electorate`?"));
    let found = read(
        "office \"maintainer\" { settles-in \"14 days\"; nominated-by \"5%\"; changes \"monday 07:00\"; may \"merge\"; may \"spend\" \"release\" up-to=\"12.50 USD per week\" }\nbody \"core\" seats=5 { settles-in \"21 days\"; votes \"linear\"; electorate \"contributors\" \"patrons\" }\ndocument \"code\" settles-in=\"1 hour\"\nranking \"issues\" of=\"forge\" { close-after \"90 days\" floor=\"0.5 votes\" }\nranking \"help\"",
    )
    .unwrap();
    let terms = |span| Terms { settles_in: Span::parse(span).unwrap(), nominated_by_ppm: 20_000, changes: None };
    let office = found.clause("maintainer").unwrap();
    let limit = MoneyPer { amount_minor: 1_250, every: Every::Week };
    let power = |name: &str, limit| GivenPower { limit, ..GivenPower::plain(Power::parse(name).unwrap()) };
    assert_eq!(office.powers(), [power("merge", None), power("spend", Some(limit)), power("release", None)]);
    assert_eq!(office.terms().map(|terms| terms.nominated_by_ppm), Some(50_000));
    assert_eq!(office.terms().and_then(|terms| terms.changes), quantity::Rhythm::parse("monday 07:00"));
    let body = found.clause("core").unwrap();
    assert_eq!(
        body.kind,
        ClauseKind::Body(Body { seats: 5, terms: terms("21 days"), powers: Vec::new(), acts_by: None })
    );
    assert_eq!((body.electorate.len(), body.counting, body.line), (2, Counting::Linear, 2));
    assert_eq!(found.clause("code").unwrap().kind, ClauseKind::Document(Document { terms: terms("1 hour") }));
    let close_after = Span::parse("90 days");
    let issues = ClauseKind::Ranking(Ranking {
        brought_by: BroughtBy::Forge,
        each_at_most: 5,
        close_after,
        floor_micro: 500_000,
        supply: None,
        order: crate::ItemOrder::Votes,
    });
    assert_eq!(found.clause("issues").unwrap().kind, issues);
    let (brought_by, each_at_most) = (BroughtBy::Members, 5);
    let help = ClauseKind::Ranking(Ranking {
        brought_by,
        each_at_most,
        close_after: None,
        floor_micro: 0,
        supply: None,
        order: crate::ItemOrder::Votes,
    });
    assert_eq!(found.clause("help").unwrap().kind, help);
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let found = read(
        "offce \"a\"\noffice \"b\" { settles-in \"1 minute\"; may \"merge\" \"merge\" \"fly\" }\nbody \"b\" { settles-in \"1 day\" }\ndocument \"d\" electorate=\"nobody\"\npool \"commons\"\nranking \"r\" { supply \"8 hours per month\"; may \"merge\" }\nkernel { }",
    )
    .unwrap_err();
    let reported: Vec<String> = found.iter().map(|d| format!("{} {}", d.line, d.code)).collect();
    assert_eq!(
        reported,
        ["1 C005", "1 C007", "2 C014", "2 C013", "2 C034", "3 C007", "3 C013", "4 C007", "4 C016", "6 C006", "7 C049"]
    );
}

#[test]
fn a_constitution_may_be_empty_and_long() {
    assert!(read("").unwrap().clauses.is_empty());
    let clause = |n| format!("office \"o-{n}\" {{ settles-in \"14 days\"; may \"merge\" }}\n");
    let long: String = (0..1_000).map(clause).collect();
    assert_eq!(read(&long).unwrap().clauses.len(), 1_000);
}

/// Every mistake on its own line, so that a line identifies it.
const MISTAKEN: &str = r#"ofice "a" { settles-in "14 days" }
currency "EUR"
office "The Chair" { settles-in "14 days" }
office { settles-in "14 days" }
office "b" "c" { settles-in "14 days" }
office "d" { setles-in "14 dais" }
office "e" {
    settles-in 14
    votes "quadratc"
    nominated-by "a tenth"
    changes "mondays"
    electorate "patron" "patrons"
    may "murge" "merge" "merge"
    may "merge" up-to="5 USD per month"
    limits { spend "5 EUR per mont" }
    delegation "yes"
}
office "e" { settles-in "1 minute"; settles-in "1 day" }
body "f" seats="5" { settles-in "14 days" }
body "g" { settles-in "14 days"; may "spend" up-to="lots" }
ranking "h" { supply "8 huors per month"; skip "yes" }
ranking "i" { skip "yes"; close-after "90 days" floor="0.5" }
commitment "j" { every "quarter"; deadline "2027-02-29" }
pool "k" { fed-by "60% of donation"; fed-by "a lot"; cap "20%" }
pool "l" { fed-by "60% of dues"; fed-by "60% of income" }
release "m" { patrons-until "400 XYZ" }
poll "n"
"#;

#[test]
fn a_document_with_many_mistakes_has_all_of_them_reported() {
    let found = read(MISTAKEN).unwrap_err();
    let place = |d: &Diagnostic| format!("{}:{}-{} {}", d.line, d.column, d.end_column, d.code);
    let places: Vec<String> = found.iter().map(place).collect();
    let wanted = "1:1-6 C005, 2:1-9 C049, 3:8-19 C011, 4:1-7 C007, 5:12-15 C010, 6:14-23 C006, 6:24-33 C037, \
        8:16-18 C009, 9:11-21 C033, 10:18-27 C039, 11:13-22 C038, 12:16-24 C016, 13:9-16 C034, \
        13:25-32 C013, 14:9-16 C013, 14:23-40 C035, 15:23-26 C019, 15:31-35 C026, 16:16-21 C033, \
        18:8-11 C013, 18:25-35 C014, 18:37-47 C008, 19:16-19 C009, 20:1-5 C007, 20:52-58 C040, \
        21:25-30 C020, 22:15-19 C052, 22:55-60 C040, 23:35-43 C051, 23:44-56 C056, 24:27-35 C033, \
        24:45-52 C054, 24:54-57 C052, 25:41-56 C055, 26:34-37 C018, 27:1-5 C005";
    assert_eq!(places.join(", "), wanted);
    let codes: BTreeSet<&str> = found.iter().map(|d| d.code).collect();
    assert!(codes.len() >= 25, "{}", codes.len());
    let meant = |line: u32| -> Vec<&str> {
        let of_line = found.iter().filter(|d| d.line == line);
        of_line.filter_map(|d| d.help.as_deref()).collect()
    };
    for (line, help) in [
        (1, "did you mean `office`?"),
        (3, "write `the-chair`"),
        (6, "did you mean `settles-in`?"),
        (9, "did you mean `quadratic`?"),
        (12, "did you mean `patrons`?"),
        (13, "did you mean `merge`?"),
        (15, "did you mean `month`?"),
        (21, "did you mean `hours`?"),
        (24, "did you mean `donations`?"),
    ] {
        assert!(meant(line).contains(&help), "{line}: {:?}", meant(line));
    }
}

/// Codes whose message itself names the way out: a range, the known words, or another field.
const SAID: [&str; 6] = ["C009", "C010", "C014", "C019", "C033", "C052"];

#[test]
fn a_mistake_names_the_way_out() {
    let clashes = r#"
kernel { }
document "kernel" { settles-in "14 days"; settles-in "15 days"; electorate "patrons" "patrons" }
office "a" { settles-in "14 days"; may "merge" "merge"; may "admit" up-to="5 USD per day"; may "spend" up-to="5 USD per day"; limits { spend "6 USD per day" } }
pool "p" { fed-by "60% of dues"; fed-by "10% of dues" }
pool "q" { fed-by "60% of dues" }
"#;
    let mut found = read(MISTAKEN).unwrap_err();
    found.extend(read(clashes).unwrap_err());
    for text in ["kernel { }\nkernel { }", "", "kernel { name \"a\"; class \"p\" { weight \"1\"; control \"60%\" } }"] {
        found.extend(read_kernel(text).unwrap_err());
    }
    let silent = found.iter().filter(|mistake| mistake.help.is_none());
    let codes: BTreeSet<&str> = silent.map(|mistake| mistake.code).collect();
    assert!(codes.iter().all(|code| SAID.contains(code)), "{codes:?} {found:#?}");
}

#[test]
fn no_name_looks_like_another_by_a_foreign_letter() {
    let found = |name: &str| {
        let text = format!("office \"{name}\" {{ settles-in \"14 days\" }}");
        read(&text).err().map(|found| found[0].code)
    };
    // A Cyrillic `і`, a Cyrillic `е`, a Greek `ο`.
    for name in ["maintaіner", "team-lеad", "bοard"] {
        assert_eq!(found(name), Some("C011"), "{name}");
    }
    for name in ["председатель", "принтер-3d", "kassenführer", "łódź", "理事会", "ταμίας"]
    {
        assert_eq!(found(name), None, "{name}");
    }
}

#[test]
fn a_clause_nearly_called_so_hides_nothing_inside_it() {
    let found = read("ofice \"m\" { settles-in \"14 day s\"; may \"murge\" }\ndocument \"m\" { settles-in \"1 day\" }")
        .unwrap_err();
    let codes: Vec<&str> = found.iter().map(|mistake| mistake.code).collect();
    assert_eq!(codes, ["C005", "C037", "C034", "C013"]);
    // A poll is no pool.
    assert_eq!(read("poll \"p\" { pick \"x\" }").unwrap_err().len(), 1);
}

#[test]
fn the_way_out_of_a_mistake_is_right() {
    let reported = |text: &str| -> Vec<String> {
        let found = read(text).unwrap_err();
        found.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        reported("office \"a\" { settles-in 14; nominated-by 5 }"),
        [
            "1:25: C009 wrong-kind-of-value: `settles-in` takes text; write it in quotes: `\"14 days\"`",
            "1:42: C009 wrong-kind-of-value: `nominated-by` takes text; write it in quotes: `\"5%\"`"
        ]
    );
    assert_eq!(
        reported("office \"a\" settles-in=\"1 day\" { limits { merge \"5 USD per month\" } }"),
        ["1:42: C006 unknown-field: `limits` has no field `merge`; there is `spend`"]
    );
    assert!(reported("office \"a\" settles-in=\"1 day\" { limits }")[0].contains("C007"));
}

#[test]
fn a_clause_of_the_root_has_no_name_that_every_co_op_has() {
    for name in ["constitution", "kernel"] {
        let text = format!("document \"{name}\" settles-in=\"1 day\"");
        assert_eq!(read(&text).unwrap_err()[0].code, "C013");
        assert_eq!(codes_below(&["constitution \"team\"", &text]), "");
    }
}

#[test]
fn votes_that_root_a_root_are_noted_in_a_clause_too() {
    let kernel = |votes: &str| {
        let text = format!(
            "kernel {{ name x; purpose y; currency USD; votes {votes}; class p {{ weight \"4\"; scale sqrt }}; class q {{ weight \"1\" }}; constitution {{ settles-in \"1 day\"; updates hourly }} }}"
        );
        read_kernel(&text).unwrap()
    };
    let noted = |votes: &str, text: &str| {
        let read = read_constitution(text, &kernel(votes)).unwrap();
        read.notes.iter().map(|note| note.code).collect::<Vec<_>>()
    };
    assert_eq!(noted("linear", "ranking r votes=quadratic"), ["C042"]);
    let only_q = "ranking r votes=quadratic electorate=q";
    assert_eq!(noted("linear", only_q), [""; 0]);
    assert_eq!(noted("linear", "ranking r votes=approval"), [""; 0]);
    let said_in_the_kernel = "ranking r votes=quadratic";
    assert_eq!(noted("quadratic", said_in_the_kernel), [""; 0]);
}

#[test]
fn what_is_kept_and_not_carried_out_is_noted() {
    let before = granting_under("", crate::Edition::THREE);
    let found = read_constitution(
        "release \"r\" patrons-until=\"5 USD\"\nranking \"a\" { skip \"no\"; supply \"5 USD per day\" }\noffice \"o\" { settles-in \"1 day\"; delegation \"allowed\" }\noffice \"p\" { settles-in \"1 day\"; delegation \"none\" }\npool \"q\"\ncommitment \"c\" every=\"year\"",
        &before,
    )
    .unwrap();
    let notes: Vec<String> = found.notes.iter().map(|d| format!("{} {} {}", d.line, d.code, d.words)).collect();
    assert_eq!(
        notes,
        ["1 C015 release", "2 C015 skip", "2 C015 supply", "3 C015 delegation", "5 C015 pool", "6 C015 commitment"]
    );
    assert_eq!(found.clauses[2].delegation, Delegation::Allowed);
    assert_eq!(found.clauses[3].delegation, Delegation::Nobody);
}
