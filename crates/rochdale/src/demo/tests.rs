//! The promises of the demonstration to its visitors.

use std::collections::BTreeMap;

use quantity::Moment;

use super::*;

#[test]
fn the_demonstration_ends_with_the_year_and_everything_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let coop = build(folder.path()).unwrap();
    let state = coop.state();
    assert!(state.founding.act.demonstration);
    assert_eq!((state.founding.act.edition, state.editions.current), (EDITION, EDITION));
    let is_open = engine::edition::status(EDITION) == Some(engine::edition::Status::Open);
    assert_eq!(state.founding.act.open, is_open, "marked as long as the edition is open");
    assert_eq!(state.time.max(Moment::parse("2025-12-31T00:00:00Z").unwrap()), state.time);
    assert_eq!(state.time.min(Moment::parse("2026-01-01T00:00:00Z").unwrap()), state.time);

    let years = state.book.periods(engine::book::BookPeriod::Year, None);
    let balances: Vec<i64> = years.iter().map(|year| year.balance_minor).collect();
    assert_eq!(balances, [10_092, 29_099, 37_266, 143_723, 468_988, 686_366, 746_573, 737_270, 717_171]);

    let contested = |name: &str| {
        let decision = state.decision(name).unwrap();
        let fullest = decision.seats().buckets.iter().max().unwrap() * 100 / decision.bucket_size();
        assert!((20..95).contains(&fullest), "{name}: {fullest} %");
        decision.holders()[0].unwrap().to_string()
    };
    let founder = state.members.pseudonym(engine::MemberIndex(0)).unwrap();
    assert_eq!(contested("maintainer"), founder.to_string());
    contested("code-of-conduct");
    assert_eq!(contested("constitution"), engine::digest::hex(CONSTITUTION.as_bytes()));
    let adopted = coop.history().points().iter().find(|point| {
        let mut opened = point.outcomes.iter().map(ToString::to_string);
        opened.any(|outcome| outcome.starts_with("decision-opened code-of-conduct"))
    });
    let adopted = adopted.map(|point| point.at).unwrap();
    assert!(adopted < Moment::parse("2018-03-01T00:00:00Z").unwrap());
    let [proposal] = &state.amendment.proposals[..] else { panic!("no kernel is proposed") };
    assert!(proposal.assents.len() > 5 && proposal.held_since.is_none());
    let [fork] = state.forks.open() else { panic!("no fork is announced") };
    assert_eq!(fork.going.len(), 2);
    assert!(state.fork_due(fork).is_some() && state.share_of(fork).given_minor.is_some_and(|given| given > 0));

    // Contributors keep their own list: but for the first ones each was agreed on, announced, and took effect later.
    let listed = state.members.list("contributor-list").unwrap().len();
    let took_effect = outcomes(&coop, "act-took-effect").len();
    assert!((10..listed).contains(&took_effect), "{took_effect} of {listed}");
    assert!(state.powers.proposed().next().is_none() && state.powers.announced().next().is_none());
    // Everybody was told of each of the three that rise, and of the challenger of 2021 nobody heard again.
    let gains = outcomes(&coop, "challenger-gains");
    for name in ["maintainer", "code-of-conduct", "constitution"] {
        let told = |(at, words): &&(Moment, String)| {
            *at > Moment::parse("2025-09-01T00:00:00Z").unwrap()
                && words.starts_with(&format!("challenger-gains {name} "))
        };
        assert_eq!(gains.iter().filter(told).count(), 1, "{name}: {gains:?}");
    }
    assert_eq!(outcomes(&coop, "candidate-left maintainer").len(), 1);

    let issues = state.decision("issues").unwrap();
    assert_eq!(issues.open_items().count(), 16);
    assert!(issues.open_items().filter(|item| item.low_since.is_some()).count() >= 2);
}

#[test]
fn the_demonstration_shares_out_money_hours_files_and_credit() {
    let folder = tempfile::tempdir().unwrap();
    let coop = build(folder.path()).unwrap();
    let state = coop.state();
    let commons = state.decision("commons").unwrap().pool().unwrap();
    // A fifth of what was given in three years, and what would be paid when the year ends.
    let given: i64 = 101_120;
    assert_eq!((commons.sums.fed, commons.sums.paid), (given, 0));
    let place = state.decision_place("commons").unwrap();
    let now = state.pool_now(place, commons.until()).unwrap();
    assert_eq!((now.projects.len(), now.funded.len(), now.saving_for.is_some()), (3, 1, false));
    let count = |begin: &str| outcomes(&coop, begin).len();
    let chosen = outcomes(&coop, "commitment-taken quarter")
        .iter()
        .filter(|(_, words)| words.contains(" by conviction"))
        .count();
    assert_eq!((count("commitment-taken quarter"), chosen), (13, 11), "before the first two there were no options");
    assert_eq!((count("item-served help"), count("release-opened binaries"), count("credit-accepted")), (63, 5, 35));
}

/// The outcomes whose words begin so, with their instants.
fn outcomes(coop: &Coop, begin: &str) -> Vec<(Moment, String)> {
    let points = coop.history().points().iter();
    let all = points.flat_map(|point| point.outcomes.iter().map(|outcome| (point.at, outcome.to_string())));
    all.filter(|(_, words)| words.starts_with(begin)).collect()
}

/// A visitor sees what a new co-op of the template begins with: between the two only whole decisions differ, and what the co-op is.
#[test]
fn the_demonstration_has_the_terms_of_its_template() {
    let usd = quantity::Currency::parse("USD").unwrap();
    let template = charter::template_under("open-source", EDITION).unwrap().fill("hledger", usd);
    let template = Charter::read_under(template.kernel, template.constitution, EDITION).unwrap().rules;
    for constitution in [CONSTITUTION, SECOND_CONSTITUTION, FIRST_CONSTITUTION] {
        let own = Charter::read_under(KERNEL.to_owned(), constitution.to_owned(), EDITION).unwrap().rules;
        let effects = charter::diff(&own, &template);
        let opens: Vec<&str> = effects
            .iter()
            .filter(|effect| [charter::EffectKind::Opens, charter::EffectKind::Closes].contains(&effect.kind))
            .map(|effect| effect.about.as_str())
            .collect();
        for effect in &effects {
            let of_a_new_one = opens.contains(&effect.about.as_str());
            let of_their_number = effect.sentence.starts_with("Members would divide one weight over");
            assert!(of_a_new_one || of_their_number || effect.kind == charter::EffectKind::Identity, "{effect:?}");
        }
        assert!(opens.contains(&"treasurer"), "{opens:?}");
    }
}

/// Identities are drawn anew each time, and with them the key of the log's sources. All else comes out alike.
#[test]
fn nothing_of_the_demonstration_is_chance_but_identities() {
    let played = || {
        let folder = tempfile::tempdir().unwrap();
        let coop = build(folder.path()).unwrap();
        let state = coop.state();
        let decisions = state.open_decisions().map(|(_, decision)| (decision.name.clone(), decision.digest()));
        let mut words: Vec<String> = outcomes(&coop, "").iter().map(|(at, words)| format!("{at} {words}")).collect();
        let names: BTreeMap<String, String> = state
            .members
            .indices()
            .filter_map(|member| Some((state.members.pseudonym(member)?.to_string(), format!("member {}", member.0))))
            .collect();
        for line in &mut words {
            let parts = line.split(' ').map(|part| names.get(part).map_or(part, String::as_str));
            *line = parts.collect::<Vec<_>>().join(" ");
        }
        (coop.head().seq, state.weights.member.clone(), decisions.collect::<Vec<_>>(), words)
    };
    assert!(played() == played());
}
