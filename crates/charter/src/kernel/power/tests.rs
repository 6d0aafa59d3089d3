//! The power `record`: its kinds, what passes them on, and the editions that know it.

use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::{
    Above, Power, Rules, SupportKind, SupportKinds, diff, explain_clause, read_constitution, read_constitution_below,
    read_kernel_under,
};

/// Weight by purchases and hours, under an edition; the constitution may give what `grant` says.
fn kernel(edition: Edition, grant: &str) -> Kernel {
    let text = format!(
        "kernel {{ name x; purpose y; currency USD; class \"buyers\" {{ weight \"purchased(last year) / 1 USD\" }}; \
         class \"workers\" {{ weight \"hours(last month) / 1 hour\" }}; constitution {{ settles-in \"1 day\"; updates hourly; {grant} }} }}"
    );
    read_kernel_under(&text, edition).unwrap_or_else(|why| panic!("{why:?}"))
}

fn office(may: &str) -> String {
    format!("office \"till\" electorate=\"buyers\" {{ settles-in \"7 days\"; {may} }}")
}

fn codes(text: &str, kernel: &Kernel) -> String {
    let found = read_constitution(text, kernel).err().unwrap_or_default();
    found.iter().map(|one| format!("{}@{}", one.code, one.column)).collect::<Vec<_>>().join(" ")
}

#[test]
fn names_after_record_are_kinds() {
    let kernel = kernel(Edition::THREE, "");
    let given = |may: &str| {
        let read = read_constitution(&office(may), &kernel).unwrap_or_else(|why| panic!("{may}: {why:?}"));
        let powers = read.clauses[0].powers().to_vec();
        let names = powers.iter().map(|given| given.power.name());
        (names.collect::<Vec<_>>(), powers.iter().find(|given| given.power == Power::Record).map(|given| given.kinds))
    };
    let kinds = |kinds: &[SupportKind]| Some(kinds.iter().copied().collect::<SupportKinds>());
    let both = kinds(&[SupportKind::Purchase, SupportKind::Hours]);
    assert_eq!(given("may \"record\" \"purchases\" \"hours\""), (vec!["record"], both));
    assert_eq!(given("may \"merge\" \"record\" \"hours\" \"purchases\""), (vec!["merge", "record"], both));
    assert_eq!(given("may \"record\" \"share-capital\"\n may \"merge\"").1, kinds(&[SupportKind::ShareCapital]));
    let known: Vec<SupportKind> = SupportKind::known(Edition::THREE).collect();
    let all: Vec<String> = known.iter().map(|kind| format!("\"{}\"", kind.many())).collect();
    assert_eq!(given(&format!("may \"record\" {}", all.join(" "))).1, kinds(&known));
    assert!(read_constitution(&office("may \"record\" \"credit\""), &kernel).is_err(), "credit is edition 4's");
}

#[test]
fn mistakes_are_where_they_are() {
    let kernel = kernel(Edition::THREE, "");
    for (may, wanted) in [
        ("may \"record\"", "C081"),
        ("may \"record\" \"purchase\"", "C080"),
        ("may \"record\" \"hours\" \"merge\"", "C080"),
        ("may \"record\" \"hours\" \"hours\"", "C013"),
        ("may \"record\" \"hours\"\n may \"record\" \"dues\"", "C013"),
        ("may \"record\" \"hours\" up-to=\"5 USD per day\"", "C035"),
        ("may \"hours\"", "C034"),
    ] {
        let found = codes(&office(may), &kernel);
        assert_eq!(found.split('@').next(), Some(wanted), "{may}: {found}");
        assert_eq!(found.split(' ').count(), 1, "{may}: {found}");
    }
    let found = read_constitution(&office("may \"record\" \"hour\""), &kernel).unwrap_err();
    assert_eq!(found[0].help.as_deref(), Some("did you mean `hours`?"));
}

#[test]
fn earlier_editions_know_no_such_power() {
    for edition in [Edition::ONE, Edition::TWO] {
        let kernel = kernel(edition, "");
        assert_eq!(codes(&office("may \"record\" \"hours\""), &kernel), "C034@62 C034@71", "{edition}");
        let found = read_constitution(&office("may \"recordd\""), &kernel).unwrap_err();
        assert!(!format!("{:?}", found[0].help).contains("record`"), "{found:?}");
    }
}

#[test]
fn a_kind_is_passed_on_only_where_it_was_given() {
    let kernel = kernel(Edition::THREE, "may \"record\" \"hours\" \"dues\"");
    assert_eq!(codes(&office("may \"record\" \"hours\" \"dues\""), &kernel), "");
    assert!(codes(&office("may \"record\" \"purchases\" \"hours\" \"loans\""), &kernel).starts_with("C082@"));
    let limited = self::kernel(Edition::THREE, "limits { spend \"5 USD per day\" }");
    assert_eq!(codes(&office("may \"record\" \"purchases\""), &limited), "", "a limit takes no kind away");
    let team = "constitution \"team\" { may \"record\" \"hours\" }";
    let read = read_constitution(team, &kernel).unwrap();
    let mut above = Above::root(&kernel);
    above.clauses = read.clauses.iter().collect();
    let inner = |may: &str| {
        let found = read_constitution_below(&office(may), &above).err().unwrap_or_default();
        found.iter().map(|one| one.code).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(inner("may \"record\" \"hours\""), "");
    assert_eq!(inner("may \"record\" \"dues\""), "C082", "the kernel gives it, the constitution above does not");
}

#[test]
fn one_seat_that_records_its_own_electorate_is_noted() {
    let kernel = kernel(Edition::THREE, "");
    let noted = |text: &str| {
        let read = read_constitution(text, &kernel).unwrap_or_else(|why| panic!("{why:?}"));
        read.notes.iter().map(|one| one.code).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(noted(&office("may \"record\" \"purchases\"")), "C083");
    assert_eq!(noted(&office("may \"record\" \"hours\"")), "", "buyers alone vote here, and hours are the workers'");
    let body = "body \"tills\" seats=3 { settles-in \"7 days\"; may \"record\" \"hours\"";
    assert_eq!(noted(&format!("{body} }}")), "C083", "any one seat may record");
    assert_eq!(noted(&format!("{body}; acts-by \"2 of 3\" }}")), "");
}

#[test]
fn it_is_explained_and_compared() {
    let kernel = kernel(Edition::THREE, "");
    let read = |text: &str| read_constitution(text, &kernel).unwrap_or_else(|why| panic!("{why:?}"));
    let body = |more: &str| format!("body \"tills\" seats=3 {{ settles-in \"7 days\"; may \"record\" {more} }}");
    let explain = |text: &str| explain_clause(&read(text).clauses[0], &kernel, None).join("\n");
    let words = explain(&body("\"hours\" \"share-capital\" \"purchases\""));
    assert!(words.contains("The tills has 3 seats and may record purchases, hours and share capital."), "{words}");
    assert!(words.contains("Each seat records alone, and never for its own holder."), "{words}");
    assert!(words.contains("takes effect after 14 days"), "{words}");
    assert!(!words.contains("acts together"), "{words}");
    let words = explain(&body("\"hours\"; acts-by \"2 of 3\""));
    assert!(words.contains("A record takes the agreement of 2 of the 3 seats, without that of the giver."), "{words}");
    assert!(explain(&office("may \"record\" \"dues\"")).contains("Nobody records anything for themselves."));

    let effects = |from: &str, to: &str| {
        let found = diff(&Rules::new(kernel.clone(), read(from)), &Rules::new(kernel.clone(), read(to)));
        found.into_iter().map(|one| one.sentence).collect::<Vec<_>>().join("\n")
    };
    let (hours, dues) = (office("may \"record\" \"hours\""), office("may \"record\" \"dues\" \"hours\""));
    assert_eq!(effects(&hours, &dues), "The till could record dues and hours instead of hours.");
    assert_eq!(effects(&office(""), &hours), "The till could also record hours.");
    assert_eq!(effects(&dues, &office("")), "The till could no longer record dues and hours.");
}
