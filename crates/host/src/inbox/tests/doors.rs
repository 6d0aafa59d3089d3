//! Every door gives the same report for the same bytes, and a report says everything that an import found.

use std::sync::Arc;

use super::*;
use crate::inbox::{
    Bringer, Difference, Door, Folder, Handed, Import, Kinds, NotOpened, Recording, Report, Row, bring, bring_one,
    open_handed,
};
use crate::{Evidence, ServerClock, Shared};

const HEAD: &str = "member,kind,amount,unit,given_at,source\n";

fn handed(text: &str) -> Handed {
    Handed { name: "given.csv".to_owned(), bytes: text.as_bytes().to_vec() }
}

fn import(door: Door) -> Import {
    let (time, newcomers) = (LogTime::Now(now()), Newcomers::Doubted);
    let (kinds, recording) = (Kinds::All, Recording::Bridge);
    Import { door, by: Bringer::default(), time, newcomers, kinds, recording, every: None }
}

fn brought(coop: &mut Coop, text: &str, import: &Import) -> Result<Report, String> {
    let named = open_handed(&coop.committed(), &handed(text), None, None).map_err(|why| why.to_string())?;
    let mut batch = coop.batch().unwrap();
    match bring(&mut batch, &mut [named], import, &mut || ()) {
        Ok(report) => {
            batch.commit().unwrap();
            Ok(report)
        }
        Err(why) => {
            batch.abort();
            Err(why.to_string())
        }
    }
}

fn shared(coop: Coop) -> Arc<Shared> {
    Arc::new(Shared::new(coop, ServerClock::From { log: now(), machine: crate::clock::now() }))
}

#[test]
fn every_door_says_the_same_of_the_same_bytes() {
    let text = format!("{HEAD}member-001,donation,5,USD,2025-03-01,a\nmember-001,hours,1.25,hours,2025-03-02,b\n");
    let mut all = Vec::new();
    for door in [Door::Page, Door::Api, Door::Command] {
        let mut coop = coop();
        let report = brought(&mut coop, &text, &import(door)).unwrap();
        assert_eq!((report.number, report.door), (Some(1), door));
        assert_eq!(coop.committed().report(1).unwrap().map(|kept| kept.taken.sums), Some(report.taken.sums.clone()));
        all.push(report.lines(&|_| "somebody".to_owned()));
    }
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir(&inbox).unwrap();
    let (watched, coop) = (Folder::of(folder.path()), shared(coop()));
    std::fs::write(inbox.join("given.csv"), &text).unwrap();
    assert_eq!(watched.look(&coop).unwrap(), 0, "it may still be written");
    assert_eq!(watched.look(&coop).unwrap(), 1);
    let said = std::fs::read_to_string(inbox.join("done/given.csv.report.txt")).unwrap();
    let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
    assert_eq!(lines.pop().as_deref(), Some("This report is kept: /imports/1"));
    all.push(lines);
    assert!(all.iter().all(|lines| *lines == all[0]), "{all:#?}");
    let lines = [
        "2 recorded, 0 known already",
        "donation: 1 record, 5.00 USD",
        "hours: 1 record, 1.25 hours",
        "1 new member: member-001",
    ];
    assert_eq!(all[0], lines);
}

#[test]
fn two_imports_of_a_file_equal_one() {
    let text = format!("{HEAD}member-001,donation,5,USD,2025-03-01,a\nmember-002,donation,6,USD,2025-03-02,\n");
    let mut coop = coop();
    brought(&mut coop, &text, &import(Door::Page)).unwrap();
    let head = coop.head();
    let again = brought(&mut coop, &text, &import(Door::Api)).unwrap();
    assert_eq!((again.number, again.taken.recorded, again.taken.known), (None, 0, 2));
    assert_eq!(again.taken.joined.get(&Evidence::Name), None, "nobody is looked for whose record is known");
    assert_eq!((coop.head(), coop.committed().last_report().unwrap()), (head, 1));
}

#[test]
fn records_that_changed_are_listed_and_not_passed_as_known() {
    // In a register of edition 3 an address under another name is a mistake.
    let mut coop = coop_under(Edition::TWO);
    let first = format!(
        "{HEAD}member-001,donation,5,USD,2025-03-01,a\nmember-002,donation,6,USD,2025-03-02,b\nmember-001,hours,1,hours,2025-03-03,c\nmember-002,donation,7,USD,2025-03-04,d\n"
    );
    brought(&mut coop, &first, &import(Door::Page)).unwrap();
    let member = |coop: &mut Coop, name: &str| coop.find_member(name).unwrap().unwrap();
    let (one, two) = (member(&mut coop, "member-001"), member(&mut coop, "member-002"));
    let head = coop.head();
    let changed = format!(
        "{HEAD}member-001,donation,5.50,USD,2025-03-01,a\nmember-001,donation,6,USD,2025-03-02,b\nmember-001,hours,1,hours,2025-03-05,c\nmember-002,purchase,7,USD,2025-03-04,d\n"
    );
    let report = brought(&mut coop, &changed, &import(Door::Page)).unwrap();
    assert_eq!((report.taken.recorded, report.taken.known, report.taken.differ), (0, 4, 4));
    assert_eq!(report.number, Some(2), "it is kept, since somebody must hear of it");
    let how: Vec<Difference> = report.taken.differ_first.iter().map(|one| one.how.clone()).collect();
    assert_eq!(
        how,
        [
            Difference::Amount { here: 500, there: 550, unit: "USD".to_owned() },
            Difference::Giver { here: two, there: one },
            Difference::Kind { here: "donation".to_owned(), there: "purchase".to_owned() },
            Difference::Date { here: "2025-03-03T00:00:00Z".to_owned(), there: "2025-03-05T00:00:00Z".to_owned() },
        ]
    );
    let lines = report.lines(&|member| if member == one { "one".to_owned() } else { "two".to_owned() });
    assert!(
        lines.contains(&"differs from the log: given.csv:2: it is 5.00 USD here and 5.50 USD there".to_owned()),
        "{lines:#?}"
    );
    assert!(lines.contains(&"differs from the log: given.csv:3: it is of `two` here and of `one` there".to_owned()));
    assert_eq!(coop.head(), head, "nothing is added to the log");

    let register = "name,kind,joined,email\nmember-001,person,2025-01-01,one@example.org\nmember-002,person,2025-01-01,two@example.org\n";
    let joined = brought(&mut coop, register, &import(Door::Page)).unwrap();
    assert_eq!(joined.taken.joined.get(&Evidence::Name), Some(&2));
    let other = "name,kind,joined,email\nmember-009,organisation,2025-01-01,one@example.org\n";
    let report = brought(&mut coop, other, &import(Door::Page)).unwrap();
    let how: Vec<Difference> = report.taken.differ_first.into_iter().map(|one| one.how).collect();
    assert_eq!(how, [Difference::Name { member: one }, Difference::Organisation { member: one, here: false }]);
    assert_eq!(report.taken.joined.get(&Evidence::Address), Some(&1));
}

/// The form of edition 1, in which a gift and its booking are two entries.
#[test]
fn a_row_that_only_touches_the_book_is_told_from_one_that_gives() {
    const OC: &str = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n";
    let rows = "2021-01-03T00:00:00,b2,Payment,DEBIT,EXPENSE,,,-20,0,-20,USD,shop,Shop\n2021-01-02T00:17:13,b1,Monthly contribution from member-001,CREDIT,CONTRIBUTION,,,50,0,50,USD,member-001,member-001\n2021-01-04T00:00:00,b3,Refund,DEBIT,CONTRIBUTION,REFUND,b9,-50,0,-50,USD,member-001,member-001\n";
    let mut coop = coop();
    let report = brought(&mut coop, &format!("{OC}{rows}"), &import(Door::Page)).unwrap();
    let taken = &report.taken;
    assert_eq!((taken.support, taken.booked, taken.only_booked, taken.left_out), (2, 3, 1, 1), "{taken:#?}");
}

#[test]
fn names_are_not_kept_with_a_report() {
    let mut coop = coop();
    let report =
        brought(&mut coop, &format!("{HEAD}member-001,donation,5,USD,2025-03-01,a\n"), &import(Door::Page)).unwrap();
    assert_eq!(report.taken.new_names, ["member-001"]);
    let kept = coop.committed().report(1).unwrap().unwrap();
    assert_eq!((kept.taken.new_names.len(), &kept.taken.newcomers), (0, &report.taken.newcomers));
    let lines = kept.lines(&|member| coop.committed().directory().name(member));
    assert!(lines.contains(&"1 new member: member-001".to_owned()), "{lines:?}");
}

#[test]
fn single_records_of_a_day_have_one_report() {
    let mut coop = coop();
    let row = |source: &str, amount: &str| Row {
        member: "member-001".to_owned(),
        kind: "purchase".to_owned(),
        amount: amount.to_owned(),
        unit: "USD".to_owned(),
        given_at: "2025-03-01".to_owned(),
        source: source.to_owned(),
        ..Row::default()
    };
    let one = |coop: &mut Coop, row: Row, at: Moment| {
        let handed = Handed::of_rows("rows", &[row]);
        let named = open_handed(&coop.committed(), &handed, Some(bridges::Kind::SupportCsv), None).unwrap();
        let by = Bringer { token: Some("till".to_owned()), ..Bringer::default() };
        let import = Import { by, time: LogTime::Now(at), ..import(Door::Api) };
        let mut batch = coop.batch().unwrap();
        let report = bring_one(&mut batch, &mut [named], &import).unwrap();
        batch.commit().unwrap();
        (report.number, report.taken.recorded)
    };
    for (number, source) in (0..1_000_u32).map(|number| (number, format!("till {number}"))) {
        let (report, recorded) = one(&mut coop, row(&source, "1.50"), Moment(now().0 + i64::from(number)));
        assert_eq!((report, recorded), (Some(1), 1));
    }
    assert_eq!(one(&mut coop, row("till 7", "1.50"), now()), (Some(1), 0), "handed in twice is once");
    let kept = coop.committed().report(1).unwrap().unwrap();
    assert_eq!((kept.taken.recorded, kept.files[0].records), (1_000, 1_000));
    assert_eq!(kept.taken.sums[0].amount_words(), "1500.00 USD");
    let tomorrow = Moment(now().0 + 86_400_000_000);
    assert_eq!(one(&mut coop, row("till 1000", "2"), tomorrow), (Some(2), 1));
}

#[test]
fn a_token_records_its_kinds_alone() {
    let mut coop = coop();
    let text = format!("{HEAD}member-001,donation,5,USD,2025-03-01,a\nmember-001,hours,1,hours,2025-03-02,b\n");
    let only = |kinds: &str| Import { kinds: Kinds::parse(kinds).unwrap(), ..import(Door::Api) };
    let why = brought(&mut coop, &text, &only("purchases, hours")).unwrap_err();
    assert!(
        why.starts_with("given.csv:2:1: `donation` may not be recorded by this token, which is for hours, purchase"),
        "{why}"
    );
    assert_eq!(coop.head().seq, 0, "nothing of it is in the log");
    assert_eq!(brought(&mut coop, &text, &only("donation hours")).unwrap().taken.recorded, 2);
    // A row that takes a record back is of that record's kind.
    let back = "member,kind,amount,unit,given_at,source,takes_back\nmember-001,donation,5,USD,2025-04-01,c,a\n";
    assert!(brought(&mut coop, back, &only("hours")).unwrap_err().contains("`donation` may not be recorded"));
    assert_eq!(brought(&mut coop, back, &only("donation")).unwrap().taken.taken_back, 1);
    assert!(Kinds::parse("gold").unwrap_err().starts_with("`gold` is not a kind of record"));
    assert_eq!(Kinds::parse(" ").unwrap(), Kinds::All);
}

#[test]
fn an_unknown_table_is_mapped_once() {
    let mut coop = coop();
    let text = "when,who,spent\n2025-03-01,member-001,5\n";
    let unknown = open_handed(&coop.committed(), &handed(text), None, None).unwrap_err();
    let NotOpened::Unknown(layout) = unknown else { panic!("{unknown}") };
    assert_eq!(layout.columns, ["when", "who", "spent"]);
    let origin = |name: &str, at: usize| (name.to_owned(), bridges::Origin::Cell(at));
    let always = |name: &str, text: &str| (name.to_owned(), bridges::Origin::Always(text.to_owned()));
    let columns = vec![
        origin("given_at", 0),
        origin("member", 1),
        origin("amount", 2),
        always("kind", "purchase"),
        always("unit", "USD"),
    ];
    let mapping = bridges::Mapping { kind: bridges::Kind::SupportCsv, columns };
    let mut batch = coop.batch().unwrap();
    batch.keep_mapping(&layout, &mapping).unwrap();
    batch.commit().unwrap();
    let report = brought(&mut coop, "When;WHO;spent\n2025-03-01;member-001;5\n", &import(Door::Page)).unwrap();
    assert_eq!(report.lines(&|_| String::new())[1], "purchase: 1 record, 5.00 USD");
}

#[test]
fn the_folder_puts_mistaken_files_away_with_their_reason() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    let (watched, coop) = (Folder::of(folder.path()), shared(coop()));
    assert_eq!(watched.look(&coop).unwrap(), 0, "there is no folder");
    assert!(!inbox.exists(), "and none is made");
    std::fs::create_dir(&inbox).unwrap();
    std::fs::write(inbox.join("bad.csv"), format!("{HEAD}member-001,donation,x,USD,2025-03-01,a\n")).unwrap();
    std::fs::write(inbox.join("odd.csv"), "one,two\n1,2\n").unwrap();
    std::fs::write(inbox.join("half.csv.part"), "member").unwrap();
    std::fs::write(inbox.join(".hidden"), "member").unwrap();
    std::os::unix::fs::symlink("/dev/null", inbox.join("link.csv")).unwrap();
    watched.look(&coop).unwrap();
    assert_eq!(watched.look(&coop).unwrap(), 2);
    let read = |name: &str| std::fs::read_to_string(inbox.join(name)).unwrap();
    assert!(read("refused/bad.csv.report.txt").contains("bad.csv:2:21: "), "{}", read("refused/bad.csv.report.txt"));
    assert!(read("refused/odd.csv.report.txt").contains("no kind of file has the columns `one`, `two`"));
    for left in ["half.csv.part", ".hidden", "link.csv"] {
        assert!(inbox.join(left).symlink_metadata().is_ok(), "{left}");
    }
    let snapshot = coop.read();
    assert_eq!((snapshot.last_report().unwrap(), snapshot.head().seq), (2, 0));
    assert!(!snapshot.report(1).unwrap().unwrap().refused.is_empty());
    // The same name again does not take the first one's place.
    std::fs::write(inbox.join("odd.csv"), "one,two\n1,2\n").unwrap();
    watched.look(&coop).unwrap();
    watched.look(&coop).unwrap();
    assert!(inbox.join("refused/2-odd.csv").exists());
}
