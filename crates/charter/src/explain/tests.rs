//! Rules in plain English, with the numbers worked out.

use super::*;
use crate::facts::{ClassFacts, DecisionFacts, Heaviest};
use crate::{Edition, explain_kernel, read_constitution, read_kernel, read_kernel_under};

/// A kernel of edition 1 with these lines in place of the usual class.
fn kernel(lines: &str) -> Kernel {
    let class = if lines.contains("class ") { "" } else { "class \"p\" { weight \"1\" }" };
    let text = format!(
        "kernel {{ name x; purpose y; currency USD\nconstitution {{ settles-in \"30 days\"; updates \"weekly on monday at 01:00\" }}\n{class}\n{lines} }}"
    );
    read_kernel_under(&text, Edition::ONE).unwrap_or_else(|found| panic!("{text}: {found:?}"))
}

fn of_kernel(lines: &str, name: &str, facts: Option<&Facts>) -> Vec<String> {
    let explained = explain_kernel(&kernel(lines), facts);
    explained.into_iter().find(|one| one.name == name).map(|one| one.sentences).unwrap_or_default()
}

fn of_clause(text: &str, facts: Option<&Facts>) -> Vec<String> {
    let kernel = kernel("class \"patrons\" { weight \"1\" }; class \"workers\" list=\"worker-list\" { weight \"1\" }");
    let constitution = read_constitution(text, &kernel).unwrap();
    explain_constitution(&constitution, &kernel, facts).remove(0).sentences
}

fn today() -> Facts {
    let class = |members, highest_micro, total_micro| ClassFacts { members, highest_micro, total_micro };
    let decision = |holders: &[&str]| DecisionFacts {
        capacity_micro: 12_340_000,
        sharing: 5,
        holders: Some(holders.iter().map(|holder| (*holder).to_owned()).collect()),
    };
    Facts {
        heaviest: Heaviest::of([5_000_000, 20_000_000, 1_000_000, 7_000_000, 9_000_000]).into(),
        capped: 1,
        classes: [
            ("patrons".to_owned(), class(4, 20_000_000, 22_000_000)),
            ("workers".to_owned(), class(1, 20_000_000, 20_000_000)),
        ]
        .into(),
        decisions: [
            ("maintainer".to_owned(), decision(&[])),
            ("core-team".to_owned(), decision(&["member-001", "member-002"])),
        ]
        .into(),
    }
}

#[test]
fn a_class_is_said_with_an_example() {
    let example = |class: &str, facts: Option<&Facts>| {
        let name = class.split('"').nth(1).unwrap_or_default();
        of_kernel(class, name, facts)
    };
    assert_eq!(
        example("class \"patrons\" { weight \"min(donated(last month), pledged(next month)) / 1 USD\" }", None),
        [
            "Every member with weight by this rule belongs to the patrons.",
            "Weight in it is (the lesser of donated last month and pledged next month) ÷ 1 USD.",
            "A member who donates 5.00 USD a month and pledges 5.00 USD a month, for a year now, weighs 5.00: that is 2.23 votes when all of it is placed on one decision.",
        ]
    );
    assert_eq!(
        example("class \"members\" list=\"roll\" { weight \"1\" }; votes \"one-member\"", None),
        [
            "Every member on the roll belongs to the members.",
            "A member of the class weighs 1.00: that is 1 vote when all of it is placed on one decision."
        ]
    );
    // Twelve gifts of 50 whose value halves in 365 days, the last one given now: 50 × Σ 2^(-k ÷ 12) for k from 0 to 11.
    assert!(
        example("class \"buyers\" { weight \"faded(purchased, half-life 1 year) / 1 USD\" }; votes linear", None)[2]
            .ends_with("buys for 50.00 USD a month, 12 times evenly over a year until now, weighs 445.42: that is 445.42 votes when all of it is placed on one decision."),
    );
    // 10 hours a month for three months, rooted in the class.
    assert!(
        example("class \"w\" { weight \"hours(last quarter) / 1 hour\"; scale sqrt }; votes linear", None)[2]
            .contains("weighs 5.47")
    );
    assert!(
        example("class \"w\" { weight \"capital(ever) / 1 USD\" }", None)[2]
            .contains("holds 100.00 USD of share capital weighs 100.00: that is 10.00 votes")
    );
}

#[test]
fn what_depends_on_others_is_worked_out_only_where_they_are_known() {
    let lines = "class \"patrons\" { weight \"donated(last month) / 1 USD\" }\n\
        class \"workers\" list=\"worker-list\" { weight \"if count(workers) == 1 then highest(patrons) else contributed(last year)\" }";
    assert_eq!(of_kernel(lines, "workers", None).len(), 2);
    let known = of_kernel(lines, "workers", Some(&today()));
    assert_eq!(
        known[2..],
        [
            "Today a member who makes one contribution a month, for a year now, weighs 20.00: that is 4.47 votes when all of it is placed on one decision.",
            "Today it has 1 member with 20.00 weight in all; the heaviest has 20.00.",
        ]
    );
    // Where nobody is in the class, the example is the first one.
    let mut empty = today();
    empty.classes.insert("workers".to_owned(), ClassFacts::default());
    assert_eq!(
        of_kernel(lines, "workers", Some(&empty))[2..],
        [
            "Today a member who makes one contribution a month, for a year now, weighs 20.00: that is 4.47 votes when all of it is placed on one decision.",
            "Today it has 0 members, and no weight.",
        ]
    );
}

#[test]
fn a_cap_says_what_it_does_now() {
    let cap = |facts: &Facts| of_kernel("members { cap \"25%\" }", "members", Some(facts));
    assert_eq!(
        cap(&today()),
        ["Nobody holds more than 25 % of all weight.", "Today one member weighs less because of it."]
    );
    let few = Facts { heaviest: Heaviest::of([1, 1, 1, 1]).into(), ..Facts::default() };
    assert_eq!(cap(&few)[1], "With 4 members all weigh the same because of it; from 5 on they can differ.");
    assert_eq!(of_kernel("", "members", Some(&today())), Vec::<String>::new());
}

#[test]
fn an_amendment_says_how_many_could_make_it() {
    let held = "amend \"2/3 of weight for 180 days\"";
    assert_eq!(
        of_kernel(held, "amend", Some(&today())),
        [
            "The kernel changes when members with two thirds of all weight assent to the same text for 180 days without a break.",
            "Falling below that, even for one count, begins the 180 days anew.",
            "Today the 2 heaviest members together have that much: 29.00 of 42.00.",
        ]
    );
    let never = "The kernel never changes: members who want another one leave together with others.";
    assert_eq!(of_kernel("amend never", "amend", Some(&today())), [never]);
    let alone = Facts { heaviest: Heaviest::of([1, 9_000_000]).into(), ..Facts::default() };
    assert!(
        of_kernel(held, "amend", Some(&alone))[2].starts_with("Today one member alone has that much: 9.00 of 9.00")
    );
}

#[test]
fn an_office_is_said_with_its_limit_and_what_a_change_takes() {
    let text = "office \"maintainer\" { settles-in \"14 days\"; changes \"monday 07:00\"; may \"merge\" \"keep-list\"; may \"spend\" up-to=\"1500 USD per month\" }";
    let expected = [
        "The maintainer may merge, keep the worker list and spend up to 1,500.00 USD a month.",
        "All its payments in one calendar month add up to 1,500.00 USD at most; what is left over lapses, and the count begins anew on the first (UTC).",
        "The member with the most votes for long enough holds the office; a holder with votes below zero for long enough loses it.",
        "Every member with weight may vote; votes are the root of the weight placed, so that four times the weight is twice the votes.",
        "If everyone agreed, a new maintainer would take over after 14 days; with a lead of a tenth of all votes, after 140 days.",
        "A newcomer with 2 % of all votes from one count to the next is on the ballot; each one that is on it already makes that a tenth more.",
        "A full bucket takes over every Monday at 07:00.",
    ];
    assert_eq!(of_clause(text, None), expected);
    let here = of_clause(text, Some(&today()));
    assert_eq!(here[5], "Today all votes here are 12.34, so that a tenth is a lead of 1.23.");
    assert_eq!(
        here[6],
        "A newcomer with 2 % of all votes, today 0.24 votes, from one count to the next is on the ballot; each one that is on it already makes that a tenth more."
    );
    assert_eq!(here[8], "Today nobody holds it.");
}

#[test]
fn bodies_documents_and_rankings_are_said() {
    let body = of_clause(
        "body \"core-team\" seats=5 electorate=\"workers\" { settles-in \"3 hours\"; votes linear; nominated-by \"0.5%\" }",
        Some(&today()),
    );
    assert_eq!(body[0], "The core team has 5 seats.");
    assert_eq!(body[2], "Members who are workers may vote; votes are the weight placed.");
    assert_eq!(
        body[3],
        "If everyone agreed, a new member of the core team would take a seat after 3 hours; with a lead of a tenth of all votes, after 30 hours."
    );
    assert!(body[5].contains("0.5 % of all votes, today 0.06 votes,"));
    assert_eq!(body[6], "Today member-001 and member-002 hold seats, and 3 seats are free.");
    let document = of_clause("document \"code-of-conduct\" { settles-in \"10 years\" }", None);
    assert!(document[2].contains("another text of the code of conduct would be in force after 10 years; with a lead of a tenth of all votes, after 100 years"));
    assert_eq!(
        of_clause("ranking \"issues\" of=forge { close-after \"90 days\" floor=\"0.5 votes\" }", None)[3],
        "An item whose votes stay at 0.50 or under for 90 days is closed, and the weight on it comes back."
    );
}

#[test]
fn what_is_not_carried_out_yet_is_said_and_said_to_be_so() {
    let kept = "This version keeps the clause and does not carry it out yet.";
    assert_eq!(
        of_clause(
            "commitment \"budget\" every=\"quarter\" { default \"carry the last budget over\"; freeze \"5%\" }\n\nranking \"r\"",
            None
        ),
        [
            "It is decided at the end of every quarter.",
            "The option with the greatest conviction wins if it has 10 % of all votes at least; otherwise it is: carry the last budget over.",
            "No option enters in the last 5 % of the time.",
            "Conviction follows votes slowly: half of the way in a quarter of the time.",
            "The decision is carried out once, and no later vote takes it back.",
            "Every member with weight may vote; votes are the root of the weight placed, so that four times the weight is twice the votes.",
            kept,
        ]
    );
    let once = of_clause("commitment \"x\" deadline=\"2027-03-31\"", None);
    assert_eq!(once[0], "It is decided once, at the end of 31 March 2027.");
    let pool =
        of_clause("pool \"commons\" { fed-by \"20% of donations\"; match capped; cap \"25%\"; every year }", None);
    assert_eq!(pool[0], "20 % of donations goes into it.");
    assert!(pool[2].ends_with("no project gets more than 25 % of the pool."), "{pool:?}");
    assert_eq!(pool.last().map(String::as_str), Some(kept));
    let release = of_clause("release \"binaries\" { patrons-until \"400 USD per month\" }", None);
    assert_eq!(
        release,
        [
            "Only members with support may fetch its files until support over a full month reaches 400.00 USD; then everyone may, for good.",
            kept
        ]
    );
    let ranking = of_clause("ranking \"help\" { supply \"8 hours per month\"; skip \"yes\" }", None);
    assert_eq!(
        ranking[3..],
        [
            "Each month its items are served in their order until 8 hours are used up; a request for more than is left is passed over.",
            "This version hands nothing out by the order yet.",
        ]
    );
}

#[test]
fn from_edition_2_on_the_times_are_those_of_the_co_op() {
    let kernel = |more: &str| {
        let text = format!(
            "kernel {{ name x; purpose y; currency USD; class \"p\" {{ weight \"1\" }}\nconstitution {{ settles-in \"10 days\"; updates \"hourly\" }}\n{more} }}"
        );
        crate::read_kernel_under(&text, crate::Edition::TWO).unwrap()
    };
    let said = |more: &str, clause: &str, facts: Option<&Facts>| {
        let kernel = kernel(more);
        let constitution = read_constitution(clause, &kernel).unwrap();
        explain_constitution(&constitution, &kernel, facts).remove(0).sentences.join(" ")
    };
    let office = "office \"maintainer\" { settles-in \"3 days\" }";
    // 3 × √8 × 3 days = 25.5.
    let alone = said("", office, None);
    assert!(alone.contains("it takes 9 days where all of it is placed here, and 26 days where it is spread evenly over eight decisions."), "{alone}");
    // 3 × √5 × 3 days = 20.1.
    let here = said("", office, Some(&today()));
    assert!(
        here.contains("and 20 days where it is spread evenly over the 5 decisions that share one weight today."),
        "{here}"
    );
    assert!(here.contains("Those with a quarter of all votes, today 3.08 votes, all placed here and unanswered, could do it in 12 days."), "{here}");
    // 3 × 5 × 3 days.
    let linear = said("votes linear; allowance shared", office, Some(&today()));
    assert!(linear.contains("it takes 9 days where all of it is placed here, and 45 days where"), "{linear}");
    for each in [said("votes linear", office, Some(&today())), said("allowance each", office, Some(&today()))] {
        assert!(each.contains("it takes 9 days where all of it is placed here.") && !each.contains("spread"), "{each}");
    }
    let mut alone = today();
    alone.decisions.get_mut("maintainer").unwrap().sharing = 1;
    assert!(!said("", office, Some(&alone)).contains("spread"), "one decision takes the whole");
}

/// The closing paragraph of each template of edition 2, and every other sentence, is whole: no sign is doubled.
#[test]
fn no_sign_is_doubled() {
    for (name, edition) in
        crate::templates().iter().flat_map(|name| [(name, crate::Edition::ONE), (name, crate::Edition::TWO)])
    {
        let template = crate::template_under(name, edition).unwrap();
        let filled = template.fill("x", quantity::Currency::parse("EUR").unwrap());
        let kernel = crate::read_kernel_under(&filled.kernel, edition).unwrap();
        let constitution = read_constitution(&filled.constitution, &kernel).unwrap();
        let mut all = explain_kernel(&kernel, Some(&today()));
        all.extend(explain_constitution(&constitution, &kernel, Some(&today())));
        for sentence in all.iter().flat_map(|one| &one.sentences) {
            for doubled in [",,", ", ,", "..", "  ", ";;", " ,", " ."] {
                assert!(!sentence.contains(doubled), "{name}, {edition}: {sentence}");
            }
        }
        let amend = all.iter().find(|one| one.name == "amend").unwrap();
        assert!(edition < crate::Edition::TWO || amend.sentences[0].contains("members"), "{name}: {amend:?}");
    }
    let amend = |keys: &str| {
        let text = format!(
            "kernel {{ name x; purpose y; currency USD; class \"p\" {{ weight \"1\" }}\nconstitution {{ settles-in \"10 days\"; updates \"hourly\" }}\namend \"{keys} for 30 days\" }}"
        );
        explain_kernel(&crate::read_kernel_under(&text, crate::Edition::TWO).unwrap(), None)
            .into_iter()
            .find(|one| one.name == "amend")
            .unwrap()
            .sentences
            .remove(0)
    };
    assert_eq!(
        amend("3/4 of weight and 1/2 of each class and 1/2 of members"),
        "The kernel changes when members with at least three quarters of all weight, and with more than half of the weight of each class, among them more than half of the members, assent to the same text for 30 days without a break."
    );
}

#[test]
fn every_sentence_is_one() {
    for name in crate::templates() {
        let filled = crate::template(name).unwrap().fill("x", quantity::Currency::parse("EUR").unwrap());
        let kernel = read_kernel(&filled.kernel).unwrap();
        let constitution = read_constitution(&filled.constitution, &kernel).unwrap();
        for facts in [None, Some(&today())] {
            let mut all = explain_kernel(&kernel, facts);
            all.extend(explain_constitution(&constitution, &kernel, facts));
            for one in all {
                assert!(one.line > 0 && !one.sentences.is_empty(), "{one:?}");
                for sentence in one.sentences {
                    assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
                    let begins = |sign: char| sign.is_uppercase() || sign.is_numeric() || sign == '“';
                    assert!(sentence.starts_with(begins), "{sentence}");
                    assert!(
                        !sentence.contains("  ") && !sentence.contains("::") && !sentence.contains("{"),
                        "{sentence}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_not_carried_out_is_said_of_its_own_clause_alone() {
    let kernel = kernel("");
    let constitution =
        read_constitution("pool p; ranking r; office o settles-in=\"1 day\" delegation=allowed", &kernel);
    let explained = explain_constitution(&constitution.unwrap(), &kernel, None);
    let said = |nth: usize| {
        let mut sentences = explained[nth].sentences.iter();
        sentences.find(|sentence| sentence.starts_with("This version"))
    };
    assert!(said(0).is_some());
    assert_eq!(said(1), None);
    assert_eq!(said(2).map(String::as_str), Some("This version counts no votes for others yet."));
}

#[test]
fn a_limit_that_is_given_on_is_for_all_together() {
    let said = of_clause("constitution \"docs-team\" { may \"merge\"; limits { spend \"100 USD per month\" } }", None);
    assert_eq!(
        said[1..3],
        [
            "It can let those it names merge and spend up to 100.00 USD a month, and nothing else.",
            "The limit on spending is for all of them together.",
        ]
    );
    assert!(!of_clause("constitution \"t\" { may \"spend\" }", None)[2].contains("together"));
}

#[test]
fn a_list_that_several_classes_read_is_kept_once() {
    let kernel = kernel(
        "class a list=roll { weight \"1\" }; class b list=other { weight \"1\" }; class c list=roll { weight \"2\" }",
    );
    let text = "office o settles-in=\"1 day\" { may \"keep-list\" }";
    let constitution = read_constitution(text, &kernel).unwrap();
    let said = explain_constitution(&constitution, &kernel, None);
    assert_eq!(said[0].sentences[0], "The o may keep the roll and the other.");
}

#[test]
fn where_classes_hold_parts_members_are_alike_in_their_class_only() {
    let said = |at_most: &str| {
        let lines = format!("class a {{ weight \"1\" }}; class b {{ weight \"1\"; {at_most} }}; votes one-member");
        (of_kernel(&lines, "votes", None), of_kernel(&lines, "b", None))
    };
    let (votes, b) = said("at-most \"10%\"");
    assert_eq!(votes, ["Unless a clause says otherwise, every member of a class counts the same."]);
    assert_eq!(
        b.last().map(String::as_str),
        Some("The class has at most 10 % of the votes in every decision that others vote in too.")
    );
    assert_eq!(said("").0, ["Unless a clause says otherwise, every member counts the same."]);
}

#[test]
fn records_do_not_go_along_without_the_register() {
    let taken = |carries: &str| of_kernel(&format!("fork carries=\"{carries}\""), "fork", None);
    assert_eq!(taken("ledger rules")[0], "Members who leave together take along the rules as a text to start from.");
    assert_eq!(taken("ledger")[0], "Members who leave together take no records along.");
    assert!(taken("register ledger")[0].contains("the records of what they gave"));
}

#[test]
fn all_weight_is_said_once() {
    assert_eq!(
        of_kernel("amend \"1/1 of weight for 30 days\"", "amend", None)[0],
        "The kernel changes when members with all weight assent to the same text for 30 days without a break."
    );
}

#[test]
fn from_edition_2_on_power_is_explained_with_its_care() {
    let kernel = "kernel { name x; purpose y; currency USD; class \"workers\" list=\"worker-list\" { weight \"1\"; kept-by \"members\" }\nconstitution { settles-in \"30 days\"; updates \"hourly\" } }";
    let kernel = crate::read_kernel_under(kernel, crate::Edition::TWO).unwrap();
    let explained = |text: &str| {
        let constitution = read_constitution(text, &kernel).unwrap();
        explain_constitution(&constitution, &kernel, None).remove(0).sentences
    };
    let body =
        explained("body \"council\" seats=5 { settles-in \"14 days\"; may \"admit\" \"spend\"; acts-by \"2 of 5\" }");
    for sentence in [
        "It acts together: one seat proposes an act, and it is done once 2 of the 5 seats have agreed.",
        "An admission is announced, and takes effect after 28 days; while one candidate is far ahead, it waits, for 112 days at most. Until then it can be taken back.",
    ] {
        assert!(body.iter().any(|told| told == sentence), "{body:?}");
    }
    let office = explained("office \"editor\" { settles-in \"14 days\"; may \"merge\" }");
    assert!(!office.iter().any(|told| told.contains("announced") || told.contains("together")), "{office:?}");
    let class = explain_kernel(&kernel, None).into_iter().find(|one| one.name == "workers").unwrap();
    assert!(class.sentences.iter().any(|told| told.starts_with("Those on the list keep it")), "{class:?}");
}
