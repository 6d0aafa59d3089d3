//! A co-op moves in: what comes into the log, and every check that keeps it out.

use engine::act::Act;
use engine::{Edition, Pseudonym};
use quantity::Moment;

use super::{HandedPapers, MovingIn, Then, Undone, move_in};
use crate::inbox::{Bringer, Door, Handed, Import, Kinds, LogTime, Newcomers, Recording};
use crate::{Charter, Coop};

const KERNEL: &str = r#"```charter
kernel {
    name "moves"
    purpose "Come from elsewhere"
    currency "EUR"
    time-zone "Europe/Berlin"
    class "shoppers" { weight "dues(last 12 months) / 1 EUR" }
    class "workers" { list "workers"; weight "hours(last month) / 1 hour" }
    votes "quadratic"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
    amend "never"
    fork carries="register ledger rules" treasury="none"
}
```
"#;
const CONSTITUTION: &str =
    "# Constitution\n\n```charter\noffice \"secretary\" { settles-in \"14 days\"; may \"admit\" }\n```\n";

/// Number 3 has left, 4 is an organisation, 1 and 2 share an address.
const REGISTER: &str = "number,name,email,kind,joined,left,lists\n\
    1,member-001,house@example.org,person,1999-03-01,,workers\n\
    2,member-002,house@example.org,person,2004-07-15,,\n\
    3,member-003,three@example.org,person,2001-01-01,2019-12-31,workers\n\
    4,member-004,,organisation,2020-02-29,,\n";
const DUES: &str = "number,amount,day\n\
    1,60,2024-01-15\n\
    2,60.50,2024-02-01\n\
    3,40,2019-12-31\n\
    1,60,2025-01-01\n";
const BALANCES: &str = "account,amount,day\n\
    assets:bank,1000.50,2025-01-01\n\
    liabilities:member-loans,400,2025-01-01\n\
    equity:reserves,480,2025-01-01\n\
    income:dues,120.50,2025-01-01\n";

fn now() -> Moment {
    Moment::parse("2025-06-01T10:00:00Z").unwrap()
}

fn house_of(edition: Edition) -> Coop {
    let charter = Charter::read_under(KERNEL.to_owned(), CONSTITUTION.to_owned(), edition).unwrap();
    Coop::in_memory(charter, false, Moment::parse("2025-05-01T00:00:00Z").unwrap()).unwrap()
}

fn house() -> Coop {
    house_of(Edition::THREE)
}

fn handed(name: &str, text: &str) -> Option<Handed> {
    (!text.is_empty()).then(|| Handed { name: name.to_owned(), bytes: text.as_bytes().to_vec() })
}

fn moves_as(coop: &mut Coop, [register, dues, balances]: [&str; 3], then: Then, recording: Recording) -> MovingIn {
    let papers = HandedPapers {
        register: handed("r.csv", register),
        dues: handed("d.csv", dues),
        balances: handed("b.csv", balances),
        balances_on: None,
    };
    let opened = papers.open(&coop.committed()).unwrap();
    let (door, by, time) = (Door::Command, Bringer::default(), LogTime::Now(now()));
    let (newcomers, kinds, every) = (Newcomers::Doubted, Kinds::All, None);
    let import = Import { door, by, time, newcomers, kinds, recording, every };
    let mut batch = coop.batch().unwrap();
    let done = batch.part(|batch| move_in(batch, opened, &import, then, &mut || ())).unwrap();
    batch.commit().unwrap();
    Undone::answer(done).unwrap()
}

fn moves(coop: &mut Coop, papers: [&str; 3], then: Then) -> MovingIn {
    moves_as(coop, papers, then, Recording::Bridge)
}

/// The lines at fault of papers that are not kept, nor is anything of them.
fn wrong(papers: [&str; 3]) -> Vec<String> {
    let mut coop = house();
    let moved = moves(&mut coop, papers, Then::Keep);
    assert!(!moved.kept && moved.import.is_none(), "{papers:?}");
    assert_eq!(coop.committed().state().members.len(), 0);
    assert!(!moved.wrong.is_empty(), "{papers:?}");
    moved.wrong
}

fn by_number(coop: &mut Coop, number: &str) -> Pseudonym {
    coop.find_in_table(number).unwrap().unwrap()
}

fn balance(coop: &Coop, account: &str) -> i64 {
    let snapshot = coop.committed();
    let all = snapshot.state().book.balances(None);
    all.into_iter().find(|(own, _)| *own == account).map_or(0, |(_, minor)| minor)
}

#[test]
fn everything_comes_in_at_once_and_once() {
    let mut coop = house();
    let papers = [REGISTER, DUES, BALANCES];
    let looked = moves(&mut coop, papers, Then::Look);
    assert_eq!((looked.wrong.as_slice(), looked.kept), (&[][..], false));
    assert_eq!(coop.committed().state().members.len(), 0, "a look keeps nothing");
    let kept = moves(&mut coop, papers, Then::Keep);
    assert!(kept.kept, "{kept:?}");
    assert_eq!((&kept.register, &kept.dues, &kept.balances), (&looked.register, &looked.dues, &looked.balances));
    let report = kept.import.unwrap();
    assert_eq!((report.number, report.taken.recorded, report.taken.known), (Some(1), 4 + 4 + 1, 0));
    assert_eq!(
        report.files.iter().filter_map(|file| file.kind.as_deref()).collect::<Vec<_>>(),
        ["members-csv", "support-csv", "opening-balances"]
    );
    assert_eq!(report.taken.maybe_one, 1, "1 and 2 share an address, and are asked");
    let three = by_number(&mut coop, "3");
    let state = coop.committed().state().clone();
    assert_eq!((state.members.len(), state.members.active_count()), (4, 3));
    let index = state.members.index(three).unwrap();
    let days = state.members.days(index);
    assert_eq!(days.joined_on.unwrap().to_string(), "2001-01-01");
    assert_eq!(days.left_on.unwrap().to_string(), "2019-12-31");
    assert!(!state.members.list("workers").unwrap().contains(&index), "who has left is on no list");
    assert_eq!(state.members.list("workers").unwrap().len(), 1);
    // Dues from before 2025 are in the balances already; the rest came on top.
    assert_eq!(balance(&coop, "assets:bank"), 100_050 + 6_000);
    assert_eq!(balance(&coop, "income:dues"), -12_050 - 6_000);
    let entries = coop.committed().head.seq;
    let again = moves(&mut coop, papers, Then::Keep);
    assert!(again.kept);
    let report = again.import.unwrap();
    assert_eq!((report.number, report.taken.recorded, report.taken.known, report.taken.differ), (None, 0, 9, 0));
    assert_eq!(coop.committed().head.seq, entries, "twice is once");
    assert_eq!(again.register.unwrap().known, 4);
    assert!(again.balances.unwrap().known);
}

#[test]
fn a_look_says_what_there_is() {
    let moved = moves(&mut house(), [REGISTER, DUES, BALANCES], Then::Look);
    assert_eq!(moved.lines(&|who| who.to_string()), [
        "r.csv: 3 members, 1 who has left; joined from 1999-03-01 to 2020-02-29",
        "d.csv: 4 rows of dues, 220.50 EUR in all",
        "  2019: 1 row, 40.00 EUR",
        "  2024: 2 rows, 120.50 EUR",
        "  2025: 1 row, 60.00 EUR",
        "b.csv: 4 accounts as 2025-01-01 begins, 1000.50 EUR on either side",
        "note: r.csv:3: has an address that line 2 has too: whether they are one person is asked at /who",
        "note: 3 rows of dues are from before 2025-01-01, the day of the opening balances, which have that money already: they count as support and do not come into the book again",
        "note: b.csv: the income from dues, 120.50 EUR, is that of the dues from 2024-01-01 until 2025-01-01",
        "would be: 9 recorded, 0 known already",
        "would be: dues: 4 records, 220.50 EUR",
    ].iter().map(|line| (*line).to_owned()).chain(
        moved.lines(&|who| who.to_string()).into_iter().skip(11)
    ).collect::<Vec<_>>());
}

#[test]
fn each_paper_is_checked_against_the_others_and_all_is_reported_together() {
    let register = "number,name,email,joined,left\n\
        1,member-001,,2020-01-01,\n\
        1,member-002,,2020-01-01,\n\
        7,member-007,,2010-01-01,2012-12-31\n\
        0012,member-012,,2020-01-01,\n";
    let dues = "number,amount,day\n\
        1,5,2019-12-31\n\
        7,5,2013-01-01\n\
        9,5,2024-01-01\n\
        12,5,2024-01-01\n\
        1,5,2099-01-01\n";
    let balances = "account,amount,day\n\
        assets:bank,100,2025-01-01\n\
        Bank,5,2025-01-01\n\
        equity:own,90,2025-01-01\n";
    let wrong = wrong([register, dues, balances]);
    assert_eq!(
        wrong,
        [
            "r.csv:3:1: `1` is already on line 2 (each may occur only once)",
            "d.csv:3:1: 7 paid on 2013-01-01, after they left on 2012-12-31 (r.csv:4): correct one of the two",
            "d.csv:2:1: 1 paid on 2019-12-31, before they joined on 2020-01-01 (r.csv:3): correct one of the two",
            "d.csv:4:1: nobody in the register has the number `9`",
            "d.csv:5:1: nobody in the register has the number `12` (`0012` on line 5 of r.csv is written otherwise)",
            "d.csv:6:1: they are of 2099-01-01, which is in the future: bring the row once it has come",
            "b.csv:3:1: `Bank` is not an account's name (begin with assets:, liabilities:, equity:, income: or expenses: and go on in lower-case letters, digits and `-`)",
            "b.csv:4:1: the balances do not balance: assets and expenses come to 100.00 EUR, and debts, own capital and income to 85.00 EUR (a row `equity:opening-balances` of 15.00 EUR would close it, where that is the truth)",
        ]
    );
}

#[test]
fn mistakes_of_one_paper_keep_the_others_out() {
    for (papers, line) in [
        (
            ["number,name,joined,left\n1,member-001,2020-01-01,2019-01-01\n", "", ""],
            "r.csv:2:25: they left on 2019-01-01, before they joined on 2020-01-01",
        ),
        (["number,name,joined\n,member-001,2020-01-01\n", "", ""], "r.csv:2:1: the member number is missing"),
        (["name,joined\nmember-001,2020-01-01\n", "", ""], "r.csv:1:1: the column `number` is missing"),
        (["number,name,joined\n1,member-001,2099-01-01\n", "", ""], "r.csv:2:1: they join on 2099-01-01"),
        (
            ["number,name,joined,lists\n1,member-001,2020-01-01,cooks\n", "", ""],
            "r.csv:2:1: no class of the kernel reads a list `cooks` (there are `workers`",
        ),
        ([REGISTER, "number,amount,day,kind\n1,5,2024-01-01,donation\n", ""], "d.csv:2:16: `donation` is no dues"),
        ([REGISTER, "number,amount,day,currency\n1,5,2024-01-01,USD\n", ""], "d.csv:2:1: they are in USD"),
        (
            [REGISTER, "", "account,amount,day\nassets:bank,5,2099-01-01\nequity:own,5,2099-01-01\n"],
            "b.csv: 2099-01-01 has not begun",
        ),
        (
            [REGISTER, "", "account,amount,day,currency\nassets:bank,5,2025-01-01,USD\nequity:own,5,2025-01-01,USD\n"],
            "b.csv: the balances are in USD",
        ),
        ([REGISTER, "", "account,amount\nassets:bank,5\n"], "b.csv:2:1: nothing says of which day"),
        (["", "", ""], "there is nothing to move in with"),
    ] {
        let wrong = wrong(papers);
        assert!(wrong[0].starts_with(line), "{line}: {wrong:?}");
    }
}

#[test]
fn dues_can_come_later_and_balances_not_after_what_they_have() {
    let mut coop = house();
    assert!(moves(&mut coop, [REGISTER, "", BALANCES], Then::Keep).kept);
    let later = moves(&mut coop, ["", DUES, ""], Then::Keep);
    assert!(later.kept, "{later:?}");
    assert_eq!(balance(&coop, "assets:bank"), 100_050 + 6_000, "the log knows the day of its balances");
    let other = moves(
        &mut coop,
        ["", "", "account,amount,day\nassets:bank,5,2025-01-01\nequity:own,5,2025-01-01\n"],
        Then::Keep,
    );
    assert!(other.wrong[0].contains("the book has other opening balances already, of 2025-01-01"), "{other:?}");
    let mut coop = house();
    assert!(moves(&mut coop, [REGISTER, DUES, ""], Then::Keep).kept);
    let late = moves(&mut coop, ["", "", BALANCES], Then::Keep);
    assert!(late.wrong[0].contains("the book has entries since 2019-12-31"), "{late:?}");
}

#[test]
fn what_the_log_knows_otherwise_is_said() {
    let mut coop = house();
    assert!(moves(&mut coop, [REGISTER, "", ""], Then::Keep).kept);
    let other = "number,name,kind,joined,left\n\
        1,member-one,person,1999-03-02,\n\
        2,member-002,person,2004-07-15,2024-12-31\n\
        3,member-003,person,2001-01-01,\n";
    let moved = moves(&mut coop, [other, "", ""], Then::Keep);
    let report = moved.import.unwrap();
    assert_eq!((report.taken.recorded, report.taken.known, report.taken.differ), (0, 3, 4), "{report:?}");
    let lines = report.lines(&|_| "x".to_owned()).join("\n");
    for line in [
        "`x` joined on 1999-03-01 here and on 1999-03-02 there",
        "left on 2024-12-31 there",
        "left on 2019-12-31 here and is a member there",
    ] {
        assert!(lines.contains(line), "{lines}");
    }
}

#[test]
fn a_number_and_a_name_join_nobody() {
    let mut coop = house();
    assert!(moves(&mut coop, ["number,name,joined\n1,member-001,2020-01-01\n", "", ""], Then::Keep).kept);
    let second = moves(&mut coop, ["number,name,joined\n2,member-001,2021-01-01\n", "", ""], Then::Keep);
    let report = second.import.unwrap();
    assert_eq!((report.taken.new_members, report.taken.maybe_one), (1, 1));
    assert_eq!(coop.committed().state().members.len(), 2);
}

#[test]
fn many_accounts_come_as_entries_that_balance() {
    let mut coop = house();
    let mut balances = "account;Soll;Haben;Datum\r\n".to_owned();
    for account in 0..39 {
        balances.push_str(&format!("assets:box-{account};1.000,50;;01.01.2025\r\n"));
    }
    balances.push_str("equity:own;;39.019,50;01.01.2025\r\n");
    let moved = moves(&mut coop, ["", "", &balances], Then::Keep);
    assert!(moved.kept, "{moved:?}");
    assert_eq!(moved.import.unwrap().taken.booked, 3);
    assert_eq!((balance(&coop, "assets:box-7"), balance(&coop, "equity:own")), (100_050, -3_901_950));
    assert_eq!(balance(&coop, "equity:opening-balances"), 0);
    assert!(moves(&mut coop, ["", "", &balances], Then::Keep).balances.unwrap().known);
}

#[test]
fn edition_2_is_told_the_way() {
    let moved = moves(&mut house_of(Edition::TWO), [REGISTER, "", ""], Then::Keep);
    assert!(moved.wrong[0].contains("from edition 3 of the rules on"), "{moved:?}");
}

#[test]
fn an_office_whose_admissions_wait_is_told_who_moves_them_in() {
    let mut coop = house();
    let member = Pseudonym(1);
    let moved = moves_as(&mut coop, [REGISTER, "", ""], Then::Keep, Recording::Member(member));
    assert!(moved.wrong[0].contains("is announced and takes effect later"), "{moved:?}");
}

#[test]
fn the_log_names_the_days_and_nobody() {
    let mut coop = house();
    assert!(moves(&mut coop, [REGISTER, DUES, BALANCES], Then::Keep).kept);
    let mut batch = coop.batch().unwrap();
    let (mut days, mut names) = (0, 0);
    batch
        .each_entry(&mut |_, bytes| {
            let text = String::from_utf8_lossy(bytes);
            names += usize::from(text.contains("member-00") || text.contains("example.org"));
            let entry = rochdale_log::decode(bytes).unwrap();
            if let Ok(Act::AdmitMember(act)) = crate::codec::read_body(&entry.kind, entry.body) {
                days += usize::from(act.joined_on.is_some()) + usize::from(act.left_on.is_some());
            }
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    batch.abort();
    assert_eq!((days, names), (5, 0));
    coop.committed().state().check().unwrap();
}
