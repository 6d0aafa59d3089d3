//! Rows are read as they were packed, and damaged ones as they are.

use super::*;

fn pack(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut waiting = Waiting::default();
    for (seq, entry) in (1..).zip(entries) {
        waiting.push(seq, entry).unwrap();
    }
    waiting.row()
}

fn unpack(row: &[u8]) -> Vec<Vec<u8>> {
    Unpacked::default().of(row).map(<[u8]>::to_vec).collect()
}

fn entries(count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|place| format!("{{\"v\":1,\"coop\":\"coop-a\",\"seq\":{place},\"body\":{{}}}}").into_bytes())
        .collect()
}

#[test]
fn one_entry_is_its_own_row() {
    let one = entries(1);
    assert_eq!(pack(&one), one[0]);
    assert_eq!(unpack(&one[0]), one);
    assert_eq!(unpack(b""), [b""], "a row without bytes is damaged, and handed out");
}

#[test]
fn many_entries_are_one_small_row() {
    let many = entries(200);
    let row = pack(&many);
    assert!(row.len() * 3 < many.concat().len(), "{} bytes", row.len());
    assert_eq!(unpack(&row), many);
}

#[test]
fn a_row_takes_entries_until_it_is_full() {
    let mut waiting = Waiting::default();
    let large = vec![b'{'; crate::MAX_ENTRY_BYTES];
    assert!(!waiting.is_full_for(&large), "the largest entry has a row of its own");
    waiting.push(7, &large).unwrap();
    assert_eq!((waiting.first(), waiting.row().len()), (Some(7), large.len()));
    assert!(waiting.is_full_for(b"{}"));
    waiting.clear();
    assert_eq!(waiting.first(), None);
    assert!(waiting.push(8, &vec![b'{'; crate::MAX_ENTRY_BYTES + 1]).is_err());
}

#[test]
fn damage_is_handed_out_and_never_a_crash() {
    let many = entries(40);
    let row = pack(&many);
    for place in 0..row.len() {
        for bit in 0..8 {
            let mut damaged = row.clone();
            damaged[place] ^= 1 << bit;
            let read: usize = unpack(&damaged).iter().map(Vec::len).sum();
            assert!(read <= MOST_BYTES, "byte {place}, bit {bit}");
        }
        assert_eq!(unpack(&row[..place.max(1)]), [&row[..place.max(1)]], "cut to {place}");
    }
}
