//! Keys that wait and keys in their table are found alike, and those of what is undone are free again.

use super::*;

fn write_numbered(store: &mut Sqlite, from: u64, until: u64) {
    let head = store.head(COOP).unwrap();
    store.begin(COOP, &head).unwrap();
    let head = push_after(store, head, &numbered(from, until));
    store.commit(&head).unwrap();
}

fn assert_keys(store: &mut Sqlite, known: u64) {
    for (seq, key) in (1..).zip(numbered(0, known + 20)) {
        let expected = (seq <= known).then_some(seq);
        assert_eq!(store.find_key(COOP, &key), Ok(expected), "{key} of {known}");
    }
    assert_eq!(store.find_key("another co-op", "n0"), Ok(None));
}

#[test]
fn keys_are_found_before_and_after_they_come_into_the_table() {
    let place = Place::new();
    let mut store = place.open();
    let mut known = 0;
    for more in [1, 14, 1, 1, 40, 3, 16] {
        write_numbered(&mut store, known, known + more);
        known += more;
        assert_keys(&mut store, known);
        assert_keys(&mut Sqlite::open_read(place.file("a.db")).unwrap(), known);
        if more % 2 == 0 {
            drop(store);
            store = place.open();
            assert_keys(&mut store, known);
        }
    }
    let stored: i64 = store.connection.query_row("SELECT count(*) FROM keys", (), |row| row.get(0)).unwrap();
    assert!(stored > 0 && stored.unsigned_abs() < known, "{stored} of {known} are in the table");
    let head = store.head(COOP).unwrap();
    store.begin(COOP, &head).unwrap();
    for (seq, key) in (1..).zip(numbered(0, known)) {
        assert_eq!(store.push(head.seq + 1, &key, b"{}"), Err(Fault::KeyTaken { seq }), "{key}");
    }
}

/// Pushes an entry with each key after `head`, in the open transaction.
fn push_after(store: &mut Sqlite, head: Head, keys: &[String]) -> Head {
    keys.iter().fold(head, |head, key| {
        let (bytes, next) = next_entry(COOP, &head, key);
        store.push(next.seq, key, &bytes).unwrap();
        next
    })
}

#[test]
fn keys_of_what_is_undone_are_free_again() {
    for (before, undone) in [(0, 3), (3, 5), (10, 40), (17, 15), (40, 70)] {
        for reopened in [false, true] {
            let place = Place::new();
            let mut store = place.open();
            write_numbered(&mut store, 0, before);
            if reopened {
                drop(store);
                store = place.open();
            }
            let (head, more) = (store.head(COOP).unwrap(), numbered(before, before + undone));
            store.begin(COOP, &head).unwrap();
            push_after(&mut store, head, &more);
            store.rollback();
            assert_keys(&mut store, before);
            store.begin(COOP, &head).unwrap();
            let kept = push_after(&mut store, head, &["kept".to_owned()]);
            store.savepoint().unwrap();
            push_after(&mut store, kept, &more);
            store.rollback_to().unwrap();
            store.commit(&kept).unwrap();
            assert_keys(&mut store, before);
            for store in [&mut store, &mut Sqlite::open_read(place.file("a.db")).unwrap()] {
                assert_eq!(store.find_key(COOP, "kept"), Ok(Some(before + 1)), "{before}, {undone}");
            }
        }
    }
}
