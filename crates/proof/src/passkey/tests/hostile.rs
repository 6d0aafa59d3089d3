//! Wrong answers, each refused by name.

use super::*;
use proof_double::attestation;
use proptest::prelude::*;

/// An answer to a sign-in, with one thing changed in the question that the authenticator sees.
fn proved(change: impl Fn(&mut Question)) -> Result<Proved, Refused> {
    let mut soft = Soft::p256();
    let passkey = registered(&mut soft);
    let (options, proving) = Proving::begin(&party(), NOW).unwrap();
    let mut question = Question::of(&options, party().origin());
    change(&mut question);
    proving.finish(&ToProve::read(&soft.get(&question)).unwrap(), &passkey, NOW)
}

fn added(change: impl Fn(&mut Question)) -> Result<Passkey, Refused> {
    let handle = Handle::new().unwrap();
    let (options, adding) = Adding::begin(&party(), &handle, "member-001", &[], NOW).unwrap();
    let mut question = Question::of(&options, party().origin());
    change(&mut question);
    adding.finish(&ToAdd::read(&Soft::ed25519().create(&question)).unwrap(), NOW)
}

#[test]
fn a_wrong_circumstance_is_refused_by_name_when_adding_and_when_proving() {
    let origin = || Refused::OtherOrigin("https://club.coop.example".to_owned());
    let host = || Refused::OtherHost("club.coop.example".to_owned());
    type Change = fn(&mut Question);
    let table: [(&str, Change, Refused); 15] = [
        ("another origin", |q| q.origin = "https://evil.example".to_owned(), origin()),
        ("a sibling", |q| q.origin = "https://other.coop.example".to_owned(), origin()),
        ("http", |q| q.origin = "http://club.coop.example".to_owned(), origin()),
        ("another port", |q| q.origin = "https://club.coop.example:8443".to_owned(), origin()),
        ("a slash", |q| q.origin.push('/'), origin()),
        ("a longer host", |q| q.origin.push_str(".evil.example"), origin()),
        ("a parent as the party", |q| q.host = "coop.example".to_owned(), host()),
        ("capitals in the party", |q| q.host = "Club.coop.example".to_owned(), host()),
        ("a frame", |q| q.cross_origin = serde_json::json!(true), Refused::CrossOrigin),
        ("a page around it", |q| q.top_origin = Some("https://evil.example".to_owned()), Refused::CrossOrigin),
        ("another challenge", |q| q.challenge = text(&[9; 32]), Refused::OtherChallenge),
        ("a part of the challenge", |q| q.challenge.truncate(20), Refused::OtherChallenge),
        ("nobody there", |q| q.flags &= !1, Refused::NotPresent),
        ("nobody verified", |q| q.flags &= !4, Refused::NotVerified),
        ("copied, and cannot be", |q| q.flags &= !8, Refused::Copies),
    ];
    assert!(added(|_| ()).is_ok() && proved(|_| ()).is_ok());
    for (what, change, why) in table {
        assert_eq!(added(change), Err(why.clone()), "adding: {what}");
        assert_eq!(proved(change), Err(why), "proving: {what}");
    }
    let other = |kind| move |question: &mut Question| question.kind = Some(kind);
    assert_eq!(added(other("webauthn.get")), Err(Refused::OtherType("webauthn.create")));
    assert_eq!(proved(other("webauthn.create")), Err(Refused::OtherType("webauthn.get")));
    assert_eq!(proved(other("payment.get")), Err(Refused::OtherType("webauthn.get")));
    // An authenticator that was not copied when it was added cannot be later, and the other way round.
    assert_eq!(proved(|question| question.flags &= !0b1_1000), Err(Refused::Copies));
}

#[test]
fn a_late_answer_is_refused_and_so_is_one_from_before() {
    for (after, fits) in [(0, true), (CHALLENGE_US, true), (CHALLENGE_US + 1, false), (-1, false)] {
        let mut soft = Soft::p256();
        let passkey = registered(&mut soft);
        let (options, proving) = Proving::begin(&party(), NOW).unwrap();
        let answer = ToProve::read(&soft.get(&Question::of(&options, party().origin()))).unwrap();
        let found = proving.finish(&answer, &passkey, later(after));
        assert_eq!(found.is_ok(), fits, "{after}");
        assert!(fits || found == Err(Refused::Late));
    }
}

#[test]
fn an_answer_that_is_replayed_meets_another_challenge() {
    let mut soft = Soft::p256();
    let passkey = registered(&mut soft);
    let (options, proving) = Proving::begin(&party(), NOW).unwrap();
    let answer = ToProve::read(&soft.get(&Question::of(&options, party().origin()))).unwrap();
    proving.finish(&answer, &passkey, NOW).unwrap();
    let (_, second) = Proving::begin(&party(), NOW).unwrap();
    assert_eq!(second.finish(&answer, &passkey, NOW), Err(Refused::OtherChallenge));
}

#[test]
fn another_members_passkey_proves_nobody_else() {
    let (mut own, mut other) = (Soft::p256(), Soft::p256());
    let (passkey, theirs) = (registered(&mut own), registered(&mut other));
    let (options, proving) = Proving::begin(&party(), NOW).unwrap();
    let answer = ToProve::read(&other.get(&Question::of(&options, party().origin()))).unwrap();
    assert_eq!(proving.finish(&answer, &passkey, NOW), Err(Refused::OtherCredential));
    // It claims this member's id.
    other.id.clone_from(&own.id);
    let (options, proving) = Proving::begin(&party(), NOW).unwrap();
    let answer = ToProve::read(&other.get(&Question::of(&options, party().origin()))).unwrap();
    assert_eq!(proving.finish(&answer, &passkey, NOW), Err(Refused::OtherMember));
    // And this member's handle too.
    other.owner.clone_from(&own.owner);
    let (options, proving) = Proving::begin(&party(), NOW).unwrap();
    let answer = ToProve::read(&other.get(&Question::of(&options, party().origin()))).unwrap();
    assert_eq!(proving.finish(&answer, &passkey, NOW), Err(Refused::Signature));
    // A member who is signed in proves nothing by another's passkey.
    let (options, proving) = Proving::again(&party(), &theirs.handle, &[], NOW).unwrap();
    let answer = ToProve::read(&own.get(&Question::of(&options, party().origin()))).unwrap();
    assert_eq!(proving.finish(&answer, &passkey, NOW), Err(Refused::OtherMember));
}

#[test]
fn a_sign_in_without_a_handle_is_refused() {
    assert_eq!(proved(|question| question.names_owner = false), Err(Refused::OtherMember));
}

#[test]
fn a_passkey_of_another_host_is_refused_whatever_it_says() {
    let mut soft = Soft::p256();
    let passkey = Passkey { host: "coop.example".to_owned(), ..registered(&mut soft) };
    let (options, proving) = Proving::begin(&party(), NOW).unwrap();
    let answer = ToProve::read(&soft.get(&Question::of(&options, party().origin()))).unwrap();
    assert_eq!(proving.finish(&answer, &passkey, NOW), Err(Refused::OtherHost("club.coop.example".to_owned())));
}

/// An answer that adds a passkey, with these bytes in the place of the attestation.
fn added_with(change: impl Fn(Vec<u8>) -> Vec<u8>) -> Result<Passkey, Refused> {
    let mut soft = Soft::ed25519();
    let (options, adding) = Adding::begin(&party(), &Handle::new().unwrap(), "member-001", &[], NOW).unwrap();
    let question = Question::of(&options, party().origin());
    let data = change(soft.made(&question));
    let answer = soft.answer_with(&question, &data);
    adding.finish(&ToAdd::read(&answer)?, NOW)
}

#[test]
fn bytes_that_are_cut_or_longer_are_refused() {
    let whole = |data: Vec<u8>| attestation(&data);
    assert!(added_with(whole).is_ok());
    let length = 32 + 1 + 4 + 16 + 2 + 32 + 42;
    for cut in 0..length {
        let found = added_with(|data| attestation(&data[..cut]));
        assert_eq!(found, Err(Refused::Unreadable("authenticatorData")), "{cut}");
    }
    let found = added_with(|data| attestation(&[data, vec![0]].concat()));
    assert_eq!(found, Err(Refused::Unreadable("authenticatorData")));
    for cut in [0, 1, 10, 30, 100] {
        let found = added_with(|data| attestation(&data)[..cut].to_vec());
        assert_eq!(found, Err(Refused::Unreadable("attestationObject")), "{cut}");
    }
    let found = added_with(|data| [attestation(&data), vec![0]].concat());
    assert_eq!(found, Err(Refused::Unreadable("attestationObject")));
    // A statement of the format `none` that says something.
    let found = added_with(|data| {
        let whole = attestation(&data);
        let at = whole.windows(2).position(|two| two == [b't', 0xa0]).unwrap() + 1;
        [&whole[..at], &[0xa1, 0x61, b'x', 0x01], &whole[at + 1..]].concat()
    });
    assert_eq!(found, Err(Refused::Unreadable("attestationObject")));
}

#[test]
fn other_keys_are_refused() {
    let with = |from: &[u8], to: &[u8]| {
        let (from, to) = (from.to_vec(), to.to_vec());
        added_with(move |data| {
            let at = data.windows(from.len()).rposition(|part| part == from).unwrap();
            attestation(&[&data[..at], &to[..], &data[at + from.len()..]].concat())
        })
    };
    let head: &[u8] = &[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06];
    let table: [(&str, &[u8], Refused); 6] = [
        ("ES384", &[0xa4, 0x01, 0x01, 0x03, 0x38, 0x22, 0x20, 0x06], Refused::Algorithm(-35)),
        ("RS1", &[0xa4, 0x01, 0x01, 0x03, 0x39, 0xff, 0xfe, 0x20, 0x06], Refused::Algorithm(-65_535)),
        ("none at all", &[0xa4, 0x01, 0x01, 0x03, 0x00, 0x20, 0x06], Refused::Algorithm(0)),
        ("Ed448 under the number of Ed25519", &[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x07], Refused::Key),
        ("another type of key", &[0xa4, 0x01, 0x02, 0x03, 0x27, 0x20, 0x06], Refused::Key),
        ("a name for a number", &[0xa4, 0x01, 0x01, 0x03, 0x61, b'x', 0x20, 0x06], Refused::Key),
    ];
    for (what, to, why) in table {
        assert_eq!(with(head, to), Err(why), "{what}");
    }
}

#[test]
fn points_off_the_curve_and_short_moduli_are_no_keys() {
    assert_eq!(Key::p256(&[1; 32], &[1; 32]), None);
    assert_eq!(Key::p256(&[0; 32], &[0; 32]), None);
    assert_eq!(Key::ed25519(&[1; 31]), None);
    for (bytes, e) in [(128, &[1, 0, 1][..]), (2_000, &[1, 0, 1]), (256, &[1]), (256, &[2]), (256, &[])] {
        assert_eq!(Key::rsa(&vec![0xff; bytes], e), None, "{bytes} {e:?}");
    }
    assert!(Key::rsa(&[0xff; 256], &[1, 0, 1]).is_some());
}

#[test]
fn answers_that_are_none_are_refused_by_name() {
    let good = || Soft::p256().get(&Question::of(&serde_json::json!({}), "https://club.coop.example"));
    let changed = |from: &str, to: &str| String::from_utf8(good()).unwrap().replace(from, to).into_bytes();
    assert!(ToProve::read(&good()).is_ok());
    assert_eq!(ToProve::read(&vec![b' '; LONGEST_ANSWER + 1]), Err(Refused::TooLong));
    assert_eq!(ToAdd::read(&vec![b'{'; LONGEST_ANSWER]), Err(Refused::Unreadable("answer")));
    assert_eq!(ToProve::read(b""), Err(Refused::Unreadable("answer")));
    assert_eq!(ToProve::read(&changed("public-key", "password")), Err(Refused::OtherType("public-key")));
    assert_eq!(ToProve::read(&changed("\"id\":\"", "\"id\":\"A")), Err(Refused::OtherCredential));
    assert_eq!(ToProve::read(&changed("\"signature\":\"", "\"signature\":\"=")), Err(Refused::Unreadable("answer")));
    assert_eq!(
        ToProve::read(&changed("\"type\"", "\"type\":\"public-key\",\"type\"")),
        Err(Refused::Unreadable("answer"))
    );
}

#[test]
fn client_data_that_says_a_thing_twice_is_refused() {
    let client = br#"{"type":"webauthn.get","type":"webauthn.create","challenge":"AA","origin":"https://x"}"#;
    assert_eq!(Client::read(&Bytes(client.to_vec())).unwrap_err(), Refused::Unreadable("clientDataJSON"));
    let other = "\u{feff}{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://x\"}";
    assert!(Client::read(&Bytes(other.as_bytes().to_vec())).is_err());
}

proptest! {
    #[test]
    fn junk_is_refused_and_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(added_with(|_| bytes.clone()).is_err());
        prop_assert!(added_with(|_| attestation(&bytes)).is_err());
        prop_assert!(ToProve::read(&bytes).is_err());
    }

    #[test]
    fn a_changed_bit_is_refused(at in 0_usize..1_000, bit in 0_u8..8) {
        let mut soft = Soft::p256();
        let passkey = registered(&mut soft);
        let (options, proving) = Proving::begin(&party(), NOW).unwrap();
        let mut answer = ToProve::read(&soft.get(&Question::of(&options, party().origin()))).unwrap();
        let parts = [&mut answer.client.0, &mut answer.authenticator.0, &mut answer.signature.0];
        let mut bytes: Vec<&mut u8> = parts.into_iter().flatten().collect();
        let length = bytes.len();
        *bytes[at % length] ^= 1 << bit;
        prop_assert!(proving.finish(&answer, &passkey, NOW).is_err());
    }
}
