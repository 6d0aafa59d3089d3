//! Constitutions: what is read, and each mistake.

use super::*;
use crate::{Diagnostic, Kernel, read_kernel, template};

fn kernel() -> Kernel {
    read_kernel(
        &template("open-source")
            .unwrap()
            .fill("x", quantity::Currency::parse("USD").unwrap())
            .kernel,
    )
    .unwrap()
}

fn read(text: &str) -> Result<Constitution, Vec<Diagnostic>> {
    read_constitution(text, &kernel())
}

#[test]
fn each_kind_of_clause_is_read_whole() {
    let found = read(
        "office \"maintainer\" { settles-in \"14 days\"; nominated-by \"5%\"; changes \"monday 07:00\"; may \"merge\"; may \"spend\" \"release\" up-to=\"12.50 USD per week\" }\nbody \"core\" seats=5 electorate=\"contributors\" { settles-in \"21 days\"; votes \"linear\"; electorate-x }\n",
    );
    assert_eq!(
        found.unwrap_err()[0].help.as_deref(),
        Some("did you mean `electorate`?")
    );
    let found = read(
        "office \"maintainer\" { settles-in \"14 days\"; nominated-by \"5%\"; changes \"monday 07:00\"; may \"merge\"; may \"spend\" \"release\" up-to=\"12.50 USD per week\" }\nbody \"core\" seats=5 { settles-in \"21 days\"; votes \"linear\"; electorate \"contributors\" \"patrons\" }\ndocument \"code\" settles-in=\"1 hour\"\nranking \"issues\" of=\"forge\" { close-after \"90 days\" floor=\"0.5 votes\" }\nranking \"help\"",
    )
    .unwrap();
    let terms = |span| Terms {
        settles_in: Span::parse(span).unwrap(),
        nominated_by_ppm: 20_000,
        changes: None,
    };
    let office = found.clause("maintainer").unwrap();
    let limit = MoneyPer {
        amount_minor: 1_250,
        every: Every::Week,
    };
    let power = |name: &str, limit| Power {
        name: name.to_owned(),
        limit,
    };
    assert_eq!(
        office.powers(),
        [
            power("merge", None),
            power("spend", Some(limit)),
            power("release", None)
        ]
    );
    assert_eq!(
        office.terms().map(|terms| terms.nominated_by_ppm),
        Some(50_000)
    );
    assert_eq!(
        office.terms().and_then(|terms| terms.changes),
        quantity::Rhythm::parse("monday 07:00")
    );
    let body = found.clause("core").unwrap();
    assert_eq!(
        body.kind,
        ClauseKind::Body {
            seats: 5,
            terms: terms("21 days"),
            powers: Vec::new()
        }
    );
    assert_eq!(
        (body.electorate.len(), body.counting, body.line),
        (2, Counting::Linear, 2)
    );
    assert_eq!(
        found.clause("code").unwrap().kind,
        ClauseKind::Document {
            terms: terms("1 hour")
        }
    );
    let close_after = Span::parse("90 days");
    let issues = ClauseKind::Ranking {
        of: Some("forge".to_owned()),
        close_after,
        floor_micro: 500_000,
        supply: None,
    };
    assert_eq!(found.clause("issues").unwrap().kind, issues);
    let help = ClauseKind::Ranking {
        of: None,
        close_after: None,
        floor_micro: 0,
        supply: None,
    };
    assert_eq!(found.clause("help").unwrap().kind, help);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let found = read(
        "offce \"a\"\noffice \"b\" { settles-in \"1 minute\"; may \"merge\" \"merge\" \"fly\" }\nbody \"b\" { settles-in \"1 day\" }\ndocument \"d\" electorate=\"nobody\"\npool \"commons\"\nranking \"r\" { supply \"8 hours per month\"; may \"merge\" }\nkernel { }",
    )
    .unwrap_err();
    let told: Vec<String> = found
        .iter()
        .map(|d| format!("{} {}", d.line, d.code))
        .collect();
    assert_eq!(
        told,
        [
            "1 C005", "2 C014", "2 C013", "2 C034", "3 C007", "3 C013", "4 C007", "4 C016",
            "6 C006", "7 C049"
        ]
    );
}

#[test]
fn a_constitution_may_be_empty_and_long() {
    assert!(read("").unwrap().clauses.is_empty());
    let clause = |n| format!("office \"o-{n}\" {{ settles-in \"14 days\"; may \"merge\" }}\n");
    let long: String = (0..1_000).map(clause).collect();
    assert_eq!(read(&long).unwrap().clauses.len(), 1_000);
}
