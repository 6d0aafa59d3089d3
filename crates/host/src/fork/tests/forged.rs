//! Changes of a fork and its pointer, and how each of them is named.

use super::*;

#[test]
fn what_the_old_log_does_not_give_is_named() {
    let joins = |number: u64| {
        Act::AdmitMember(AdmitMember {
            member: m(number),
            organisation: false,
            founder: false,
            joined_on: None,
            left_on: None,
        })
    };
    type Change<'a> = Box<dyn FnOnce(&mut Pointer, &mut Vec<Act>) + 'a>;
    let cases: [(&str, Change<'_>); 8] = [
        (
            "entry 4: it says: m_0000000000009 joins; and the old log gives: m_0000000000003 is put on the list `crew`",
            Box::new(|_, acts| acts.insert(2, joins(9))),
        ),
        (
            "entry 3: it says: m_0000000000009 joins; and the old log gives: m_0000000000003 joins",
            Box::new(|_, acts| {
                acts.truncate(1);
                acts.push(joins(9));
            }),
        ),
        (
            "entry 3: it says: nothing; and the old log gives: m_0000000000003 joins",
            Box::new(|_, acts| acts.truncate(1)),
        ),
        (
            "entry 8: it says: 5001 minor units are booked; and the old log gives: 5000 minor units are booked",
            Box::new(|_, acts| {
                let Some(Act::BookEntry(entry)) = acts.last_mut() else { panic!() };
                (entry.postings[0].minor, entry.postings[1].minor) = (5_001, -5_001);
            }),
        ),
        (
            "entry 5: it says: m_0000000000002 gave 201 of donation (`given:2`); and the old log gives: m_0000000000002 gave 200 of donation (`given:2`)",
            Box::new(|_, acts| {
                let Act::RecordSupport(record) = &mut acts[3] else { panic!() };
                record.amount.amount = 201;
            }),
        ),
        (
            "entry 7: it says: 5000 minor units are booked; and the old log gives: something of `given:3` is taken back",
            Box::new(|_, acts| {
                acts.remove(5);
            }),
        ),
        (
            "entry 5: it says: 5000 minor units are booked",
            Box::new(|_, acts| {
                let money = acts.pop().unwrap();
                acts.insert(3, money);
            }),
        ),
        (
            "entry 8: it says: nothing; and the old log gives: 5000 minor units are booked",
            Box::new(|_, acts| {
                acts.pop();
            }),
        ),
    ];
    for (words, change) in cases {
        let trial = Trial::new();
        trial.fork().unwrap();
        rewrite(&trial, CONSTITUTION, change);
        let no = trial.compare().unwrap_err().to_string();
        assert!(no.starts_with(words), "{no}\nand not\n{words}");
    }
    let trial = Trial::new();
    trial.fork().unwrap();
    rewrite(&trial, &CONSTITUTION.replace("14", "15"), |_, _| {});
    let no = trial.compare().unwrap_err().to_string();
    assert!(no.contains("other rules than those who went chose"), "{no}");
    // Later entries are the new co-op's own.
    let trial = Trial::new();
    trial.fork().unwrap();
    rewrite(&trial, CONSTITUTION, |_, acts| acts.push(joins(9)));
    assert_eq!(trial.compare().unwrap().same, 7);
}

#[test]
fn a_tampered_pointer_is_named_without_the_old_log() {
    let hex = |digit: &str| digit.repeat(64);
    type Change<'a> = (&'a str, Box<dyn Fn(&mut Pointer)>);
    let other = hex("1");
    let changes: [Change<'_>; 9] = [
        ("of another log", Box::new(|pointer| pointer.coop = "c_0000000000009".to_owned())),
        ("at another entry", Box::new(|pointer| pointer.entry += 1)),
        ("does not end with the entry", Box::new(move |pointer| pointer.hash.clone_from(&other))),
        ("lower case", Box::new(|pointer| pointer.hash = "x".to_owned())),
        (
            "nobody with this key",
            Box::new(|pointer| pointer.key = Signer::new("a", &[9; 32]).unwrap().public().to_string()),
        ),
        ("not an Ed25519 key", Box::new(|pointer| pointer.key = "x".to_owned())),
        (
            "its signature is wrong",
            Box::new(|pointer| {
                pointer.checkpoint = pointer.checkpoint.replacen('\n', "\n1", 1);
            }),
        ),
        (
            "does not end with the entry",
            Box::new(|pointer| {
                pointer.proof.pop();
            }),
        ),
        ("does not end with the entry", Box::new(|pointer| pointer.proof = vec!["1".repeat(64); 100])),
    ];
    for (words, change) in changes {
        let trial = Trial::new();
        trial.fork().unwrap();
        rewrite(&trial, CONSTITUTION, |pointer, _| change(pointer));
        let mut store = Sqlite::open_read(data_file(&trial.new_one())).unwrap();
        let no = crate::verify_store(&mut store, 1).unwrap_err().to_string();
        let named = no.contains(words);
        assert!(no.starts_with("entry 1: ") && named, "{no}\nand not\n{words}");
    }
}

/// The old log exposes a pointer that somebody signed themselves.
#[test]
fn a_forged_pointer_is_named_with_the_old_log() {
    let forged = |pointer: &mut Pointer| {
        let signer = Signer::new(&key::origin(&pointer.coop), &[9; 32]).unwrap();
        let checkpoint = Checkpoint::unsigned(&pointer.checkpoint).unwrap();
        pointer.key = signer.public().to_string();
        pointer.checkpoint = signer.sign(checkpoint.size, checkpoint.root);
    };
    let trial = Trial::new();
    trial.fork().unwrap();
    rewrite(&trial, CONSTITUTION, |pointer, _| forged(pointer));
    let mut store = Sqlite::open_read(data_file(&trial.new_one())).unwrap();
    crate::verify_store(&mut store, 1).unwrap();
    let no = trial.compare().unwrap_err().to_string();
    assert!(no.contains("the old log names another key"), "{no}");
    // Another log of another co-op, and the same co-op's log before the fork.
    let (one, two) = (Trial::new(), Trial::new());
    one.fork().unwrap();
    two.fork().unwrap();
    let no = verify_against(&one.new_one(), &two.old(), 1).unwrap_err().to_string();
    assert!(no.contains("and the old log is that of"), "{no}");
    let no = verify_against(&one.old(), &two.old(), 1).unwrap_err().to_string();
    assert!(no.contains("not made by a fork"), "{no}");
    let early = Trial::new();
    let copy = early.folder.path().join("early.db");
    fs::copy(data_file(&early.old()), &copy).unwrap();
    early.fork().unwrap();
    let no = verify_against(&early.new_one(), &copy, 1).unwrap_err().to_string();
    assert!(no.contains("the old log ends before"), "{no}");
}
