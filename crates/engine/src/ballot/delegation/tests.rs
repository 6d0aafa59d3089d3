//! Chains, circles and scopes of delegations.

use proptest::prelude::*;

use super::*;

/// Whom each one names, whether they vote, and who votes for them.
type Case<'a> = (&'a [Option<usize>], &'a [bool], &'a [Option<usize>]);

#[test]
fn chains_end_with_who_votes() {
    let (n, y) = (false, true);
    let table: &[Case] = &[
        (&[], &[], &[]),
        (&[None], &[y], &[Some(0)]),
        (&[None], &[n], &[None]),
        (&[Some(0)], &[n], &[None]),
        // An own ballot overrides.
        (&[Some(1), None], &[y, y], &[Some(0), Some(1)]),
        (&[Some(1), Some(2), None], &[n, y, y], &[Some(1), Some(1), Some(2)]),
        // A circle in which somebody votes is theirs, also for who comes in from outside.
        (&[Some(1), Some(2), Some(0), Some(0)], &[n, n, n, n], &[None, None, None, None]),
        (&[Some(1), Some(2), Some(0), Some(0)], &[n, n, y, n], &[Some(2), Some(2), Some(2), Some(2)]),
        // Nobody there.
        (&[Some(7)], &[n], &[None]),
    ];
    for (names, votes, expect) in table {
        assert_eq!(follow(names, votes), *expect, "{names:?} {votes:?}");
    }
}

#[test]
fn a_chain_of_a_million_takes_a_step_for_each() {
    let count = 1_000_000;
    let names: Vec<Option<usize>> = (0..count).map(|member| Some(member + 1).filter(|next| *next < count)).collect();
    let mut votes = vec![false; count];
    votes[count - 1] = true;
    assert!(follow(&names, &votes).iter().all(|end| *end == Some(count - 1)));
}

#[test]
fn scopes() {
    let narrow = Scope::read("shop/manager");
    assert!(narrow.covers("shop/manager") && narrow.covers("shop/manager/x") && !narrow.covers("shop/managers"));
    assert!(Scope::read("everything").covers("shop") && !Scope::read("shop").covers("workshop"));
    assert!(narrow.depth() > Scope::read("shop").depth() && Scope::read("shop").depth() > Scope::Everything.depth());
}

proptest! {
    /// As one step after the other has it.
    #[test]
    fn as_step_by_step(names in prop::collection::vec(prop::option::of(0_usize..12), 12), votes in prop::collection::vec(any::<bool>(), 12)) {
        let ends = follow(&names, &votes);
        for (first, end) in ends.iter().enumerate() {
            let mut here = Some(first);
            for _ in 0..=names.len() {
                here = here.and_then(|member| if votes[member] { Some(member) } else { names[member] });
            }
            prop_assert_eq!(*end, here.filter(|member| votes[*member]));
        }
    }
}
