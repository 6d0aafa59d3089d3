//! Rules that change: their texts go with the log, every entry names the rules before it, and the past can be tried under
//! others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use engine::act::{AddToList, AdmitMember, CastBallot, Nominate, OpenItem, ProposeDocument, Stand, WithdrawCandidacy};
use engine::{Act, Actor, Pseudonym, Rule, digest};
use host::{Charter, Coop, Error, Proposal, Submission, Submitted, verify_file};
use quantity::Moment;
use views::dry_run_report;

const KERNEL: &str = r#"```charter
kernel {
    name "a co-op"
    purpose "Try things out"
    currency "USD"
    time-zone "UTC"
    class "members" list="member-list" { weight "1" }
    votes "quadratic"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    amend "never"
    fork carries="register ledger rules" treasury="none"
}
```
"#;
const CONSTITUTION: &str = r#"```charter
office "maintainer" { settles-in "14 days"; may "merge" }
ranking "issues" { close-after "90 days" floor="0.5 votes" }
```
"#;
/// The office settles in twice the time, and issues are no longer ranked.
const SLOWER: &str = r#"```charter
office "maintainer" { settles-in "28 days"; may "merge" }
document "code-of-conduct" { settles-in "14 days" }
```
"#;

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

struct Story {
    coop: Coop,
    now: Moment,
}

impl Story {
    fn begin() -> Story {
        let charter = Charter::read(KERNEL.to_owned(), CONSTITUTION.to_owned()).unwrap();
        let now = at("2025-01-01T00:00:00Z");
        let mut story = Story { coop: Coop::in_memory(charter, false, now).unwrap(), now };
        for member in [1, 2] {
            story.done(Act::AdmitMember(AdmitMember {
                member: Pseudonym(member),
                organisation: false,
                founder: false,
                joined_on: None,
                left_on: None,
            }));
            story.done(Act::AddToList(AddToList { list: "member-list".to_owned(), member: Pseudonym(member) }));
        }
        story
    }

    fn hand_in(&mut self, act: Act) -> Submitted {
        let submission =
            Submission { act, actor: Actor::Operator, key: String::new(), nonce: String::new(), signed: None };
        self.coop.submit(&[submission], self.now).unwrap().remove(0)
    }

    /// The entry of an act that is accepted.
    fn done(&mut self, act: Act) -> u64 {
        match self.hand_in(act) {
            Submitted::Accepted(receipt) => receipt.entry,
            other => panic!("{other:?}"),
        }
    }

    fn until(&mut self, day: &str) {
        self.now = at(day);
        self.coop.update_until(self.now, self.now).unwrap();
    }

    fn propose(decision: &str, text: &str) -> Act {
        Act::ProposeDocument(ProposeDocument {
            member: Pseudonym(1),
            decision: decision.to_owned(),
            document: digest::hex(text.as_bytes()),
            text: Some(text.into()),
        })
    }

    fn vote(&mut self, decision: &str, candidate: &str) {
        for member in [1, 2] {
            self.done(Act::CastBallot(CastBallot {
                member: Pseudonym(member),
                decision: decision.to_owned(),
                item: None,
                share_ppm: 400_000,
                scores: Some(BTreeMap::from([(candidate.to_owned(), 1_000_000)])),
                against: false,
            }));
        }
    }

    fn nominate(&mut self, decision: &str, candidate: &str) {
        self.done(Act::Nominate(Nominate {
            member: Pseudonym(2),
            decision: decision.to_owned(),
            candidate: candidate.to_owned(),
            share_ppm: 100_000,
            against: false,
        }));
    }

    /// Elects the slower rules; the entry of their proposal.
    fn adopt(&mut self) -> u64 {
        let hash = digest::hex(SLOWER.as_bytes());
        let entry = self.done(Story::propose("constitution", SLOWER));
        self.nominate("constitution", &hash);
        self.until("2025-01-14T00:00:00Z");
        self.vote("constitution", &hash);
        self.until("2025-07-01T00:00:00Z");
        assert!(self.coop.state().decision("code-of-conduct").is_some());
        entry
    }

    fn export(&mut self, file: &Path) -> String {
        let mut log = Vec::new();
        self.coop.export_log(&mut log).unwrap();
        std::fs::write(file, &log).unwrap();
        String::from_utf8(log).unwrap()
    }
}

#[test]
fn an_adopted_constitution_is_replayed_from_the_log_and_its_texts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let mut story = Story::begin();
    let proposal = story.adopt();
    story.done(Story::propose("code-of-conduct", "# Be kind"));
    let log = story.export(&file);
    let verified = verify_file(&file, 1).unwrap();
    assert_eq!(verified.state, story.coop.state().hash());
    let (state, _) = story.coop.state_at(story.now).unwrap().unwrap();
    assert_eq!(state.hash(), story.coop.state().hash());
    let (before, _) = story.coop.state_at(at("2025-01-20T00:00:00Z")).unwrap().unwrap();
    assert!(before.decision("issues").is_some() && before.decision("code-of-conduct").is_none());

    // Each entry names the rules before it: the update that changes them names the old ones, the next entry the new ones.
    let rules = |line: &str| line.split("\"rules\":\"").nth(1).unwrap()[..64].to_owned();
    let entries: Vec<&str> = log.lines().filter(|line| line.contains("\"seq\":")).collect();
    let names: Vec<String> = entries.iter().map(|line| rules(line)).collect();
    let mut changes = names.clone();
    changes.dedup();
    assert_eq!(changes, [before.rules_hash(), state.rules_hash()]);
    let first_new = names.iter().position(|name| *name == changes[1]).unwrap();
    assert!(entries[first_new - 1].contains("\"kind\":\"update\""));

    // A text of rules that is missing is told with the entry that names it; another text only where it matters.
    let without = |word: &str| -> String {
        let kept = log.lines().filter(|line| line.contains("\"seq\":") || !line.contains(word));
        kept.map(|line| format!("{line}\n")).collect()
    };
    std::fs::write(&file, without("28 days")).unwrap();
    let wrong = verify_file(&file, 1).unwrap_err();
    assert!(matches!(&wrong, Error::Wrong(wrong) if wrong.seq == proposal), "{wrong}");
    std::fs::write(&file, without("Be kind")).unwrap();
    assert_eq!(verify_file(&file, 1).unwrap().state, state.hash());
}

#[test]
fn an_entry_that_names_other_rules_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let mut story = Story::begin();
    let old = story.coop.state().rules_hash();
    story.adopt();
    let new = story.coop.state().rules_hash();
    story.done(Story::propose("code-of-conduct", "# Be kind"));
    let log = story.export(&file);
    let last = log.lines().last().unwrap();
    let changed = log.replace(last, &last.replace(&new, &old));
    assert_ne!(log, changed);
    std::fs::write(&file, changed).unwrap();
    let wrong = verify_file(&file, 1).unwrap_err();
    assert!(wrong.to_string().contains("other rules than those in force"), "{wrong}");
}

#[test]
fn a_refused_proposal_leaves_no_text_behind() {
    let mut story = Story::begin();
    let before = story.coop.documents().unwrap();
    let other_kernel = KERNEL.replace("Try things out", "Do things");
    for (decision, text, rule) in [
        ("constitution", "```charter\nofice \"a\"\n```\n", Rule::DoesNotCheck),
        ("maintainer", "# Be kind", Rule::WrongKindOfDecision),
        ("nothing", "# Be kind", Rule::UnknownDecision),
        ("kernel", &other_kernel, Rule::NoAmendment),
    ] {
        let answer = story.hand_in(Story::propose(decision, text));
        assert!(matches!(&answer, Submitted::Refused(refusal) if refusal.rule == rule), "{decision}: {answer:?}");
    }
    assert_eq!(story.coop.documents().unwrap(), before);
    let kept = story.done(Story::propose("constitution", SLOWER));
    assert!(kept > 1);
    assert_eq!(story.coop.documents().unwrap().len(), before.len() + 1);
}

#[test]
fn the_past_under_other_rules_comes_out_differently_and_nothing_is_written() {
    let mut story = Story::begin();
    let issue =
        story.done(Act::OpenItem(OpenItem { decision: "issues".to_owned(), item: "220".to_owned(), amount: None }));
    let member = Pseudonym(1);
    story.done(Act::Stand(Stand { member, decision: "maintainer".to_owned() }));
    story.nominate("maintainer", &member.to_string());
    story.until("2025-01-14T00:00:00Z");
    story.vote("maintainer", &member.to_string());
    story.until("2025-03-11T00:00:00Z");
    let stood = (story.coop.head(), story.coop.state().hash());
    let proposals =
        [Proposal { decision: "constitution".to_owned(), name: "slower.md".to_owned(), text: SLOWER.into() }];

    let run = story.coop.dry_run(&proposals, None).unwrap();
    let report = dry_run_report(&run, story.coop.directory());
    assert_eq!((report.refused.total, report.refused.shown[0].entry), (1, issue));
    assert_eq!(report.refused.shown[0].number, "R012");
    let moved: Vec<&str> = (report.at_another_time.shown.iter()).map(|moved| moved.words.as_str()).collect();
    assert!(moved.iter().any(|words| words.contains("took over")), "{report:#?}");
    let later = &report.at_another_time.shown[0];
    assert!(later.instead_at.at_us > later.happened_at.at_us);
    // The opening and closing of the document's own clauses is the trial, and no difference that it makes.
    let opened = |words: &str| report.only_instead.shown.iter().any(|one| one.words.contains(words));
    assert!(!opened("now define") && !opened("no longer define"), "{report:#?}");
    assert_eq!((report.updates, report.updates_instead), (10, 10));
    assert_eq!(report.weights.members.total, 0, "nobody's weight differs");
    let issues = report.decisions.iter().find(|one| one.decision == "issues").unwrap();
    assert!(issues.differs && issues.holders_instead.is_none());

    // From a time on, only what comes later can differ; the same rules change nothing; after the end there is nothing to try.
    let late = story.coop.dry_run(&proposals, Some(at("2025-02-20T00:00:00Z"))).unwrap();
    assert_eq!((late.entries, late.skipped_count), (3, 0));
    let same = [Proposal { text: CONSTITUTION.into(), ..proposals[0].clone() }];
    let report = dry_run_report(&story.coop.dry_run(&same, None).unwrap(), story.coop.directory());
    assert_eq!((report.only_happened.total, report.at_another_time.total), (0, 0));
    assert!(report.same > 0 && report.decisions.iter().all(|one| !one.differs));
    assert!(story.coop.dry_run(&proposals, Some(at("2026-01-01T00:00:00Z"))).is_err());
    let bad = [Proposal { text: "```charter\nofice \"a\"\n```\n".into(), ..proposals[0].clone() }];
    let mistakes = story.coop.dry_run(&bad, None).unwrap_err();
    assert!(mistakes.to_string().starts_with("slower.md:2:1: "), "{mistakes}");
    assert_eq!((story.coop.head(), story.coop.state().hash()), stood);
    story.coop.state_at(story.now).unwrap();
}

#[test]
fn rules_that_would_count_without_end_are_not_tried() {
    let mut story = Story::begin();
    story.until("2026-12-01T00:00:00Z");
    let hourly = KERNEL.replace("weekly on monday at 01:00", "hourly");
    let proposals = [Proposal { decision: "kernel".to_owned(), name: "hourly.md".to_owned(), text: hourly.into() }];
    let late = story.coop.dry_run(&proposals, Some(at("2026-11-01T00:00:00Z"))).unwrap();
    assert_eq!((late.happened.updates, late.instead.updates), (5, 697));
    let all = story.coop.dry_run(&proposals, None).unwrap_err();
    assert!(all.to_string().contains("more than 10"), "{all}");
    // Nor are rules whose seats change hands without end.
    let office = "office \"maintainer\" { settles-in \"14 days\"; changes \"hourly\" }";
    let proposals = [Proposal {
        decision: "constitution".to_owned(),
        name: "hourly.md".to_owned(),
        text: format!("```charter\n{office}\n```\n").into(),
    }];
    let all = story.coop.dry_run(&proposals, None).unwrap_err();
    assert!(all.to_string().contains("more than 10"), "{all}");
}

#[test]
fn the_past_is_tried_while_somebody_holds_the_present() {
    let folder = tempfile::tempdir().unwrap();
    let charter = Charter::read(KERNEL.to_owned(), CONSTITUTION.to_owned()).unwrap();
    host::init(folder.path(), &charter, false).unwrap();
    let now = at("2025-01-01T00:00:00Z");
    let mut coop = Coop::open(folder.path(), now).unwrap();
    coop.update_until(at("2025-03-01T00:00:00Z"), now).unwrap();
    let shared = host::Shared::new(coop, host::ServerClock::Machine);
    let reader = shared.read();
    let proposals =
        [Proposal { decision: "constitution".to_owned(), name: "slower.md".to_owned(), text: SLOWER.into() }];
    let run = shared.dry_run(&proposals, None).unwrap();
    assert_eq!((run.happened.updates, run.instead.updates), (8, 8));
    assert!(run.instead.state.decision("code-of-conduct").is_some());
    assert!(reader.state().decision("code-of-conduct").is_none());
}

/// Proposed texts stay beside the log for ever: nobody can fill the disk by proposing and withdrawing.
#[test]
fn a_member_brings_so_many_bytes_a_day() {
    let mut story = Story::begin();
    let mut by = |member: u64, number: u64, day: &str| {
        let long = format!("{CONSTITUTION}{number} {}", "word ".repeat(200_000));
        let Act::ProposeDocument(act) = Story::propose("constitution", &long) else {
            panic!("a proposal");
        };
        let member = Pseudonym(member);
        let withdraw = Act::WithdrawCandidacy(WithdrawCandidacy {
            member,
            decision: act.decision.clone(),
            document: Some(act.document.clone()),
        });
        let propose = Act::ProposeDocument(ProposeDocument { member, ..act });
        // Only a few texts of one member may stand at once.
        let both = [propose, withdraw].map(|act| Submission {
            act,
            actor: Actor::Member(member),
            key: String::new(),
            nonce: String::new(),
            signed: None,
        });
        story.coop.submit(&both, at(day)).unwrap().remove(0)
    };
    for number in 0..8 {
        let done = by(1, number, "2025-01-01T00:00:00Z");
        assert!(matches!(done, Submitted::Accepted(_)), "{done:?}");
    }
    match by(1, 8, "2025-01-01T23:59:59Z") {
        Submitted::Refused(no) => assert_eq!(no.rule, Rule::TooMany, "{no}"),
        other => panic!("{other:?}"),
    }
    for (member, day) in [(2, "2025-01-01T23:59:59Z"), (1, "2025-01-02T00:00:00Z")] {
        let done = by(member, 8 + member, day);
        assert!(matches!(done, Submitted::Accepted(_)), "{done:?}");
    }
}
