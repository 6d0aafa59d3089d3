//! The decision page, its ballot and the preview of a move.

use engine::act::OpenItem;
use engine::edition::TWO;
use engine::{Act, Actor, Context};

use super::world::{World, ballot, m, on_item};
use crate::{DecisionKind, PreviewView};
use crate::{ballot_form, decision, decision_cards, preview_of};

#[test]
fn a_vacant_office_says_who_takes_it_and_when() {
    let world = World::usual();
    let view = decision(&world.sight(Some(1)), "maintainer").unwrap();
    assert_eq!((view.title.as_str(), view.kind, view.seats), ("Maintainer", DecisionKind::Office, 1));
    assert_eq!(view.rules[0], "The maintainer may merge, release and close issues.");
    assert!(view.rules.contains(&"If everyone agreed, a new maintainer would take over after 14 days; with a lead of a tenth of all votes, after 140 days.".to_owned()));
    assert!(view.rules.contains(&"Votes are counted every Monday at 01:00 (UTC).".to_owned()));
    assert!(view.holders.is_empty());
    let first = &view.challengers[0];
    assert_eq!(first.candidate.name, "member-004");
    assert_eq!(first.candidate.href.as_deref(), Some("/members/m_0000000000004"));
    assert!(first.lead.votes_micro > 0 && first.fill_ppm > 0);
    let full_at = first.full_at.as_ref().unwrap();
    assert!(first.outlook.starts_with("filling, full in "), "{}", first.outlook);
    assert!(view.outlook.starts_with("If nobody moves a vote, member-004 takes a vacant seat in "), "{}", view.outlook);
    assert!(full_at.text.starts_with("Monday"));
    assert_eq!(view.challengers.len(), 2, "nobody does not challenge a vacant seat");
    assert_eq!(view.history.len(), 2);
    assert_eq!(first.history.last().unwrap().fill_ppm, first.fill_ppm);
    assert!(decision(&world.sight(None), "issues").is_none());
}

/// The rules on a decision's page count the co-op's own decisions, and leave its holders and votes to the rest of the page.
#[test]
fn a_decision_s_rules_are_of_this_co_op() {
    let mut world = World::begun_under(TWO);
    world.run(1);
    for name in ["maintainer", "constitution"] {
        let rules = decision(&world.sight(None), name).unwrap().rules.join(" ");
        assert!(
            rules.contains("where it is spread evenly over the 5 decisions that share one weight today"),
            "{rules}"
        );
        assert!(!rules.contains("eight decisions") && !rules.contains("Today"), "{rules}");
    }
}

/// From edition 2 on everybody is told of a challenger who is a quarter of the way, and the page says so from then on.
#[test]
fn challengers_past_a_quarter_are_named() {
    let gains = |world: &World| decision(&world.sight(None), "maintainer").unwrap().gains;
    let fill = |world: &World| decision(&world.sight(None), "maintainer").unwrap().challengers[0].fill_ppm;
    let (mut first, mut second) = (World::usual(), World::begun_under(TWO));
    second.run(1);
    let mut before = fill(&second);
    assert!(before < 250_000, "{before}");
    assert_eq!(gains(&second), None);
    while before < 250_000 {
        second.run(1);
        before = fill(&second);
        let named = gains(&second);
        assert_eq!(named.is_some(), before >= 250_000, "{before}");
    }
    assert_eq!(gains(&second).as_deref(), Some("A quarter of the way or further: member-004. Everybody was told."));
    while fill(&first) < 250_000 {
        first.run(1);
    }
    assert_eq!(gains(&first), None, "edition 1 tells nobody");
}

#[test]
fn what_is_foreseen_happens() {
    let mut world = World::usual();
    let view = decision(&world.sight(None), "maintainer").unwrap();
    let full_at = view.challengers[0].full_at.clone().unwrap();
    // Gifts fade and pledges end, so that votes move a little: the day holds while the shares of both fade alike.
    while world.state.time.0 < full_at.at_us {
        world.run(1);
    }
    let view = decision(&world.sight(None), "maintainer").unwrap();
    assert!(view.holders.len() == 1 || view.challengers[0].fill_ppm > 900_000, "{}", view.outlook);
}

#[test]
fn the_holder_and_nobody_are_told() {
    let mut world = World::usual();
    world.run(40);
    let view = decision(&world.sight(Some(1)), "maintainer").unwrap();
    assert_eq!(view.holders[0].candidate.name, "member-004");
    assert_eq!(view.tenures.len(), 1);
    assert_eq!(view.tenures[0].from, view.holders[0].since);
    assert!(view.tenures[0].until.is_none());
    let nobody = view.challengers.iter().find(|one| one.candidate.is_nobody()).unwrap();
    assert_eq!(nobody.votes.votes_micro, 0);
    assert_eq!(view.reference.votes_micro, view.holders[0].votes.votes_micro);
    assert_eq!(view.outlook, "Nothing would change: no challenger is ahead of member-004.");
    let card = &decision_cards(&world.sight(None))[1];
    assert_eq!((card.name.as_str(), card.holders.as_slice()), ("maintainer", ["member-004".to_owned()].as_slice()));
    let document = decision(&world.sight(None), "constitution").unwrap();
    assert_eq!(document.kind, DecisionKind::Constitution);
    let conduct = decision(&world.sight(None), "code-of-conduct").unwrap();
    assert_eq!(conduct.kind, DecisionKind::Document);
    assert_eq!(document.tenures[0].from.text, "Wednesday 1 January 2025, 00:00");
}

#[test]
fn the_form_shows_what_stands() {
    let world = World::usual();
    let form = ballot_form(&world.sight(Some(1)), "maintainer").unwrap();
    assert_eq!(form.for_share.typed, "40");
    assert_eq!(form.free.share_ppm, 910_000, "its own share included");
    let scores: Vec<_> =
        form.rows.iter().map(|row| (row.candidate.name.as_str(), row.for_score.typed.as_str())).collect();
    assert_eq!(scores, [("member-004", "10"), ("member-005", "")]);
    assert!(ballot_form(&world.sight(None), "maintainer").is_none());
}

/// As the server asks: the present state, and the same with the act.
fn ahead(world: &World, me: u64, act: &engine::Act, name: &str) -> PreviewView {
    let context = Context::of(Actor::Operator, world.state.time);
    let mut after = world.state.clone();
    engine::apply(&mut after, act, &context).unwrap();
    preview_of(&world.sight(Some(me)), &after, name).unwrap()
}

#[test]
fn a_preview_tells_the_new_day() {
    let world = World::usual();
    let act = ballot(1, "maintainer", 400_000, &[(5, 1_000_000)]);
    let view = ahead(&world, 1, &act, "maintainer");
    let four = view.rows.iter().find(|row| row.candidate.name == "member-004").unwrap();
    let five = view.rows.iter().find(|row| row.candidate.name == "member-005").unwrap();
    assert_eq!(four.change.votes_micro, -five.change.votes_micro);
    assert_eq!(four.votes_then.votes_micro, 0);
    assert!(four.outlook_then.starts_with("draining, empty on "), "{}", four.outlook_then);
    assert_ne!(four.outlook_now, four.outlook_then);
    assert!(
        view.headline.starts_with("If nobody moves a vote, member-005 takes a vacant seat in"),
        "{}",
        view.headline
    );
    assert!(view.headline.contains(" Before: If nobody"));
    assert_eq!(view.idle.share_ppm, 510_000);
}

#[test]
fn a_preview_knows_which_ballots_were_counted() {
    let mut world = World::usual();
    world.cast(2, "maintainer", 10_000, &[(4, 1_000_000)]);
    let act = ballot(2, "maintainer", 400_000, &[(5, 1_000_000)]);
    let view = ahead(&world, 2, &act, "maintainer");
    let changes: Vec<i64> = view.rows.iter().map(|row| row.change.votes_micro).collect();
    assert_eq!(changes, [0, 0], "moved away and back again");
}

#[test]
fn a_preview_does_not_tell_what_others_moved_since() {
    let world = World::usual();
    let act = ballot(3, "maintainer", 100_000, &[(4, 1_000_000)]);
    let quiet = ahead(&world, 3, &act, "maintainer");
    let mut moved = World::usual();
    moved.cast(1, "maintainer", 10_000, &[(5, 1_000_000)]);
    let after = ahead(&moved, 3, &act, "maintainer");
    assert_eq!(format!("{:?}", quiet.rows), format!("{:?}", after.rows));
    assert_eq!(quiet.headline, after.headline);
}

#[test]
fn a_preview_is_what_the_update_then_counts() {
    let mut world = World::usual();
    let act = ballot(3, "maintainer", 100_000, &[(5, 1_000_000)]);
    let view = ahead(&world, 3, &act, "maintainer");
    let before = decision(&world.sight(None), "maintainer").unwrap();
    world.act(act);
    world.run(1);
    let after = decision(&world.sight(None), "maintainer").unwrap();
    for row in view.rows {
        let votes = |view: &crate::DecisionView| {
            let one = view.challengers.iter().find(|one| one.candidate == row.candidate).unwrap();
            one.votes.votes_micro
        };
        assert_eq!(row.votes_now.votes_micro, votes(&before));
        // Gifts fade from one update to the next, by less than a hundredth in a week.
        assert!((row.votes_then.votes_micro - votes(&after)).abs() < row.votes_then.votes_micro / 100);
    }
}

#[test]
fn a_preview_of_an_item_tells_its_place() {
    let world = World::usual();
    let view = ahead(&world, 2, &on_item(2, "275", 600_000), "issues");
    assert_eq!(view.headline, "“Issue 275” would move from place 2 to place 1.");
    assert_eq!(view.rows.len(), 2);
    let row = view.rows.iter().find(|row| row.candidate.id == "275").unwrap();
    assert!(row.outlook_now.starts_with("place 2, closes in "), "{}", row.outlook_now);
    assert_eq!(row.outlook_then, "place 1");
}

impl World {
    /// Member 6 stands, and member 3 gives them attention.
    fn nominate_newcomer(&mut self) {
        let decision = "maintainer".to_owned();
        self.act(engine::Act::Stand(engine::act::Stand { member: m(6), decision }));
        self.nominate(3, 6, 10_000);
    }
}

#[test]
fn a_newcomer_is_told_when_they_are_counted() {
    let mut world = World::usual();
    world.nominate_newcomer();
    let view = decision(&world.sight(None), "maintainer").unwrap();
    assert_eq!(view.nominees[0].outlook, "is counted first on 10 February 2025");
    world.run(1);
    let view = decision(&world.sight(None), "maintainer").unwrap();
    let newcomer = view.nominees.first().map(|nominee| nominee.outlook.clone());
    assert!(newcomer.is_none_or(|words| words.starts_with("becomes a candidate on ")));
}

#[test]
fn a_preview_of_an_item_names_what_changes_and_counts_the_others() {
    let mut world = World::usual();
    for number in 1_000..1_200 {
        world.act(Act::OpenItem(OpenItem { decision: "issues".to_owned(), item: number.to_string(), amount: None }));
    }
    let view = ahead(&world, 1, &on_item(1, "1199", 500_000), "issues");
    // From the last place to the first: all others move down by one.
    assert_eq!((view.rows.len(), view.more), (20, 182));
    assert!(view.rows.iter().any(|row| row.candidate.id == "1199" && row.change.votes_micro > 0));
    assert!(view.headline.contains("from place 202 to place 1"), "{}", view.headline);
    let view = ahead(&world, 1, &on_item(1, "220", 100_000), "issues");
    assert_eq!((view.rows.len(), view.more), (1, 0));
}
