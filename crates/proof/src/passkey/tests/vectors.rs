//! The test vectors of W3C Web Authentication level 3: each is taken, or refused for the reason that the table names.

use super::*;

/// For each vector the refusal of its registration and of its answer; none where it is taken. The vectors of other algorithms and
/// frames, and those without a verified user, are what this server refuses.
fn expected(name: &str) -> (Option<Refused>, Option<Refused>) {
    let unverified = Some(Refused::NotVerified);
    match name {
        "none-es256" => (unverified.clone(), unverified),
        "none-es256-crossOrigin" => (Some(Refused::CrossOrigin), Some(Refused::CrossOrigin)),
        "none-es256-topOrigin" => (Some(Refused::CrossOrigin), Some(Refused::CrossOrigin)),
        "none-es256-long-credential-id" => (unverified, None),
        "packed-self-es256" | "packed-rs256" | "android-key-es256" => (None, unverified),
        "packed-es384" => (unverified, Some(Refused::Algorithm(-35))),
        "packed-es512" => (Some(Refused::Algorithm(-36)), Some(Refused::Algorithm(-36))),
        "packed-ed448" => (unverified, Some(Refused::Algorithm(-53))),
        "packed-eddsa" | "apple-es256" | "fido-u2f-es256" => (unverified.clone(), unverified),
        "packed-es256" | "tpm-es256" => (None, None),
        other => panic!("a vector without a row: {other}"),
    }
}

fn hex(value: &Value) -> Bytes {
    let text = value.as_str().unwrap();
    Bytes((0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect())
}

#[test]
fn every_vector_is_taken_or_refused_for_its_reason() {
    let all: Value = serde_json::from_str(include_str!("../../../tests/webauthn-l3.json")).unwrap();
    let party = Party::of(all["origin"].as_str().unwrap()).unwrap();
    assert_eq!(all["rp_id"], party.host());
    let mut seen = 0;
    for vector in all["vectors"].as_array().unwrap() {
        let (name, made, used) = (vector["name"].as_str().unwrap(), &vector["registration"], &vector["authentication"]);
        if made["clientDataJSON"].is_null() {
            continue;
        }
        seen += 1;
        let (registration, authentication) = expected(name);
        let challenge =
            |part: &Value| Challenge { bytes: hex(&part["challenge"]), party: party.clone(), until_us: NOW.0 };
        let id = hex(&made["credential_id"]);
        let answer = ToAdd {
            id: id.clone(),
            client: hex(&made["clientDataJSON"]),
            attestation: hex(&made["attestationObject"]),
        };
        let handle = Handle::new().unwrap();
        let found = Adding { challenge: challenge(made), handle: handle.clone() }.finish(&answer, NOW);
        assert_eq!(found.as_ref().err(), registration.as_ref(), "{name}: registration");
        // The key is read whatever the flags say, so that each answer of a known algorithm meets its signature.
        let object = authenticator::of_attestation(&answer.attestation).unwrap();
        let data = Authenticator::read(object).unwrap();
        let key = match data.made.unwrap().key {
            Ok(key) => key,
            Err(why) => {
                assert!(matches!(why, Refused::Algorithm(_)), "{name}: {why:?}");
                assert!([Some(&why), Some(&Refused::NotVerified)].contains(&registration.as_ref()), "{name}");
                assert_eq!(Some(why), authentication, "{name}");
                continue;
            }
        };
        let flags = data.flags;
        let passkey = Passkey {
            id: id.clone(),
            key,
            handle: handle.clone(),
            host: party.host().to_owned(),
            counter: 0,
            may_be_copied: flags.may_be_copied(),
        };
        let answer = ToProve {
            id,
            client: hex(&used["clientDataJSON"]),
            authenticator: hex(&used["authenticatorData"]),
            signature: hex(&used["signature"]),
            owner: Some(handle),
        };
        let signed = [answer.authenticator.as_ref(), Sha256::digest(&answer.client).as_slice()].concat();
        assert!(passkey.key.signed(&signed, answer.signature.as_ref(), Form::Der), "{name}: signature");
        assert!(!passkey.key.signed(&signed[1..], answer.signature.as_ref(), Form::Der), "{name}");
        let found = Proving { challenge: challenge(used), by: None }.finish(&answer, &passkey, NOW);
        assert_eq!(found.err(), authentication, "{name}: authentication");
    }
    assert_eq!(seen, 15);
}
