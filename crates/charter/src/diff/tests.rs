//! Effects of other rules, in words.

mod fields;

use super::*;
use crate::Kernel;
use crate::{Edition, read_constitution, read_constitution_below, read_kernel_under};

const CLASSES: &str = "class \"patrons\" { weight \"donated(last month) / 1 USD\" }; class \"workers\" list=\"worker-list\" { weight \"1\" }";

/// A kernel of edition 1 with these lines.
fn kernel(lines: &str) -> Kernel {
    kernel_under(lines, Edition::ONE)
}

fn kernel_under(lines: &str, edition: Edition) -> Kernel {
    let class = if lines.contains("class ") { "" } else { CLASSES };
    let ends = if lines.contains("constitution ") {
        ""
    } else {
        "constitution { settles-in \"30 days\"; updates \"hourly\" }"
    };
    let text = format!("kernel {{ name x; purpose y; currency USD\n{ends}\n{class}\n{lines} }}");
    read_kernel_under(&text, edition).unwrap_or_else(|found| panic!("{text}: {found:?}"))
}

fn rules(kernel: &Kernel, text: &str) -> Rules {
    let constitution = read_constitution(text, kernel).unwrap_or_else(|found| panic!("{text}: {found:?}"));
    Rules::new(kernel.clone(), constitution)
}

fn sentences(effects: Vec<Effect>) -> Vec<String> {
    effects.into_iter().map(|effect| format!("{} {:?}: {}", effect.about, effect.kind, effect.sentence)).collect()
}

/// Between two constitutions under one kernel.
fn check(from: &str, to: &str, expected: &[&str]) {
    let kernel = kernel("");
    let found = sentences(diff(&rules(&kernel, from), &rules(&kernel, to)));
    assert_eq!(found, expected, "{from}\n{to}");
}

/// Between two kernels.
fn check_kernels(from: &str, to: &str, expected: &[&str]) {
    let text = "office \"a\" { settles-in \"1 day\" }";
    let (from_rules, to_rules) = (rules(&kernel(from), text), rules(&kernel(to), text));
    assert_eq!(sentences(diff(&from_rules, &to_rules)), expected, "{from}\n{to}");
}

#[test]
fn layout_prose_order_and_ways_of_writing_have_no_effect() {
    check(
        "office \"a\" { settles-in \"14 days\"; may \"merge\" \"spend\" }; body b seats=2 settles-in=\"1 day\" electorate=patrons",
        "# Prose\n\n```charter\nbody b seats=2 { electorate \"patrons\"; settles-in \"24 hours\" }\n```\n~~~charter\noffice a { may \"spend\"\n may merge; settles-in \"2 weeks\"; nominated-by \"2.0%\"; votes quadratic } // c\n~~~\n",
        &[],
    );
    check_kernels(
        "amend \"2/3 of weight for 180 days\"; class a { weight \"min(1, 2)\"; scale none }",
        "class a { weight \"min( 1,2 )\" }; time-zone UTC",
        &[],
    );
    check("ranking r electorate=patrons", "ranking r { electorate patrons }", &[]);
}

#[test]
fn what_opens_and_closes_is_said_with_its_powers() {
    check(
        "office \"a\" { settles-in \"14 days\"; may \"merge\" \"close-issue\" }",
        "office \"treasurer\" { settles-in \"14 days\"; may \"spend\" up-to=\"1000 USD per month\" }\nranking \"a\"",
        &[
            "a Closes: The office of a would close, and the weight on it would come back.",
            "a Powers: The a could no longer merge or close issues.",
            "treasurer Opens: The office of treasurer would open. A change would take 14 days, if everyone agreed.",
            "treasurer Powers: The treasurer could spend up to 1,000.00 USD a month.",
            "a Opens: The ranking of a would open.",
        ],
    );
}

#[test]
fn thresholds_and_clocks_are_compared() {
    check(
        "office \"maintainer\" { settles-in \"14 days\" }",
        "office \"maintainer\" { settles-in \"21 days\"; nominated-by \"5%\"; changes \"monday 07:00\" }",
        &[
            "maintainer Settles: A change of the maintainer would take 21 days instead of 14 days, if everyone agreed.",
            "maintainer Settles: To stand for the maintainer, a newcomer would need the attention of 5 % of all votes instead of 2 %.",
            "maintainer Settles: A full bucket would take over the maintainer every Monday at 07:00 instead of at every count.",
        ],
    );
}

#[test]
fn powers_and_their_limits_are_compared() {
    check(
        "office \"maintainer\" { settles-in \"14 days\"; may \"merge\" \"publish\" \"spend\" }",
        "office \"maintainer\" { settles-in \"14 days\"; may \"merge\" \"keep-list\"; may \"spend\" up-to=\"50 USD per month\" }",
        &[
            "maintainer Powers: The maintainer could also keep the worker list.",
            "maintainer Powers: The maintainer could no longer publish.",
            "maintainer Powers: The maintainer could spend up to 50.00 USD a month instead of without limit.",
        ],
    );
}

#[test]
fn voters_seats_counting_and_closing_are_compared() {
    check(
        "body \"b\" seats=3 { settles-in \"1 day\" }\nranking \"r\"",
        "body \"b\" seats=5 { settles-in \"1 day\"; electorate \"workers\"; votes linear }\nranking \"r\" of=forge { close-after \"90 days\" }",
        &[
            "b Electorate: Members who are workers would vote on the b, instead of every member with weight.",
            "b Counting: On the b, votes are the weight placed; today votes are the root of the weight placed, so that four times the weight is twice the votes.",
            "b Seats: The b would have 5 seats instead of 3.",
            "r Closing: For the r it would no longer hold that nothing closes by itself.",
            "r Closing: For the r it would hold that an item whose votes stay at 0.00 or under for 90 days is closed, and the weight on it comes back.",
            "r Flow: The items of the r would come from the forge.",
        ],
    );
}

/// From edition 2 on capacity is divided by nothing: one more decision spreads votes thinner, and each other change takes longer.
#[test]
fn from_edition_2_on_a_clause_says_what_it_does_to_every_other_decision() {
    let under = |more: &str, text: &str, edition| {
        let ends = "constitution { settles-in \"30 days\"; updates \"hourly\" }";
        let kernel = format!("kernel {{ name x; purpose y; currency USD\n{ends}\n{CLASSES}\n{more} }}");
        rules(&crate::read_kernel_under(&kernel, edition).unwrap(), text)
    };
    let told = |more: &str, from: &str, to: &str, edition| {
        let all = sentences(diff(&under(more, from, edition), &under(more, to, edition)));
        all.into_iter().filter(|one| one.contains("divide one weight over")).collect::<Vec<_>>()
    };
    let (three, four) = ("ranking a\nranking b", "ranking a\nranking b\noffice c settles-in=\"1 day\"");
    let two = Edition::TWO;
    // √(4 ÷ 3) = 1.1547, and √(3 ÷ 4) = 0.866.
    let more = "constitution Settles: Members would divide one weight over 4 decisions instead of 3. Where it is spread evenly, votes would be thinner, and every other undisputed change would take 15 % longer.";
    assert_eq!(told("", three, four, two), [more]);
    let fewer = "constitution Settles: Members would divide one weight over 3 decisions instead of 4. Where it is spread evenly, votes would be thicker, and every other undisputed change would take 13 % less time.";
    assert_eq!(told("", four, three, two), [fewer]);
    let linear = told("votes linear; allowance shared", three, four, two);
    assert!(linear[0].ends_with("would take 33 % longer."), "{linear:?}");
    let none: [String; 0] = [];
    assert_eq!(told("allowance each", three, four, two), none, "a whole vote on each");
    assert_eq!(told("", three, &four.replace("office c", "office c allowance=each"), two), none);
    assert_eq!(told("", three, "ranking b\nranking a", two), none);
    assert_eq!(told("", three, four, Edition::ONE), none, "capacity is divided there");
}

#[test]
fn kernels_are_compared() {
    check_kernels(
        "",
        "votes linear; members { cap \"20%\"; floor \"1 weight\" }; amend never; fork carries=\"rules\" treasury=none; constitution { settles-in \"60 days\"; updates \"daily at 01:00\" }",
        &[
            "kernel Identity: Votes would be counted daily at 01:00 instead of hourly.",
            "kernel Weight: Nobody could hold more than 20 % of all weight; today there is no such limit.",
            "kernel Weight: A member of any class would weigh 1.00 at least, instead of 0.00.",
            "kernel Counting: Where a clause does not say otherwise, votes are the weight placed; today votes are the root of the weight placed, so that four times the weight is twice the votes.",
            "kernel Amendment: For the kernel it would no longer hold that the kernel changes when members with two thirds of all weight assent to the same text for 180 days without a break.",
            "kernel Amendment: For the kernel it would hold that the kernel never changes: members who want another one leave together with others.",
            "kernel Fork: For leaving together it would no longer hold that members who leave together take along the register of those who go, the records of what they gave and the rules as a text to start from.",
            "kernel Fork: For leaving together it would no longer hold that of the money they take the same part as they hold of all weight.",
            "kernel Fork: For leaving together it would hold that members who leave together take along the rules as a text to start from.",
            "kernel Fork: For leaving together it would hold that the money stays where it is.",
            "constitution Settles: A change of the constitution would take 60 days instead of 30 days, if everyone agreed.",
        ],
    );
}

#[test]
fn classes_are_compared() {
    check_kernels(
        CLASSES,
        "class \"patrons\" { weight \"donated(last quarter) / 3 USD\" }; class \"users\" { weight \"purchased(last year) / 1 USD\" }",
        &[
            "patrons Weight: The patrons would weigh donated last quarter ÷ 3 USD, instead of donated last month ÷ 1 USD.",
            "workers Weight: There would be no class of workers any more: nobody would have weight by it.",
            "users Weight: There would be a class of users, whose members weigh purchased last year ÷ 1 USD.",
        ],
    );
    check_kernels(
        "class \"p\" { weight \"1\" }",
        "class \"p\" list=\"roll\" { weight \"1\"; scale sqrt }; votes linear",
        &[
            "kernel Counting: Where a clause does not say otherwise, votes are the weight placed; today votes are the root of the weight placed, so that four times the weight is twice the votes.",
            "p Weight: The p would weigh the square root of: 1, instead of 1.",
            "p Weight: Every member on the roll would belong to the p, and nobody else.",
        ],
    );
}

#[test]
fn control_of_classes_is_compared() {
    let before = kernel("class \"a\" { weight \"1\" }; class \"b\" { weight \"1\" }");
    let mut after = before.clone();
    after.classes[0].control_ppm = Some(300_000);
    after.classes[1].at_most_ppm = Some(100_000);
    assert_eq!(
        sentences(diff(&rules(&before, ""), &rules(&after, ""))),
        [
            "a Counting: The a would have 30 % of the votes in every decision that they may vote in.",
            "b Counting: The b would have 10 % of the votes in a decision at most.",
        ]
    );
    assert_eq!(
        sentences(diff(&rules(&after, ""), &rules(&before, "")))[0],
        "a Counting: The votes of the class would be what its members' weight gives, and nothing would hold them to a part."
    );
}

#[test]
fn what_stands_further_down_goes_with_its_constitution() {
    let kernel = kernel("");
    let mut from = rules(&kernel, "constitution \"docs-team\" { settles-in \"7 days\" }");
    let below = |rules: &Rules, text: &str| read_constitution_below(text, &rules.above("docs-team").unwrap()).unwrap();
    let editor = below(&from, "office \"editor\" { settles-in \"7 days\" }");
    let mut other = from.clone();
    from.below.insert("docs-team".to_owned(), editor.clone());
    assert_eq!(
        sentences(diff(&from, &other)),
        [
            "docs-team/editor Closes: The office of editor of the docs team would close, and the weight on it would come back."
        ]
    );
    other.below.insert("docs-team".to_owned(), below(&other, "office \"editor\" { settles-in \"8 days\" }"));
    let expected = [
        "docs-team/editor Settles: A change of the editor of the docs team would take 8 days instead of 7 days, if everyone agreed.",
    ];
    assert_eq!(sentences(diff(&from, &other)), expected);
    // A constitution without its clause is not in force, whatever is kept of it.
    let mut gone = rules(&kernel, "");
    gone.below.insert("docs-team".to_owned(), editor);
    assert_eq!(diff(&from, &gone).len(), 2);
}

#[test]
fn flows_and_ends_are_compared() {
    check(
        "pool \"commons\" { fed-by \"10% of donations\" }\ncommitment \"budget\" every=quarter\nrelease \"files\" patrons-until=\"400 USD per month\"",
        "pool \"commons\" { fed-by \"20% of donations\"; every quarter }\ncommitment \"budget\" every=year\nrelease \"files\" patrons-until=\"500 USD per month\"",
        &[
            "commons Flow: 20 % of donations would go into the commons, instead of 10 % of donations.",
            "commons Flow: For the commons it would no longer hold that it is shared out every month.",
            "commons Flow: For the commons it would hold that it is shared out every quarter.",
            "budget Settles: For the budget it would no longer hold that it is decided at the end of every quarter.",
            "budget Settles: For the budget it would hold that it is decided at the end of every year.",
            "files Flow: For the files it would no longer hold that only members with support may fetch its files until support over a full month reaches 400.00 USD; then everyone may, for good.",
            "files Flow: For the files it would hold that only members with support may fetch its files until support over a full month reaches 500.00 USD; then everyone may, for good.",
        ],
    );
    check(
        "",
        "pool \"commons\" { fed-by \"10% of donations\"; match none }",
        &[
            "commons Opens: The pool “commons” would be part of the rules. This version keeps it and does not carry it out yet.",
            "commons Flow: 10 % of donations would go into the commons.",
            "commons Flow: For the commons it would hold that it is shared out every month.",
            "commons Flow: For the commons it would hold that it adds nothing to the pledges for a project.",
            "commons Flow: For the commons it would hold that projects are paid in full, in the order of conviction for their cost, up to the first that the money does not suffice for.",
            "commons Flow: For the commons it would hold that nobody can support a project of their own.",
        ],
    );
    check(
        "constitution \"t\" { may \"publish\" }",
        "constitution \"t\" { may \"publish\" \"merge\"; delegation \"allowed\" }",
        &[
            "t Counting: A member could let another member vote on the t for them.",
            "t Powers: For the constitution of the t it would no longer hold that it can let those it names publish, and nothing else.",
            "t Powers: For the constitution of the t it would hold that it can let those it names merge and publish, and nothing else.",
        ],
    );
}

#[test]
fn how_many_seats_act_and_who_keeps_a_list_are_effects_from_edition_2_on() {
    let kernel = |kept: &str| {
        let text = format!(
            "kernel {{ name x; purpose y; currency USD; class \"workers\" list=\"worker-list\" {{ weight \"1\"; kept-by \"{kept}\" }}\nconstitution {{ settles-in \"30 days\"; updates \"hourly\" }} }}"
        );
        crate::read_kernel_under(&text, crate::Edition::TWO).unwrap()
    };
    let body = |more: &str| format!("body \"council\" seats=5 {{ settles-in \"14 days\"; may \"admit\"{more} }}");
    let own = kernel("members");
    let found = sentences(diff(&rules(&own, &body("")), &rules(&own, &body("; acts-by \"2 of 5\""))));
    assert_eq!(found, ["council Powers: The council would act once 2 of 5 seats have agreed, instead of 3 of 5."]);
    let found = sentences(diff(&rules(&kernel("powers"), &body("")), &rules(&own, &body(""))));
    assert_eq!(
        found,
        [
            "workers Powers: Those on the list of the workers would keep it, more than half of them together; no power would reach it any more."
        ]
    );
}
