//! Bridges by page and API, who may set them up, and deliveries of forges over HTTP: recorded ones, forged ones, and too many.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{Request, StatusCode};
use engine::{Actor, Pseudonym};
use host::bridge::{BridgeSettings, Running, Vault, add, set_running};
use host::gate::Scopes;
use host::inbox::{Bringer, Kinds};
use host::{Charter, Coop, Person, ServerClock, Shared, Writable, clock};
use quantity::Currency;
use serde_json::{Value, json};
use web::{App, Door, Transport, router};

use crate::site::{Answer, get, post, send};

const SECRET: &str = "fixture-not-a-secret";

/// An open-source project that was founded just now by `member-001`, with `member-002` in it.
struct Project {
    coop: Arc<Shared>,
    server: Router,
    founder: Pseudonym,
    other: Pseudonym,
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Project {
        let template = charter::template("open-source").expect("a template");
        let filled = template.fill("Project", Currency::parse("EUR").expect("a currency"));
        let rules = Charter::read(filled.kernel, filled.constitution).expect("rules");
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("coop");
        host::init(&home, &rules, false).expect("a co-op");
        let mut coop = Coop::open(&home, clock::now()).expect("opened");
        let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
        let mut batch = coop.batch().expect("a batch");
        let founder = batch.admit_founder(&person("member-001"), clock::now()).expect("admitted");
        batch.put_founder(founder).expect("kept");
        let other = batch.member_for(&person("member-002"), Actor::Operator, clock::now()).expect("admitted");
        batch.commit().expect("kept");
        drop(coop);
        // As a server opens it: with a folder, in which the key of the vault is.
        let coop = Coop::open(&home, clock::now()).expect("opened");
        let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
        let server = router(App::invited(Arc::clone(&coop), Transport::Plain).expect("an app"));
        Project { coop, server, founder, other, folder }
    }

    fn vault(&self) -> Vault {
        self.coop.vault().expect("a folder")
    }

    /// A bridge that goes, to the repository of the recorded deliveries.
    fn bridge(&self, address: &str) -> String {
        let settings = BridgeSettings::of(address, None, bridges::forge::Reach::Public).expect("settings");
        let mut writer = Writable::Served(Arc::clone(&self.coop));
        let by = (Bringer::default(), clock::now());
        let made =
            add(&mut writer, &self.vault(), settings, (Some("forge-token-canary"), Some(SECRET)), by).expect("made");
        set_running(&mut writer, &made.id, Running::Going, clock::now()).expect("going");
        made.id
    }

    async fn cookie(&mut self, member: Pseudonym) -> String {
        let code = self.coop.write(move |batch| batch.invite(member, None, 14, clock::now())).expect("invited");
        let answer = send(&mut self.server, post(&format!("/invitation/{code}"), "", "")).await;
        let set = answer.headers[SET_COOKIE].to_str().expect("ASCII");
        set.split(';').next().expect("a pair").to_owned()
    }

    fn token(&self, member: Option<Pseudonym>, record: Kinds) -> String {
        let scopes = Scopes { record: Some(record), ..Scopes::default() };
        let name = format!("token {}", self.coop.read().tokens().expect("read").len());
        let made = self.coop.write(move |batch| {
            Ok::<_, host::Error>(batch.make_token(&name, member, scopes, 30, clock::now()).expect("made"))
        });
        made.expect("kept")
    }

    async fn api(&mut self, method: &str, path: &str, token: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json");
        let answer = send(&mut self.server, request.body(Body::from(body.to_string())).expect("a request")).await;
        (answer.status, serde_json::from_str(&answer.text).unwrap_or(Value::Null))
    }

    /// Sends a delivery as a forge does: no cookie, no origin.
    async fn deliver(&mut self, bridge: &str, head: &[(String, String)], body: Vec<u8>) -> Answer {
        let mut request = Request::post(format!("/hooks/{bridge}")).header(HOST, "coop.example");
        for (name, value) in head {
            request = request.header(name.as_str(), value.as_str());
        }
        let request = request.header(CONTENT_LENGTH, body.len()).header(CONTENT_TYPE, "application/json");
        send(&mut self.server, request.body(Body::from(body)).expect("a request")).await
    }

    fn open_items(&self) -> Vec<String> {
        let present = self.coop.read();
        let issues =
            present.state().open_decisions().find(|(_, one)| one.items_of() == Some("forge")).expect("a ranking").1;
        issues.items().filter(|item| item.closed_at.is_none()).map(|item| item.id.to_string()).collect()
    }
}

/// A recorded delivery: its head, and its body.
fn recorded(file: &str) -> (Vec<(String, String)>, Vec<u8>) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../bridges/tests/forge");
    let all: Value =
        serde_json::from_slice(&std::fs::read(folder.join("deliveries.json")).expect("read")).expect("JSON");
    let one = all["deliveries"].as_array().expect("a list").iter().find(|one| one["file"] == file).expect("recorded");
    let head = one["headers"].as_object().expect("fields").iter();
    let head = head.map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned())).collect();
    (head, std::fs::read(folder.join(file)).expect("read"))
}

#[tokio::test]
async fn recorded_deliveries_come_in_once_and_forged_ones_never() {
    let mut project = Project::new();
    let bridge = project.bridge("https://github.com/member-001/Hello-World");
    let (head, body) = recorded("github/issues-opened-15.json");
    let answer = project.deliver(&bridge, &head, body.clone()).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, "taken"));
    assert_eq!(project.open_items(), ["1"]);
    let entries = project.coop.read().head().seq;
    let answer = project.deliver(&bridge, &head, body.clone()).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, "known"));
    // Under another id, which nobody signs, it says nothing new either.
    let other: Vec<_> = head
        .iter()
        .map(|(name, value)| {
            (name.clone(), if name == "X-GitHub-Delivery" { "replayed".to_owned() } else { value.clone() })
        })
        .collect();
    assert_eq!(project.deliver(&bridge, &other, body.clone()).await.status, StatusCode::ACCEPTED);
    assert_eq!(project.coop.read().head().seq, entries);
    for (file, answered) in [
        ("github/ping-event-00.json", "passed"),
        ("github/star-created-00.json", "passed"),
        ("github/push-event-00.json", "taken"),
    ] {
        let (head, body) = recorded(file);
        let answer = project.deliver(&bridge, &head, body).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, answered), "{file}");
    }
    // One bit of the body, no signature, another bridge's address, and a forge of another dialect.
    let mut wrong = body.clone();
    wrong[100] ^= 1;
    let unsigned: Vec<_> = head.iter().filter(|(name, _)| !name.contains("Signature")).cloned().collect();
    let (gitea, of_gitea) = recorded("gitlab/issue-event.json");
    for (bridge, head, body) in [
        (bridge.as_str(), &head, wrong),
        (bridge.as_str(), &unsigned, body.clone()),
        ("0123456789abcdef01234567", &head, body.clone()),
        (bridge.as_str(), &gitea, of_gitea),
    ] {
        let answer = project.deliver(bridge, head, body).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::FORBIDDEN, "not signed for here"));
    }
    let (head, body) = recorded("github/issues-deleted-04.json");
    assert_eq!(project.deliver(&bridge, &head, body).await.text, "taken");
    assert!(project.open_items().is_empty());
    let long = vec![b' '; bridges::forge::LONGEST_DELIVERY + 1];
    assert_eq!(project.deliver(&bridge, &head, long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let without = Request::post(format!("/hooks/{bridge}")).header(HOST, "coop.example");
    let answer = send(&mut project.server, without.body(Body::from("{}")).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::LENGTH_REQUIRED);
    // A browser that is signed in sets nothing off.
    let cookie = project.cookie(project.founder).await;
    let request = Request::post(format!("/hooks/{bridge}")).header(HOST, "coop.example").header(COOKIE, cookie);
    let answer =
        send(&mut project.server, request.header(CONTENT_LENGTH, 2).body(Body::from("{}")).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_founder_sets_a_bridge_up_from_the_page_and_no_secret_is_shown_again() {
    let mut project = Project::new();
    let (founder, other) = (project.cookie(project.founder).await, project.cookie(project.other).await);
    for cookie in ["", other.as_str()] {
        let answer = send(&mut project.server, get("/bridges", cookie)).await;
        assert!(matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::CONFLICT), "{}", answer.status);
        let answer =
            send(&mut project.server, post("/bridges", cookie, "address=https://github.com/a/b&takes=issues")).await;
        assert!(matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::CONFLICT), "{}", answer.status);
    }
    for (form, why) in [
        ("address=http://github.com/a/b&takes=issues", "use `https`"),
        ("address=https://127.0.0.1/a/b&forge=gitea&takes=issues", "inside a network"),
        ("address=https://git.example/a/b&takes=issues", "say which forge"),
        ("address=https://github.com/a/b", "bring nothing in"),
        ("address=https://github.com/a/b&takes=commits&takes=changes", "twice"),
        ("address=https://github.com/a/b&takes=issues&token=two%20words-canary", "one word"),
    ] {
        let answer = send(&mut project.server, post("/bridges", &founder, form)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.text.contains(why), "{form}: {}", answer.text);
        assert!(!answer.text.contains("canary"), "{form}");
    }
    let form = "address=https://github.com/coop/tool&takes=issues&takes=changes&token=ghp-canary-1234";
    let made = send(&mut project.server, post("/bridges", &founder, form)).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(made.text.contains("The bridge to github.com/coop/tool is made") && !made.text.contains("canary"));
    let bridges = project.coop.read().bridges().expect("read");
    let (id, bridge) = &bridges[0];
    let secret = &bridge.secrets(id, &project.vault(), clock::now()).expect("open")[0];
    assert!(made.text.contains(secret.as_str()));
    let shown = send(&mut project.server, get("/bridges", &founder)).await;
    assert!(shown.text.contains("made, and waits for Go") && shown.text.contains(&format!("/hooks/{id}")));
    assert!(!shown.text.contains(secret.as_str()) && !shown.text.contains("canary"));
    let go = send(&mut project.server, post(&format!("/bridges/{id}"), &founder, "do=go")).await;
    assert_eq!(go.status, StatusCode::SEE_OTHER);
    let named = "do=bots&bots=%40renovate%2C+helper-program";
    let named = send(&mut project.server, post(&format!("/bridges/{id}"), &founder, named)).await;
    assert_eq!(named.status, StatusCode::SEE_OTHER);
    let shown = send(&mut project.server, get("/bridges", &founder)).await;
    assert!(shown.text.contains("Left out as programs: helper-program, renovate."), "{}", shown.text);
    let wrong = post(&format!("/bridges/{id}"), &founder, "do=bots&bots=%C3%BCber");
    let wrong = send(&mut project.server, wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("a word each"), "{}", wrong.text);
    let renewed = send(&mut project.server, post(&format!("/bridges/{id}"), &founder, "do=secret")).await;
    assert!(renewed.text.contains("good for a day more") && !renewed.text.contains(secret.as_str()));
    let gone = send(&mut project.server, post(&format!("/bridges/{id}"), &founder, "do=remove")).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(project.coop.read().bridges().expect("read").is_empty());
    let absent = send(&mut project.server, post(&format!("/bridges/{id}"), &founder, "do=go")).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    // Neither the data file nor its write-ahead log has ever held them.
    drop(project.server);
    for file in std::fs::read_dir(project.folder.path().join("coop")).expect("a folder").flatten() {
        if file.path().is_file() {
            let bytes = std::fs::read(file.path()).expect("read");
            for canary in [b"ghp-canary-1234".as_slice(), secret.as_bytes()] {
                assert!(!bytes.windows(canary.len()).any(|part| part == canary), "{:?}", file.path());
            }
        }
    }
}

#[tokio::test]
async fn a_program_sets_a_bridge_up_with_a_token_that_records_everything() {
    let mut project = Project::new();
    let (all, some, others) = (
        project.token(Some(project.founder), Kinds::All),
        project.token(Some(project.founder), Kinds::parse("hours").expect("kinds")),
        project.token(Some(project.other), Kinds::All),
    );
    let wish = json!({"address": "https://codeberg.org/coop/tool", "token": "canary-5678", "counts": ["changes"]});
    for (token, status) in [(some, StatusCode::FORBIDDEN), (others, StatusCode::CONFLICT)] {
        assert_eq!(project.api("POST", "/api/v1/bridges", &token, &wish).await.0, status);
        assert_eq!(project.api("GET", "/api/v1/bridges", &token, &Value::Null).await.0, status);
    }
    let (status, made) = project.api("POST", "/api/v1/bridges", &all, &wish).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(made["hook"], format!("/hooks/{id}"));
    let (_, listed) = project.api("GET", "/api/v1/bridges", &all, &Value::Null).await;
    let one = &listed["bridges"][0];
    assert_eq!(
        (&one["place"], &one["forge"], &one["state"]),
        (&json!("codeberg.org/coop/tool"), &json!("gitea"), &json!("new"))
    );
    assert!(
        !listed.to_string().contains("canary")
            && !listed.to_string().contains(made["secret"].as_str().expect("a secret"))
    );
    let path = format!("/api/v1/bridges/{id}");
    for (deed, status) in [
        (json!({"do": "go"}), StatusCode::OK),
        (json!({"do": "pause"}), StatusCode::OK),
        (json!({"do": "fly"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"do": "bots"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"do": "bots", "bots": ["renovate"]}), StatusCode::OK),
        (json!({"do": "remove"}), StatusCode::OK),
        (json!({"do": "remove"}), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(project.api("POST", &path, &all, &deed).await.0, status, "{deed}");
    }
    for bad in [
        json!({}),
        json!({"address": "https://github.com/a/b", "forge": "cvs"}),
        json!({"address": "https://10.0.0.1/a/b"}),
    ] {
        assert_eq!(
            project.api("POST", "/api/v1/bridges", &all, &bad).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_collective_is_set_up_by_page_and_api_without_a_webhook() {
    let mut project = Project::new();
    let founder = project.cookie(project.founder).await;
    let record = send(&mut project.server, get("/record", &founder)).await;
    assert!(record.text.contains("From an address") && record.text.contains("action=\"/bridges/address\""));
    let form = "address=https://opencollective.com/our-coop&takes=issues&token=oc-canary-1234";
    let made = send(&mut project.server, post("/bridges", &founder, form)).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let shown = send(&mut project.server, get("/bridges?done=bridge-made", &founder)).await;
    for words in ["opencollective.com/our-coop", "All transactions come in as the CSV gives them", "waits for Go"] {
        assert!(shown.text.contains(words), "{words}");
    }
    assert!(!shown.text.contains("/hooks/") && !shown.text.contains("canary"));
    let (id, bridge) = project.coop.read().bridges().expect("read").remove(0);
    assert_eq!((bridge.source().as_str(), bridge.settings.list), ("open-collective/our-coop", None));
    // A delivery to it is nobody's, whoever signed it.
    let (head, body) = recorded("github/issues-opened-15.json");
    assert_eq!(project.deliver(&id, &head, body).await.status, StatusCode::FORBIDDEN);
    let renewed = send(&mut project.server, post(&format!("/bridges/{id}"), &founder, "do=secret")).await;
    assert_eq!(renewed.status, StatusCode::UNPROCESSABLE_ENTITY);
    // One field for an address: what is not understood, and what is inside, is refused before anything is called.
    for (from, why) in [
        ("https://forge.example/owner/name", "say which forge"),
        ("two words", "is not an address"),
        ("https://127.0.0.1/our-coop", "inside a network"),
        ("https://[::1]/owner/name", "inside a network"),
        ("opencollective.com/our-coop", "is there already"),
    ] {
        let form = format!("from={}", from.replace(' ', "%20"));
        let answer = send(&mut project.server, post("/bridges/address", &founder, &form)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{from}");
        assert!(answer.text.contains(why), "{from}: {}", answer.text);
        assert!(answer.text.contains(&format!("value=\"{from}\"")), "{from}");
    }
    let all = project.token(Some(project.founder), Kinds::All);
    let wish = json!({"address": "another-coop", "counts": ["commits"]});
    assert_eq!(project.api("POST", "/api/v1/bridges", &all, &wish).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, made) = project.api("POST", "/api/v1/bridges", &all, &json!({"address": "another-coop"})).await;
    assert_eq!((status, &made["place"]), (StatusCode::OK, &json!("opencollective.com/another-coop")), "{made}");
    assert!(made.get("hook").is_none() && made.get("secret").is_none(), "{made}");
}

#[tokio::test]
async fn a_server_that_is_read_only_takes_no_delivery() {
    let mut project = Project::new();
    let bridge = project.bridge("https://github.com/member-001/Hello-World");
    project.server = router(App::new(Arc::clone(&project.coop), Door::ReadOnly));
    let (head, body) = recorded("github/issues-opened-15.json");
    assert_eq!(project.deliver(&bridge, &head, body).await.status, StatusCode::FORBIDDEN);
    assert!(project.open_items().is_empty());
}
