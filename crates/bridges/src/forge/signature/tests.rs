//! Signatures, right and wrong.

use super::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Recorded {
    secret: String,
    deliveries: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    file: String,
    headers: std::collections::BTreeMap<String, String>,
}

/// A recorded delivery: its dialect, the fields of its head, its body.
type Came = (Dialect, Vec<(String, String)>, Vec<u8>);

fn recorded() -> (String, Vec<Came>) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forge");
    let all: Recorded = serde_json::from_slice(&std::fs::read(folder.join("deliveries.json")).unwrap()).unwrap();
    let one = |one: One| {
        let dialect = Dialect::parse(one.file.split('/').next().unwrap()).unwrap();
        let head = one.headers.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
        (dialect, head, std::fs::read(folder.join(one.file)).unwrap())
    };
    (all.secret, all.deliveries.into_iter().map(one).collect())
}

const NOW: Moment = Moment(1_700_000_000_000_000);

fn head(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_example_that_github_publishes_is_good() {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let head = head(&[("x-hub-signature-256", signature)]);
    let delivery = Delivery { head: &head, body: b"Hello, World!" };
    assert_eq!(delivery.verify(Dialect::Github, &["It's a Secret to Everybody"], NOW), Ok(()));
    // While a secret is replaced both are good, in either order.
    assert_eq!(delivery.verify(Dialect::Github, &["new", "It's a Secret to Everybody"], NOW), Ok(()));
    assert_eq!(delivery.verify(Dialect::Github, &["new"], NOW), Err(NotSigned::Wrong));
    assert_eq!(delivery.verify(Dialect::Github, &[], NOW), Err(NotSigned::Wrong));
}

#[test]
fn recorded_deliveries_are_good_with_their_secret_and_their_sender_alone() {
    let (secret, all) = recorded();
    assert!(all.len() > 25);
    for (dialect, head, body) in &all {
        let delivery = Delivery { head, body };
        assert_eq!(delivery.verify(*dialect, &[&secret], NOW), Ok(()), "{head:?}");
        assert_eq!(delivery.verify(*dialect, &["another"], NOW), Err(NotSigned::Wrong));
        assert!(
            delivery.id(*dialect).starts_with("00000000-0000-4000-8000-")
                || delivery.id(*dialect).starts_with("bytes:")
        );
        for other in Dialect::ALL.into_iter().filter(|other| other != dialect) {
            // Forgejo also signs as GitHub does, with the same secret.
            if (*dialect, other) != (Dialect::Gitea, Dialect::Github) {
                assert_eq!(delivery.verify(other, &[&secret], NOW), Err(NotSigned::Missing), "{other:?} {head:?}");
            }
        }
        let without: Vec<_> =
            head.iter().filter(|(name, _)| !name.contains("signature") && !name.contains("token")).cloned().collect();
        assert_eq!(Delivery { head: &without, body }.verify(*dialect, &[&secret], NOW), Err(NotSigned::Missing));
        let twice: Vec<_> = head.iter().chain(head).cloned().collect();
        assert_eq!(Delivery { head: &twice, body }.verify(*dialect, &[&secret], NOW), Err(NotSigned::Twice));
    }
}

/// Of GitLab's older form the secret itself comes along, and its body is not signed: it is for TLS alone.
#[test]
fn a_body_of_which_one_bit_differs_is_nobodys() {
    let (secret, all) = recorded();
    let all: Vec<_> = all.into_iter().filter(|(dialect, ..)| *dialect != Dialect::Gitlab).collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    for round in 0..1_000 {
        let (dialect, head, body) = &all[next(all.len())];
        let mut body = body.clone();
        match round % 4 {
            0 => body.truncate(next(body.len())),
            1 => body.insert(next(body.len()), b' '),
            _ => {
                let at = next(body.len());
                body[at] ^= 1 << next(8);
            }
        }
        let got = Delivery { head, body: &body }.verify(*dialect, &[&secret], NOW);
        assert_eq!(got, Err(NotSigned::Wrong), "round {round}");
    }
}

#[test]
fn a_wrong_signature_of_forgejo_is_not_made_good_by_giteas() {
    let (secret, all) = recorded();
    let (_, head, body) = all.iter().find(|(dialect, ..)| *dialect == Dialect::Gitea).unwrap();
    let wrong = |(name, value): &(String, String)| match name.as_str() {
        "x-forgejo-signature" => (name.clone(), "00".repeat(32)),
        _ => (name.clone(), value.clone()),
    };
    let head: Vec<_> = head.iter().map(wrong).collect();
    assert_eq!(Delivery { head: &head, body }.verify(Dialect::Gitea, &[&secret], NOW), Err(NotSigned::Wrong));
}

/// Vector of the Standard Webhooks specification's reference implementation.
#[test]
fn gitlabs_newer_form_is_signed_with_its_time() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let body = br#"{"test": 2432232314}"#;
    let fields = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ];
    let verify = |fields: &[(&str, &str)], seconds: i64| {
        Delivery { head: &head(fields), body }.verify(Dialect::Gitlab, &[secret], Moment(seconds * 1_000_000))
    };
    assert_eq!(verify(&fields, 1_614_265_330), Ok(()));
    assert_eq!(verify(&fields, 1_614_265_330 + 299), Ok(()));
    for late in [301, -301, 86_400] {
        assert_eq!(verify(&fields, 1_614_265_330 + late), Err(NotSigned::Late), "{late}");
    }
    let two = "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    assert_eq!(verify(&[fields[0], fields[1], ("webhook-signature", two)], 1_614_265_330), Ok(()));
    for (name, value) in
        [("webhook-id", "other"), ("webhook-timestamp", "1614265331"), ("webhook-signature", "v1,AAAA")]
    {
        let changed: Vec<_> = fields.iter().map(|field| if field.0 == name { (name, value) } else { *field }).collect();
        assert_eq!(verify(&changed, 1_614_265_330), Err(NotSigned::Wrong), "{name}");
    }
    // The newer signature counts where it comes, whatever the older form beside it says.
    let both = [("x-gitlab-token", secret), fields[0], fields[1], ("webhook-signature", "v1,AAAA")];
    assert_eq!(verify(&both, 1_614_265_330), Err(NotSigned::Wrong));
}
