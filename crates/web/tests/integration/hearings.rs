//! Hearings on pages: opened by a seat, answered by the member, proposed and agreed to by seats; and nobody else.

use axum::http::StatusCode;
use engine::Edition;
use engine::act::{Act, CastBallot, Nominate, Stand};
use engine::{Actor, Pseudonym};
use host::{Charter, Coop, Person};
use web::Door;

use crate::house::{HOSTILE, House, at};
use crate::site::{encoded, get, post, send};

const KERNEL: &str = "# K\n```charter\nkernel { name x; purpose y; currency EUR; class \"members\" list=\"member-list\" { weight \"1\" }\nconstitution { settles-in \"30 days\"; updates \"weekly on monday at 01:00\" } }\n```\n";
const RULES: &str = "# R\n```charter\nbody \"council\" seats=3 { settles-in \"1 day\"; may \"expel\" }\n```\n";

/// Five members, of whom the first three sit on the council.
fn house() -> House {
    let day = at("2025-01-03T00:00:00Z");
    let rules = Charter::read_under(KERNEL.to_owned(), RULES.to_owned(), Edition::FIVE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let mut members: Vec<Pseudonym> = Vec::new();
    let mut batch = coop.batch().expect("a batch");
    for number in 1..=5 {
        let person = Person { name: format!("member-00{number}"), ..Person::default() };
        let member = batch.member_for(&person, Actor::Operator, day).expect("admitted");
        batch.put_on_list("member-list", member, Actor::Operator, day).expect("listed");
        members.push(member);
    }
    batch.run_next_update(day).expect("an update");
    let decision = || "council".to_owned();
    let act = |batch: &mut host::Batch<'_>, act: Act| {
        batch.append(&act, Actor::Operator, "", "", day).expect("accepted");
    };
    for member in members.iter().take(3) {
        act(&mut batch, Act::Stand(Stand { member: *member, decision: decision() }));
        let (candidate, share_ppm) = (member.to_string(), 900_000);
        let attention = Nominate { member: *member, decision: decision(), candidate, share_ppm, against: false };
        act(&mut batch, Act::Nominate(attention));
    }
    batch.run_next_update(day).expect("an update");
    for member in &members {
        let scores = members.iter().take(3).map(|one| (one.to_string(), 1_000_000)).collect();
        let (item, scores) = (None, Some(scores));
        let ballot =
            CastBallot { member: *member, decision: decision(), item, share_ppm: 900_000, scores, against: false };
        act(&mut batch, Act::CastBallot(ballot));
    }
    for _ in 0..4 {
        batch.run_next_update(day).expect("an update");
    }
    batch.commit().expect("kept");
    House::serve(coop, &members, Door::WalkIn)
}

#[tokio::test]
async fn somebody_is_heard_reads_why_answers_and_is_expelled_by_two_seats() {
    let mut house = house();
    let (seat, other, accused) = (house.member(1).await, house.member(2).await, house.member(5).await);
    let page = house.page("/hearings", &seat).await;
    assert!(page.contains("Open the hearing") && page.contains("Nobody is being heard."), "{page}");
    assert!(!house.page("/hearings", &accused).await.contains("Open the hearing"), "no seat, no form");
    let opens = |whom: &str, why: &str| format!("do=open&whom={whom}&reason={}", encoded(why));
    for (body, words) in [
        (opens("member-077", "why"), "Nobody in the register has this name."),
        (opens("member-005", ""), "Write it down."),
    ] {
        let answer = send(&mut house.server, post("/hearings", &seat, &body)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(words), "{}", answer.text);
    }
    let why = format!("took the till {HOSTILE}");
    let none = send(&mut house.server, post("/hearings", &accused, &opens("member-004", &why))).await;
    assert_eq!(none.status, StatusCode::CONFLICT, "no seat");
    let opened = send(&mut house.server, post("/hearings", &seat, &opens("member-005", &why))).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let me = house.page("/me", &accused).await;
    assert!(me.contains("You are being heard, member-005"), "the member is told");
    let page = house.page("/hearings", &accused).await;
    assert!(page.contains("took the till") && !page.contains(HOSTILE), "{page}");
    assert!(page.contains("Your answer") && page.contains("There is no answer yet."));
    let answered = send(&mut house.server, post("/hearings", &accused, "do=answer&answer=it+was+not+me")).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
    assert!(house.page("/hearings", "").await.contains("it was not me"), "for everyone who sees the pages");
    let who = house.coop.read().find_member("member-005").expect("found").expect("a member");
    let expel = format!("do=expel&accused={who}");
    let early = send(&mut house.server, post("/hearings", &seat, &expel)).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "there is time to answer");
    for _ in 0..3 {
        house.coop.write(|batch| batch.run_next_update(at("2025-02-01T00:00:00Z"))).expect("an update");
    }
    assert!(house.page("/hearings", &seat).await.contains("Propose to expel them"));
    let proposed = send(&mut house.server, post("/hearings", &seat, &expel)).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.text);
    let waits = house.page("/powers/waiting", &other).await;
    assert!(waits.contains("member-005 is expelled"), "{waits}");
    let number = house.coop.read().state().powers.proposed().next().map(|(number, _)| number).expect("proposed");
    let agrees = format!("number={number}&do=agree");
    let agreed = send(&mut house.server, post("/powers/waiting", &other, &agrees)).await;
    assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text);
    assert!(house.page("/hearings", &accused).await.contains("Their expulsion is announced"));
    for _ in 0..2 {
        house.coop.write(|batch| batch.run_next_update(at("2025-02-01T00:00:00Z"))).expect("an update");
    }
    let seen = house.coop.read();
    let index = seen.state().members.index(who).expect("once a member");
    assert!(!seen.state().members.is_active(index));
    assert!(send(&mut house.server, get("/register?former=yes", "")).await.text.contains("expelled after a hearing"));
    assert!(house.page("/feeds/changes.atom", "").await.contains("member-005 was expelled"));
}
