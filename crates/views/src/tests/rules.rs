//! Pages of rules: what a kernel's change takes, a mistake in its line, shares that came free.

use engine::Act;
use engine::act::{AnnounceFork, Assent, EndMembership, JoinFork, ProposeDocument};

use super::world::{CONSTITUTION, KERNEL, World, m};
use crate::mistaken;

fn propose(world: &mut World, text: &str) -> String {
    // The world is founded without its texts.
    let now = world.state.time;
    world.state.put_in_force("constitution", CONSTITUTION, now).unwrap();
    let document = engine::digest::hex(text.as_bytes());
    world.note_document(&document, text);
    world.act(Act::ProposeDocument(ProposeDocument {
        member: m(1),
        decision: "kernel".to_owned(),
        document: document.clone(),
        text: Some(text.into()),
    }));
    document
}

#[test]
fn classes_are_shown_where_the_kernel_asks_for_each() {
    for (amend, shown) in [("2/3 of weight for 180 days", 0), ("2/3 of weight and 1/2 of each class for 180 days", 2)] {
        let kernel = KERNEL.replace("2/3 of weight for 180 days", amend);
        let mut world = World::with(&kernel);
        world.admit(1..=2);
        world.give(1, "donation", 10_000, "2025-01-01");
        world.give(1, "pledge", 10_000, "2025-01-01");
        world.run(5);
        let document = propose(&mut world, &kernel.replace("180 days", "90 days"));
        world.act(Act::Assent(Assent { member: m(1), document: document.clone(), assent: true }));
        world.run(1);
        let view = crate::proposed_kernel(&world.sight(Some(1)), &document).unwrap();
        assert_eq!(view.proposal.classes.len(), shown, "{amend}");
        assert_eq!(view.proposal.assent.share_ppm, 1_000_000);
        assert_eq!((view.proposal.mine, view.proposal.may_withdraw), (Some(true), true));
        assert!(view.proposal.outlook.starts_with("It takes effect on "), "{}", view.proposal.outlook);
        assert!(!view.text.sections.is_empty());
        assert!(crate::proposed_kernel(&world.sight(None), "ab").is_none());
    }
}

#[test]
fn both_keys_and_a_fork_s_limits_are_shown_under_edition_2() {
    let kernel = KERNEL
        .replace("2/3 of weight for 180 days", "1/2 of weight and 2/3 of members for 180 days")
        .replace("by weight of those who go", "by weight of those who go, what they gave at most")
        .replace("    fork carries", "    reserves \"30%\"\n    fork carries");
    let mut world = World::under(&kernel, engine::edition::TWO);
    world.admit(1..=3);
    for member in 1..=3 {
        world.give(member, "donation", 10_000, "2025-01-01");
    }
    world.book("2025-01-01", "contribution", "income:contributions", 30_000);
    world.run(3);
    let document = propose(&mut world, &kernel.replace("180 days", "90 days"));
    world.act(Act::Assent(Assent { member: m(1), document: document.clone(), assent: true }));
    world.run(1);
    let view = crate::proposed_kernel(&world.sight(Some(1)), &document).unwrap().proposal;
    assert_eq!(view.keys, ["Of 3 members who are counted by heads 1 assent, as of the last count."]);
    assert!(view.may_withdraw);
    world.act(Act::Assent(Assent { member: m(2), document: document.clone(), assent: true }));
    assert!(!crate::proposed_kernel(&world.sight(Some(1)), &document).unwrap().proposal.may_withdraw);
    let page = crate::kernel(&world.sight(Some(1)));
    assert!(
        page.amend[0].contains("more than half of all weight, among them at least two thirds of the members"),
        "{:?}",
        page.amend
    );
    assert_eq!(page.latest.as_deref(), Some("Your assent counts for the three texts to which you gave it last."));
    let [kernel, constitution] = [kernel.as_str(), CONSTITUTION];
    world.act(Act::AnnounceFork(AnnounceFork {
        member: m(3),
        fork: "blue".to_owned(),
        kernel: engine::digest::hex(kernel.as_bytes()),
        constitution: engine::digest::hex(constitution.as_bytes()),
        kernel_text: Some(kernel.into()),
        constitution_text: Some(constitution.into()),
    }));
    let fork = &crate::forks(&world.sight(None)).open[0];
    // Announced on 27 January, after that day's update; a third of 210.00, less than the 100.00 that they gave.
    assert_eq!(
        fork.limits,
        [
            "It can be carried out on 3 March 2025 at the earliest.",
            "Of what counts they have 33.3 % today, and had 33.3 % when it was announced: the lesser share is taken.",
            "They gave 100.00 USD, less what they have back or are owed, and take no more than that.",
            "90.00 USD are a reserve that nobody divides.",
        ]
    );
    assert!(fork.share_words.contains("70.00 USD of 210.00 USD"), "{}", fork.share_words);
}

/// A fork's share is kept while nothing changes it, and is never another one than a walk over everybody finds.
#[test]
fn a_fork_s_share_is_that_of_a_walk_over_everybody() {
    let parts = ["by weight of those who go, what they gave at most", "by head"];
    for by in parts {
        let kernel = KERNEL
            .replace("2/3 of weight for 180 days", "1/2 of weight and 2/3 of members for 180 days")
            .replace("by weight of those who go", by);
        let mut world = World::under(&kernel, engine::edition::TWO);
        world.admit(1..=30);
        for member in 1..=30 {
            world.give(member, "donation", 10_000, "2025-01-01");
        }
        world.book("2025-01-01", "contribution", "income:contributions", 300_000);
        world.run(3);
        let texts = [kernel.as_str(), CONSTITUTION];
        let [first, second] = texts.map(|text| engine::digest::hex(text.as_bytes()));
        world.act(Act::AnnounceFork(AnnounceFork {
            member: m(3),
            fork: "blue".to_owned(),
            kernel: first,
            constitution: second,
            kernel_text: Some(kernel.as_str().into()),
            constitution_text: Some(CONSTITUTION.into()),
        }));
        let mut told = std::collections::BTreeSet::new();
        let mut check = |world: &World, names: (usize, u64)| {
            let walked = world.state.share_of(&world.state.forks.open()[0]).minor;
            let walked = crate::say::money(walked, world.state.rules.kernel.currency).text;
            for _ in 0..2 {
                let fork = &crate::forks(&world.sight(None)).open[0];
                assert!(fork.share_words.contains(&walked), "{walked}: {}", fork.share_words);
                assert_eq!((fork.going.len(), fork.going_more), names);
            }
            told.insert(walked);
        };
        let join = |member, going| Act::JoinFork(JoinFork { member: m(member), fork: "blue".to_owned(), going });
        check(&world, (1, 0));
        for member in 4..=25 {
            world.act(join(member, true));
        }
        check(&world, (20, 3));
        world.act(join(4, false));
        check(&world, (20, 2));
        world.book("2025-01-02", "contribution", "income:contributions", 50_000);
        check(&world, (20, 2));
        world.act(Act::EndMembership(EndMembership { member: m(1) }));
        check(&world, (20, 2));
        world.run(1);
        check(&world, (20, 2));
        assert!(told.len() > 2, "{told:?}");
    }
}

#[test]
fn without_weight_no_assent_counts_and_a_kernel_for_good_takes_no_proposal() {
    let mut world = World::new();
    world.admit(1..=2);
    let document = propose(&mut world, &KERNEL.replace("180 days", "90 days"));
    let view = crate::proposed_kernel(&world.sight(Some(2)), &document).unwrap();
    assert_eq!(view.proposal.outlook, "Nobody has weight yet, so that no assent counts.");
    assert_eq!((view.proposal.mine, view.proposal.may_withdraw), (Some(false), false));

    let mut world = World::with(&KERNEL.replace("\"2/3 of weight for 180 days\"", "never"));
    world.admit(1..=1);
    let view = crate::kernel(&world.sight(Some(1)));
    assert!(!view.may_propose && view.amend.len() == 1, "{:?}", view.amend);
}

#[test]
fn a_mistake_shows_its_line_cut_around_the_words() {
    let long = "x".repeat(90);
    let text = format!("```charter\noffice \"a\" {{ settles-in \"{long}\" }}\noffise \"b\"\n```\n");
    let kernel = charter::read_kernel(KERNEL).unwrap();
    let wrong = charter::read_constitution(&text, &kernel).unwrap_err();
    let check = mistaken(&text, &wrong);
    assert_eq!(usize::try_from(check.mistakes_total), Ok(wrong.len()));
    for (shown, mistake) in check.mistakes.iter().zip(&wrong) {
        let line = text.lines().nth(mistake.line as usize - 1).unwrap();
        let (before, after) = (shown.before.trim_start_matches('…'), shown.after.trim_end_matches('…'));
        assert!(line.contains(&format!("{before}{}{after}", shown.words)), "{shown:?}");
        assert!(shown.words.chars().count() <= 60 && before.chars().count() <= 60);
        assert!(shown.why.ends_with(['.', '?']), "{}", shown.why);
    }
    let last = check.mistakes.iter().find(|one| one.line == 3).unwrap();
    assert_eq!((last.before.as_str(), last.words.as_str(), last.after.as_str()), ("", "offise", " \"b\""));
    let places = [(0, 0), (1, 0), (9, 9), (u32::MAX, u32::MAX)];
    for (line, column) in places {
        let mut odd = wrong[0].clone();
        (odd.line, odd.column, odd.end_line, odd.end_column) = (line, column, line, 0);
        assert_eq!(mistaken(&text, &[odd]).mistakes.len(), 1, "never a panic");
    }
}

#[test]
fn assent_and_a_fork_s_share_are_those_of_the_members_of_now() {
    let mut world = World::usual();
    world.book("2025-01-05", "contribution", "income:contributions", 100_000);
    let text = KERNEL.replace("180 days", "90 days");
    let document = propose(&mut world, &text);
    let assent = |world: &mut World, member, assent| {
        world.act(Act::Assent(Assent { member: m(member), document: document.clone(), assent }));
    };
    assent(&mut world, 3, true);
    let [kernel, constitution] = [KERNEL, CONSTITUTION].map(|text| engine::digest::hex(text.as_bytes()));
    world.act(Act::AnnounceFork(AnnounceFork {
        member: m(3),
        fork: "blue".to_owned(),
        kernel,
        constitution,
        kernel_text: Some(KERNEL.into()),
        constitution_text: Some(CONSTITUTION.into()),
    }));
    let check = |world: &World| {
        let sight = world.sight(None);
        let state = &world.state;
        let proposal = state.amendment.proposal(&document).unwrap();
        let weight: u128 = proposal.assents.iter().map(|member| u128::from(state.weights.of(*member))).sum();
        let told = crate::proposed_kernel(&sight, &document).unwrap().proposal.assent.share_ppm;
        assert_eq!(u128::from(told), weight * 1_000_000 / state.weights.total);
        let going = &state.forks.open()[0].going;
        let share = crate::say::money(state.fork_share(going).minor, state.rules.kernel.currency).text;
        let words = &crate::forks(&sight).open[0].share_words;
        assert!(words.contains(&share), "{share}: {words}");
    };
    let join = |member| Act::JoinFork(JoinFork { member: m(member), fork: "blue".to_owned(), going: true });
    check(&world);
    world.run(1);
    check(&world);
    assent(&mut world, 1, true);
    world.act(join(1));
    check(&world);
    assent(&mut world, 3, false);
    world.act(Act::EndMembership(EndMembership { member: m(2) }));
    check(&world);
    world.run(1);
    check(&world);
}

/// One gave 300 USD and the other bought for 100: at 1 a purchase they have 75 and 25 %, at 2 60 and 40, at 5 37.5 and 62.5.
#[test]
fn weight_in_other_hands_is_half_of_what_shares_differ_by() {
    let kernel = r#"kernel { name "x"; purpose "y"; currency "USD"
        parameter "basket" default="1" from="0" to="5"
        class "contributors" list="contributor-list" { weight "1" }
        class "patrons" { weight "(donated(ever) + basket * purchased(ever)) / 1 USD" }
        constitution { settles-in "30 days"; updates "weekly on monday at 01:00" } }"#;
    let read = charter::read_kernel_under(kernel, engine::edition::THREE).unwrap();
    let with = |value: &str| {
        let text = format!("set \"basket\" \"{value}\"");
        charter::Rules::new(read.clone(), charter::read_constitution(&text, &read).unwrap()).kernel
    };
    let mut world = World::under(kernel, engine::edition::THREE);
    world.admit(1..=2);
    world.give(1, "donation", 30_000, "2025-01-01");
    world.give(2, "purchase", 10_000, "2025-01-01");
    world.run(1);
    let moved = |from: &str, to: &str| {
        let kernels = (&with(from), &with(to));
        let here = crate::here_diff(&world.state, kernels, Ok(&[]), world.directory());
        (here.weights.moved.share_ppm, here.weights.tantamount, here.weights.moved_words())
    };
    assert_eq!(moved("1", "1"), (0, false, None));
    assert_eq!(moved("1", "2"), (150_000, false, Some("15.0 % of all weight would be in other hands.".to_owned())));
    let (ppm, tantamount, words) = moved("1", "5");
    assert_eq!((ppm, tantamount), (375_000, true));
    assert!(words.unwrap().contains("more than 20.0 %, and so tantamount to a fork"));
    // Nothing of it is anybody's: 300 of 300 go from one of two to the only one.
    assert_eq!(moved("1", "0").0, 250_000);
}
