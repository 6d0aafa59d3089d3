//! `import` with files as people have them: each test is a small case with the one right answer.

use crate::run::{Place, Ran};

/// A co-op of its own, before its founding.
fn coop(template: &str, more: &[&str]) -> Place {
    let place = Place::empty();
    let all = [&["init", "co", "--template", template, "--name", "Co"], more].concat();
    place.run(&all).quietly();
    place
}

fn import(place: &Place, kind: &str, text: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    place.write("file", text);
    let all = [&["import", kind, "file", "--dir", "co"], more].concat();
    place.run(&all)
}

/// The balance of the account on which Open Collective's money is.
fn in_book(place: &Place, account: &str) -> i64 {
    let table = place.run(&["export", "co", "--format", "csv"]).quietly();
    let rows = table.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
    let amounts = rows.filter(|row| row[4] == account).map(|row| row[5].replace('.', "").parse::<i64>().unwrap());
    amounts.sum()
}

fn members(place: &Place) -> u64 {
    place.run(&["status", "co", "--json"]).ends(0).json()["members"].as_u64().unwrap()
}

const LEGACY: &str = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n";
const TODAY: &str = r#""Effective Date & Time","Transaction ID","Description","Credit/Debit","Kind","Group ID","Amount Single Column","Currency","Is Reverse","Is Reversed","Reverse Transaction ID","Account Handle","Account Name","Opposite Account Handle","Opposite Account Name","Payment Processor","Payment Method","Contribution Memo","Reverse Kind"
"2025-03-09T10:00:00",1008,"Refund of ""Monthly contribution from member-002""","DEBIT","CONTRIBUTION","g1008",-20,"USD","REVERSE","","1004","our-coll","Our Coll","member-002","member-002","STRIPE","CREDITCARD",,REFUND
"2025-03-06T08:00:00",1007,"Expense from member-003 - hosting","DEBIT","EXPENSE","g1007",-30,"USD","","","","our-coll","Our Coll","member-003","member-003","STRIPE","CREDITCARD",,
"2025-03-05T12:00:00",1006,"Payment Processor Fee","DEBIT","PAYMENT_PROCESSOR_FEE","g1006",-0.88,"USD","","","","our-coll","Our Coll","stripe","Stripe","STRIPE","CREDITCARD",,
"2025-03-05T12:00:00",1005,"Host Fee to our host","DEBIT","HOST_FEE","g1005",-2,"USD","","","","our-coll","Our Coll","our-host","Our Host","STRIPE","CREDITCARD",,
"2025-03-05T12:00:00",1004,"Monthly contribution from member-002","CREDIT","CONTRIBUTION","g1004",20,"USD","","REVERSED","1008","our-coll","Our Coll","member-002","member-002","STRIPE","CREDITCARD",,
"2025-03-01T00:00:00",1003,"Added Funds from sponsor-001","CREDIT","ADDED_FUNDS","g1003",500,"USD","","","","our-coll","Our Coll","sponsor-001","sponsor-001","STRIPE","CREDITCARD",,
"2025-02-03T09:00:00",1002,"Yearly contribution from member-001","CREDIT","CONTRIBUTION","g1002",120,"USD","","","","our-coll","Our Coll","member-001","member-001","STRIPE","CREDITCARD",,
"#;

#[test]
fn the_export_of_today_is_read_by_its_labels() {
    let place = coop("open-source", &["--currency", "USD"]);
    let first = import(&place, "open-collective-csv", TODAY, &["--replay", "--json"]).ends(0).json();
    assert_eq!(
        (first["support"].as_u64(), first["taken_back"].as_u64(), first["booked"].as_u64()),
        (Some(5), Some(2), Some(7))
    );
    assert_eq!(in_book(&place, "assets:open-collective"), 58_712);
    assert_eq!(in_book(&place, "income:contributions"), -12_000);
    let again = import(&place, "open-collective-csv", TODAY, &["--json"]).ends(0).json();
    assert_eq!(again["recorded"], 0);
    // The same rows by field ids, with both ids in them.
    let labels = TODAY.lines().next().unwrap();
    let ids = "effectiveDate,legacyId,description,type,kind,group,netAmount,currency,isReverse,isReversed,reverseLegacyId,accountSlug,accountName,oppositeAccountSlug,oppositeAccountName,paymentMethodService,paymentMethodType,orderMemo,reverseKind";
    let by_id = import(&place, "open-collective-csv", TODAY.replace(labels, ids), &["--json"]).ends(0).json();
    assert_eq!(by_id["recorded"], 0);
    place.run(&["verify", "co"]).quietly();
}

/// Its short id and its serial number are one gift.
#[test]
fn both_ids_of_a_record_are_one_gift() {
    let head = "datetime,shortId,legacyId,description,type,kind,isRefund,shortRefundId,amount,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n";
    let both = "2025-01-04T00:00:00,aaaa1111,77,Monthly contribution from member-002,CREDIT,CONTRIBUTION,,,50,50,USD,member-002,member-002\n";
    let serial_head = head.replace("shortId,", "");
    let serial = both.replace("aaaa1111,", "");
    let short_head = head.replace("legacyId,", "");
    let short = both.replace("77,", "");
    for first in [format!("{serial_head}{serial}"), format!("{short_head}{short}")] {
        let place = coop("open-source", &["--currency", "USD"]);
        assert_eq!(import(&place, "open-collective-csv", &first, &["--json"]).ends(0).json()["recorded"], 3);
        assert_eq!(
            import(&place, "open-collective-csv", format!("{head}{both}"), &["--json"]).ends(0).json()["recorded"],
            0
        );
    }
    let place = coop("open-source", &["--currency", "USD"]);
    import(&place, "open-collective-csv", format!("{short_head}{short}"), &[]).ends(0);
    import(&place, "open-collective-csv", format!("{serial_head}{serial}"), &[])
        .fails(2, "with the column `Short Transaction ID`");
}

#[test]
fn a_missing_column_of_open_collective_names_the_preset() {
    let place = coop("open-source", &["--currency", "USD"]);
    let ran = import(&place, "open-collective-csv", "a,b\n1,2\n", &[]).fails(2, "choose the preset `Platform Default`");
    assert!(ran.err.contains("Legacy Platform Default (Pre-2024)"));
}

#[test]
fn a_refund_of_an_earlier_year_is_booked_and_said() {
    let place = coop("open-source", &["--currency", "USD"]);
    let rows = "2025-01-05T00:00:00,r1,\"Refund of \"\"Monthly contribution from member-001\"\"\",DEBIT,CONTRIBUTION,REFUND,o1,-50,0,-50,USD,member-001,member-001\n\
                2025-01-04T00:00:00,a1,Monthly contribution from member-002,CREDIT,CONTRIBUTION,,,50,-2,48,USD,member-002,member-002\n";
    let said = import(&place, "open-collective-csv", format!("{LEGACY}{rows}"), &["--replay"]).quietly();
    assert!(said.contains("left out: file:2: this refund has nothing to take back"), "{said}");
    assert_eq!(said.matches("left out").count(), 1, "a record is counted once: {said}");
    assert_eq!(in_book(&place, "assets:open-collective"), -200);
}

#[test]
fn a_gift_of_before_2022_comes_each_month_too() {
    let place = coop("open-source", &["--currency", "USD"]);
    let rows = "2025-02-04T00:00:00,a2,Monthly financial contribution to Our Project (Backer),CREDIT,CONTRIBUTION,,,50,-2,48,USD,member-001,member-001\n\
                2025-02-04T00:00:01,a3,Monthly contribution from member-002,CREDIT,CONTRIBUTION,,,50,-2,48,USD,member-002,member-002\n\
                2025-02-04T00:00:02,a4,Contribution from member-003,CREDIT,CONTRIBUTION,,,50,-2,48,USD,member-003,member-003\n";
    let said = import(&place, "open-collective-csv", format!("{LEGACY}{rows}"), &["--replay"]).quietly();
    assert!(said.contains("1 gift does not say how often it comes"), "{said}");
    place.run(&["update", "co", "--until", "2025-03-05"]).ends(0);
    let weights = place.run(&["weights", "co", "--all", "--at", "2025-03-05"]).quietly();
    let of = |name: &str| weights.lines().find(|line| line.contains(name)).unwrap().replace(name, "");
    assert_eq!(of("member-001"), of("member-002"), "{weights}");
    assert_ne!(of("member-001"), of("member-003"), "{weights}");
}

#[test]
fn added_funds_are_support_and_a_refund_of_income_lowers_income() {
    let place = coop("open-source", &["--currency", "USD"]);
    let rows = "2025-02-06T00:00:00,a4,\"Refund of \"\"Added Funds from sponsor-001\"\"\",DEBIT,ADDED_FUNDS,REFUND,a3,-100,0,-100,USD,sponsor-001,sponsor-001\n\
                2025-02-05T00:00:00,a3,Added Funds from sponsor-001 - invoice 7,CREDIT,ADDED_FUNDS,,,500,0,500,USD,sponsor-001,sponsor-001\n\
                2025-02-04T00:00:00,a2,Contribution from member-002,CREDIT,CONTRIBUTION,,,50,-2,48,USD,member-002,member-002\n";
    let report =
        import(&place, "open-collective-csv", format!("{LEGACY}{rows}"), &["--replay", "--json"]).ends(0).json();
    assert_eq!((report["support"].as_u64(), report["taken_back"].as_u64()), (Some(2), Some(1)));
    assert_eq!(in_book(&place, "income:added-funds") + in_book(&place, "income:contributions"), -45_000);
    assert_eq!(in_book(&place, "expenses:other"), 0);
}

#[test]
fn taxes_and_dispute_fees_have_accounts_of_their_own() {
    let place = coop("open-source", &["--currency", "USD"]);
    let rows = "2025-02-06T00:00:00,t1,Tax,DEBIT,TAX,,,-21,0,-21,USD,host,Host\n\
                2025-02-06T00:00:01,d1,Dispute fee,DEBIT,PAYMENT_PROCESSOR_DISPUTE_FEE,,,-15,0,-15,USD,stripe,Stripe\n\
                2025-02-06T00:00:02,o1,Refund of something,DEBIT,OTHER_INCOME,REFUND,x1,-7,0,-7,USD,somebody,Somebody\n";
    import(&place, "open-collective-csv", format!("{LEGACY}{rows}"), &["--replay"]).ends(0);
    for (account, minor) in [
        ("expenses:taxes", 2_100),
        ("expenses:payment-processor-fees", 1_500),
        ("income:other", 700),
        ("expenses:other", 0),
    ] {
        assert_eq!(in_book(&place, account), minor, "{account}");
    }
}

#[test]
fn a_handle_that_is_anothers_name_means_neither() {
    let gift = "2026-01-04T00:00:00,a1,Contribution from member-009,CREDIT,CONTRIBUTION,,,1,0,1,USD,sam,member-009\n";
    let register = "name,email,kind,joined\nsam,sam@example.org,person,2025-01-01\n";
    let dues = |who: &str| format!("member,kind,amount,unit,given_at,source\n{who},dues,10,USD,2026-11-01,1\n");
    for (turn, edition) in [(false, "2"), (true, "2"), (false, "3"), (true, "3")] {
        let place = coop("club", &["--currency", "USD", "--edition", edition]);
        let mut files = [("members-csv", register.to_owned()), ("open-collective-csv", format!("{LEGACY}{gift}"))];
        if turn {
            files.reverse();
        }
        for (kind, text) in files {
            import(&place, kind, text, &[]).ends(0);
        }
        assert_eq!(members(&place), 2);
        if edition == "3" {
            // A handle counts inside its own source alone: in the co-op's own table it is the member's name.
            let said = import(&place, "support-csv", dues("sam"), &[]).quietly();
            assert!(said.contains("1 by the name alone"), "{said}");
            let again = import(&place, "support-csv", dues("sam@example.org"), &[]).quietly();
            assert!(again.contains("1 known already"), "{again}");
            assert_eq!(members(&place), 2);
            continue;
        }
        let ran = import(&place, "support-csv", dues("sam"), &[])
            .fails(2, "file:2:1: `sam` is the name of one member and the handle of another");
        assert!(ran.err.contains("give an e-mail address, or the pseudonym"), "{ran:?}");
        import(&place, "support-csv", dues("sam@example.org"), &[]).ends(0);
        assert_eq!(members(&place), 2);
    }
}

/// Givers choose their name on the donation site.
#[test]
fn a_stranger_with_a_members_name_is_kept_apart() {
    let place = coop("club", &["--currency", "USD", "--edition", "2"]);
    import(&place, "members-csv", "name,email,kind,joined\nMember One,member@example.org,person,2025-01-01\n", &[])
        .ends(0);
    let gift = "2026-01-04T00:00:00,a1,Contribution from Member One,CREDIT,CONTRIBUTION,,,1,0,1,USD,member_1,Member\u{202e} One\n";
    let said = import(&place, "open-collective-csv", format!("{LEGACY}{gift}"), &[]).quietly();
    assert!(said.contains("kept apart: `Member One` (member_1)"), "{said}");
    assert_eq!(members(&place), 2);
    // The register says that it is them: the same handle is the same person.
    let place = coop("club", &["--currency", "USD", "--edition", "2"]);
    import(
        &place,
        "members-csv",
        "name,email,handle,kind,joined\nMember One,member@example.org,member_1,person,2025-01-01\n",
        &[],
    )
    .ends(0);
    import(&place, "open-collective-csv", format!("{LEGACY}{gift}"), &[]).ends(0);
    assert_eq!(members(&place), 1);
}

#[test]
fn an_accent_in_its_letter_or_after_it_is_one_name() {
    let place = coop("club", &["--currency", "EUR"]);
    import(&place, "members-csv", "name,kind,joined\nmemb\u{eb}r-001,person,2025-01-01\n", &[]).ends(0);
    let dues = "member,kind,amount,unit,given_at,source\nmembe\u{308}r-001,dues,10,EUR,2026-11-01,1\n";
    import(&place, "support-csv", dues, &[]).ends(0);
    assert_eq!(members(&place), 1);
}

#[test]
fn a_new_address_is_asked_about_and_somebody_off_a_list_is_named() {
    let register = |one: &str, two: &str| {
        format!(
            "name,email,kind,joined,lists\nMember One,{one},person,2025-01-01,worker-list\nmember-002,two@example.org,person,2025-01-01,{two}\n"
        )
    };
    let place = coop("worker", &["--currency", "EUR"]);
    import(&place, "members-csv", register("member@old.example", "worker-list"), &[]).ends(0);
    import(&place, "members-csv", register("member@new.example", ""), &[])
        .fails(2, "file:2:1: somebody called `Member One` is a member with another address");
    assert_eq!(members(&place), 2);
    let moved = "name,email,kind,joined,lists,formerly\nMember One,member@new.example,person,2025-01-01,worker-list,member@old.example\nmember-002,two@example.org,person,2025-01-01,,\n";
    let said = import(&place, "members-csv", moved, &[]).quietly();
    assert!(said.contains("1 member is on `worker-list` and not in the file: member-002"), "{said}");
    assert_eq!(members(&place), 2);
    // From now on both addresses are theirs.
    import(&place, "members-csv", register("member@new.example", "worker-list"), &[]).ends(0);
    assert_eq!(members(&place), 2);
}

#[test]
fn a_typing_mistake_in_dues_admits_nobody() {
    let place = coop("club", &["--currency", "EUR"]);
    import(&place, "members-csv", "name,email,kind,joined\nMember One,member@example.org,person,2025-01-01\n", &[])
        .ends(0);
    let dues = "member,kind,amount,unit,given_at,source\nMember On,dues,10,EUR,2026-11-01,1\n\"One, Member\",dues,10,EUR,2026-11-02,2\nmemberr@example.org,dues,10,EUR,2026-11-03,3\n";
    let ran = import(&place, "support-csv", dues, &[]).ends(2);
    for line in ["file:2:1: ", "file:3:1: ", "file:4:1: "] {
        assert!(ran.err.contains(line), "{ran:?}");
    }
    assert_eq!(ran.err.matches("the nearest name is `Member One`").count(), 3, "{ran:?}");
    assert_eq!(members(&place), 1);
    let said = import(&place, "support-csv", dues, &["--new-members"]).quietly();
    assert!(said.contains("3 new members: Member On, One, Member, memberr@example.org"), "{said}");
}

#[test]
fn tables_as_spreadsheets_save_them() {
    let place = coop("club", &["--currency", "EUR"]);
    import(&place, "members-csv", "name;email;kind;joined\r\nmember-001;one@example.org;person;2025-01-01\r\n", &[])
        .ends(0);
    let semicolons = "\u{feff}member;kind;amount;unit;given_at;source\r\nmember-001;dues;12,50;EUR;01.03.2025;1\r\n";
    import(&place, "support-csv", semicolons, &[]).ends(0);
    let ledger = |text: &str| {
        let place = coop("club", &["--currency", "EUR"]);
        import(&place, "support-csv", text, &["--replay"]).ends(0);
        let log = place.run(&["export", "co", "--format", "log", "--all"]).quietly();
        log.lines()
            .find(|line| line.contains("record_support"))
            .unwrap()
            .split("\"amount\":")
            .nth(1)
            .unwrap()
            .split('}')
            .next()
            .unwrap()
            .to_owned()
    };
    let expected = ledger("member,kind,amount,unit,given_at,source\nmember-001,dues,1234.50,EUR,2025-03-01,1\n");
    for text in [
        "member;kind;amount;unit;given_at;source\nmember-001;dues;1.234,50;EUR;2025-03-01;1\n",
        "sep=;\nMember;KIND;Amount;Unit;Given at;Source\nmember-001;Dues;1 234,50;eur;1.3.2025;1\n",
        "\"sep=|\"\nMitglied|Art|Betrag|Währung|Datum|Beleg\nmember-001|dues|1234,5|EUR|01.03.2025|1\n",
        "member\tkind\tmontant\tdevise\tdate\tréférence\nmember-001\tdues\t1,234.50\tEUR\t2025/3/1\t1\n",
    ] {
        assert_eq!(ledger(text), expected, "{text}");
    }
    for (text, why) in [
        (
            "member;kind;amount;unit;given_at;source\nmember-001;dues;1,234;EUR;2025-03-01;1\n",
            "`1,234` may be read as two different amounts",
        ),
        ("member,kind,amount,unit,given_at,source\nmember-001,dues,\"1.234,50\",EUR,2025-02-01,1\n", "write `1234.50`"),
        ("sep=x\nmember;kind\n", "file:1:1: this line names a sign that cannot part cells"),
        ("member;kind;amount;unit;given_at;source\nmember-001;dues;1;EUR;05/01/2020;1\n", "05/01/2020"),
    ] {
        let ran = import(&place, "support-csv", text, &[]).fails(2, why);
        assert!(!ran.err.contains("1.23450"), "{ran:?}");
    }
}

/// A row without a source is one row, however a spreadsheet has saved it since.
#[test]
fn a_table_saved_anew_brings_nothing_twice() {
    let place = coop("club", &["--currency", "EUR"]);
    let first = "member,kind,amount,unit,given_at\nmember-001,dues,12.50,EUR,2025-03-01\nmember-001,dues,12.50,EUR,2025-03-01\nmember-001,dues,3,EUR,2025-03-02\n";
    assert_eq!(import(&place, "support-csv", first, &["--json"]).ends(0).json()["recorded"], 3);
    for again in [
        first.to_owned(),
        "member;kind;amount;unit;given_at\nmember-001;dues;12,5;EUR;01.03.2025\nmember-001;dues;12,5;EUR;01.03.2025\nmember-001;dues;3,00;EUR;02.03.2025\n".to_owned(),
    ] {
        assert_eq!(import(&place, "support-csv", &again, &["--json"]).ends(0).json()["recorded"], 0, "{again}");
    }
}

#[test]
fn a_hundred_thousand_columns_are_refused_at_once() {
    let place = coop("club", &["--currency", "EUR"]);
    let head: String = (0..100_000).map(|number| format!("c{number},")).collect();
    import(&place, "support-csv", format!("{head}\n"), &[]).fails(2, "this row has more than 1000 cells");
}

#[test]
fn a_day_is_that_day_where_the_coop_is() {
    let place = coop("club", &["--currency", "CAD", "--time-zone", "America/Vancouver"]);
    import(&place, "members-csv", "name,kind,joined\nmember-001,person,2025-01-01\n", &["--replay"]).ends(0);
    let dues = "member,kind,amount,unit,given_at,source\nmember-001,dues,10,CAD,2025-03-01,1\n";
    import(&place, "support-csv", dues, &["--replay"]).ends(0);
    place.run(&["update", "co", "--until", "2025-03-20"]).ends(0);
    let why = place.run(&["weights", "co", "--member", "member-001", "--explain", "--at", "2025-03-20"]).quietly();
    assert!(why.contains("1 March 2025") && !why.contains("28 February 2025"), "{why}");
}

/// Receipts say when in the co-op's zone; JSON is UTC.
#[test]
fn a_receipt_says_when_where_the_coop_is() {
    let place = coop("club", &["--currency", "NZD", "--time-zone", "Pacific/Auckland"]);
    import(&place, "members-csv", "name,kind,joined\nmember-001,person,2025-01-01\n", &["--replay"]).ends(0);
    place.write("rules.md", "# House rules\n");
    place.write("more.md", "# More house rules\n");
    let propose = |file: &str, more: &[&str]| {
        let words = ["propose", "co", "house-rules", file, "--as", "member-001", "--at", "2025-03-01T12:30:00Z"];
        place.run(&[&words[..], more].concat())
    };
    let said = propose("rules.md", &[]).quietly();
    assert!(
        said.contains(", 2025-03-02T01:30:00+13:00 (Pacific/Auckland): ")
            && said.contains("proposed for `house-rules`"),
        "{said}"
    );
    let json = propose("more.md", &["--json"]).ends(0).json();
    assert_eq!(json["receipt"]["time"], "2025-03-01T12:30:00Z");
}

#[test]
fn dues_that_came_back_are_taken_back() {
    let place = coop("club", &["--currency", "EUR"]);
    let table = "member,kind,amount,unit,given_at,source\nmember-001,dues,10,EUR,2025-10-01,dd-1\nmember-001,dues,-10,EUR,2025-10-09,dd-1-returned\n";
    import(&place, "support-csv", table, &[]).fails(2, "in a column `takes_back`");
    let table = "member,kind,amount,unit,given_at,source,takes_back\nmember-001,dues,10,EUR,2025-10-01,dd-1,\nmember-001,dues,-10,EUR,2025-10-09,dd-1-returned,dd-1\n";
    let report = import(&place, "support-csv", table, &["--json"]).ends(0).json();
    assert_eq!((report["support"].as_u64(), report["taken_back"].as_u64()), (Some(1), Some(1)));
    assert_eq!(import(&place, "support-csv", table, &["--json"]).ends(0).json()["recorded"], 0);
    let unknown = "member,kind,amount,unit,given_at,source,takes_back\nmember-001,dues,10,EUR,2025-10-09,x,nothing\n";
    import(&place, "support-csv", unknown, &[]).fails(2, "file:2:1: R039");
}

/// Purchases, dues, gifts, loans and shares are in the book with the support, each once; a returned one leaves it.
#[test]
fn money_that_is_support_is_money_in_the_book() {
    let head = "member,kind,amount,unit,given_at,source,takes_back,book_to,book_from\n";
    let table = format!(
        "{head}member-001,dues,10,EUR,2025-01-01,1,,,\nmember-001,purchase,2.50,EUR,2025-01-02,2,,assets:till,income:shop\nmember-002,donation,5,EUR,2025-01-03,3,,,\nmember-002,loan,100,EUR,2025-01-04,4,,,\nmember-002,share-capital,50,EUR,2025-01-05,5,,,\nmember-002,pledge,9,EUR,2025-01-06,6,,,\nmember-002,hours,1.5,hours,2025-01-07,7,,,\nmember-001,dues,10,EUR,2025-01-09,8,1,,\n"
    );
    let place = coop("club", &["--currency", "EUR", "--time-zone", "America/Vancouver", "--edition", "2"]);
    let report = import(&place, "support-csv", &table, &["--replay", "--json"]).ends(0).json();
    assert_eq!((report["support"].as_u64(), report["not_booked"].as_u64()), (Some(7), Some(0)));
    for (account, minor) in [
        ("assets:bank", 15_500),
        ("assets:till", 250),
        ("income:dues", 0),
        ("income:shop", -250),
        ("income:donations", -500),
        ("liabilities:member-loans", -10_000),
        ("equity:member-shares", -5_000),
    ] {
        assert_eq!(in_book(&place, account), minor, "{account}");
    }
    assert_eq!(import(&place, "support-csv", &table, &["--json"]).ends(0).json()["recorded"], 0);
    let csv = place.run(&["export", "co", "--format", "csv"]).quietly();
    assert!(csv.contains(",2025-01-01,dues,support:1,assets:bank,10.00,EUR"), "{csv}");
    assert!(csv.contains(",2025-01-09,dues taken back,support:8,assets:bank,-10.00,EUR"), "{csv}");
    let book = place.run(&["book", "co", "--json"]).ends(0).json();
    assert_eq!(book["periods"][0]["balance"]["amount"], 5_750, "money less debts");
    // Hours are in the report in their unit.
    assert_eq!(
        book["work"],
        serde_json::json!([{"period": "2025", "kind": "hours", "amount": 5_400, "unit": "second"}])
    );
    let printed = place.run(&["book", "co", "--by", "month"]).quietly();
    assert!(printed.lines().any(|line| line.split_whitespace().eq(["2025-01", "hours", "1.5", "hours"])), "{printed}");
    let log = place.run(&["export", "co", "--format", "log"]).quietly();
    assert!(log.contains(r#"\"given_on\":\"2025-01-01\""#) || log.contains(r#""given_on":"2025-01-01""#), "{log}");
    place.run(&["verify", "co"]).quietly();
    // Edition 1 books nothing with support, and says so. The same rows are known once the log goes on under edition 2.
    let place = coop("club", &["--currency", "EUR", "--time-zone", "America/Vancouver", "--edition", "1"]);
    let said = import(&place, "support-csv", &table, &["--replay"]).ends(0).out;
    assert!(said.contains("5 payments give support and did not touch the book"), "{said}");
    place.run(&["edition", "co", "--announce", "2", "--at", "2025-01-10"]).ends(0);
    place.run(&["update", "co", "--until", "2025-03-01"]).ends(0);
    assert_eq!(place.run(&["status", "co", "--json"]).ends(0).json()["edition"], 2);
    assert_eq!(import(&place, "support-csv", &table, &["--json"]).ends(0).json()["recorded"], 0);
}

/// Makes a repository of a stream that `git fast-import` reads.
fn repository(place: &Place, name: &str, stream: &[u8]) {
    use std::io::Write as _;
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.args(arguments).current_dir(place.path("")).env("GIT_CONFIG_GLOBAL", "/dev/null");
        git
    };
    assert!(git(&["init", "-q", "-b", "main", name]).status().unwrap().success());
    let mut reader = git(&["-C", name, "fast-import", "--quiet"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(stream).unwrap();
    assert!(reader.wait().unwrap().success());
}

fn commit(number: usize, author: &str, date: i64, message: &str) -> String {
    let from = if number == 1 { String::new() } else { format!("from :{}\n", number - 1) };
    let (length, line) = (message.len(), format!("line {number}"));
    format!(
        "commit refs/heads/main\nmark :{number}\nauthor {author} {date} +0000\ncommitter A <a@example.org> 1735689600 +0000\ndata {length}\n{message}\n{from}M 100644 inline f{number}\ndata {}\n{line}\n\n",
        line.len() + 1
    )
}

fn import_git(place: &Place, name: &str) -> serde_json::Value {
    place.run(&["import", "git", name, "--dir", "co", "--json"]).ends(0).json()
}

#[test]
fn an_authors_clock_stops_no_import() {
    let place = coop("open-source", &["--currency", "USD"]);
    let one = commit(1, "member-001 <one@example.org>", 1_735_689_600, "one");
    let two = commit(2, "member-002 <two@example.org>", 2_114_380_800, "a clock that is wrong");
    let bot = commit(3, "helper[bot] <bot@example.org>", 1_735_689_600, "by a machine");
    repository(&place, "repo", [one, two, bot].concat().as_bytes());
    let report = import_git(&place, "repo");
    assert_eq!(report["recorded"], 2, "{report}");
    let notes = report["notes"].to_string();
    assert!(notes.contains("1 commit is dated by its committer") && notes.contains("1 commit by a bot"), "{notes}");
}

/// The report names what gave no credit: programs without a mark, co-authors, merges.
#[test]
fn an_import_of_git_says_what_it_did_not_count() {
    let place = coop("open-source", &["--currency", "USD"]);
    let one =
        commit(1, "member-001 <one@example.org>", 1_735_689_600, "one\n\nCo-authored-by: member-002 <two@example.org>");
    let bot = commit(2, "Dependabot <support@example.org>", 1_735_689_600, "by a machine");
    let merge =
        commit(3, "member-001 <one@example.org>", 1_735_689_700, "merge").replace("from :2\n", "from :2\nmerge :1\n");
    repository(&place, "repo", [one, bot, merge].concat().as_bytes());
    let report = import_git(&place, "repo");
    assert_eq!((report["recorded"].as_u64(), report["new_members"].as_u64()), (Some(1), Some(1)), "{report}");
    let notes = report["notes"].to_string();
    for said in ["1 commit names co-authors", "1 commit by a bot", "1 merge gave nobody support"] {
        assert!(notes.contains(said), "no `{said}` in {notes}");
    }
}

/// A folder inside a repository, and ids of SHA-256, are refused with what to do.
#[test]
fn repositories_that_cannot_be_read_are_refused_with_the_reason() {
    let place = coop("open-source", &["--currency", "USD"]);
    repository(&place, "repo", commit(1, "member-001 <one@example.org>", 1_735_689_600, "one").as_bytes());
    std::fs::create_dir(place.path("repo/inside")).unwrap();
    place.run(&["import", "git", "repo/inside", "--dir", "co"]).fails(2, "give a repository's own folder");
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.args(arguments)
            .current_dir(place.path(""))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .status()
            .unwrap()
            .success()
    };
    if git(&["init", "-q", "--object-format=sha256", "wide"]) {
        place.run(&["import", "git", "wide", "--dir", "co"]).fails(2, "SHA-256");
    }
}

#[test]
fn a_history_written_anew_doubles_nobodys_credit() {
    let history = |messages: [&str; 3]| -> String {
        let authors = ["member-001 <one@example.org>", "member-001 <one@example.org>", "member-002 <two@example.org>"];
        let dates = [1_735_689_600, 1_735_689_700, 1_735_689_800];
        (0..3).map(|at| commit(at + 1, authors[at], dates[at], messages[at])).collect()
    };
    let place = coop("open-source", &["--currency", "USD"]);
    repository(&place, "before", history(["one", "two", "three"]).as_bytes());
    repository(&place, "after", history(["One", "Two", "Three"]).as_bytes());
    assert_eq!(import_git(&place, "before")["recorded"], 3);
    let again = import_git(&place, "after");
    assert_eq!((again["recorded"].as_u64(), again["same_change"].as_u64()), (Some(0), Some(3)), "{again}");
    // Work that is new in the rewritten history counts.
    let more = history(["One", "Two", "Three"])
        + &commit(4, "member-002 <two@example.org>", 1_735_689_800, "another of that second");
    repository(&place, "more", more.as_bytes());
    assert_eq!(import_git(&place, "more")["recorded"], 1);
}

#[test]
fn a_name_in_latin_1_is_read_as_it_was_written() {
    let place = coop("open-source", &["--currency", "USD"]);
    let mut stream = b"commit refs/heads/main\nmark :1\nauthor memb\xebr-001 <one@example.org> 1735689600 +0000\ncommitter A <a@example.org> 1735689600 +0000\n".to_vec();
    stream.extend_from_slice(b"encoding ISO-8859-1\ndata 3\none\nM 100644 inline f0\ndata 7\nline 0\n\n");
    repository(&place, "repo", &stream);
    assert_eq!(import_git(&place, "repo")["new_names"][0], "memb\u{eb}r-001");
}

#[test]
fn hledger_finds_every_account_declared() {
    let place = coop("open-source", &["--currency", "USD"]);
    let row = "2025-02-04T00:00:00,a2,Contribution from member-002,CREDIT,CONTRIBUTION,,,50,-2,48,USD,member-002,member-002\n";
    import(&place, "open-collective-csv", format!("{LEGACY}{row}"), &[]).ends(0);
    let journal = place.run(&["export", "co", "--format", "hledger"]).quietly();
    let declared: Vec<&str> = journal.lines().filter_map(|line| line.strip_prefix("account ")).collect();
    assert_eq!(declared, ["assets:open-collective", "income:contributions", "expenses:payment-processor-fees"]);
}

/// The same number of another repository is another item; each import closes its own.
#[test]
fn issues_of_two_repositories_never_meet() {
    let issue = |repository: &str, state: &str| {
        format!(
            "[{{\"number\":1,\"title\":\"of {repository}\",\"state\":\"{state}\",\"created_at\":\"2024-01-02T03:04:05Z\",\"html_url\":\"https://github.com/o/{repository}/issues/1\",\"labels\":[]}}]"
        )
    };
    let place = coop("open-source", &["--currency", "USD"]);
    let import = |repository: &str, state: &str| {
        import(&place, "github-issues", issue(repository, state), &["--json"]).ends(0).json()["recorded"].as_u64()
    };
    let items = || {
        let report = place.run(&["standings", "co", "issues", "--json"]).ends(0).json();
        let ids = report["items"].as_array().cloned().unwrap_or_default();
        ids.iter().map(|item| item["item"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((import("a", "open"), import("b", "open"), import("b", "open")), (Some(1), Some(1), Some(0)));
    assert_eq!(items(), ["1", "github.com/o/b#1"]);
    assert_eq!(import("b", "closed"), Some(1));
    assert_eq!(items(), ["1"]);
    assert_eq!(import("a", "open"), Some(0));
}

#[test]
fn an_issue_that_is_opened_again_is_open_with_its_new_title() {
    let issue = |state: &str, title: &str| {
        format!(
            "[{{\"number\":1,\"title\":\"{title}\",\"state\":\"{state}\",\"created_at\":\"2024-01-02T03:04:05Z\",\"html_url\":\"https://example.org/o/a/issues/1\",\"labels\":[]}}]"
        )
    };
    let place = coop("open-source", &["--currency", "USD"]);
    let import =
        |state: &str, title: &str| import(&place, "github-issues", issue(state, title), &["--json"]).ends(0).json();
    let standings = || place.run(&["standings", "co", "issues"]).ends(0).out;
    assert_eq!(import("open", "Import bank files")["recorded"], 1);
    assert_eq!(import("closed", "Import bank files")["recorded"], 1);
    assert_eq!(import("open", "Import bank files of two banks")["recorded"], 1);
    assert!(standings().contains("Import bank files of two banks"), "{}", standings());
    assert_eq!(import("open", "Import files")["renamed"], 1);
    assert_eq!(import("closed", "Import files")["recorded"], 1);
    assert_eq!(import("closed", "Import files")["recorded"], 0);
}

#[test]
fn a_count_takes_numbers_as_they_are_written() {
    let place = Place::empty();
    let ballots = |weight: &str| {
        format!("{{\"ballots\":[{{\"weight\":{weight},\"for\":{{\"share\":1,\"scores\":{{\"a\":1}}}}}}]}}")
    };
    for weight in ["1e2", "1E2", "\"1e2\"", "100.0000001"] {
        place.write("b.json", ballots(weight));
        place.run(&["count", "quadratic", "b.json"]).fails(2, "the weight of ballot 1 is `1");
    }
    place.write("b.json", ballots("100"));
    assert_eq!(place.run(&["count", "quadratic", "b.json"]).quietly(), "a  10\n");
}

/// Edition 1 reads such rules, so that its logs stay what they are; no door lets them in.
#[test]
fn no_coop_is_founded_on_rules_that_nobody_sees() {
    let place = coop("club", &["--currency", "EUR", "--edition", "1"]);
    let rules = place.read("co/constitution.md");
    let hidden = "\n<style>\n\n```charter\noffice \"extra\" { settles-in \"1 hour\" }\n```\n\n</style>\n";
    place.write("co/constitution.md", format!("{rules}{hidden}"));
    let register = "name,kind,joined\nmember-001,person,2025-01-01\n";
    let ran = import(&place, "members-csv", register, &[]).ends(2);
    assert!(ran.err.contains("C058") && ran.err.contains("no co-op is founded on it"), "{ran:?}");
    place.run(&["check", "co/constitution.md"]).ends(1);
    place.write("co/constitution.md", &rules);
    import(&place, "members-csv", register, &[]).ends(0);
    // A member cannot propose them either.
    place.write("next.md", format!("{rules}{hidden}"));
    let ran = place.run(&["propose", "co", "constitution", "next.md", "--as", "member-001"]).ends(1);
    assert!(ran.err.contains("C058") || ran.out.contains("C058"), "{ran:?}");
}
