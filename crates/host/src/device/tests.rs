//! Signatures read against the log: what is taken, what is refused at the door, and what a verifier finds in a log that was written past
//! the door. Each is a sentence of `docs/spec/devices.md`.

use charter::Edition;
use engine::act::{AdmitMember, CastBallot, EndMembership, EnrolDevice, SignOnly, Stand};
use rochdale_log::{encode, public_of};

use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::founding::Charter;
use crate::{Coop, Submission, Submitted, verify_store};

const CONSTITUTION: &str = "```charter\noffice \"maintainer\" settles-in=\"14 days\"\n```\n";

/// A co-op whose members sign with keys that are numbers.
pub(crate) struct House {
    pub(crate) coop: Coop,
    now: Moment,
}

fn secret(number: u8) -> [u8; 32] {
    [number; 32]
}

fn house() -> House {
    house_of(3)
}

pub(crate) fn house_of(members: u64) -> House {
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::FIVE).unwrap();
    let now = at("2025-01-01T00:00:00Z");
    let mut house = House { coop: Coop::in_memory(charter, false, now).unwrap(), now };
    for member in 1..=members {
        let member = Pseudonym(member);
        let act = AdmitMember { member, organisation: false, founder: false, joined_on: None, left_on: None };
        house.hand_in(Actor::Operator, Act::AdmitMember(act), None).unwrap();
    }
    house
}

pub(crate) fn enrols(member: u64, number: u8) -> Act {
    let public = Hash(public_of(&secret(number))).to_string();
    Act::EnrolDevice(EnrolDevice { member: Pseudonym(member), public })
}

pub(crate) fn stands(member: u64) -> Act {
    Act::Stand(Stand { member: Pseudonym(member), decision: "maintainer".to_owned() })
}

pub(crate) fn votes(member: u64, share_ppm: u32) -> Act {
    let scores = Some([(Pseudonym(1).to_string(), 1_000_000)].into());
    let decision = "maintainer".to_owned();
    Act::CastBallot(CastBallot { member: Pseudonym(member), decision, item: None, share_ppm, scores, against: false })
}

impl House {
    pub(crate) fn hand_in(&mut self, actor: Actor, act: Act, signed: Option<Signed>) -> Result<u64, Refusal> {
        let (key, nonce) = (String::new(), String::new());
        match self.coop.submit(&[Submission { act, actor, key, nonce, signed }], self.now).unwrap().remove(0) {
            Submitted::Accepted(receipt) => Ok(receipt.entry),
            Submitted::Refused(refusal) => Err(refusal),
            Submitted::KeyReused(entry) => panic!("the key is entry {entry}'s"),
        }
    }

    /// The next update is counted.
    pub(crate) fn update(&mut self) {
        let due = self.coop.now.state.next_due().moment();
        let mut batch = self.coop.batch().unwrap();
        batch.run_next_update(due).unwrap();
        batch.commit().unwrap();
        self.now = self.now.max(due);
    }

    /// Members go on the list that the class reads.
    pub(crate) fn list(&mut self, members: &[u64]) {
        for member in members {
            let act = engine::act::AddToList { member: Pseudonym(*member), list: "member-list".to_owned() };
            self.hand_in(Actor::Operator, Act::AddToList(act), None).unwrap();
        }
    }

    fn first(&mut self) -> Hash {
        self.hash(1)
    }

    fn hash(&mut self, seq: u64) -> Hash {
        hash_entry(&self.bytes(seq))
    }

    fn bytes(&mut self, seq: u64) -> Vec<u8> {
        let coop = self.coop.now.id.clone();
        self.coop.store.entry(&coop, seq).unwrap().unwrap()
    }

    /// A signature as an honest device makes it now.
    fn sign(&mut self, act: &Act, number: u8, device: u64, turn: u64) -> Signed {
        let until_us = self.now.0 + 600_000_000;
        self.sign_by(act, number, |statement| Statement { device, turn, until_us, ..statement })
    }

    fn sign_by(&mut self, act: &Act, number: u8, change: impl Fn(Statement<'_>) -> Statement<'_>) -> Signed {
        let first = self.first();
        let snapshot = self.coop.now.clone();
        let who = act.own_member().unwrap();
        let to_sign = snapshot.to_sign(act, who, self.now).unwrap().unwrap();
        let statement = Statement {
            coop: &to_sign.coop,
            first,
            member: &to_sign.member,
            authority: &to_sign.authority,
            device: 0,
            turn: 0,
            after: to_sign.after,
            head: to_sign.head.parse().unwrap(),
            until_us: self.now.0 + 600_000_000,
            kind: &to_sign.kind,
            body: to_sign.body.as_bytes(),
            commitments: &[],
        };
        change(statement).sign(&secret(number))
    }

    pub(crate) fn enrol(&mut self, member: u64, number: u8) -> u64 {
        let act = enrols(member, number);
        let signed = self.sign(&act, number, 0, 0);
        self.hand_in(Actor::Member(Pseudonym(member)), act, Some(signed)).unwrap()
    }

    pub(crate) fn signed(&mut self, act: Act, number: u8, device: u64, turn: u64) -> Result<u64, Refusal> {
        let signed = self.sign(&act, number, device, turn);
        self.hand_in(Actor::Member(act.own_member().unwrap()), act, Some(signed))
    }

    fn refused(&mut self, act: &Act, signed: Signed) -> Rule {
        let who = act.own_member().unwrap();
        self.hand_in(Actor::Member(who), act.clone(), Some(signed)).expect_err("refused").rule
    }

    /// The exact bytes of every entry.
    fn lines(&mut self) -> Vec<Vec<u8>> {
        (1..=self.coop.head().seq).map(|seq| self.bytes(seq)).collect()
    }
}

#[test]
fn a_signed_act_is_an_entry_that_says_so_and_verifies() {
    let mut house = house();
    let device = house.enrol(1, 1);
    let entry = house.signed(stands(1), 1, device, 1).unwrap();
    let bytes = house.bytes(entry);
    let read = decode(&bytes).unwrap();
    assert_eq!(
        (&*read.key, &*read.authority, &*read.actor),
        ("4/1".replace('4', &device.to_string()).as_str(), "member", &*Pseudonym(1).to_string())
    );
    assert_eq!(read.signed.unwrap().unwrap().device, device);
    let enrolment = house.bytes(device);
    assert!(decode(&enrolment).unwrap().key.starts_with("0/"), "a new key has neither device nor turn");
    let verified = verify_store(&mut *house.coop.store, 1).unwrap();
    assert_eq!(verified[0].entries, house.coop.head().seq);
}

#[test]
fn the_same_signed_act_handed_in_again_is_one_entry() {
    let mut house = house();
    let device = house.enrol(1, 1);
    let signed = house.sign(&stands(1), 1, device, 1);
    let once = house.hand_in(Actor::Member(Pseudonym(1)), stands(1), Some(signed)).unwrap();
    for _ in 0..3 {
        assert_eq!(house.hand_in(Actor::Member(Pseudonym(1)), stands(1), Some(signed)).unwrap(), once);
    }
    let other = house.sign(&votes(1, 500_000), 1, device, 1);
    let submission = Submission {
        act: votes(1, 500_000),
        actor: Actor::Member(Pseudonym(1)),
        key: String::new(),
        nonce: String::new(),
        signed: Some(other),
    };
    let answer = house.coop.submit(&[submission], house.now).unwrap().remove(0);
    assert!(matches!(answer, Submitted::KeyReused(entry) if entry == once), "{answer:?}");
}

#[test]
fn updates_that_come_first_are_signed_by_nobody() {
    let mut house = house();
    let device = house.enrol(1, 1);
    let signed = house.sign_by(&stands(1), 1, |one| Statement { device, turn: 1, until_us: at("2025-01-08").0, ..one });
    house.now = at("2025-01-07T12:00:00Z");
    let entry = house.hand_in(Actor::Member(Pseudonym(1)), stands(1), Some(signed)).unwrap();
    let signs = |seq: u64, house: &mut House| decode(&house.bytes(seq)).unwrap().signed.unwrap().is_some();
    assert!(entry > device + 1, "an update came first");
    assert!((device + 1..entry).all(|seq| !signs(seq, &mut house)) && signs(entry, &mut house));
    verify_store(&mut *house.coop.store, 1).unwrap();
}

#[test]
fn nobody_takes_the_keys_of_a_device_first() {
    let mut house = house();
    let device = house.enrol(1, 1);
    let key = format!("{device}/1");
    let squats = Submission {
        act: stands(2),
        actor: Actor::Member(Pseudonym(2)),
        key: key.clone(),
        nonce: String::new(),
        signed: None,
    };
    for _ in 0..2 {
        let answer = house.coop.submit(std::slice::from_ref(&squats), house.now).unwrap().remove(0);
        assert!(matches!(answer, Submitted::Accepted(_)), "{answer:?}");
    }
    let entry = house.coop.head().seq;
    assert_eq!(decode(&house.bytes(entry)).unwrap().key, format!("{}/{key}", Pseudonym(2)));
    house.signed(stands(1), 1, device, 1).unwrap();
}

#[test]
fn each_field_of_the_statement_is_bound() {
    let mut house = house();
    let device = house.enrol(1, 1);
    let (act, other) = (votes(1, 500_000), votes(1, 400_000));
    house.signed(stands(1), 1, device, 1).unwrap();
    // Another act, and another place of another log.
    let signed = house.sign(&act, 1, device, 2);
    assert_eq!(house.refused(&other, signed), Rule::BadSignature);
    let zero = Hash::ZERO;
    let over = |house: &mut House, change: &dyn Fn(Statement<'_>) -> Statement<'_>| {
        let signed = house.sign_by(&act, 1, |statement| change(Statement { device, turn: 2, ..statement }));
        // The entry itself says it as an honest device has it.
        let honest = house.sign(&act, 1, device, 2);
        house.refused(&act, Signed { sig: signed.sig, ..honest })
    };
    assert_eq!(
        over(&mut house, &|one| Statement { coop: "c_0000000000000", ..one }),
        Rule::BadSignature,
        "another co-op"
    );
    assert_eq!(over(&mut house, &|one| Statement { first: zero, ..one }), Rule::BadSignature, "a fork");
    assert_eq!(over(&mut house, &|one| Statement { head: zero, ..one }), Rule::BadSignature, "another history");
    assert_eq!(over(&mut house, &|one| Statement { member: "m_0000000000002", ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { authority: "office maintainer", ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { device: 3, ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { turn: 3, ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { after: 1, ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { until_us: one.until_us + 1, ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { kind: "nominate", ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { body: b"{}", ..one }), Rule::BadSignature);
    assert_eq!(over(&mut house, &|one| Statement { commitments: &[("card", Hash::ZERO)], ..one }), Rule::BadSignature);
    // Another key's signature.
    let signed = house.sign(&act, 2, device, 2);
    assert_eq!(house.refused(&act, signed), Rule::BadSignature);
    // Honest, at last.
    house.signed(act.clone(), 1, device, 2).unwrap();
}

#[test]
fn a_signature_is_used_before_its_end_and_at_most_a_day_before() {
    let mut house = house();
    let device = house.enrol(1, 1);
    let begun = house.now.0;
    let day_us = engine::register::device::MOST_AHEAD_US;
    let signed = house.sign_by(&stands(1), 1, |one| Statement { device, turn: 1, until_us: begun + day_us + 1, ..one });
    assert_eq!(house.refused(&stands(1), signed), Rule::SignedAhead);
    house.now = Moment(begun + day_us + 1);
    assert_eq!(house.refused(&stands(1), signed), Rule::SignatureExpired, "its time is before it");
    house.now = Moment(begun + day_us);
    // Days without an entry are no hindrance: the entry that was seen may be old.
    house.hand_in(Actor::Member(Pseudonym(1)), stands(1), Some(signed)).unwrap();
    let future = house.sign_by(&votes(1, 1), 1, |one| Statement { device, turn: 2, after: 9_999, ..one });
    assert_eq!(house.refused(&votes(1, 1), future), Rule::SignedTooLongAgo, "an entry that is not there yet");
}

#[test]
fn keys_that_are_none_are_refused_at_the_door() {
    let mut house = house();
    let device = house.enrol(1, 1);
    for public in ["01".to_owned() + &"00".repeat(31), "ff".repeat(32), "02".to_owned() + &"00".repeat(31)] {
        let act = Act::EnrolDevice(EnrolDevice { member: Pseudonym(1), public: public.clone() });
        let signed = house.sign(&act, 1, device, 1);
        let rule = house.hand_in(Actor::Member(Pseudonym(1)), act, Some(signed)).map_err(|no| no.rule);
        let is_point = public.starts_with("02");
        assert!(rule == Err(Rule::KeyNotAllowed) || is_point, "{public}: {rule:?}");
    }
}

#[test]
fn acts_whose_bytes_no_device_knows_are_handed_in_without_a_signature() {
    let mut house = house();
    let device = house.enrol(1, 1);
    let act: Act = crate::codec::decode_act(
        format!(r#"{{"act":"bring_item","member":"{}","decision":"issues","item":"1","title":"one"}}"#, Pseudonym(1))
            .as_bytes(),
        &mut |_| None,
    )
    .unwrap()
    .act;
    assert_eq!(house.coop.now.clone().to_sign(&act, Pseudonym(1), house.now).unwrap(), None);
    let signed = house.sign(&stands(1), 1, device, 1);
    assert_eq!(house.refused(&act, signed), Rule::BadSignature);
}

/// An exported log as an operator with the whole disk writes it: each entry chained anew to the one before.
fn rewritten(lines: &[Vec<u8>], mut change: impl FnMut(u64, &mut Entry<'_>)) -> Vec<u8> {
    let (mut file, mut head) = (Vec::new(), Head::default());
    for text in [KERNEL, CONSTITUTION] {
        rochdale_log::write_document(text, &mut file);
        file.push(b'\n');
    }
    for line in lines {
        let mut entry = decode(line).unwrap();
        (entry.prev, entry.seq) = (head.hash, head.seq + 1);
        change(entry.seq, &mut entry);
        let commitments: Vec<_> = entry.commitments.iter().map(|(name, hash)| (&**name, *hash)).collect();
        let mut bytes = Vec::new();
        encode(&entry.head(), entry.body, &commitments, entry.form(), &mut bytes).unwrap();
        head = Head { seq: entry.seq, hash: hash_entry(&bytes), time_us: entry.time_us };
        file.extend_from_slice(&bytes);
        file.push(b'\n');
    }
    file
}

fn wrong_entry(file: &[u8]) -> Option<u64> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    std::fs::write(&path, file).unwrap();
    match crate::verify_file(&path, 1) {
        Ok(_) => None,
        Err(Error::Wrong(wrong)) => Some(wrong.seq),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_log_that_was_written_past_the_door_is_wrong_from_there() {
    let mut house = house();
    let device = house.enrol(1, 1);
    house.signed(stands(1), 1, device, 1).unwrap();
    let vote = house.signed(votes(1, 500_000), 1, device, 2).unwrap();
    let only = Act::SignOnly(SignOnly { member: Pseudonym(1), on: true });
    let locked = house.signed(only, 1, device, 3).unwrap();
    let last = house.signed(votes(1, 400_000), 1, device, 4).unwrap();
    let lines = house.lines();
    assert_eq!(wrong_entry(&rewritten(&lines, |_, _| {})), None, "as it was");
    // An honest history is witnessed: a changed entry before it breaks the first signature after it.
    let early = rewritten(&lines, |seq, entry| {
        if seq == 2 {
            entry.nonce = "n".into();
        }
    });
    assert_eq!(wrong_entry(&early), Some(device), "the enrolment saw another entry 2");
    let changed = |seq: u64, change: fn(&mut Signed)| {
        rewritten(&lines, move |at, entry| {
            if at == seq
                && let Some(Some(signed)) = &mut entry.signed
            {
                change(signed)
            }
        })
    };
    for (what, change) in [
        ("a false signature", (|one: &mut Signed| one.sig[5] ^= 1) as fn(&mut Signed)),
        ("another turn", |one| one.turn = 9),
        ("another device", |one| one.device = 2),
        ("a longer time", |one| one.until_us += 1),
        ("another entry seen", |one| one.after -= 1),
    ] {
        assert_eq!(wrong_entry(&changed(vote, change)), Some(vote), "{what}");
    }
    let unsigned = rewritten(&lines, |seq, entry| {
        if seq == last {
            entry.signed = Some(None);
        }
    });
    assert_eq!(wrong_entry(&unsigned), Some(last), "unsigned under signed acts only");
    let desk = rewritten(&lines, |seq, entry| {
        if seq == last {
            (entry.signed, entry.actor, entry.authority) = (Some(None), "operator".into(), "desk".into());
        }
    });
    assert_eq!(wrong_entry(&desk), Some(last), "by the desk");
    let older_form = rewritten(&lines, |seq, entry| {
        if seq == last {
            entry.signed = None;
        }
    });
    assert_eq!(wrong_entry(&older_form), Some(last), "the form of earlier editions");
    let key = rewritten(&lines, |seq, entry| {
        if seq == vote {
            entry.key = "k".into();
        }
    });
    assert_eq!(wrong_entry(&key), Some(vote), "another key");
    // Replayed, and in another order.
    let mut twice = lines.clone();
    twice.push(lines[usize::try_from(vote).unwrap() - 1].clone());
    assert!(wrong_entry(&rewritten(&twice, |_, _| {})).is_some(), "a signed act once more");
    let mut turned = lines.clone();
    turned.swap(usize::try_from(vote).unwrap() - 1, usize::try_from(locked).unwrap() - 1);
    assert_eq!(wrong_entry(&rewritten(&turned, |_, _| {})), Some(vote), "turns in another order");
}

#[test]
fn a_signature_holds_under_the_rules_that_its_device_saw() {
    let mut recent = Recent::default();
    let rules = [Hash([1; 32]), Hash([2; 32])];
    for seq in 1..=10 {
        let kept = Kept { hash: Hash([seq; 32]), rules: rules[usize::from(seq > 6)] };
        recent.note(seq.into(), kept);
    }
    // Entry 6 brought other rules: entry 7 is the first that names them.
    assert_eq!(recent.seen(5, rules[1]).unwrap().rules, rules[0]);
    assert_eq!(recent.seen(6, rules[1]).unwrap().rules, rules[1]);
    assert_eq!(recent.seen(10, rules[0]).unwrap().rules, rules[0], "the next entry itself says it");
    assert_eq!(recent.seen(11, rules[0]), None);
    for seq in 11..=u64::try_from(MOST_SINCE).unwrap() + 10 {
        recent.note(seq, Kept { hash: Hash::ZERO, rules: rules[0] });
    }
    assert_eq!(recent.kept.len(), MOST_SINCE);
    assert!(recent.seen(10, rules[0]).is_none() && recent.seen(11, rules[0]).is_some());
    assert_eq!(recent.first, Some(Hash([1; 32])), "the first is kept");
}

#[test]
fn a_start_from_the_middle_reads_signatures_as_one_from_the_beginning() {
    let mut house = house();
    let begun = crate::follow::follow(&mut *house.coop.store, &house.coop.now.id.clone(), None, Moment(i64::MAX), 1);
    let device = house.enrol(1, 1);
    let id = house.coop.now.id.clone();
    let enrolled = crate::follow::follow(&mut *house.coop.store, &id, begun.unwrap(), Moment(i64::MAX), 1);
    assert!(!enrolled.unwrap().unwrap().0.devices.is_empty(), "the first enrolment names an entry before the start");
    house.signed(stands(1), 1, device, 1).unwrap();
    let (state, history, head) =
        crate::follow::follow(&mut *house.coop.store, &house.coop.now.id.clone(), None, Moment(i64::MAX), 1)
            .unwrap()
            .unwrap();
    house.signed(votes(1, 500_000), 1, device, 2).unwrap();
    let leaves = Act::EndMembership(EndMembership { member: Pseudonym(1) });
    house.signed(leaves, 1, device, 3).unwrap();
    let coop = house.coop.now.id.clone();
    let from = Some((state, history, head));
    let (state, _, _) =
        crate::follow::follow(&mut *house.coop.store, &coop, from, Moment(i64::MAX), 1).unwrap().unwrap();
    assert_eq!(state.hash(), house.coop.now.state.hash());
}
