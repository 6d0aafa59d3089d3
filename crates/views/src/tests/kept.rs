//! All that is kept of everybody is worked out once an update, and says what a walk over everybody says.

use engine::act::EndMembership;
use engine::weight::Sums;
use engine::{Act, ItemId, MemberIndex};

use super::world::{World, m};
use crate::members::heaviest_first;
use crate::{Kept, MembersView, facts, members, walk_in};

/// Numbers that look random and are the same in every run.
struct Spread(u64);

impl Spread {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

const NAMES: [&str; 8] = ["Anna", "anna m_0", "Ünal", "İnan", "STRASSE", "Straße", "b", ""];
const SEARCHES: [&str; 14] = [
    "anna",
    " ANNA ",
    "ünal",
    "i̇nan",
    "straße",
    "strasse",
    "b",
    "m_0",
    "m_00000000000",
    "bm_",
    "0a",
    "0",
    "nobody",
    "s",
];

/// Members of whom some gave, some came after the last update, and some left before or after it.
fn crowd(seed: u64) -> World {
    let mut spread = Spread(seed);
    let mut world = World::new();
    let join = |world: &mut World, spread: &mut Spread, numbers: std::ops::RangeInclusive<u64>| {
        world.admit(numbers.clone());
        for number in numbers {
            let name = NAMES[usize::try_from(spread.next(8)).unwrap()];
            match name {
                "" => world.names.remove(&m(number)),
                name => world.names.insert(m(number), name.to_owned()),
            };
            if spread.next(3) > 0 {
                world.give(number, "donation", 100 * i64::try_from(1 + spread.next(4)).unwrap(), "2025-01-01");
            }
        }
    };
    let leave = |world: &mut World, spread: &mut Spread, below: u64| {
        let index = MemberIndex::at(usize::try_from(spread.next(below)).unwrap());
        if let Some(member) = world.state.members.pseudonym(index).filter(|_| world.state.members.is_active(index)) {
            world.act(Act::EndMembership(EndMembership { member }));
        }
    };
    join(&mut world, &mut spread, 1..=120);
    leave(&mut world, &mut spread, 120);
    world.run(2);
    join(&mut world, &mut spread, 121..=160);
    for _ in 0..spread.next(3) {
        leave(&mut world, &mut spread, 160);
    }
    world
}

/// Whom a walk over everybody finds, in order.
fn found(world: &World, query: &str) -> Vec<String> {
    let wanted = query.trim().to_lowercase();
    let members = &world.state.members;
    let all = heaviest_first(&world.sight(None)).into_iter().filter_map(|(_, index)| members.pseudonym(index));
    let holds = |text: &str| text.contains(&wanted);
    let found = all.filter(|member| {
        let named = world.names.get(member).is_some_and(|name| holds(&name.to_lowercase()));
        named || holds(&member.to_string())
    });
    found.map(|member| member.to_string()).collect()
}

#[test]
fn searches_and_pages_find_whom_a_walk_finds() {
    for seed in 0..20 {
        let world = crowd(seed);
        for query in SEARCHES.into_iter().chain([""]) {
            let expect = found(&world, query);
            let sight = world.sight(None);
            let (mut rows, mut cursor) = (Vec::new(), Some(String::new()));
            while let Some(at) = cursor {
                let page: MembersView = members(&sight, query, Some(&at));
                assert_eq!(page.found, expect.len() as u64, "`{query}` of {seed}");
                rows.extend(page.rows.into_iter().map(|row| row.member));
                cursor = page.next;
            }
            assert_eq!(rows, expect, "`{query}` of {seed}");
            let first = walk_in(&sight, query, None);
            assert_eq!(first.found, expect.len() as u64);
            assert!(first.rows.iter().zip(&expect).all(|(row, expect)| row.member == *expect), "`{query}` of {seed}");
        }
    }
}

#[test]
fn nothing_is_worked_out_twice_between_updates() {
    let mut world = World::usual();
    let places = |world: &World| {
        let sight = world.sight(None);
        let kept = sight.kept;
        let counted = std::ptr::from_ref(kept.counted(&sight)).addr();
        (counted, std::ptr::from_ref(kept.register(&sight)).addr(), std::ptr::from_ref(kept.lately(&sight)).addr())
    };
    let (counted, register, lately) = places(&world);
    world.cast(3, "maintainer", 10_000, &[(5, 1_000_000)]);
    world.give(6, "donation", 100, "2025-01-01");
    world.admit(7..=1_006);
    world.act(Act::EndMembership(EndMembership { member: m(2) }));
    assert_eq!(places(&world), (counted, register, lately));
    // Too many newcomers to look at one by one: the register alone is put in order again.
    world.admit(1_007..=1_007);
    let after = places(&world);
    assert!(after.0 == counted && after.1 != register && after.2 == lately);
    world.run(1);
    let next = places(&world);
    assert!(next.0 != after.0 && next.2 != after.2);
}

#[test]
fn an_update_renews_all_that_is_kept() {
    let mut world = World::usual();
    let before = members(&world.sight(None), "", None);
    assert_eq!(before.rows[0].name, "member-001");
    world.give(6, "donation", 100_000, "2025-01-01");
    assert_eq!(members(&world.sight(None), "", None).rows[0].name, "member-001");
    world.run(1);
    let after = members(&world.sight(None), "", None);
    assert_eq!(after.rows[0].name, "member-006");
    assert!(after.classes[1].slice.weight.weight_micro > before.classes[1].slice.weight.weight_micro);
}

#[test]
fn facts_and_sums_are_those_of_the_last_update() {
    let mut world = World::usual();
    let kernel = &world.state.rules.kernel;
    let scratch = facts(&world.state, kernel, world.directory());
    assert!(scratch.heaviest.members() > 2 && scratch.classes["patrons"].total_micro > 0);
    assert_eq!(world.sight(None).facts(), scratch);
    let sums = Sums::of(kernel, &world.state.members, &world.state.weights);
    assert_eq!(world.kept.counted(&world.sight(None)).sums, sums);
    // Support of a date that was counted already counts at the next update.
    world.give(6, "donation", 100_000, "2025-01-01");
    assert_eq!(world.sight(None).facts(), scratch);
}

#[test]
fn heads_are_those_that_the_last_update_counted() {
    let mut world = World::usual();
    let issues = world.state.decision_place("issues").unwrap();
    let heads = |world: &World, kept: &Kept| {
        let sight = world.sight(None);
        let heads = [0, 1].map(|item| kept.counted(&sight).heads(issues, ItemId(item)));
        heads.map(|heads| (heads.supporters, heads.opponents))
    };
    assert_eq!(heads(&world, &world.kept), [(1, 0), (0, 0)]);
    world.place(2, "275", 10_000);
    world.place(1, "220", 0);
    assert_eq!(heads(&world, &world.kept), [(1, 0), (0, 0)]);
    // A server that starts now says the same.
    let afresh = Kept::of(&world.state, &world.history);
    assert_eq!(heads(&world, &afresh), [(1, 0), (0, 0)]);
    world.run(1);
    assert_eq!(heads(&world, &world.kept), [(0, 0), (1, 0)]);
}
