//! Commitments: reading, and the ends of ranges.

use quantity::{Moment, Span, Zone};

use super::{Ballot, Commitment, CreditFlow, Due};
use crate::clause::tests::{below, codes, codes_before_four, kind};
use crate::clause::{ClauseKind, OwnProjects};
use crate::phrase::Every;

#[test]
fn a_commitment_has_a_cycle_a_day_or_two_numbers() {
    let ballot = |default: &str, freeze_ppm, quorum_ppm| {
        let nominated_by_ppm = 20_000;
        Ballot { default: default.to_owned(), freeze_ppm, quorum_ppm, nominated_by_ppm }
    };
    assert_eq!(
        kind("commitment \"c\" every=\"quarter\""),
        ClauseKind::Commitment(Commitment {
            due: Due::Every(Every::Quarter, ballot("do nothing", 100_000, 100_000)),
            conviction_half_life: None,
            accepts: None,
            shares_out: None,
            credit: CreditFlow::USUAL,
        })
    );
    let day = Moment::parse_at_end_of_day("2027-03-31", &Zone::utc()).unwrap();
    assert_eq!(
        kind(
            "commitment \"c\" { deadline \"2027-03-31\"; default \"wait\"; freeze \"0%\"; quorum \"100%\"; conviction-half-life \"1 week\" }"
        ),
        ClauseKind::Commitment(Commitment {
            due: Due::Deadline(day, ballot("wait", 0, 1_000_000)),
            conviction_half_life: Span::parse("1 week"),
            accepts: None,
            shares_out: None,
            credit: CreditFlow::USUAL,
        })
    );
    assert_eq!(
        kind("commitment \"c\" { spending-limit \"20%\"; least-conviction \"2.5%\"; conviction-half-life \"7 days\" }"),
        ClauseKind::Commitment(Commitment {
            due: Due::Continuous {
                spending_limit_ppm: 200_000,
                least_conviction_ppm: 25_000,
                of: None,
                own_requests: OwnProjects::Excluded,
            },
            conviction_half_life: Span::parse("7 days"),
            accepts: None,
            shares_out: None,
            credit: CreditFlow::USUAL,
        })
    );
    let continuous = "spending-limit \"20%\"; least-conviction \"2.5%\"";
    for (fields, wanted) in [
        ("", "C007"),
        ("every \"quarter\"; deadline \"2027-03-31\"", "C051"),
        ("every \"quarter\"; spending-limit \"20%\"", "C051"),
        ("deadline \"2027-03-31\"; least-conviction \"20%\"", "C051"),
        ("spending-limit \"20%\"; conviction-half-life \"1 day\"", "C052"),
        ("least-conviction \"20%\"; conviction-half-life \"1 day\"", "C052"),
        ("every \"month\"; freeze \"50.0001%\"", "C014"),
        ("every \"month\"; freeze \"50%\"", ""),
        ("every \"month\"; quorum \"100.1%\"", "C014"),
        ("every \"fortnight\"", "C033"),
        ("every \"month\"; default \"\"", "C014"),
        ("deadline \"2027-02-29\"", "C056"),
        ("deadline \"2027-03-31T10:00:00Z\"", "C056"),
        ("spending-limit \"0%\"; least-conviction \"100%\"; conviction-half-life \"1 day\"", "C014 C014"),
        ("spending-limit \"20%\"; least-conviction \"2%\"; conviction-half-life \"1 day\"; quorum \"5%\"", "C051"),
    ] {
        let text = format!("commitment \"c\" {{ {fields} }}");
        assert_eq!(codes(&text), wanted, "{fields}");
    }
    assert_eq!(codes_before_four(&format!("commitment \"c\" {{ {continuous} }}")), "C007");
}

/// A kernel of edition 4 with these updates.
fn under_four(updates: &str) -> crate::Kernel {
    let text = format!(
        "kernel {{ name x; purpose y; currency USD; class p {{ weight \"1\" }}; constitution {{ settles-in \"1 day\"; updates \"{updates}\" }} }}"
    );
    crate::read_kernel_under(&text, crate::Edition::FOUR).unwrap()
}

fn noted(updates: &str, fields: &str) -> Vec<&'static str> {
    let text = format!("commitment \"c\" {{ {fields} }}");
    let read =
        crate::read_constitution(&text, &under_four(updates)).unwrap_or_else(|found| panic!("{text}: {found:?}"));
    read.notes.iter().map(|note| note.code).collect()
}

#[test]
fn a_cycle_with_fewer_than_eight_updates_is_noted() {
    const WEEKLY: &str = "weekly on monday at 01:00";
    let none: [&str; 0] = [];
    assert_eq!(noted(WEEKLY, "every \"quarter\""), none);
    assert_eq!(noted(WEEKLY, "every \"month\""), ["C095"]);
    assert_eq!(noted("daily at 01:00", "every \"month\""), none);
    assert_eq!(noted("daily at 01:00", "every \"week\""), ["C095"]);
    assert_eq!(noted("hourly", "every \"day\""), none);
    assert_eq!(noted("monthly on 1 at 01:00", "every \"quarter\""), ["C095"]);
    assert_eq!(noted("monthly on 1 at 01:00", "every \"year\""), none);
    assert_eq!(noted(WEEKLY, "deadline \"2027-03-31\""), none);
}

#[test]
fn edition_4_opens_those_with_an_end() {
    let opens = |fields: &str, edition| {
        let kernel = under_four("weekly on monday at 01:00");
        let read = crate::read_constitution(&format!("commitment \"c\" {{ {fields} }}"), &kernel).unwrap();
        read.clauses[0].opens(edition)
    };
    let (three, four) = (crate::Edition::THREE, crate::Edition::FOUR);
    for fields in ["every \"quarter\"", "deadline \"2027-03-31\""] {
        assert!(opens(fields, four) && !opens(fields, three), "{fields}");
    }
    assert!(!opens("spending-limit \"20%\"; least-conviction \"2%\"; conviction-half-life \"7 days\"", four));
    let kernel = under_four("weekly on monday at 01:00");
    let text = "commitment \"c\" every=\"quarter\" { nominated-by \"1%\" }";
    let read = crate::read_constitution(text, &kernel).unwrap();
    let said = crate::explain_constitution(&read, &kernel, None);
    let sentences: Vec<&String> = said.iter().flat_map(|one| &one.sentences).collect();
    assert!(sentences.iter().any(|said| said.contains("one with 1 % of all votes as attention")), "{sentences:?}");
    assert_eq!(codes_before_four(text), "C006", "earlier editions have no such field");
}

#[test]
fn one_commitment_accepts_credit() {
    let weekly = under_four("daily at 01:00");
    let codes = |text: &str| match crate::read_constitution(text, &weekly) {
        Ok(read) => read.notes.iter().map(|note| note.code).collect::<Vec<_>>().join(" "),
        Err(found) => found.iter().map(|one| one.code).collect::<Vec<_>>().join(" "),
    };
    for (text, wanted) in [
        ("commitment \"credit\" every=\"month\" accepts=\"credit\"", ""),
        ("commitment \"credit\" every=\"quarter\" accepts=\"credit\" default=\"nothing\"", ""),
        ("commitment \"credit\" every=\"year\" accepts=\"credit\" default=\"accept\"", ""),
        ("commitment \"credit\" every=\"week\" accepts=\"credit\"", "C096"),
        ("commitment \"credit\" deadline=\"2027-03-31\" accepts=\"credit\"", "C096"),
        ("commitment \"credit\" every=\"month\" accepts=\"credit\" default=\"wait\"", "C097"),
        ("commitment \"credit\" every=\"month\" accepts=\"money\"", "C033"),
        (
            "commitment \"a\" every=\"month\" accepts=\"credit\"\ncommitment \"b\" every=\"month\" accepts=\"credit\"",
            "C098",
        ),
        (
            "commitment \"a\" spending-limit=\"20%\" least-conviction=\"2%\" conviction-half-life=\"7 days\" accepts=\"credit\"",
            "C051 C096",
        ),
    ] {
        assert_eq!(codes(text), wanted, "{text}");
    }
    let earlier = codes_before_four("commitment \"credit\" every=\"month\" accepts=\"credit\"");
    assert_eq!(earlier, "C006", "earlier editions have no such field");
}

#[test]
fn requests_are_paid_by_a_pool_of_the_same_constitution() {
    let kernel = under_four("weekly on monday at 01:00");
    let codes = |text: &str| match crate::read_constitution(text, &kernel) {
        Ok(read) => {
            assert!(read.clauses.iter().all(|clause| clause.opens(crate::Edition::FOUR)), "{text}");
            Vec::new()
        }
        Err(found) => found.iter().map(|one| one.code).collect::<Vec<_>>(),
    };
    let pool = "pool commons match=none\n";
    let grants =
        |of: &str| format!("commitment grants {{ of {of}; spending-limit \"25%\"; least-conviction \"10%\" }}\n");
    let none: [&str; 0] = [];
    assert_eq!(codes(&format!("{pool}{}", grants("commons"))), none);
    assert_eq!(codes(&format!("{}{pool}", grants("commons"))), none, "in either order");
    assert_eq!(codes(&grants("commons")), ["C111"]);
    assert_eq!(codes(&format!("{pool}{}", grants("grants"))), ["C111"]);
    let twice = format!("{pool}{}{}", grants("commons"), grants("commons").replace("grants", "gifts"));
    assert_eq!(codes(&twice), ["C112"]);
    assert_eq!(codes(&format!("{pool}commitment c every=month {{ of commons; self allowed }}")), ["C051"]);
    let read = crate::read_constitution(&format!("{pool}{}", grants("commons")), &kernel).unwrap();
    let crate::ClauseKind::Commitment(commitment) = &read.clauses[1].kind else { unreachable!() };
    assert_eq!(commitment.conviction_half_life.map(|span| span.seconds()), Some(7 * 86_400));
    let said = crate::explain_constitution(&read, &kernel, None);
    assert!(said.iter().flat_map(|one| &one.sentences).any(|said| said.contains("separate groups add up")), "{said:?}");
}

#[test]
fn one_commitment_of_the_same_cycle_shares_out_a_pool() {
    let kernel = under_four("daily at 01:00");
    let read = |text: &str| crate::read_constitution(text, &kernel);
    let codes = |text: &str| match read(text) {
        Ok(read) => read.notes.iter().map(|note| note.code).collect::<Vec<_>>().join(" "),
        Err(found) => found.iter().map(|one| one.code).collect::<Vec<_>>().join(" "),
    };
    let pool = "pool commons every=quarter\n";
    let asks = "commitment grants { of commons; spending-limit \"25%\"; least-conviction \"10%\" }\n";
    for (clause, wanted) in [
        ("commitment plan every=quarter of=commons", ""),
        ("commitment plan every=quarter of=commons default=\"fund nothing\" may-add=\"500 USD\"", ""),
        ("commitment plan every=month of=commons", "C101"),
        ("commitment plan every=quarter of=savings", "C111"),
        ("commitment plan every=quarter of=commons default=wait", "C100"),
        ("commitment plan every=quarter of=commons accepts=credit", "C051"),
        ("commitment plan every=quarter may-add=\"500 USD\"", "C052"),
        ("commitment plan deadline=\"2027-03-31\" of=commons may-add=\"500 USD\"", "C051 C051"),
        ("commitment plan every=quarter of=commons\ncommitment other every=quarter of=commons", "C112"),
    ] {
        assert_eq!(codes(&format!("{pool}{clause}")), wanted, "{clause}");
    }
    assert_eq!(
        codes(&format!("{pool}{asks}commitment plan every=quarter of=commons")),
        "",
        "requests are another thing"
    );
    let text = format!("{pool}commitment plan every=quarter of=commons may-add=\"500 USD\"");
    let said = crate::explain_constitution(&read(&text).unwrap(), &kernel, None);
    let said = said.iter().flat_map(|one| &one.sentences).cloned().collect::<Vec<String>>().join(" ");
    assert!(said.contains("otherwise it is: fund in order.") && said.contains("500.00 USD at most"), "{said}");
    let inside = |grant: &str| {
        let outer = format!("constitution circle {{ settles-in \"7 days\"; {grant} }}");
        let inner = format!("{pool}commitment plan every=quarter of=commons may-add=\"500 USD\"");
        let found = below(&[&outer, &inner], &kernel);
        found
            .map(|_| String::new())
            .unwrap_or_else(|found| found.iter().map(|one| one.code).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(inside("may \"spend\" up-to=\"500 USD per quarter\""), "");
    assert_eq!(inside("may \"spend\" up-to=\"499 USD per quarter\""), "C046", "it counts as spent");
    assert_eq!(inside(""), "C045", "common money is not theirs");
    let earlier = codes_before_four("pool commons every=quarter\ncommitment plan every=quarter of=commons");
    assert_eq!(earlier, "C006", "earlier editions have no such field");
}
/// The flow of a clause with these words inside `credit`, or the codes of its mistakes.
fn flow(inside: &str) -> Result<CreditFlow, String> {
    let kernel = under_four("daily at 01:00");
    let text = format!("commitment \"c\" every=\"month\" accepts=\"credit\" {{ credit {{ {inside} }} }}");
    let read = crate::read_constitution(&text, &kernel);
    let read = read.map_err(|found| found.iter().map(|one| one.code).collect::<Vec<_>>().join(" "))?;
    let ClauseKind::Commitment(commitment) = &read.clauses[0].kind else { unreachable!() };
    Ok(commitment.credit)
}

#[test]
fn weights_of_credit_are_fields() {
    let usual = CreditFlow::USUAL;
    assert_eq!(flow(""), Ok(usual));
    let (mint, links) = (usual.mint_micro, usual.links_micro);
    for (inside, wanted) in [
        ("mint commit=\"1\" review=\"0.25\"", CreditFlow { mint_micro: [mint[0], 0, 250_000, 0, 0], ..usual }),
        ("mint { merge \"1000\"; issue \"0.000001\"; document \"2\" }", {
            CreditFlow { mint_micro: [mint[0], 1_000_000_000, mint[2], 1, 2_000_000], ..usual }
        }),
        (
            "author back=\"2\"",
            CreditFlow { links_micro: [(500_000, 2_000_000), links[1], links[2], links[3]], ..usual },
        ),
        (
            "parent forward=\"0\" back=\"0\"",
            CreditFlow { links_micro: [links[0], (0, 0), links[2], links[3]], ..usual },
        ),
        ("review back=\"0\"", CreditFlow { links_micro: [links[0], links[1], (1_000_000, 0), links[3]], ..usual }),
        ("mention forward=\"0.1\"", CreditFlow { links_micro: [links[0], links[1], links[2], (100_000, 0)], ..usual }),
        ("seed \"1%\"; pay-out \"50%\"", CreditFlow { seed_ppm: 10_000, pay_out_ppm: 500_000, ..usual }),
        ("week forward=\"0%\" back=\"40%\"", CreditFlow { week_forward_ppm: 0, week_back_ppm: 400_000, ..usual }),
    ] {
        assert_eq!(flow(inside), Ok(wanted), "{inside}");
    }
    for (inside, code) in [
        ("mint commit=\"1001\"", "C113"),
        ("mint commit=\"-1\"", "C113"),
        ("mint commit=\"0.0000001\"", "C113"),
        ("mint commit=\"1 credit\"", "C113"),
        ("mint commit=1", "C009"),
        ("mint tag=\"1\"", "C006"),
        ("parents back=\"1\"", "C006"),
        ("author there=\"1\"", "C006"),
        ("seed \"0.5%\"", "C014"),
        ("week forward=\"41%\"", "C014"),
        ("seed \"30%\"; pay-out \"60%\"", "C114"),
        ("author back=\"0\"", "C115"),
        ("mint commit=\"0\" review=\"0\"", "C115"),
        ("author back=\"1\"; author back=\"2\"", "C008"),
    ] {
        assert_eq!(flow(inside), Err(code.to_owned()), "{inside}");
    }
    assert_eq!(
        flow("seed \"30%\"; pay-out \"50%\""),
        Ok(CreditFlow { seed_ppm: 300_000, pay_out_ppm: 500_000, ..usual })
    );
    let kernel = under_four("daily at 01:00");
    let alone = crate::read_constitution("commitment \"c\" every=\"month\" { credit { mint commit=\"2\" } }", &kernel);
    assert_eq!(alone.unwrap_err()[0].code, "C052");
    let earlier = codes_before_four("commitment \"c\" every=\"month\" { credit { mint commit=\"2\" } }");
    assert_eq!(earlier, "C006", "earlier editions have no such field");
}

#[test]
fn weights_of_credit_are_said_and_compared() {
    let kernel = under_four("daily at 01:00");
    let read = |inside: &str| {
        let text = format!("commitment \"c\" every=\"month\" accepts=\"credit\" {{ {inside} }}");
        crate::read_constitution(&text, &kernel).unwrap()
    };
    let said = |inside: &str| {
        let said = crate::explain_constitution(&read(inside), &kernel, None);
        said.into_iter().flat_map(|one| one.sentences).collect::<Vec<_>>().join(" ")
    };
    assert!(
        said("").contains("A commit mints 1, a review 1; merges, issues and documents mint nothing."),
        "{}",
        said("")
    );
    let other = said("credit { mint issue=\"0.5\"; parent back=\"0.5\"; seed \"20%\" }");
    for sentence in [
        "A commit mints 1, a review 1, an issue 0.5; merges and documents mint nothing.",
        "Credit flows from a commit to the commits that it builds on with the weight 1, and back with 0.5.",
        "40 % is paid out to them, 20 % returns to where credit is minted, 10 % goes to their next week and 10 % to the one before.",
    ] {
        assert!(other.contains(sentence), "{other}");
    }
    let rules = |inside: &str| crate::Rules::new(kernel.clone(), read(inside));
    let effects = crate::diff(&rules(""), &rules("credit { mint review=\"0.25\" }"));
    let words: Vec<String> = effects.iter().map(|effect| effect.sentence.clone()).collect();
    assert!(words.iter().any(|words| words.contains("a commit mints 1, a review 0.25")), "{words:?}");
}

#[test]
fn an_editor_offers_weights_of_credit_and_lays_them_out() {
    let four = crate::Edition::FOUR;
    for (text, wanted) in [
        ("commitment \"c\" every=\"month\" {\n    cr", "credit"),
        ("commitment \"c\" every=\"month\" {\n    credit {\n        mi", "mint"),
        ("commitment \"c\" every=\"month\" {\n    credit {\n        mint co", "commit"),
        ("commitment \"c\" every=\"month\" {\n    credit {\n        parent ba", "back"),
    ] {
        let offered = crate::complete(text, text.len(), None, four).words;
        assert!(offered.iter().any(|one| one.word == wanted && !one.about.is_empty()), "{text}: {offered:?}");
        let earlier = crate::complete(text, text.len(), None, crate::Edition::THREE).words;
        assert!(wanted != "credit" || earlier.iter().all(|one| one.word != wanted), "{text}");
    }
    let text = "commitment \"c\" every=\"month\" accepts=\"credit\" {credit{mint   commit=\"2\"}}";
    let laid_out = crate::format(text).unwrap();
    assert!(laid_out.contains("{ mint commit=\"2\" }\n"), "{laid_out}");
    assert_eq!(crate::format(&laid_out).unwrap(), laid_out);
}
