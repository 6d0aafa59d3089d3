//! Each template, founded on the page, and fed by pages and tokens alone: its offices and bodies are seated within 60 days of the log, and
//! who may spend has spent. Nobody types a command, and nobody touches a file.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use engine::Edition;
use engine::edition::newest_closed;
use host::{ServerClock, Shared, clock};
use quantity::Moment;
use serde_json::{Value, json};
use tempfile::TempDir;
use web::{Door, FirstRun, FirstRunSettings, Limits, Reach, Transport, first_run_router};

use crate::house::at;
use crate::site::{Answer, encoded, get, post, send};

/// So many members, the founder among them; each seat has one, where there are enough.
const MEMBERS: usize = 6;
const DAYS: i64 = 60;
const DAY_US: i64 = 86_400_000_000;

/// A template, and what its members do.
struct Row {
    template: &'static str,
    /// The lists that give weight, and whether those on them keep them.
    lists: &'static [(&'static str, bool)],
    /// The offices and bodies with the number of their seats.
    seats: &'static [(&'static str, usize)],
    /// Records of everybody but the founder, by a token: kind, amount, unit.
    given: &'static [(&'static str, &'static str, &'static str)],
    /// Whether members pledge on their own pages.
    pledges: bool,
    /// The office or body that spends.
    spends: &'static str,
}

/// A co-op that was founded on its page.
struct Founded {
    server: Router,
    coop: Arc<Shared>,
    /// The members' cookies and pseudonyms, the founder's first.
    members: Vec<(String, String)>,
    token: String,
    _folder: TempDir,
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

fn cookie(answer: &Answer) -> String {
    let set = answer.headers.get_all(SET_COOKIE).iter().next().expect("a cookie").to_str().expect("ASCII");
    set.split(';').next().expect("a pair").to_owned()
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).unwrap_or_else(|| panic!("no `{name}`: {page}"));
    rest.split('"').next().expect("its end").to_owned()
}

/// The text of a text area.
fn area(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\"")).nth(1).expect("the field");
    let text = rest.split_once(">\n").expect("its text").1.split("</textarea>").next().expect("its end");
    let plain = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
    plain.replace("&#39;", "'").replace("&#38;", "&")
}

impl Founded {
    /// Founds a co-op as the founder does: the code, the template, the questions, the rules, the founder's name.
    async fn on_the_page(template: &str) -> Founded {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, code) = FirstRun::new(FirstRunSettings {
            front: std::sync::Arc::new(web::Front::new(Vec::new(), proof::issuer::List::default()).expect("random")),
            folder: folder.path().join("home"),
            door: Door::Invited,
            transport: Transport::Plain,
            limits: Limits::USUAL,
            reach: Reach::Loopback,
            snapshot_every: 0,
            // Founders get the newest closed edition. Until edition 3 is closed, this founds under it all the same.
            edition: newest_closed().max(Edition::THREE),
            clock: ServerClock::From { log: at("2026-01-15T12:00:00Z"), machine: clock::now() },
        })
        .expect("a first run");
        let told = Arc::new(Mutex::new(None));
        let tell = Arc::clone(&told);
        first.when_founded(move |coop| *tell.lock().expect("a lock") = Some(Arc::clone(coop)));
        let mut server = first_run_router(first);
        let founder = cookie(&send(&mut server, get(&format!("/found/{code}"), "")).await);
        let answers = [
            ("template", template),
            ("name", "Our co-op"),
            ("purpose", "Good work"),
            ("currency", "USD"),
            ("time_zone", "UTC"),
        ];
        let asked = send(&mut server, post("/found", &founder, &form(&answers))).await;
        let settles_in = asked.text.split("name=\"settles_in\" value=\"").skip(1);
        let settles_in = settles_in.filter_map(|rest| rest.split_once('"')).find(|(_, rest)| {
            rest.trim_start().starts_with("checked")
                || rest.split('>').next().is_some_and(|tag| tag.contains("checked"))
        });
        let answers = [&answers[..], &[("settles_in", settles_in.expect("what the template suggests").0)]].concat();
        let rules =
            send(&mut server, post("/found", &founder, &form(&[&answers[..], &[("go", "rules")]].concat()))).await;
        assert_eq!(rules.status, StatusCode::OK, "{template}: {}", rules.text);
        let texts = [area(&rules.text, "kernel"), area(&rules.text, "constitution"), hidden(&rules.text, "filled")];
        let mut last = vec![
            ("kernel", texts[0].as_str()),
            ("constitution", &texts[1]),
            ("filled", &texts[2]),
            ("founder", "member-001"),
            ("go", "found"),
        ];
        let list = rules.text.split("name=\"list\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        last.extend(list.map(|list| ("list", list)));
        let done = send(&mut server, post("/found", &founder, &form(&[&answers[..], &last].concat()))).await;
        assert_eq!(
            done.headers.get(LOCATION).map(|to| to.as_bytes()),
            Some(&b"/invitations?done=founded"[..]),
            "{}",
            done.text
        );
        let coop = told.lock().expect("a lock").take().expect("founded");
        let founder = (cookie(&done), String::new());
        Founded { server, coop, members: vec![founder], token: String::new(), _folder: folder }
    }

    async fn page(&mut self, member: usize, path: &str) -> String {
        let cookie = self.members[member].0.clone();
        let answer = send(&mut self.server, get(path, &cookie)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
        answer.text
    }

    async fn json(&mut self, path: &str) -> Value {
        serde_json::from_str(&self.page(0, path).await).expect("JSON")
    }

    /// Hands a form in; where it leads.
    async fn done(&mut self, member: usize, path: &str, fields: &[(&str, &str)]) -> String {
        let cookie = self.members[member].0.clone();
        let answer = send(&mut self.server, post(path, &cookie, &form(fields))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "member {member} {path} {fields:?} {}", answer.text);
        answer.headers[LOCATION].to_str().expect("ASCII").to_owned()
    }

    /// The founder invites, and each newcomer comes in by the link.
    async fn invite(&mut self) {
        let names: Vec<String> = (2..=MEMBERS).map(|number| format!("member-{number:03}")).collect();
        let founder = self.members[0].0.clone();
        let made = send(&mut self.server, post("/invitations", &founder, &form(&[("names", &names.join("\n"))]))).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let links = made.text.split("/invitation/").skip(1).map(|rest| rest[..32].to_owned());
        for link in links.collect::<Vec<_>>() {
            let come = send(&mut self.server, post(&format!("/invitation/{link}"), "", "")).await;
            assert_eq!(come.status, StatusCode::SEE_OTHER, "{}", come.text);
            self.members.push((cookie(&come), String::new()));
        }
        let register = self.json("/api/v1/members").await;
        for (number, (_, pseudonym)) in self.members.iter_mut().enumerate() {
            let name = format!("member-{:03}", number + 1);
            let row = register["rows"].as_array().expect("rows").iter().find(|row| row["name"] == name.as_str());
            *pseudonym = row.expect("in the register")["member"].as_str().expect("a pseudonym").to_owned();
        }
        assert_eq!(self.members.len(), MEMBERS);
    }

    /// Puts everybody on a list but the founder, who is on the first one since the founding: the founder does, or those who keep it.
    async fn list(&mut self, list: &str, by_members: bool) {
        let is_on = self.coop.read().state().members.list(list).is_some_and(|on| !on.is_empty());
        for member in usize::from(is_on)..MEMBERS {
            let pseudonym = self.members[member].1.clone();
            let to = self.done(0, "/powers/keep-list", &[("list", list), ("member", &pseudonym), ("do", "on")]).await;
            if by_members {
                self.agree((1..MEMBERS).collect()).await;
            } else {
                assert!(!to.ends_with("waits"), "a founder acts at once");
            }
        }
    }

    /// Members agree one after another to the act that was proposed last, until it is done.
    async fn agree(&mut self, members: Vec<usize>) -> usize {
        let mut agreed = 0;
        for member in members {
            let page = self.page(member, "/powers/waiting").await;
            let Some(asked) =
                page.split("name=\"number\" value=\"").skip(1).find(|rest| rest.contains("value=\"agree\""))
            else {
                break;
            };
            let number = asked.split('"').next().expect("its end").to_owned();
            self.done(member, "/powers/waiting", &[("number", &number), ("do", "agree")]).await;
            agreed += 1;
        }
        agreed
    }

    /// The log's day, as forms have it.
    fn today(&self) -> String {
        self.now().to_string()[..10].to_owned()
    }

    fn now(&self) -> Moment {
        self.coop.now().max(self.coop.read().state().time)
    }

    /// One record by the token; the status of the answer.
    async fn record(&mut self, member: usize, (kind, amount, unit): (&str, &str, &str), source: &str) -> Answer {
        let pseudonym = &self.members[member].1;
        let row = json!({ "member": pseudonym, "kind": kind, "amount": amount, "unit": unit, "given_at": self.today(), "source": source });
        let request = Request::post("/api/v1/facts")
            .header(HOST, "localhost")
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json");
        send(&mut self.server, request.body(Body::from(row.to_string())).expect("a request")).await
    }

    /// The founder makes a token on the page, with which a program brings what members gave; the rest they enter themselves.
    async fn feed(&mut self, row: &Row) {
        let founder = self.members[0].0.clone();
        let asked = form(&[("name", "till"), ("record", "yes"), ("days", "60")]);
        let made = send(&mut self.server, post("/tokens", &founder, &asked)).await;
        let start = made.text.find("rochdale_").unwrap_or_else(|| panic!("no token: {}", made.text));
        made.text[start..].split('<').next().expect("its end").clone_into(&mut self.token);
        for member in 1..MEMBERS {
            for (number, given) in row.given.iter().enumerate() {
                let answer = self.record(member, *given, &format!("till {member}/{number}")).await;
                assert_eq!(answer.status, StatusCode::OK, "{}: {given:?} {}", row.template, answer.text);
            }
        }
        if row.pledges {
            for member in 0..MEMBERS {
                self.done(member, "/pledge", &[("amount", "100")]).await;
            }
        }
    }

    /// Who is to sit where: one after another, so that each seat has a member of its own where there are enough.
    fn wanted(row: &Row) -> Vec<(&'static str, Vec<usize>)> {
        let mut next = (1..=MEMBERS).map(|number| number % MEMBERS).cycle();
        row.seats.iter().map(|(name, seats)| (*name, next.by_ref().take(*seats).collect())).collect()
    }

    async fn standing(&mut self, decision: &str) -> Value {
        self.json(&format!("/api/v1/decisions/{decision}")).await
    }

    async fn stand_and_nominate(&mut self, row: &Row) {
        for (decision, seats) in Self::wanted(row) {
            for seat in seats {
                self.done(seat, &format!("/decisions/{decision}/stand"), &[]).await;
                let candidate = self.members[seat].1.clone();
                for member in 0..MEMBERS {
                    let attention = [("candidate", candidate.as_str()), ("side", "for"), ("share", "2")];
                    self.done(member, &format!("/decisions/{decision}/nominations"), &attention).await;
                }
            }
        }
    }

    /// Everybody places what is left on those who can be voted for, once all of a decision's are.
    async fn vote(&mut self, row: &Row, voted: &mut Vec<&'static str>) {
        let share = (80 / row.seats.len()).to_string();
        for (decision, seats) in Self::wanted(row) {
            let standing = self.standing(decision).await;
            let ready = standing["candidates"].as_array().map_or(0, Vec::len) >= seats.len();
            if voted.contains(&decision) || !ready {
                continue;
            }
            let fields: Vec<String> = seats.iter().map(|seat| format!("for.{}", self.members[*seat].1)).collect();
            let scores = fields.iter().map(|field| (field.as_str(), "10"));
            let ballot: Vec<(&str, &str)> =
                scores.chain([("for_share", share.as_str()), ("against_share", "0")]).collect();
            for member in 0..MEMBERS {
                self.done(member, &format!("/decisions/{decision}/ballot"), &ballot).await;
            }
            voted.push(decision);
        }
    }

    /// Whether all seats are held.
    async fn is_seated(&mut self, row: &Row) -> bool {
        for (decision, seats) in row.seats {
            let standing = self.standing(decision).await;
            if standing["holders"].as_array().map_or(0, Vec::len) < *seats {
                return false;
            }
        }
        true
    }

    fn run_next_update(&self) {
        let now = self.coop.now();
        self.coop.write(move |batch| batch.run_next_update(now)).expect("counted");
    }

    /// All that went out until now, in minor units.
    async fn spent(&mut self) -> i64 {
        let book = self.json("/api/v1/book?by=month").await;
        let periods = book["periods"].as_array().expect("periods").iter();
        periods.map(|period| period["out"]["amount"].as_i64().expect("a sum")).sum()
    }

    /// A holder books an expense; where a body acts together, others of it agree.
    async fn spend(&mut self, row: &Row) {
        let (_, holders) = Self::wanted(row).into_iter().find(|(name, _)| *name == row.spends).expect("a seat");
        let page = self.page(holders[0], "/powers/spend").await;
        let (source, day) = (hidden(&page, "source"), self.today());
        let expense = [
            ("source", source.as_str()),
            ("amount", "20"),
            ("from", "assets:bank"),
            ("to", "expenses:rent"),
            ("narration", "a month of the room"),
            ("day", &day),
        ];
        let to = self.done(holders[0], "/powers/spend", &expense).await;
        let together = holders.len() > 1;
        assert_eq!(to.ends_with("done=waits"), together, "{}: {to}", row.template);
        assert_eq!(self.spent().await == 0, together, "{}", row.template);
        let agreed = self.agree(holders[1..].to_vec()).await;
        assert_eq!(agreed, holders.len() / 2, "{}: more than half of the seats", row.template);
        assert_eq!(self.spent().await, 2_000, "{}", row.template);
    }
}

/// One walk for all templates.
async fn walk(row: &Row) {
    let mut coop = Founded::on_the_page(row.template).await;
    coop.invite().await;
    for (list, by_members) in row.lists {
        coop.list(list, *by_members).await;
    }
    coop.feed(row).await;
    coop.stand_and_nominate(row).await;
    let founded = coop.now();
    let days = |coop: &Founded| (coop.now().0 - founded.0) / DAY_US;
    let mut voted = Vec::new();
    while !coop.is_seated(row).await {
        coop.run_next_update();
        coop.vote(row, &mut voted).await;
        assert!(days(&coop) <= DAYS, "{}: seats are vacant after {DAYS} days", row.template);
    }
    assert!(days(&coop) > 0, "{}", row.template);
    coop.spend(row).await;
    assert!(days(&coop) <= DAYS, "{}", row.template);
}

macro_rules! founded {
    ($($test:ident: $row:expr,)*) => {
        $(#[tokio::test]
        async fn $test() {
            walk(&$row).await;
        })*
    };
}

const MONEY: &str = "USD";

founded! {
    open_source: Row {
        template: "open-source",
        lists: &[],
        seats: &[("maintainer", 1), ("treasurer", 1)],
        given: &[("donation", "100", MONEY)],
        pledges: true,
        spends: "treasurer",
    },
    consumer: Row {
        template: "consumer",
        lists: &[],
        seats: &[("board", 3), ("shopkeeper", 1)],
        given: &[("purchase", "120", MONEY)],
        pledges: false,
        spends: "board",
    },
    worker: Row {
        template: "worker",
        lists: &[("worker-list", false)],
        seats: &[("council", 3), ("treasurer", 1)],
        given: &[("hours", "120", "hours"), ("share-capital", "50", MONEY)],
        pledges: false,
        spends: "council",
    },
    multi_stakeholder: Row {
        template: "multi-stakeholder",
        lists: &[("worker-list", false)],
        seats: &[("board", 5), ("secretary", 1)],
        given: &[("purchase", "20", MONEY), ("share-capital", "20", MONEY)],
        pledges: false,
        spends: "board",
    },
    fairshares: Row {
        template: "fairshares",
        lists: &[("founder-list", true), ("labour-list", false)],
        seats: &[("board", 5), ("auditor", 1)],
        given: &[("purchase", "20", MONEY), ("share-capital", "20", MONEY)],
        pledges: false,
        spends: "board",
    },
    platform: Row {
        template: "platform",
        lists: &[],
        seats: &[("council", 3), ("dispatcher", 1)],
        given: &[("hours", "30", "hours"), ("purchase", "60", MONEY)],
        pledges: false,
        spends: "council",
    },
    computing: Row {
        template: "computing",
        lists: &[],
        seats: &[("operator", 1), ("stewardship", 3)],
        given: &[("compute", "40", "hours"), ("purchase", "40", MONEY)],
        pledges: false,
        spends: "operator",
    },
    data: Row {
        template: "data",
        lists: &[],
        seats: &[("stewardship", 3), ("ethics-board", 3)],
        given: &[("donation", "30", MONEY)],
        pledges: false,
        spends: "stewardship",
    },
    club: Row {
        template: "club",
        lists: &[],
        seats: &[("chair", 1), ("treasurer", 1)],
        given: &[("dues", "30", MONEY)],
        pledges: false,
        spends: "treasurer",
    },
}
