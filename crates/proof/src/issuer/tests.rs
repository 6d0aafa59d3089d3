//! Issuers against the stand-in: right, and wrong in each way.

use std::collections::BTreeMap;

use proof_double::{Algorithm, Server, Spoil, World};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const NOW: Moment = Moment(1_800_000_000_000_000);
const BACK: &str = "http://localhost:1844/sign-in/issuer/club/back";

fn server() -> Server {
    Server::start(World::new("rochdale", 1_800_000_000).unwrap()).unwrap()
}

fn issuers(server: &Server, kind: &str) -> Issuers {
    let place = if kind == "openid" { "issuer" } else { "at" };
    let list = json!([{
        "name": "club", "title": "The club", "kind": kind, place: server.url(), "client": "rochdale",
        "secret_file": "club.secret",
    }]);
    let secret = server.world().secret.clone().unwrap();
    Issuers::new(List::read(&list.to_string(), Reach::Loopback, &|_| Ok(secret.clone())).unwrap())
}

/// Goes where the issuer is asked, as a browser would, and returns what it brings back.
fn brought(server: &Server, address: &str) -> BTreeMap<String, String> {
    let location = server.visit(address).unwrap();
    let (back, query) = location.split_once('?').unwrap();
    assert_eq!(back, BACK);
    let plain = |text: &str| {
        let mut text = text.to_owned();
        for sign in [":", "/", "%"] {
            text = text.replace(&query::escaped(sign), sign);
        }
        text
    };
    query.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(n, v)| (n.to_owned(), plain(v))).collect()
}

fn read(fields: &BTreeMap<String, String>) -> Answer {
    Answer::read(fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))).unwrap()
}

fn signs_in(server: &Server, issuers: &Issuers) -> Result<Identity, Refused> {
    let (address, asked) = issuers.begin("club", BACK, NOW)?;
    issuers.finish(asked, &read(&brought(server, &address)), NOW)
}

#[test]
fn each_algorithm_and_each_way_of_showing_the_secret_signs_in() {
    let server = server();
    for algorithm in Algorithm::ALL {
        for methods in [json!(["client_secret_post"]), json!(["client_secret_basic", "client_secret_post"]), json!([])]
        {
            server.world().algorithm = algorithm;
            let methods = Spoil::Described("token_endpoint_auth_methods_supported", methods);
            server.world().spoil = vec![methods];
            let identity = signs_in(&server, &issuers(&server, "openid")).unwrap();
            assert_eq!((identity.issuer, identity.account.as_str()), (server.url(), "248289761001"));
        }
    }
}

#[test]
fn forges_say_the_accounts_number_and_nothing_else_is_kept() {
    let server = server();
    let host = server.url().replace("http://", "").replace(':', "_");
    for kind in ["github", "gitlab", "gitea"] {
        let identity = signs_in(&server, &issuers(&server, kind)).unwrap();
        assert_eq!(identity, Identity { issuer: host.clone(), account: "583231".to_owned() });
        assert!(!format!("{identity:?}").contains("583231"));
    }
    for id in [json!(0), json!("583231"), json!(-1), json!(null), json!(1.5)] {
        server.world().spoil = vec![Spoil::Claim("id", id.clone())];
        assert_eq!(signs_in(&server, &issuers(&server, "github")), Err(Refused::Unreadable("id")), "{id}");
    }
}

#[test]
fn a_spoilt_token_is_refused_by_name() {
    use NoToken::{
        Algorithm as Alg, Audience, Critical, Early, Expired, Issuer, Malformed, Nonce, Party, Signature, Subject,
        UnknownKey,
    };
    let now = 1_800_000_000;
    let claim = |name, value: Value| vec![Spoil::Claim(name, value)];
    let head = |name, value: Value| vec![Spoil::Head(name, value)];
    let both = |one: Vec<Spoil>, other: Vec<Spoil>| [one, other].concat();
    let two = || claim("aud", json!(["rochdale", "another"]));
    let table = [
        ("another nonce", claim("nonce", json!("guessed")), Nonce),
        ("no nonce", claim("nonce", json!(null)), Nonce),
        ("another issuer", claim("iss", json!("https://evil.example")), Issuer),
        ("an issuer with a slash", claim("iss", json!(format!("{}/", "http://127.0.0.1"))), Issuer),
        ("another audience", claim("aud", json!("another")), Audience),
        ("no audience", claim("aud", json!([])), Audience),
        ("several audiences and nobody's name", two(), Party),
        ("several audiences and another's name", both(two(), claim("azp", json!("another"))), Party),
        ("another party", claim("azp", json!("another")), Party),
        ("unsigned", vec![Spoil::Unsigned], Alg),
        ("a shared secret", vec![Spoil::Hs256], Alg),
        ("another algorithm's name", head("alg", json!("PS256")), Alg),
        ("the name in small letters", head("alg", json!("eddsa")), Alg),
        ("an unknown extension", head("crit", json!(["b64"])), Critical),
        ("a body that is not encoded", head("b64", json!(false)), Critical),
        ("expired", claim("exp", json!(now - 60)), Expired),
        ("without an end", claim("exp", json!(null)), Malformed),
        ("an end in words", claim("exp", json!("tomorrow")), Malformed),
        ("from the future", claim("iat", json!(now + 61)), Early),
        ("not yet", claim("nbf", json!(now + 61)), Early),
        ("a stranger's key", vec![Spoil::Stranger], Signature),
        ("a changed signature", vec![Spoil::Bit], Signature),
        ("a key that is not published", head("kid", json!("another")), UnknownKey),
        ("a key of another algorithm", head("kid", json!("RS256")), UnknownKey),
        ("a key that encrypts", head("kid", json!("enc")), UnknownKey),
        ("another algorithm than the key's", head("alg", json!("ES256")), UnknownKey),
        ("nobody", claim("sub", json!("")), Subject),
        ("a name that is too long", claim("sub", json!("x".repeat(256))), Subject),
        ("a name with a line's end", claim("sub", json!("a\nb")), Subject),
        ("a number for a name", claim("sub", json!(1)), Malformed),
        ("a field twice", vec![Spoil::Twice], Malformed),
        ("junk", vec![Spoil::Text("a.b.c".to_owned())], Malformed),
        ("encrypted", vec![Spoil::Text("e30.e30.e30.e30.e30".to_owned())], Malformed),
        ("too long", vec![Spoil::Text("x".repeat(20_000))], Malformed),
    ];
    let server = server();
    let issuers = issuers(&server, "openid");
    for (what, spoil, why) in table {
        server.world().spoil = spoil;
        assert_eq!(signs_in(&server, &issuers), Err(Refused::Token(why)), "{what}");
    }
    for (what, spoil) in [
        ("a minute late", claim("exp", json!(now - 59))),
        ("a minute early", claim("iat", json!(now + 60))),
        ("parts of a second", claim("exp", json!(1_800_000_300.5))),
        ("one audience in a list", claim("aud", json!(["rochdale"]))),
        ("several, and it was given to us", both(two(), claim("azp", json!("rochdale")))),
        ("no name of the key, of which there is one", head("kid", json!(null))),
    ] {
        server.world().spoil = spoil;
        assert!(signs_in(&server, &issuers).is_ok(), "{what}: {:?}", signs_in(&server, &issuers));
    }
}

#[test]
fn a_mail_address_in_a_token_is_not_read() {
    let server = server();
    let issuers = issuers(&server, "openid");
    let plain = signs_in(&server, &issuers).unwrap();
    server.world().spoil = vec![Spoil::Claim("email", json!({ "not": ["even", "text"] }))];
    assert_eq!(signs_in(&server, &issuers).unwrap(), plain);
}

#[test]
fn the_answer_in_the_browser_is_compared() {
    let server = server();
    let issuers = issuers(&server, "openid");
    let other = || Err(Refused::OtherIssuer(server.url()));
    for (issuer, fits) in [
        (Some(server.url()), true),
        (Some(format!("{}/", server.url())), false),
        (Some("https://evil.example".to_owned()), false),
        (None, false),
    ] {
        server.world().spoil = vec![Spoil::AnswerIssuer(issuer.clone())];
        let found = signs_in(&server, &issuers);
        assert_eq!(found.is_ok(), fits, "{issuer:?}");
        assert!(fits || found == other());
    }
    // One that does not say that it names itself need not, and is still compared where it does.
    let silent = Spoil::Described("authorization_response_iss_parameter_supported", json!(false));
    let fresh = self::issuers(&server, "openid");
    server.world().spoil = vec![Spoil::AnswerIssuer(None), silent.clone()];
    assert!(signs_in(&server, &fresh).is_ok());
    server.world().spoil = vec![Spoil::AnswerIssuer(Some("https://evil.example".to_owned())), silent];
    assert_eq!(signs_in(&server, &fresh), other());
    server.world().spoil = vec![Spoil::AnswerIssuer(Some("https://evil.example".to_owned()))];
    assert!(matches!(signs_in(&server, &self::issuers(&server, "github")), Err(Refused::OtherIssuer(_))));
}

#[test]
fn another_browsers_answer_is_refused_and_so_is_a_late_or_replayed_one() {
    let server = server();
    let issuers = issuers(&server, "openid");
    let begins = || issuers.begin("club", BACK, NOW).unwrap();
    let (address, asked) = begins();
    let mut fields = brought(&server, &address);
    let (_, own) = begins();
    assert_eq!(issuers.finish(own, &read(&fields), NOW), Err(Refused::NotAsked), "a code of another browser");
    let later = Moment(NOW.0 + ASKED_US + 1);
    let kept = serde_json::to_string(&asked).unwrap();
    let again = || serde_json::from_str::<Asked>(&kept).unwrap();
    assert_eq!(issuers.finish(again(), &read(&fields), later), Err(Refused::Late));
    assert_eq!(issuers.finish(again(), &read(&fields), Moment(NOW.0 - 1)), Err(Refused::Late));
    issuers.finish(again(), &read(&fields), NOW).unwrap();
    let replayed = issuers.finish(again(), &read(&fields), NOW);
    assert_eq!(replayed, Err(Refused::Unreached("it answered 400".to_owned())), "a code that was used");
    // A code that was given for another question brings neither the right word nor the right nonce.
    let (address, _) = begins();
    let code = brought(&server, &address).remove("code").unwrap();
    let (address, asked) = begins();
    fields = brought(&server, &address);
    fields.insert("code".to_owned(), code);
    assert_eq!(issuers.finish(asked, &read(&fields), NOW), Err(Refused::Unreached("it answered 400".to_owned())));
}

#[test]
fn a_person_who_says_no_and_answers_that_are_none_are_named() {
    let server = server();
    server.world().says_no = true;
    assert_eq!(signs_in(&server, &issuers(&server, "openid")), Err(Refused::Denied("access_denied".to_owned())));
    let read = |pairs: &[(&str, &str)]| Answer::read(pairs.iter().copied()).map(|_| ());
    assert_eq!(read(&[("code", "x")]), Err(Refused::NotAsked));
    assert_eq!(read(&[("state", "x"), ("code", "a"), ("code", "b")]), Err(Refused::Unreadable("code")));
    assert_eq!(read(&[("state", "x"), ("iss", "a"), ("iss", "a")]), Err(Refused::Unreadable("iss")));
    assert_eq!(read(&[("state", &"x".repeat(3_000))]), Err(Refused::Unreadable("state")));
    let answer = Answer::read([("state", "x"), ("error", "<script>alert(1)</script>")]).unwrap();
    assert_eq!(answer.code(), Err(Refused::Denied("scriptalert1script".to_owned())));
}

#[test]
fn a_provider_that_describes_another_or_leads_elsewhere_is_not_asked() {
    let server = server();
    for (field, value) in [
        ("issuer", "https://evil.example".to_owned()),
        ("issuer", format!("{}/", server.url())),
        ("token_endpoint", "http://169.254.169.254/latest".to_owned()),
        ("jwks_uri", "file:///etc/passwd".to_owned()),
        ("authorization_endpoint", "javascript:alert(1)".to_owned()),
    ] {
        server.world().spoil = vec![Spoil::Described(field, json!(value))];
        let found = issuers(&server, "openid").begin("club", BACK, NOW).map(|(address, _)| address);
        assert!(matches!(found, Err(Refused::OtherIssuer(_) | Refused::Unreached(_))), "{field}: {found:?}");
    }
    server.world().spoil = Vec::new();
    assert_eq!(issuers(&server, "openid").begin("hub", BACK, NOW).map(|_| ()), Err(Refused::Absent));
}

#[test]
fn descriptions_and_keys_are_kept_for_an_hour_and_unknown_keys_asked_for_once_a_minute() {
    let server = server();
    let issuers = issuers(&server, "openid");
    let asked = |path: &str| {
        let calls = std::mem::take(&mut server.world().calls);
        calls.iter().filter(|call| call.ends_with(path)).count()
    };
    for _ in 0..3 {
        signs_in(&server, &issuers).unwrap();
    }
    let calls = server.world().calls.clone();
    assert_eq!((calls.iter().filter(|call| call.ends_with("configuration")).count(), asked("/keys")), (1, 1));
    server.world().spoil = vec![Spoil::Head("kid", json!("another"))];
    for _ in 0..3 {
        assert_eq!(signs_in(&server, &issuers), Err(Refused::Token(NoToken::UnknownKey)));
    }
    assert_eq!(asked("/keys"), 0, "within the minute");
    let sign_in_at = |now: i64| {
        let (address, asked) = issuers.begin("club", BACK, Moment(now)).unwrap();
        server.world().now_s = now / 1_000_000;
        issuers.finish(asked, &read(&brought(&server, &address)), Moment(now))
    };
    for _ in 0..3 {
        assert!(sign_in_at(NOW.0 + 61_000_000).is_err());
    }
    assert_eq!(asked("/keys"), 1, "after it, once");
    server.world().spoil = Vec::new();
    sign_in_at(NOW.0 + 3_700_000_000).unwrap();
    assert_eq!(asked("/keys"), 1, "after an hour");
}

#[test]
fn too_many_calls_of_one_issuer_at_once_are_told_to_come_again_and_hold_up_no_other() {
    let server = server();
    let list = json!([
        { "name": "club", "kind": "openid", "issuer": server.url(), "client": "rochdale", "secret_file": "s" },
        { "name": "forge", "kind": "gitea", "at": server.url(), "client": "rochdale", "secret_file": "s" },
    ]);
    let secret = server.world().secret.clone().unwrap();
    let list = List::read(&list.to_string(), Reach::Loopback, &|_| Ok(secret.clone())).unwrap();
    let issuers = Issuers::new(list);
    let held: Vec<_> = (0..MOST_CALLS).map(|_| call(&issuers.issuer("club").unwrap().1).unwrap()).collect();
    assert_eq!(signs_in(&server, &issuers), Err(Refused::Busy));
    let (address, asked) = issuers.begin("forge", BACK, NOW).unwrap();
    assert!(issuers.finish(asked, &read(&brought(&server, &address)), NOW).is_ok());
    drop(held);
    assert!(signs_in(&server, &issuers).is_ok());
}

#[test]
fn nothing_secret_is_in_the_address_or_in_what_is_shown() {
    let server = server();
    let issuers = issuers(&server, "openid");
    let (address, asked) = issuers.begin("club", BACK, NOW).unwrap();
    assert!(!address.contains(&asked.verifier) && address.contains("code_challenge_method=S256"));
    let secret = server.world().secret.clone().unwrap();
    assert!(!format!("{issuers:?} {asked:?}").contains(&secret));
    assert!(!format!("{asked:?}").contains(&asked.state));
}

proptest! {
    #[test]
    fn junk_is_no_token_and_no_description(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(token::Unchecked::read(&text).is_err());
        prop_assert!(config::Config::read("https://x.example", &bytes, Reach::Public).is_err());
        prop_assert!(keys::read(&bytes).map_or(true, |keys| keys.is_empty()));
    }
}
