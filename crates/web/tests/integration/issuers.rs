//! Accounts at issuers, with a stand-in for them: linked, signed in by; and whose word is not taken.

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use bridges::forge::Reach;
use host::clock;
use proof::issuer::List;
use proof_double::{Server, Spoil, World};
use serde_json::json;

use crate::passkeys::{Browser, server};
use crate::site::{Answer, encoded};

/// An issuer, a server that takes its word in two ways, and a link for each of two members.
fn issuer() -> (Server, Router, Vec<String>) {
    let issuer = Server::start(World::new("rochdale", clock::now().0 / 1_000_000).expect("keys")).expect("a port");
    let list = json!([
        { "name": "club", "title": "The <club>", "kind": "openid", "issuer": issuer.url(), "client": "rochdale", "secret_file": "s" },
        { "name": "forge", "kind": "gitea", "at": issuer.url(), "client": "rochdale", "secret_file": "s" },
    ]);
    let secret = issuer.world().secret.clone().expect("a secret");
    let list = List::read(&list.to_string(), Reach::Loopback, &|_| Ok(secret.clone())).expect("a list");
    let (server, links) = server(list);
    (issuer, server, links)
}

/// Goes to the issuer and back; the path and the form of the page that hands its answer in.
async fn there_and_back(
    issuer: &Server,
    server: &mut Router,
    browser: &mut Browser,
    address: &str,
) -> (String, String) {
    let back = issuer.visit(address).expect("sent back");
    let path = back.strip_prefix("http://localhost:1844").expect("this server").to_owned();
    let page = browser.get(server, &path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(!page.headers.contains_key(SET_COOKIE), "loading the page changes nothing");
    assert_eq!(page.headers["cache-control"], "no-store");
    let to = page.text.split("action=\"").find(|rest| rest.contains("data-go-on")).expect("a form");
    let field = |part: &str| {
        let (name, rest) = part.split_once("\" value=\"").expect("a value");
        let value = rest.split('"').next().expect("an end").replace("&#38;", "&").replace("&#39;", "'");
        format!("{name}={}", encoded(&value))
    };
    let fields: Vec<String> =
        to.split("name=\"").skip(1).filter(|part| part.contains("\" value=\"")).map(field).collect();
    (to.split('"').next().expect("an end").to_owned(), fields.join("&"))
}

async fn links(issuer: &Server, server: &mut Router, browser: &mut Browser, name: &str) -> Answer {
    let page = browser.post(server, &format!("/me/ways/issuer/{name}"), "").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let start = format!("href=\"{}", issuer.url());
    let rest = page.text.split(&start).nth(1).expect("a link");
    let address = format!("{}{}", issuer.url(), rest.split('"').next().expect("an end").replace("&#38;", "&"));
    let (path, form) = there_and_back(issuer, server, browser, &address).await;
    browser.post(server, &path, &form).await
}

async fn signs_in(issuer: &Server, server: &mut Router, browser: &mut Browser, name: &str) -> Answer {
    let answer = browser.get(server, &format!("/sign-in/issuer/{name}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let address = answer.headers[LOCATION].to_str().expect("ASCII").to_owned();
    let (path, form) = there_and_back(issuer, server, browser, &address).await;
    browser.post(server, &path, &form).await
}

fn leads_to(answer: &Answer, path: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers[LOCATION], path);
}

fn is_refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
    let sets = answer.headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
    assert!(!sets.into_iter().any(|set| set.starts_with("rochdale_session=")), "nobody comes in");
}

#[tokio::test]
async fn a_member_links_an_account_and_signs_in_by_it() {
    let (issuer, mut server, codes) = issuer();
    let mut browser = Browser::by_link(&mut server, &codes[0]).await;
    let page = browser.get(&mut server, "/me/ways").await.text;
    assert!(page.contains("Link an account at The &#60;club&#62;"), "{page}");
    let stranger = signs_in(&issuer, &mut server, &mut Browser::default(), "club").await;
    is_refused(&stranger, "No member has linked this account");
    leads_to(&links(&issuer, &mut server, &mut browser, "club").await, "/me/ways?done=way-added");
    leads_to(&links(&issuer, &mut server, &mut browser, "forge").await, "/me/ways?done=way-added");
    for name in ["club", "forge"] {
        let mut other = Browser::default();
        leads_to(&signs_in(&issuer, &mut server, &mut other, name).await, "/me?done=signed-in");
        assert!(other.get(&mut server, "/me").await.text.contains("member-001"));
    }
    // The same account is nobody else's, and another account with the same mail address is nobody's.
    let mut second = Browser::by_link(&mut server, &codes[1]).await;
    is_refused(&links(&issuer, &mut server, &mut second, "club").await, "linked to somebody already");
    issuer.world().subject = "248289761002".to_owned();
    let other = signs_in(&issuer, &mut server, &mut Browser::default(), "club").await;
    is_refused(&other, "No member has linked this account");
}

#[tokio::test]
async fn an_answer_is_good_once_and_in_the_browser_that_asked() {
    let (issuer, mut server, codes) = issuer();
    let mut browser = Browser::by_link(&mut server, &codes[0]).await;
    leads_to(&links(&issuer, &mut server, &mut browser, "club").await, "/me/ways?done=way-added");
    let mut other = Browser::default();
    let answer = other.get(&mut server, "/sign-in/issuer/club").await;
    let address = answer.headers[LOCATION].to_str().expect("ASCII").to_owned();
    let (path, form) = there_and_back(&issuer, &mut server, &mut other, &address).await;
    let asked = other.clone();
    is_refused(&Browser::default().post(&mut server, &path, &form).await, "begin again");
    let mut lured = Browser::default();
    lured.get(&mut server, "/sign-in/issuer/club").await;
    is_refused(&lured.post(&mut server, &path, &form).await, "begin again");
    is_refused(&other.clone().post(&mut server, "/sign-in/issuer/forge/back", &form).await, "begin again");
    leads_to(&other.post(&mut server, &path, &form).await, "/me?done=signed-in");
    is_refused(&asked.clone().post(&mut server, &path, &form).await, "cannot be asked");
    // A member who is lured into finishing somebody else's way links nothing.
    let mut second = Browser::by_link(&mut server, &codes[1]).await;
    is_refused(&second.post(&mut server, &path, &form).await, "begin again");
}

#[tokio::test]
async fn a_spoilt_word_lets_nobody_in_and_links_nothing() {
    let (issuer, mut server, codes) = issuer();
    let mut browser = Browser::by_link(&mut server, &codes[0]).await;
    leads_to(&links(&issuer, &mut server, &mut browser, "club").await, "/me/ways?done=way-added");
    for spoil in [
        Spoil::Unsigned,
        Spoil::Hs256,
        Spoil::Stranger,
        Spoil::Claim("nonce", json!("guessed")),
        Spoil::Claim("aud", json!("another")),
        Spoil::Claim("iss", json!("https://evil.example")),
        Spoil::Claim("exp", json!(1)),
        Spoil::AnswerIssuer(Some("https://evil.example".to_owned())),
        Spoil::AnswerIssuer(None),
    ] {
        issuer.world().spoil = vec![spoil];
        is_refused(&signs_in(&issuer, &mut server, &mut Browser::default(), "club").await, "is not taken");
    }
    issuer.world().spoil = Vec::new();
    issuer.world().says_no = true;
    is_refused(&signs_in(&issuer, &mut server, &mut Browser::default(), "club").await, "says no");
}

#[tokio::test]
async fn words_that_are_not_taken_are_tries_of_where_they_come_from() {
    let (issuer, mut server, codes) = issuer();
    let mut browser = Browser::by_link(&mut server, &codes[0]).await;
    leads_to(&links(&issuer, &mut server, &mut browser, "club").await, "/me/ways?done=way-added");
    issuer.world().spoil = vec![Spoil::Unsigned];
    for _ in 0..60 {
        is_refused(&signs_in(&issuer, &mut server, &mut Browser::default(), "club").await, "is not taken");
    }
    issuer.world().spoil = Vec::new();
    issuer.world().calls.clear();
    let answer = Browser::default().get(&mut server, "/sign-in/issuer/club").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text.contains("Wait ten minutes"), "{}", answer.text);
    assert!(issuer.world().calls.is_empty(), "it is not asked");
}

#[tokio::test]
async fn an_issuer_that_is_not_there_is_said_to_be_so() {
    let (issuer, mut server, _) = issuer();
    drop(issuer);
    let answer = Browser::default().get(&mut server, "/sign-in/issuer/club").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("cannot be asked now"), "{}", answer.text);
    for path in ["/sign-in/issuer/nobody", "/sign-in/issuer/nobody/back?state=x", "/sign-in/issuer/..%2Fclub"] {
        assert_eq!(Browser::default().get(&mut server, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let odd = "/sign-in/issuer/club/back?state=%3Cscript%3Ealert(1)%3C/script%3E&code=%22x&other=y";
    let page = Browser::default().get(&mut server, odd).await.text;
    assert!(!page.contains("<script>alert") && !page.contains("name=\"other\""), "{page}");
}
