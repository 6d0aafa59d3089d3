//! `move-in` with the real program: what it says, that it keeps all or nothing, and that a kill -9 leaves one of the two.

use std::time::Duration;

use crate::run::Place;

const REGISTER: &str =
    "Mitgliedsnummer;Name;Beitritt;Austritt\r\n1;member-001;01.03.1999;\r\n2;member-002;15.07.2004;31.12.2023\r\n";
const DUES: &str = "\u{feff}Nummer;Betrag;Datum\r\n1;60,50;15.01.2024\r\n2;1.000,00;31.12.2023\r\n1;60;01.02.2025\r\n";
const BALANCES: &str = "account,amount\nassets:bank,1000.50\nequity:reserves,1000.50\n";

fn place() -> Place {
    let place = Place::empty();
    place
        .run(&["init", "home", "--template", "open-source", "--edition", "3", "--open", "--currency", "EUR"])
        .quietly();
    place.write("register.csv", REGISTER);
    place.write("dues.csv", DUES);
    place.write("balances.csv", BALANCES);
    place
}

const ALL: [&str; 10] = [
    "move-in",
    "home",
    "--register",
    "register.csv",
    "--dues",
    "dues.csv",
    "--balances",
    "balances.csv",
    "--balances-on",
    "2025-01-01",
];

#[test]
fn a_co_op_is_checked_then_kept_once() {
    let place = place();
    let looked = place.run(&ALL).quietly();
    for line in [
        "register.csv: 1 member, 1 who has left; joined from 1999-03-01 to 2004-07-15",
        "dues.csv: 3 rows of dues, 1120.50 EUR in all",
        "balances.csv: 2 accounts as 2025-01-01 begins, 1000.50 EUR on either side",
        "note: 2 rows of dues are from before 2025-01-01",
        "would be: 6 recorded, 0 known already",
        "nothing is wrong, and nothing is kept yet: say `--keep`",
    ] {
        assert!(looked.contains(line), "{line}: {looked}");
    }
    let keep: Vec<&str> = ALL.into_iter().chain(["--keep", "--json"]).collect();
    let kept = place.run(&keep).ends(0).json();
    assert_eq!((&kept["kept"], &kept["import"]["recorded"]), (&true.into(), &6.into()), "{kept}");
    let again = place.run(&keep).ends(0).json();
    assert_eq!((&again["import"]["recorded"], &again["import"]["known"]), (&0.into(), &6.into()));
    let book = place.run(&["export", "home", "--format", "csv"]).quietly();
    assert!(book.contains("assets:bank") && book.contains("1000.50") && !book.contains("1000.00"), "{book}");
    place.run(&["verify", "home"]).quietly();
}

#[test]
fn every_line_at_fault_is_named_and_nothing_is_kept() {
    let place = place();
    place.write("dues.csv", "number,amount,day\n1,5,1998-01-01\n9,5,2024-01-01\n2,5,2024-06-01\n");
    place.write("balances.csv", "account,amount\nassets:bank,5\nequity:own,4\n");
    let keep: Vec<&str> = ALL.into_iter().chain(["--keep"]).collect();
    let ran = place.run(&keep).ends(2);
    let ran = ran
        .says("dues.csv:2:1: 1 paid on 1998-01-01, before they joined on 1999-03-01 (register.csv:2)")
        .says("dues.csv:3:1: nobody in the register has the number `9`")
        .says("dues.csv:4:1: 2 paid on 2024-06-01, after they left on 2023-12-31 (register.csv:3)")
        .says("the balances do not balance")
        .says("nothing is kept");
    drop(ran);
    let json: Vec<&str> = keep.into_iter().chain(["--json"]).collect();
    let answer = place.run(&json).ends(2).json();
    assert_eq!((&answer["kept"], answer["wrong"].as_array().map(Vec::len)), (&false.into(), Some(4)), "{answer}");
    let weights = place.run(&["weights", "home", "--json"]).ends(0).json();
    assert_eq!(weights["members"].as_array().map(Vec::len), Some(0), "{weights}");
    place.run(&["move-in", "home"]).ends(2);
    place.run(&["move-in", "home", "--register", "none.csv"]).ends(2);
}

/// Kills fall at any moment of a move; what is repeated comes to the same.
#[test]
fn kill_9_leaves_all_or_nothing() {
    const MEMBERS: usize = 1_000;
    let place = place();
    let rows = |row: &dyn Fn(usize) -> String| (1..=MEMBERS).map(row).collect::<String>();
    place
        .write("register.csv", format!("number,name,joined\n{}", rows(&|n| format!("{n},member-{n:04},2020-01-01\n"))));
    place.write("dues.csv", format!("number,amount,day\n{}", rows(&|n| format!("{n},5,2024-01-01\n"))));
    let keep: Vec<&str> = ALL.into_iter().chain(["--keep"]).collect();
    let members = || {
        let status = place.run(&["status", "home", "--json"]).ends(0).json();
        status["members"].as_u64().unwrap_or(0)
    };
    for wait in [40, 120, 300, 600] {
        let mut child = place.command(&keep).spawn().unwrap();
        std::thread::park_timeout(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = members();
        assert!(found == 0 || found == MEMBERS as u64, "{found} members after {wait} ms");
    }
    place.run(&keep).ends(0);
    let json: Vec<&str> = keep.into_iter().chain(["--json"]).collect();
    let again = place.run(&json).ends(0).json();
    assert_eq!(again["import"]["known"], 2 * MEMBERS + 1, "twice is once");
    assert_eq!(members(), MEMBERS as u64);
    place.run(&["verify", "home"]).quietly();
}
