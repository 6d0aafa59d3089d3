//! Holders of offices and seats in a co-op: what they do is done, what they may not is refused with its words, and nobody else
//! gets a form.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use charter::Power;
use engine::Edition;
use engine::act::{Act, AddToList, CastBallot, OpenItem};
use host::{Charter, Coop, Person};
use web::Door;

use crate::house::{HOSTILE, House, admit, at, empty, hand_in, stand, vote};
use crate::site::{Answer, encoded, get, post, send};

const KERNEL: &str = r#"# Kernel
```charter
kernel {
    name "trial"
    purpose "Try the powers"
    currency "USD"
    time-zone "Pacific/Auckland"
    class "members" list="member-list" {
        weight "1"
    }
    votes "linear"
    constitution {
        settles-in "30 days"
        updates "weekly on monday at 01:00"
    }
    amend "2/3 of weight for 180 days"
    fork carries="register ledger rules" treasury="by weight of those who go"
}
```
"#;

const CONSTITUTION: &str = r#"# Rules
```charter
office "treasurer" {
    settles-in "1 day"
    may "spend" up-to="500 USD per month"
}
office "registrar" {
    settles-in "1 day"
    may "admit" "keep-list"
}
body "core-team" seats=2 {
    settles-in "1 day"
    may "close-issue"
}
ranking "issues" of="forge" {
    close-after "900 days" floor="0.5 votes"
}
```
"#;

/// One member each for the three offices, in this order, and a fourth who holds nothing.
const OFFICES: [&str; 3] = ["treasurer", "registrar", "core-team"];

fn house() -> House {
    let mut coop = empty(KERNEL, CONSTITUTION);
    let mut members = Vec::new();
    for number in 1..=4 {
        let member = coop.all_or_nothing(|batch| admit(batch, &format!("member-00{number}"))).expect("admitted");
        hand_in(&mut coop, &Act::AddToList(AddToList { list: "member-list".to_owned(), member }));
        members.push(member);
    }
    for (office, holder) in OFFICES.iter().zip(&members) {
        hand_in(&mut coop, &stand(*holder, office));
        for member in &members {
            hand_in(&mut coop, &vote(*member, office, &holder.to_string(), 300_000));
        }
    }
    let (decision, item) = ("issues".to_owned(), "7".to_owned());
    hand_in(&mut coop, &Act::OpenItem(OpenItem { decision, item, amount: None }));
    let until = at("2025-03-02T00:00:00Z");
    coop.update_until(until, until).expect("counted");
    for (power, holder) in [Power::Spend, Power::Admit, Power::CloseIssue].into_iter().zip(&members) {
        let held = coop.state().holds_power(*holder, power).count();
        assert_eq!(held, 1, "{}", power.name());
    }
    House::serve(coop, &members, Door::WalkIn)
}

/// A co-op under edition 2 on its first day: its founder, and a member like others.
fn founded() -> House {
    let kernel = KERNEL.replace("    amend", "    founding { powers until \"admit is held\" }\n    amend");
    // Nobody alone keeps a list that gives weight.
    let constitution = CONSTITUTION.replace("office \"registrar\"", "body \"registrar\" seats=3");
    let rules = Charter::read_under(kernel, constitution, Edition::TWO).expect("rules");
    let day = at("2025-01-02T00:00:00Z");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let person = Person { name: "member-001".to_owned(), ..Person::default() };
    let founder = coop.all_or_nothing(|batch| batch.admit_founder(&person, day)).expect("admitted");
    let other = coop.all_or_nothing(|batch| admit(batch, "member-002")).expect("admitted");
    House::serve(coop, &[founder, other], Door::WalkIn)
}

#[tokio::test]
async fn a_founder_uses_the_powers_of_vacant_offices_and_home_says_so() {
    let mut house = founded();
    let home = house.page("/", "").await;
    for told in
        ["The founding period", ">member-001</a>", "Registrar</a>: may admit members, may keep", "for the first time."]
    {
        assert!(home.contains(told), "{told}: {home}");
    }
    let (founder, other) = (house.cookie(0).await, house.cookie(1).await);
    assert!(house.page("/me", &founder).await.contains("As a founder, for the vacant"));
    assert!(house.page("/powers/admit", &founder).await.contains("a founder, for the vacant"));
    assert!(house.page("/powers/admit", &other).await.contains("You hold no office or seat with this power."));
    house.used("admit", &founder, "name=member-003").await;
    let log = house.published_log().await;
    assert!(log.contains("member-001 joined as a founder"), "{log}");
    assert!(log.contains("member-003 joined, by a founder, for the vacant Registrar"), "{log}");
}

/// A council of three under edition 2, who admit and keep the list; the fourth member holds nothing.
fn council() -> House {
    let constitution = "# Rules\n```charter\nbody \"council\" seats=3 {\n    settles-in \"1 day\"\n    may \"admit\" \"keep-list\"\n}\n```\n";
    let day = at("2025-01-02T00:00:00Z");
    let rules = Charter::read_under(KERNEL.to_owned(), constitution.to_owned(), Edition::TWO).expect("rules");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let mut members = Vec::new();
    for number in 1..=4 {
        let member = coop.all_or_nothing(|batch| admit(batch, &format!("member-00{number}"))).expect("admitted");
        hand_in(&mut coop, &Act::AddToList(AddToList { list: "member-list".to_owned(), member }));
        members.push(member);
    }
    for holder in &members[..3] {
        hand_in(&mut coop, &stand(*holder, "council"));
    }
    for member in &members {
        let scores = members[..3].iter().map(|holder| (holder.to_string(), 1_000_000)).collect();
        let decision = "council".to_owned();
        let cast = CastBallot {
            member: *member,
            decision,
            item: None,
            share_ppm: 900_000,
            scores: Some(scores),
            against: false,
        };
        hand_in(&mut coop, &Act::CastBallot(cast));
    }
    let until = at("2025-03-04T00:00:00Z");
    coop.update_until(until, until).expect("counted");
    let seated = coop.state().decision("council").map_or(0, |council| council.seated().count());
    assert_eq!(seated, 3);
    House::serve(coop, &members, Door::WalkIn)
}

#[tokio::test]
async fn a_council_admits_together_and_everybody_sees_what_waits() {
    let mut house = council();
    let (first, second, fourth) = (house.cookie(0).await, house.cookie(1).await, house.cookie(3).await);
    assert!(house.page("/powers/admit", &first).await.contains("this proposes the act"));
    let there = house.used("admit", &first, "name=member-005").await;
    assert!(house.page(&there, &first).await.contains("It waits"));
    let register = |house: &House| house.coop.read().state().members.active_count();
    assert_eq!(register(&house), 4);
    // The others are asked on their own page, and everybody sees it; nobody else has a button.
    assert!(house.page("/me", &second).await.contains("Council is asked: member-005 becomes a member"));
    let page = house.page("/powers/waiting", &fourth).await;
    assert!(
        page.contains("1 of the 2 that are needed have agreed: member-001.") && !page.contains("<button name=\"do\"")
    );
    let refused = house.post("/powers/waiting", &fourth, "number=1&do=agree").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("R094"), "{}", refused.text);
    let there = house.done("/powers/waiting", &second, "number=1&do=agree").await;
    assert!(house.page(&there, &second).await.contains("You agreed."));
    for path in ["/", "/members", "/decisions/council", "/powers/waiting"] {
        let page = house.page(path, "").await;
        assert!(page.contains("or at the first update after that"), "{path}: {page}");
    }
    assert_eq!(register(&house), 4, "announced, and no member yet");
    // One proposes to take it back, and another agrees.
    house.done("/powers/waiting", &first, "number=2&do=take-back").await;
    house.done("/powers/waiting", &second, "number=3&do=agree").await;
    let page = house.page("/powers/waiting", &first).await;
    assert!(page.contains("Nothing waits."), "{page}");
    let log = house.published_log().await;
    assert!(log.contains("member-001 proposed an act: "), "{log}");
    assert!(!log.contains("member-005"), "the name went with the admission: {log}");
}

impl House {
    /// Walks in as one of the members, from 0; the cookie.
    pub(crate) async fn cookie(&mut self, member: usize) -> String {
        self.member(member + 1).await
    }

    async fn hand_in(&mut self, power: &str, cookie: &str, form: &str) -> Answer {
        self.post(&format!("/powers/{power}"), cookie, form).await
    }

    async fn used(&mut self, power: &str, cookie: &str, form: &str) -> String {
        self.done(&format!("/powers/{power}"), cookie, form).await
    }

    async fn refused(&mut self, power: &str, cookie: &str, form: &str, code: &str) -> String {
        let answer = self.hand_in(power, cookie, form).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{form} {}", answer.text);
        assert!(answer.text.contains(code), "{form} {}", answer.text);
        answer.text
    }
}

/// An expense; `number` tells one from another.
fn expense(amount: &str, number: u32) -> String {
    format!(
        "amount={amount}&from=assets%3Abank&to=expenses%3Ahosting&narration=servers&day=2025-02-20&source={number:032x}"
    )
}

/// The value of a form's field.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let rest = page.split_once(&format!("name=\"{name}\" value=\"")).map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

#[tokio::test]
async fn the_treasurer_spends_up_to_the_limit_and_no_further() {
    let mut house = house();
    let cookie = house.cookie(0).await;
    let page = house.page("/me", &cookie).await;
    assert!(page.contains("As holder of <a href=\"/decisions/treasurer\">Treasurer</a>"));
    assert!(page.contains("500.00 of 500.00 USD of this month are left"), "{page}");
    let page = house.page("/powers/spend", &cookie).await;
    assert_eq!(field(&page, "source").len(), 32);
    assert_eq!(field(&page, "day"), "2025-02-24", "today in Auckland");

    let led = house.used("spend", &cookie, &expense("480.00", 1)).await;
    assert_eq!(led, "/powers/spend?done=booked");
    let page = house.page(&led, &cookie).await;
    assert!(page.contains("The expense is booked.") && page.contains("20.00 of 500.00 USD"));

    let page = house.refused("spend", &cookie, &expense("20.01", 2), "R051").await;
    assert!(page.contains("480.00 USD of this month are spent, and this is 20.01 USD"));
    assert!(page.contains("20.00 USD are left of this month"), "the way out");
    for (name, typed) in [
        ("amount", "20.01"),
        ("from", "assets:bank"),
        ("to", "expenses:hosting"),
        ("narration", "servers"),
        ("day", "2025-02-20"),
        ("source", "00000000000000000000000000000002"),
    ] {
        assert_eq!(field(&page, name), typed, "nothing typed is lost");
    }
    house.used("spend", &cookie, &expense("20", 2)).await;

    let public = house.page("/decisions/treasurer", "").await;
    assert!(public.contains("Of the 500.00 USD of this month 500.00 USD are spent."));
    let log = house.published_log().await;
    assert_eq!(log.matches("by the holder of Treasurer").count(), 2);
    assert!(log.contains("Booked: servers, −480.00 USD, by the holder of Treasurer"));
}

#[tokio::test]
async fn an_expense_that_is_handed_in_twice_is_booked_once() {
    let mut house = house();
    let cookie = house.cookie(0).await;
    house.used("spend", &cookie, &expense("1", 1)).await;
    let page = house.refused("spend", &cookie, &expense("1", 1), "R038").await;
    let fresh = field(&page, "source");
    assert!(fresh.len() == 32 && !fresh.ends_with("01"), "the next one can be booked");
    let page = house.page("/me", &cookie).await;
    assert!(page.contains("499.00 of 500.00 USD"));
}

#[tokio::test]
async fn only_spending_can_be_booked_and_only_of_what_was_paid() {
    let mut house = house();
    let cookie = house.cookie(0).await;
    for (from, to, code) in [
        ("income:gifts", "expenses:hosting", "R001"),
        ("assets:bank", "assets:own", "R001"),
        ("assets:bank", "assets:bank", "R001"),
        ("assets:Bank", "expenses:hosting", "R043"),
    ] {
        let form = format!("amount=1&from={from}&to={to}&narration=x&day=2025-02-20&source={:032x}", 7);
        house.refused("spend", &cookie, &form, code).await;
    }
    let late = expense("1", 8).replace("2025-02-20", "2031-01-01");
    house.refused("spend", &cookie, &late, "R036").await;
    assert!(house.page("/me", &cookie).await.contains("500.00 of 500.00 USD"));
}

#[tokio::test]
async fn the_registrar_admits_and_keeps_the_list() {
    let mut house = house();
    let cookie = house.cookie(1).await;
    let led = house.used("admit", &cookie, "name=member-005").await;
    assert_eq!(led, "/powers/admit?done=admitted");
    let log = house.published_log().await;
    assert!(log.contains("member-005 joined, by the holder of Registrar"));
    let again = house.hand_in("admit", &cookie, "name=Member-005").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("is in the register already"), "{}", again.text);
    assert_eq!(field(&again.text, "name"), "Member-005");
    house.used("admit", &cookie, "name=A+club&organisation=yes").await;
    assert!(house.published_log().await.contains("A club, an organisation, joined"));

    let found = house.page("/powers/keep-list?query=005", &cookie).await;
    let (_, member) = found.split_once("<option value=\"").expect("somebody");
    let member = member.split('"').next().expect("a pseudonym").to_owned();
    assert_eq!(found.matches("<option").count(), 1, "{found}");
    let on = format!("query=005&list=member-list&member={member}&do=on");
    let off = on.replace("do=on", "do=off");
    let led = house.used("keep-list", &cookie, &on).await;
    assert_eq!(led, "/powers/keep-list?done=on-list");
    let found = house.page("/powers/keep-list?query=005", &cookie).await;
    assert!(found.contains("member-005 · member list</option>"), "{found}");
    let page = house.refused("keep-list", &cookie, &on, "R010").await;
    assert!(page.contains(&format!("<option value=\"{member}\" selected>")));
    house.used("keep-list", &cookie, &off).await;
    house.refused("keep-list", &cookie, &off, "R011").await;
    let log = house.published_log().await;
    assert!(log.contains("member-005 was taken off the member list, by the holder of Registrar"));
    let other = on.replace("list=member-list", "list=none");
    house.refused("keep-list", &cookie, &other, "R009").await;
    let nobody = on.replace(&member, "m_0000000000000");
    house.refused("keep-list", &cookie, &nobody, "R006").await;
}

#[tokio::test]
async fn the_core_team_opens_and_closes_items() {
    let mut house = house();
    let cookie = house.cookie(2).await;
    let open = "do=open&ranking=issues&item=8&title=Faster+search&link=https%3A%2F%2Fexample.org%2F8";
    let led = house.used("close-issue", &cookie, open).await;
    assert_eq!(led, "/powers/close-issue?done=item-opened");
    let issues = house.page("/issues", "").await;
    assert!(issues.contains("<a href=\"https://example.org/8\" rel=\"noreferrer\">Faster search</a>"));
    let page = house.refused("close-issue", &cookie, open, "R026").await;
    assert_eq!((field(&page, "item"), field(&page, "title")), ("8", "Faster search"));
    let bad = open.replace("item=8", "item=a+b");
    house.refused("close-issue", &cookie, &bad, "R027").await;
    let led = house.used("close-issue", &cookie, "do=close&ranking=issues&closing=8").await;
    assert_eq!(led, "/powers/close-issue?done=item-closed");
    assert!(!house.page("/issues", "").await.contains("id=\"item-8\""));
    let page = house.refused("close-issue", &cookie, "do=close&ranking=issues&closing=none", "R024").await;
    assert_eq!(field(&page, "closing"), "none");
    let log = house.published_log().await;
    assert!(log.contains("left the list of Priorities, by a member of Core team"), "{log}");
}

#[tokio::test]
async fn who_holds_nothing_gets_no_form_and_is_refused_by_the_rules() {
    let mut house = house();
    let cookie = house.cookie(3).await;
    assert!(!house.page("/me", &cookie).await.contains("What I may do"));
    let member = house.members[3].clone();
    let list = format!("list=member-list&member={member}&do=off");
    let expense = expense("1", 1);
    let forms = [
        ("spend", "treasurer", expense.as_str()),
        ("admit", "registrar", "name=member-009"),
        ("keep-list", "registrar", list.as_str()),
        ("close-issue", "core-team", "do=open&ranking=issues&item=9&title=t"),
        ("close-issue", "core-team", "do=close&ranking=issues&closing=7"),
    ];
    for (power, office, form) in forms {
        let page = house.page(&format!("/powers/{power}"), &cookie).await;
        assert!(page.contains("You hold no office or seat with this power"), "{page}");
        assert!(page.contains(&format!("href=\"/decisions/{office}\"")));
        assert!(!page.contains(&format!("action=\"/powers/{power}\"")));
        house.refused(power, &cookie, form, "R001").await;
        // The holder of another office is no nearer to it.
        let other = house.cookie(if office == "treasurer" { 1 } else { 0 }).await;
        house.refused(power, &other, form, "R001").await;
    }
    // Who may not admit does not learn either who is known by a name.
    let known = house.refused("admit", &cookie, "name=member-001", "R001").await;
    assert!(!known.contains("in the register already"));
    let log = house.published_log().await;
    assert!(!log.contains("by the holder of"), "{log}");
}

#[tokio::test]
async fn strangers_and_other_sites_do_nothing() {
    let mut house = house();
    let cookie = house.cookie(0).await;
    let stranger = house.hand_in("spend", "", &expense("1", 1)).await;
    assert_eq!(stranger.headers[LOCATION], "/walk-in");
    let mut elsewhere = post("/powers/spend", &cookie, &expense("1", 1));
    let other_site = HeaderValue::from_static("cross-site");
    elsewhere.headers_mut().insert("sec-fetch-site", other_site);
    let answer = send(&mut house.server, elsewhere).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(house.page("/me", &cookie).await.contains("500.00 of 500.00 USD"));
    for power in ["merge", "none", "%3Cb%3E"] {
        let answer = send(&mut house.server, get(&format!("/powers/{power}"), &cookie)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{power}");
        let answer = house.hand_in(power, &cookie, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{power}");
    }
}

#[tokio::test]
async fn empty_and_hostile_input_comes_back_as_typed_and_harmless() {
    let mut house = house();
    let typed: String = encoded(HOSTILE);
    for (member, power, fields) in [
        (0, "spend", &["amount", "from", "to", "narration", "day"][..]),
        (1, "admit", &["name"]),
        (2, "close-issue", &["item", "title", "link", "ranking"]),
    ] {
        let cookie = house.cookie(member).await;
        let empty = house.hand_in(power, &cookie, "").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{power}");
        assert!(empty.text.contains("Nothing was done"), "{}", empty.text);
        assert!(empty.text.contains("aria-invalid=\"true\""));
        let pairs: Vec<String> = fields.iter().map(|field| format!("{field}={typed}")).collect();
        let answer = house.hand_in(power, &cookie, &pairs.join("&")).await;
        assert!(!answer.text.contains("<script>alert"), "{power}: {}", answer.text);
        assert!(answer.status == StatusCode::SEE_OTHER || answer.text.contains("&#60;script&#62;"));
    }
    let cookie = house.cookie(1).await;
    let form = format!("query={typed}&member={typed}&list={typed}&do=on");
    let answer = house.hand_in("keep-list", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text.contains("<script>alert"));
    // A name may be hostile: it is shown, and does nothing.
    let log = house.published_log().await;
    assert!(log.contains("&#60;script&#62;") && !log.contains("<script>alert"), "{log}");
    for path in ["/members", "/powers/keep-list"] {
        let page = house.page(path, &cookie).await;
        assert!(page.contains("&#60;script&#62;") && !page.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn every_form_is_headed_by_what_it_does_and_hands_in_what_was_typed() {
    let mut house = house();
    for (member, power, heading) in [
        (0, "spend", "Book an expense"),
        (1, "admit", "Admit a member"),
        (1, "keep-list", "Keep lists of members"),
        (2, "close-issue", "Open or close an item"),
    ] {
        let cookie = house.cookie(member).await;
        let page = house.page(&format!("/powers/{power}"), &cookie).await;
        assert!(page.contains(&format!("<h1>{heading}</h1>")), "{power}");
    }
    let (cookie, entries) = (house.cookie(1).await, house.entries());
    let member = house.members[3].clone();
    let form = format!("query=&member={member}&list=member-list&do=off");
    assert_eq!(house.used("keep-list", &cookie, &form).await, "/powers/keep-list?done=off-list");
    let wanted = serde_json::json!({ "act": "remove_from_list", "list": "member-list", "member": member });
    assert_eq!(house.acts_after(entries), [wanted]);
}

/// A till under edition 3 that records hours and purchases, its holder the first of three members.
fn till() -> House {
    let kernel = KERNEL.replace(" list=\"member-list\"", "");
    let constitution = "# Rules\n```charter\noffice \"till\" {\n    settles-in \"1 day\"\n    may \"record\" \"hours\" \"purchases\"\n}\n```\n";
    let day = at("2025-01-02T00:00:00Z");
    let rules = Charter::read_under(kernel, constitution.to_owned(), Edition::THREE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, day).expect("a co-op");
    let mut members = Vec::new();
    for number in 1..=3 {
        members.push(coop.all_or_nothing(|batch| admit(batch, &format!("member-00{number}"))).expect("admitted"));
    }
    hand_in(&mut coop, &stand(members[0], "till"));
    for member in &members {
        hand_in(&mut coop, &vote(*member, "till", &members[0].to_string(), 300_000));
    }
    let until = at("2025-03-02T00:00:00Z");
    coop.update_until(until, until).expect("counted");
    assert_eq!(coop.state().holds_power(members[0], Power::Record).count(), 1);
    House::serve(coop, &members, Door::WalkIn)
}

#[tokio::test]
async fn a_till_records_for_others_and_the_log_names_it() {
    let mut house = till();
    let (holder, other) = (house.cookie(0).await, house.cookie(1).await);
    assert!(house.page("/me", &holder).await.contains("Record what somebody gave"));
    let page = house.page("/record", &holder).await;
    assert!(page.contains("purchase, in USD") && page.contains("hours"), "{page}");
    assert_eq!(field(&page, "source").len(), 32);
    assert!(page.contains("value=\"2025-02-24\" max=\"2025-02-24\""), "today in Auckland");
    let row = |member: &str, kind: &str, amount: &str, number: u32| {
        format!("do=record&member={member}&kind={kind}&amount={amount}&day=2025-02-20&source={number:032x}")
    };
    let led = house.done("/record", &holder, &row("member-002", "hours%3Ahours", "1.25", 1)).await;
    assert!(house.page(&led, &holder).await.contains("It is recorded, and counts"));
    house.done("/record", &holder, &row("member-002", "purchase%3AUSD", "12.50", 2)).await;
    house.done("/record", &holder, &row("member-002", "hours%3Ahours", "1.25", 1)).await;
    let log = house.published_log().await;
    for told in ["worked 1.25 hours on 20 February 2025", "bought for 12.50 USD on 20 February 2025"] {
        assert_eq!(log.matches(told).count(), 1, "{told}: {log}");
    }
    assert_eq!(log.matches("by the holder of Till").count(), 2, "{log}");
    // Not for oneself, even where the reader is at the desk; other kinds come by the desk's right.
    let own = house.post("/record", &holder, &row("member-001", "hours%3Ahours", "1", 3)).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text.contains("nobody records what they gave themselves"), "{}", own.text);
    assert_eq!(field(&own.text, "amount"), "1", "nothing typed is lost");
    house.done("/record", &holder, &row("member-002", "dues%3AUSD", "1", 4)).await;
    assert_eq!(house.published_log().await.matches("by the holder of Till").count(), 2);
    // The page of the power says who has it.
    assert!(house.page("/powers/record", &other).await.contains("You hold no office or seat with this power."));
    let gone = house.hand_in("record", &holder, &row("member-002", "hours%3Ahours", "1", 5)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let empty = house.post("/record", &holder, "do=record").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("choose what it is"), "{}", empty.text);
}

#[tokio::test]
async fn hours_are_handed_in_and_wait_for_a_yes() {
    let mut house = till();
    let (holder, other, third) = (house.cookie(0).await, house.cookie(1).await, house.cookie(2).await);
    assert!(house.page("/me", &other).await.contains("<a href=\"/claims\">Hand in hours</a>"));
    let page = house.page("/claims", &other).await;
    let source = field(&page, "source").to_owned();
    assert_eq!((source.len(), field(&page, "day")), (32, "2025-02-24"));
    let form = |hours: &str| format!("do=hand-in&hours={hours}&day=2025-02-20&source={source}");
    let led = house.done("/claims", &other, &form("2.5")).await;
    let page = house.page(&led, &other).await;
    assert!(page.contains("It waits for a yes.") && page.contains("member-002 worked 2.5 hours"), "{page}");
    let twice = house.post("/claims", &other, &form("2.5")).await;
    assert!(twice.status == StatusCode::CONFLICT && twice.text.contains("R038"), "{}", twice.text);
    let empty = house.post("/claims", &other, "do=hand-in").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("aria-invalid=\"true\""), "{}", empty.text);
    // Neither the member nor somebody without the power says yes.
    for cookie in [&other, &third] {
        let refused = house.post("/claims", cookie, "do=yes&number=1").await;
        assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("R001"), "{}", refused.text);
    }
    assert!(house.page("/me", &holder).await.contains("1 of them wait"));
    assert!(house.page("/claims", &holder).await.contains("member-002 worked 2.5 hours"));
    house.done("/claims", &holder, "do=yes&number=1").await;
    let log = house.published_log().await;
    assert!(log.contains("member-001 said yes to claim 1, by the holder of Till"), "{log}");
    // A second one is refused with its reason, and a third taken back.
    let source = "a".repeat(32);
    let next = |digit: &str| format!("do=hand-in&hours=1&day=2025-02-20&source={}", source.replace('a', digit));
    house.done("/claims", &other, &next("b")).await;
    house.done("/claims", &holder, "do=no&number=2&reason=other-day").await;
    house.done("/claims", &other, &next("c")).await;
    house.done("/claims", &other, "do=take-back&number=3").await;
    let log = house.published_log().await;
    assert!(log.contains("member-001 said no to claim 2: the day is another, by the holder of Till"), "{log}");
    assert!(log.contains("member-002 took back their claim 3"), "{log}");
    assert_eq!(house.coop.read().state().claims.waiting().count(), 0);
}
