//! Columns are lists, and copies of them do not see each other's changes.

use serde::de::value::SeqDeserializer;

use super::*;

/// Small leaves, so that short columns have many.
type Short = Column<u32, 4>;

/// The same as a plain list, whatever happens to either of two copies.
#[test]
fn copies_go_separate_ways() {
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut pairs: Vec<(Short, Vec<u32>)> = vec![((0..400).collect(), (0..400).collect())];
    for round in 0..6_000_u32 {
        let at = next(pairs.len());
        if round % 97 == 0 && pairs.len() < 12 {
            let copy = pairs[at].clone();
            pairs.push(copy);
        }
        let (column, list) = &mut pairs[at];
        match next(4) {
            0 | 1 => {
                column.push(round);
                list.push(round);
            }
            2 if !list.is_empty() => {
                let place = next(list.len());
                column.set(place, round);
                list[place] = round;
            }
            _ => assert_eq!(column.pop(), list.pop()),
        }
    }
    for (column, list) in &pairs {
        assert_eq!(column.iter().copied().collect::<Vec<_>>(), *list);
        assert_eq!(column.iter().rev().copied().collect::<Vec<_>>(), list.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!((column.len(), column.is_empty()), (list.len(), list.is_empty()));
        assert_eq!(*column, Short::from(list.clone()));
        assert_eq!((column.first(), column.last()), (list.first(), list.last()));
        for place in 0..=list.len() {
            assert_eq!(column.get(place), list.get(place));
            assert_eq!(column.since(place).collect::<Vec<_>>(), list[place..].iter().collect::<Vec<_>>());
        }
    }
    assert!(pairs.iter().any(|(column, _)| column.leaf_count() > FAN), "several branches");
}

#[test]
fn a_change_copies_one_leaf_of_many() {
    let before: Short = (0..4_000).collect();
    let mut after = before.clone();
    after.set(2_000, 7);
    let shared = before.shared().zip(after.shared()).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
    assert_eq!((shared, before.leaf_count()), (999, 1_000));
    assert_eq!((before.get(2_000), after.get(2_000)), (Some(&2_000), Some(&7)));
    assert_ne!(before, after);
}

#[test]
fn leaves_are_the_values_in_order() {
    let column: Short = (0..10).collect();
    assert_eq!(column.leaves().map(<[u32]>::len).collect::<Vec<_>>(), [4, 4, 2]);
    assert_eq!((column.leaf(1), column.leaf(3)), (&[4, 5, 6, 7][..], &[][..]));
    let mut longer = column.clone();
    longer.lengthen(12, 99);
    longer.iter_mut().for_each(|value| *value += 1);
    assert_eq!(longer.iter().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 100]);
    assert_eq!(column.len(), 10);
}

#[test]
fn a_column_that_is_read_is_the_one_that_was_written() {
    for len in 0..600 {
        let from = SeqDeserializer::<_, serde::de::value::Error>::new((0..len).collect::<Vec<u32>>().into_iter());
        let mut read = Short::deserialize(from).unwrap();
        let mut pushed: Short = (0..len).collect();
        assert_eq!((read.len(), read.leaf_count()), (pushed.len(), pushed.leaf_count()));
        assert!(read.leaves().eq(pushed.leaves()), "{len}");
        // It goes on as the other does.
        for column in [&mut read, &mut pushed] {
            column.pop();
            (0..6).for_each(|value| column.push(value));
        }
        assert_eq!(read, pushed);
        assert_eq!(read.get(read.len() - 6), Some(&0));
    }
}

#[test]
fn a_long_column_has_no_spare_room_but_at_its_end() {
    let column: Column<u64> = (0..10_000).collect();
    assert!(column.bytes() < 10_256 * 8 + 41 * 64, "{}", column.bytes());
}

#[test]
fn a_cursor_reads_what_is_there_in_any_order() {
    let column: Short = (0..30).map(|value| value * 3).collect();
    let mut cursor = column.cursor();
    for place in [0, 1, 5, 4, 29, 30, 3, 1_000, 28, 0] {
        assert_eq!(cursor.get(place), column.get(place), "{place}");
    }
    assert_eq!(Short::default().cursor().get(0), None);
}
