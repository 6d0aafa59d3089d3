//! The stand-in refuses what an issuer must refuse, or it would hide the fault that it should show.

use super::*;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const BACK: &str = "http://localhost/back";

fn world() -> World {
    let mut world = World::new("c", 1_000).unwrap();
    world.base = "http://issuer".to_owned();
    world
}

fn asks(world: &mut World, change: &[(&str, &str)]) -> Reply {
    let challenge = base64url(&Sha256::digest(b"the word"));
    let fields = [
        ("client_id", "c"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("redirect_uri", BACK),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let fields = fields.iter().chain(change).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    world.answer(&Call { method: "GET".to_owned(), path: "/authorize".to_owned(), fields, authorization: None })
}

fn code(world: &mut World) -> String {
    let location = asks(world, &[]).location.unwrap();
    location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

fn redeems(world: &mut World, code: &str, change: &[(&str, &str)]) -> Reply {
    let secret = world.secret.clone().unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", "the word"),
        ("client_id", "c"),
        ("client_secret", secret.as_str()),
    ];
    let fields = fields.iter().chain(change).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    world.answer(&Call { method: "POST".to_owned(), path: "/token".to_owned(), fields, authorization: None })
}

#[test]
fn a_code_is_taken_once_with_the_word_the_address_and_the_secret() {
    let mut world = world();
    let first = code(&mut world);
    assert_eq!(redeems(&mut world, &first, &[]).status, 200);
    assert_eq!(redeems(&mut world, &first, &[]).body["error"], "invalid_grant", "a code that was used");
    for (change, why) in [
        (("code_verifier", "another word"), "invalid_grant"),
        (("code_verifier", ""), "invalid_grant"),
        (("redirect_uri", "http://localhost/elsewhere"), "invalid_grant"),
        (("client_secret", "guessed"), "invalid_client"),
        (("client_id", "d"), "invalid_client"),
        (("grant_type", "password"), "unsupported_grant_type"),
        (("code", "made up"), "invalid_grant"),
    ] {
        let fresh = code(&mut world);
        assert_eq!(redeems(&mut world, &fresh, &[change]).body["error"], why, "{change:?}");
    }
    let fresh = code(&mut world);
    assert_eq!(redeems(&mut world, &fresh, &[("code_verifier", "wrong")]).status, 400);
    assert_eq!(redeems(&mut world, &fresh, &[]).status, 400, "a code that was shown wrongly is spent");
}

#[test]
fn nobody_is_asked_without_a_challenge_or_for_another_client() {
    for change in [("code_challenge", ""), ("code_challenge_method", "plain"), ("client_id", "d"), ("scope", "email")] {
        assert_eq!(asks(&mut world(), &[change]).status, 400, "{change:?}");
    }
    let mut world = world();
    world.says_no = true;
    assert!(asks(&mut world, &[]).location.unwrap().contains("error=access_denied"));
}

#[test]
fn only_a_token_that_was_given_says_who_somebody_is() {
    let mut world = world();
    let asks = |world: &mut World, token: &str| {
        let authorization = Some(format!("Bearer {token}"));
        let (method, path) = ("GET".to_owned(), "/api/v3/user".to_owned());
        world.answer(&Call { method, path, authorization, ..Call::default() }).status
    };
    assert_eq!(asks(&mut world, "guessed"), 401);
    let fresh = code(&mut world);
    let given = redeems(&mut world, &fresh, &[]).body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(asks(&mut world, &given), 200);
    assert_eq!(world.answer(&Call { method: "GET".to_owned(), path: "/x".to_owned(), ..Call::default() }).status, 404);
}

#[test]
fn spoilt_tokens_are_spoilt() {
    let mut world = world();
    world.spoil = vec![Spoil::Claim("aud", json!("d")), Spoil::Unsigned];
    let fresh = code(&mut world);
    let token = redeems(&mut world, &fresh, &[]).body["id_token"].as_str().unwrap().to_owned();
    let parts: Vec<&str> = token.split('.').collect();
    let part = |at: usize| String::from_utf8(sign::bytes(parts[at]).unwrap()).unwrap();
    assert!(part(0).contains("\"none\"") && part(1).contains("\"aud\":\"d\"") && parts[2].is_empty());
}
