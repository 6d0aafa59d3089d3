//! A source that falls silent, seen from outside: a file with a rhythm comes in by the page, the log's time runs for more than 120 days,
//! and each telling is on its day on home, on my page, beside each forecast and in the feed. Source: `docs/spec/support.md`, Silent sources.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use engine::Edition;
use host::{Charter, Coop};
use web::Door;

use crate::house::{CONSTITUTION, House, KERNEL, admit, at};
use crate::site::{Answer, post_file, send};

const HEAD: &str = "member,kind,amount,unit,given_at,source\n";
/// Where everybody is told.
const PAGES: [&str; 7] =
    ["/", "/me", "/decisions", "/decisions/maintainer", "/issues", "/constitution", "/constitution/kernel"];

/// A co-op of edition 3, founded half an hour before an update, in which gifts of last month give weight.
fn house() -> House {
    let kernel = KERNEL.replace("weight \"0.5\"", "weight \"donated(last month) / 1 USD\"");
    // Edition 3 lets nobody keep alone a list that gives weight.
    let constitution = CONSTITUTION.replace(" \"keep-list\"", "");
    let rules = Charter::read_under(kernel, constitution, Edition::THREE).expect("rules");
    let mut coop = Coop::in_memory(rules, true, at("2025-02-04T00:30:00Z")).expect("a co-op");
    let members: Vec<_> = ["member-001", "member-002"]
        .iter()
        .map(|name| coop.all_or_nothing(|batch| admit(batch, name)).expect("admitted"))
        .collect();
    House::serve(coop, &members, Door::WalkIn)
}

async fn table(house: &mut House, cookie: &str, rows: &str, every: &str) -> Answer {
    let text = format!("{HEAD}{rows}");
    let fields = [("text", text.as_str()), ("every", every), ("do", "record")];
    send(&mut house.server, post_file("/record/table", cookie, &fields, None)).await
}

/// Runs every update up to one o'clock of a day.
fn until(house: &House, day: &str) {
    let day = at(&format!("{day}T01:00:00Z"));
    house.coop.write(move |batch| batch.run_until(day, day)).expect("counted");
}

/// The weights of both members, in whole units.
fn weights(house: &House) -> Vec<u64> {
    house.coop.read().state().weights.member.iter().map(|micro| micro / 1_000_000).collect()
}

/// How often words are on each page where everybody is told.
async fn told(house: &mut House, cookie: &str, words: &str) -> Vec<bool> {
    let mut told = Vec::new();
    for path in PAGES {
        told.push(house.page(path, cookie).await.contains(words));
    }
    told
}

#[tokio::test]
async fn weights_are_held_everybody_is_told_on_the_day_and_late_records_count_by_their_dates() {
    let mut house = house();
    let cookie = house.member(1).await;
    assert!(house.page("/record", &cookie).await.contains("How often such a file comes"));
    let rows = "member-001,donation,50,USD,2025-01-20,a\nmember-002,donation,30,USD,2025-01-21,b\n";
    let odd = table(&mut house, &cookie, rows, "now and then").await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.text.contains("value=\"now and then\"") && odd.text.contains("say `every 30 days`"), "{}", odd.text);
    let done = table(&mut house, &cookie, rows, "every 30 days").await;
    assert_eq!(done.headers[LOCATION], "/imports/1?done=imported", "{}", done.text);
    assert!(house.page("/imports/1", &cookie).await.contains("is expected again within 30 days"));
    let sources = house.page("/sources", "").await;
    for words in ["A table of what members gave: donation, by file", "in time", "expected every 30 days"] {
        assert!(sources.contains(words), "{words}: {sources}");
    }
    assert!(!sources.contains("It has nothing new"), "strangers say nothing of a source");

    // (day, whether weight is held, the telling that is new on it)
    let late = "Records of donations are late: their source was last heard on 4 February 2025.";
    let held = format!("{late} Members keep the weight that they had then, until 5 May 2025.");
    let ends = format!("{late} Members keep the weight that they had then only until 5 May 2025, within a week.");
    let ended = format!("{late} Since 5 May 2025 weight is that of the records that there are.");
    let (full, none) = (vec![50, 30], vec![0, 0]);
    let days: [(&str, &Vec<u64>, Option<&str>, usize); 9] = [
        ("2025-02-05", &full, None, 0),
        ("2025-03-05", &none, None, 0),
        ("2025-03-06", &full, Some(&held), 1),
        ("2025-04-27", &full, Some(&held), 1),
        ("2025-04-28", &full, Some(&ends), 2),
        ("2025-05-04", &full, Some(&ends), 2),
        ("2025-05-05", &none, Some(&ended), 3),
        ("2025-05-20", &none, Some(&ended), 3),
        ("2025-06-05", &none, Some(&ended), 3),
    ];
    for (day, weight, words, entries) in days {
        until(&house, day);
        assert_eq!(&weights(&house), weight, "{day}");
        match words {
            Some(words) => assert_eq!(told(&mut house, &cookie, words).await, [true; PAGES.len()], "{day}"),
            None => assert_eq!(told(&mut house, &cookie, late).await, [false; PAGES.len()], "{day}"),
        }
        let feed = house.page("/feeds/changes.atom", "").await;
        assert_eq!(feed.matches("are late").count(), entries, "{day}: {feed}");
        if let Some(words) = words {
            assert!(feed.contains(&format!("<title>{words}</title>")), "{day}: {feed}");
        }
    }
    // Each telling has the instant of its day, and keeps it.
    let feed = house.page("/feeds/changes.atom", "").await;
    for (words, day) in [(&held, "2025-03-06"), (&ends, "2025-04-28"), (&ended, "2025-05-05")] {
        assert!(feed.contains(&format!("<title>{words}</title><updated>{day}T00:30:")), "{day}: {feed}");
    }
    let sources = house.page("/sources", &cookie).await;
    for words in [">silent<", "silent since", "weight held until", &ended, "It has nothing new"] {
        assert!(sources.contains(words), "{words}: {sources}");
    }

    // 121 days on, late records come: those of May count in June by their dates, and those of March no more.
    let rows = "member-001,donation,7,USD,2025-03-10,c\nmember-002,donation,9,USD,2025-05-10,d\n";
    let done = table(&mut house, &cookie, rows, "").await;
    assert_eq!(done.headers[LOCATION], "/imports/2?done=imported", "{}", done.text);
    assert_eq!(told(&mut house, &cookie, "are late").await, [false; PAGES.len()], "it was heard");
    assert_eq!(house.page("/feeds/changes.atom", "").await.matches("are late").count(), 0);
    until(&house, "2025-06-06");
    assert_eq!(weights(&house), [0, 9]);
}

#[tokio::test]
async fn a_file_without_a_rhythm_gets_one_on_the_page_of_sources() {
    let mut house = house();
    let cookie = house.member(1).await;
    table(&mut house, &cookie, "member-001,donation,50,USD,2025-01-20,a\n", "").await;
    let page = house.page("/sources", &cookie).await;
    assert!(page.contains("No source is expected yet.") && page.contains("First file: table.csv"), "{page}");
    let say = |words: &str| format!("source=file%2Fsupport-csv%2Fdonation&{words}");
    let odd = house.post("/sources", &cookie, &say("do=every&every=often")).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.text.contains("value=\"often\"") && odd.text.contains("role=\"alert\""), "{}", odd.text);
    let before = house.entries();
    assert_eq!(house.done("/sources", &cookie, &say("do=every&every=30+days")).await, "/sources?done=expected");
    let acts = house.acts_after(before);
    assert_eq!((acts.len(), &acts[0]["act"], &acts[0]["every_days"]), (1, &"source_heard".into(), &30.into()));
    until(&house, "2025-03-06");
    assert!(house.page("/", "").await.contains("Records of donations are late"));
    assert_eq!(house.done("/sources", &cookie, &say("do=heard")).await, "/sources?done=heard");
    assert!(!house.page("/", "").await.contains("are late"));
    let nobody = house.post("/sources", "", &say("do=heard")).await;
    assert_eq!(nobody.headers[LOCATION], "/walk-in", "{}", nobody.text);
    let absent = house.post("/sources", &cookie, "source=file%2Fx&do=heard").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
}
