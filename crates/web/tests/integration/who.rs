//! The page that asks whether two members are one person: who is asked, what an answer does, and the same for programs.

use axum::http::StatusCode;
use engine::Edition;
use host::inbox::{Bringer, Door as Way, Handed, Import, Kinds, LogTime, Newcomers, Recording, bring, open_handed};
use host::{Charter, Coop, Person};
use web::Door;

use crate::house::{House, admit, at};
use crate::site::{get, post_json, send};

const KERNEL: &str = r#"# Kernel
```charter
kernel {
    name "trial"
    purpose "Tell people apart"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "donated(ever) / 1 USD" }
    votes "linear"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    founding { powers until "admit is held" }
    amend "never"
    fork carries="register ledger rules" treasury="none"
}
```
"#;
const CONSTITUTION: &str =
    "# Rules\n```charter\noffice \"registrar\" {\n    settles-in \"1 day\"\n    may \"admit\"\n}\n```\n";
const DONATIONS: &str = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n\
    2025-01-02T09:00:00,a1,Contribution,CREDIT,CONTRIBUTION,,,50,0,50,USD,third,member-003\n\
    2025-01-02T09:00:00,a2,Contribution,CREDIT,CONTRIBUTION,,,20,0,20,USD,second,member-002\n";

/// A founder and two members, two of whose names givers on a donation site have.
fn house() -> House {
    let day = at("2025-01-03T00:00:00Z");
    let rules = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), Edition::THREE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let mut members = vec![coop.all_or_nothing(|batch| batch.admit_founder(&person, day)).expect("admitted")];
    for name in ["member-002", "member-003"] {
        members.push(coop.all_or_nothing(|batch| admit(batch, name)).expect("admitted"));
    }
    let house = House::serve(coop, &members, Door::WalkIn);
    let handed = Handed { name: "gifts.csv".to_owned(), bytes: DONATIONS.as_bytes().to_vec() };
    let mut sources = [open_handed(&house.coop.read(), &handed, None, None).expect("a file")];
    let (time, newcomers) = (LogTime::Now(day), Newcomers::Welcome);
    let import = Import {
        door: Way::Command,
        by: Bringer::default(),
        time,
        newcomers,
        kinds: Kinds::All,
        recording: Recording::Bridge,
        every: None,
    };
    let report = house.coop.write(move |batch| bring(batch, &mut sources, &import, &mut || ())).expect("brought");
    let said = report.lines(&|_| "somebody".to_owned()).join("\n");
    assert!(said.contains("2 pairs of members may be one person: /who asks"), "{said}");
    house
}

fn read(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

/// The pseudonyms that the form of the question names.
fn pair(page: &str) -> (String, String) {
    let of = |name: &str| {
        let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    (of("one"), of("other"))
}

#[tokio::test]
async fn one_question_is_asked_at_a_time_of_those_who_may_answer() {
    let mut house = house();
    let (founder, own, other) = (house.member(1).await, house.member(2).await, house.member(3).await);
    let page = house.page("/who", &founder).await;
    for told in
        ["Is this one person?", "Two places give the same name.", "1 more wait", "1 record of support", "Nobody is."]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(house.page("/who", &own).await.contains("Is this you too?"), "each is asked about themselves");
    // Later, and two people.
    let (one, second) = pair(&page);
    house.done("/who", &founder, &format!("one={one}&other={second}&answer=later")).await;
    let (next, fourth) = pair(&house.page("/who", &founder).await);
    assert_ne!((&one, &second), (&next, &fourth), "others are asked first");
    house.done("/who", &founder, &format!("one={next}&other={fourth}&answer=two")).await;
    assert!(!house.page("/who", &founder).await.contains("more wait"));
    // One person: announced, shown to all, and stopped by the one who is there.
    let led = house.done("/who", &founder, &format!("one={one}&other={second}&answer=same")).await;
    let page = house.page(&led, &founder).await;
    assert!(page.contains("member-00") && page.contains("No, two people"), "{page}");
    let side = if house.page("/who", &own).await.contains("No, two people") { &own } else { &other };
    house.done("/who", side, &format!("one={one}&other={second}&answer=two")).await;
    let again = house.post("/who", &founder, &format!("one={one}&other={second}&answer=same")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("R120"), "{}", again.text);
    let log = house.published_log().await;
    assert!(log.contains("are said to be one person") && log.contains("are two people"), "{log}");
    for (form, status) in [("answer=maybe", StatusCode::NOT_FOUND), ("one=x&other=y&answer=two", StatusCode::NOT_FOUND)]
    {
        assert_eq!(house.post("/who", &founder, form).await.status, status, "{form}");
    }
}

#[tokio::test]
async fn programs_ask_and_answer_the_same() {
    let mut house = house();
    let (founder, other) = (house.member(1).await, house.member(3).await);
    let all = read(&house.get("/api/v1/who", &founder).await.text);
    assert_eq!((all["pairs"].as_array().map(Vec::len), all["pairs"][0]["by"].as_str()), (Some(2), Some("name")));
    let own = read(&house.get("/api/v1/who", &other).await.text);
    assert_eq!(own["pairs"].as_array().map(Vec::len), Some(1), "each their own");
    let first = &all["pairs"][0];
    let mut said = serde_json::json!({ "one": first["one"], "other": first["other"], "answer": "same" });
    let mut request = post_json("/api/v1/who", &said);
    request.headers_mut().insert("cookie", founder.parse().expect("a cookie"));
    request.headers_mut().insert("sec-fetch-site", "same-origin".parse().expect("a header"));
    let done = send(&mut house.server, request).await;
    assert_eq!(
        (done.status, read(&done.text)["act"].as_str()),
        (StatusCode::OK, Some("join_members")),
        "{}",
        done.text
    );
    let joins = read(&house.get("/api/v1/who", &founder).await.text);
    assert_eq!(joins["joins"][0]["stage"], "announced");
    said["answer"] = "perhaps".into();
    let bad = send(&mut house.server, post_json("/api/v1/who", &said)).await;
    assert!(bad.status.is_client_error());
    assert_ne!(send(&mut house.server, get("/who", "")).await.status, StatusCode::OK, "strangers are asked nothing");
}
