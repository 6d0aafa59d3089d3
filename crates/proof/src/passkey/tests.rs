//! Passkeys of a software authenticator, right and wrong in each way; and the published test vectors.

mod hostile;
mod vectors;

use super::*;
use proof_double::{Question, Soft};

const NOW: Moment = Moment(1_800_000_000_000_000);

fn party() -> Party {
    Party::of("https://club.coop.example").unwrap()
}

fn later(microseconds: i64) -> Moment {
    Moment(NOW.0 + microseconds)
}

/// An authenticator, and the passkey that the server keeps of it.
fn registered(soft: &mut Soft) -> Passkey {
    let handle = Handle::new().unwrap();
    let (options, adding) = Adding::begin(&party(), &handle, "member-001", &[], NOW).unwrap();
    let answer = soft.create(&Question::of(&options, party().origin()));
    adding.finish(&ToAdd::read(&answer).unwrap(), NOW).unwrap()
}

#[test]
fn each_algorithm_is_added_and_signs_in() {
    for mut soft in [Soft::ed25519(), Soft::p256()] {
        let passkey = registered(&mut soft);
        let (options, proving) = Proving::begin(&party(), NOW).unwrap();
        assert_eq!(options["allowCredentials"], serde_json::json!([]));
        let answer = soft.get(&Question::of(&options, party().origin()));
        let read = ToProve::read(&answer).unwrap();
        assert_eq!(read.id(), &passkey.id);
        let proved = proving.finish(&read, &passkey, later(1)).unwrap();
        assert_eq!((proved.went_back, proved.passkey.counter), (false, passkey.counter + 1));
    }
}

#[test]
fn the_browser_is_asked_for_verified_discoverable_keys_and_no_attestation() {
    let handle = Handle::new().unwrap();
    let known = vec![Bytes(vec![7; 20]); MOST_NAMED + 5];
    let (options, _) = Adding::begin(&party(), &handle, "member-001", &known, NOW).unwrap();
    assert_eq!(options["rp"]["id"], "club.coop.example");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    let algorithms: Vec<i64> =
        options["pubKeyCredParams"].as_array().unwrap().iter().map(|one| one["alg"].as_i64().unwrap()).collect();
    assert_eq!(algorithms, [-8, -7, -257]);
    assert_eq!(Bytes::read(options["user"]["id"].as_str().unwrap()).unwrap().0.len(), 32);
    assert_eq!(Bytes::read(options["challenge"].as_str().unwrap()).unwrap().0.len(), 32);
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), MOST_NAMED);
    let (options, _) = Proving::begin(&party(), NOW).unwrap();
    assert_eq!((&options["userVerification"], &options["rpId"]), (&"required".into(), &"club.coop.example".into()));
}

#[test]
fn no_two_challenges_or_handles_are_alike() {
    let challenge = || Proving::begin(&party(), NOW).unwrap().1.challenge.bytes;
    assert_ne!(challenge(), challenge());
    assert_ne!(Handle::new().unwrap(), Handle::new().unwrap());
}

#[test]
fn a_counter_that_goes_back_is_a_warning() {
    let mut soft = Soft::p256();
    let passkey = registered(&mut soft);
    for (kept, said, warns) in [(5, 5, true), (5, 4, true), (5, 6, false), (0, 0, false), (5, 0, true), (0, 1, false)] {
        let passkey = Passkey { counter: kept, ..passkey.clone() };
        soft.counter = said;
        let (options, proving) = Proving::begin(&party(), NOW).unwrap();
        let answer = soft.get(&Question { counts: false, ..Question::of(&options, party().origin()) });
        let proved = proving.finish(&ToProve::read(&answer).unwrap(), &passkey, NOW).unwrap();
        assert_eq!((proved.went_back, proved.passkey.counter), (warns, said), "{kept} {said}");
    }
}

#[test]
fn a_member_who_is_signed_in_proves_it_anew_with_or_without_a_handle() {
    let mut soft = Soft::ed25519();
    let passkey = registered(&mut soft);
    for names_owner in [true, false] {
        let (options, proving) =
            Proving::again(&party(), &passkey.handle, std::slice::from_ref(&passkey.id), NOW).unwrap();
        assert_eq!(options["allowCredentials"][0]["id"], passkey.id.text());
        let answer = soft.get(&Question { names_owner, ..Question::of(&options, party().origin()) });
        assert!(proving.finish(&ToProve::read(&answer).unwrap(), &passkey, NOW).is_ok());
    }
}

#[test]
fn challenges_and_passkeys_are_kept_as_json() {
    let mut soft = Soft::p256();
    let passkey = registered(&mut soft);
    let json = serde_json::to_string(&passkey).unwrap();
    assert_eq!(serde_json::from_str::<Passkey>(&json).unwrap(), passkey);
    let (options, proving) = Proving::begin(&party(), NOW).unwrap();
    let proving: Proving = serde_json::from_str(&serde_json::to_string(&proving).unwrap()).unwrap();
    let answer = soft.get(&Question::of(&options, party().origin()));
    assert!(proving.finish(&ToProve::read(&answer).unwrap(), &passkey, NOW).is_ok());
}
