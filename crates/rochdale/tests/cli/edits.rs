//! Edits of a data file, tried by somebody who has read `docs/spec/store.md`: `verify` names each.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::run::Place;

const MEMBERS: &str = "name,kind,joined,email,lists\nmember-001,person,2020-01-01,one@example.org,contributor-list\nmember-002,person,2020-01-01,two@example.org,\n";
const ISSUES: &str = r#"[
{"number":1,"title":"first title","state":"open","created_at":"2020-01-01","html_url":"https://example.org/issues/1"},
{"number":2,"title":"second title","state":"open","created_at":"2020-01-01","html_url":"https://example.org/issues/2"}]"#;
const OPEN_COLLECTIVE: &str = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName\n2021-01-02T00:17:13,b1,Monthly contribution from member-003,CREDIT,CONTRIBUTION,,,50,-2.25,42.75,USD,three,member-003\n";

/// The pseudonyms of the members with the last numbers 1 to 3, and the co-op's id.
struct Known {
    members: [String; 3],
    coop: String,
}

/// A small co-op with something in every space of records.
fn written() -> (Place, Known) {
    let place = Place::unfounded();
    for (kind, text) in [("members-csv", MEMBERS), ("github-issues", ISSUES), ("open-collective-csv", OPEN_COLLECTIVE)]
    {
        place.write("file", text);
        place.run(&["import", kind, "file", "--dir", "home"]).quietly();
    }
    for n in 1..=3 {
        let act = format!(
            "{{\"act\":\"cast_ballot\",\"member\":\"member-001\",\"decision\":\"issues\",\"item\":\"1\",\"share_ppm\":{n}0000,\"scores\":null,\"against\":false,\"key\":\"a{n}\"}}\n"
        );
        place.write("act.jsonl", act);
        place.run(&["act", "home", "--file", "act.jsonl"]).ends(0);
    }
    let next = place.run(&["status", "home", "--json"]).ends(0).json();
    let next = next["next_update"].as_str().unwrap().to_owned();
    place.run(&["update", "home", "--until", &next]).quietly();
    place.run(&["invite", "home", "member-002"]).quietly();
    let file = open(&place, "home/rochdale.db");
    let coop: String = file.query_row("SELECT coop FROM heads", (), |row| row.get(0)).unwrap();
    let member = |n: u32| {
        let sql = format!(
            "SELECT CAST(name AS TEXT) FROM records WHERE space = 'profile' AND CAST(value AS TEXT) LIKE '%member-00{n}%'"
        );
        file.query_row(&sql, (), |row| row.get::<_, String>(0)).unwrap()
    };
    let members = [1, 2, 3].map(member);
    let more = format!(
        "INSERT INTO records VALUES ('{coop}', 'meta', CAST('founder' AS BLOB), CAST('{}' AS BLOB));
         INSERT INTO records VALUES ('{coop}', 'session', CAST('00' AS BLOB), CAST('{{\"member\":\"{}\",\"begun_us\":0,\"seen_us\":0}}' AS BLOB));",
        members[0], members[1]
    );
    file.execute_batch(&more).unwrap();
    (place, Known { members, coop })
}

fn open(place: &Place, file: &str) -> Connection {
    let connection = Connection::open(place.path(file)).unwrap();
    // An editor's own program does not keep to what ours is set to.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
    connection
}

/// SQL that changes the value of a record.
fn replaced(space: &str, name: &str, from: &str, to: &str) -> String {
    format!(
        "UPDATE records SET value = CAST(replace(CAST(value AS TEXT), '{from}', '{to}') AS BLOB) WHERE space = '{space}' AND CAST(name AS TEXT) = '{name}'"
    )
}

/// SQL that gives two records each other's value.
fn swapped(space: &str, one: &str, two: &str) -> String {
    let (one, two) = (format!("CAST('{one}' AS BLOB)"), format!("CAST('{two}' AS BLOB)"));
    format!(
        "CREATE TEMP TABLE kept AS SELECT name, value FROM records WHERE space = '{space}' AND name IN ({one}, {two});
         UPDATE records SET value = (SELECT value FROM kept WHERE name <> records.name) WHERE space = '{space}' AND name IN ({one}, {two})"
    )
}

fn planted(coop: &str, space: &str, name: &str, value: &str) -> String {
    format!("INSERT INTO records VALUES ('{coop}', '{space}', CAST('{name}' AS BLOB), CAST('{value}' AS BLOB))")
}

fn deleted(space: &str, name: &str) -> String {
    format!("DELETE FROM records WHERE space = '{space}' AND CAST(name AS TEXT) = '{name}'")
}

/// Edits of the log and of what the file is, each with words by which it is named.
fn of_the_log(Known { coop, .. }: &Known) -> Vec<(String, &'static str)> {
    let last = "(SELECT max(seq) FROM entries)";
    let same = |sql: &str| sql.to_owned();
    vec![
        (same("DELETE FROM entries WHERE seq = 1"), "entry 1"),
        (format!("DELETE FROM entries WHERE seq = {last}"), "it is missing"),
        (format!("UPDATE entries SET seq = seq + 7 WHERE seq = {last}"), "stands in the data file as entry"),
        (format!("UPDATE entries SET seq = -7 WHERE seq = {last}"), "a row -7"),
        (same("UPDATE entries SET bytes = substr(bytes, 1, length(bytes) - 2) WHERE seq = 1"), "entry 1"),
        (
            same(
                "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"share_ppm\":20000', '\"share_ppm\":90000') AS BLOB) WHERE CAST(bytes AS TEXT) LIKE '%\"share_ppm\":20000%'",
            ),
            "it was changed",
        ),
        (format!("INSERT INTO entries SELECT coop, seq + 1, bytes FROM entries WHERE seq = {last}"), "entry"),
        (
            format!("INSERT INTO entries SELECT 'c_other', seq, bytes FROM entries WHERE seq = {last}"),
            "rows of `c_other`",
        ),
        (same("UPDATE heads SET seq = seq - 1"), "ended before it"),
        (same("UPDATE heads SET hash = zeroblob(32)"), "the head of the log"),
        (same("UPDATE heads SET time_us = time_us + 1"), "the head of the log"),
        (same("INSERT INTO heads VALUES ('c_another', 0, zeroblob(32), 0)"), "c_another"),
        (same("UPDATE heads SET coop = 'c_another'"), "whose log is not in it"),
        (same("DELETE FROM heads"), "whose log is not in it"),
        (format!("INSERT INTO keys VALUES ('{coop}', 'a9', 4)"), "the key `a9` for entry 4"),
        (format!("INSERT INTO keys VALUES ('{coop}', 'a1', 4)"), "the key `a1` for entry 4"),
        (same("INSERT INTO keys VALUES ('c_other', 'a1', 4)"), "rows of `c_other`"),
        (format!("INSERT INTO keys_until VALUES ('{coop}', {last})"), "does not have the key of entry"),
        (format!("INSERT INTO keys_until VALUES ('{coop}', 1000000)"), "`keys_until` says entry 1000000"),
        (same("CREATE TRIGGER late AFTER INSERT ON entries BEGIN DELETE FROM records; END"), "trigger `late`"),
        (same("CREATE TABLE notes (text)"), "table `notes`"),
        (same("CREATE VIEW seen AS SELECT * FROM records"), "view `seen`"),
        (same("CREATE INDEX quick ON records (space)"), "index `quick`"),
        (same("DROP TABLE keys_until"), "`keys_until` is missing"),
        (same("PRAGMA application_id = 7"), "another program"),
        (same("PRAGMA user_version = 2"), "`keys_until`, which is not Rochdale's"),
        (same("PRAGMA user_version = 9"), "has format 9"),
    ]
}

/// Edits of what is kept beside the log.
fn of_the_records(Known { members: [one, two, three], coop }: &Known) -> Vec<(String, &'static str)> {
    let key_of = |member: &str| format!("{member}/name");
    let stranger = "m_0000000000000";
    let session = format!("{{\"member\":\"{stranger}\",\"begun_us\":0,\"seen_us\":0}}");
    let token = format!(
        "{{\"name\":\"till\",\"member\":\"{stranger}\",\"scopes\":{{}},\"made_us\":0,\"until_us\":0,\"used_us\":null,\"ended_us\":null}}"
    );
    vec![
        (replaced("profile", two, "member-002", "member-008"), "is not the one that it binds"),
        (swapped("profile", one, two), "is not the one that it binds"),
        (deleted("profile", one), "is missing, and its key is there"),
        (replaced("profile", two, "two@example.org", "six@example.org"), "who has no such address"),
        (replaced("profile", two, "{", "["), "cannot be read"),
        (planted(coop, "profile", stranger, "{\"name\":\"member-009\"}"), "is no member"),
        (format!("UPDATE records SET value = zeroblob(32) WHERE space = 'opening' AND CAST(name AS TEXT) = '{}'", key_of(one)), "is not the one that it binds"),
        (format!("UPDATE records SET value = x'00' WHERE space = 'opening' AND CAST(name AS TEXT) = '{}'", key_of(one)), "is not 32 bytes long"),
        (deleted("opening", &key_of(one)), "is not the one that it binds"),
        (swapped("opening", &key_of(one), &key_of(two)), "is not the one that it binds"),
        (planted(coop, "opening", "m_0/name", "01234567890123456789012345678901"), "no entry has its commitment"),
        (replaced("identity", "name:member-001", one, two), "somebody else's"),
        (replaced("identity", "email:one@example.org", one, two), "somebody else's"),
        (replaced("identity", "handle:three", three, two), "somebody else's"),
        (replaced("identity", "name:member-001", one, stranger), "nobody who has a name"),
        (deleted("identity", "email:one@example.org"), "points to nobody"),
        (planted(coop, "identity", "email:new@example.org", one), "who has no such address"),
        (planted(coop, "identity", "shared:member-001", "yes"), "several members' name"),
        (replaced("item", "issues/1", "first title", "another title"), "are not those that it binds"),
        (replaced("item", "issues/1", "example.org", "example.net"), "are not those that it binds"),
        (swapped("item", "issues/1", "issues/2"), "are not those that it binds"),
        (deleted("item", "issues/1"), "is missing, and its key is there"),
        (planted(coop, "item", "issues/77", "{\"title\":\"none\"}"), "is no item of a ranking"),
        (deleted("opening", "card:issues/1"), "are not those that it binds"),
        ("UPDATE records SET value = CAST(value || x'0a' AS BLOB) WHERE space = 'document'".to_owned(), "is not the one that was founded on"),
        ("DELETE FROM records WHERE space = 'document'".to_owned(), "is missing"),
        ("UPDATE records SET name = CAST(replace(hex(zeroblob(32)), '00', 'ab') AS BLOB) WHERE space = 'document' AND name = (SELECT min(name) FROM records WHERE space = 'document')".to_owned(), "is missing"),
        (planted(coop, "document", &"0".repeat(64), "a text"), "is another one"),
        (replaced("meta", "founder", one, two), "is said to be the founder"),
        (planted(coop, "meta", "demonstration", "yes"), "a demonstration"),
        ("UPDATE records SET value = CAST('1' AS BLOB) WHERE space = 'meta' AND name = CAST('edition' AS BLOB)".to_owned(), "begins under edition 1"),
        (planted(coop, "meta", "owner", "member-009"), "`owner`, which is not Rochdale's"),
        (planted(coop, "notes", "one", "a text"), "the space `notes`"),
        (planted("c_other", "profile", one, "{\"name\":\"member-009\"}"), "rows of `c_other`"),
        (planted(coop, "session", "01", &session), "who is no member"),
        (planted(coop, "token", "01", &token), "who is no member"),
        (planted(coop, "import", "0000000009", "{}"), "the import `0000000009` cannot be read"),
        ("UPDATE records SET value = x'00' WHERE CAST(name AS TEXT) = 'last'".to_owned(), "the import `last` cannot be read"),
        (planted(coop, "mapping", "00", "[]"), "the mapping `00` cannot be read"),
        ("UPDATE records SET value = x'00' WHERE space = 'invitation'".to_owned(), "cannot be read"),
        ("UPDATE records SET name = x'ff' WHERE space = 'session'".to_owned(), "is no text"),
    ]
}

#[test]
fn every_edit_of_a_data_file_is_named() {
    let (place, known) = written();
    let said = place.run(&["verify", "home"]).quietly();
    assert!(said.contains("the operator says so, and the log does not bind it: 2 mail addresses, 1 handle or other name, 1 invitation, 1 session, 3 reports of imports\n"), "{said}");
    place.run(&["backup", "home", "whole.db"]).quietly();
    let edits: Vec<_> = of_the_log(&known).into_iter().chain(of_the_records(&known)).collect();
    assert!(edits.len() >= 40);
    let mut passed = Vec::new();
    for (edit, words) in edits {
        std::fs::copy(place.path("whole.db"), place.path("edited.db")).unwrap();
        let file = open(&place, "edited.db");
        file.execute_batch(&edit).unwrap_or_else(|why| panic!("{edit}: {why}"));
        drop(file);
        let ran = place.run(&["verify", "edited.db"]);
        if ran.code == 0 || !ran.err.contains(words) || !ran.out.is_empty() {
            passed.push(format!("{edit}\n    {ran:?}"));
        }
    }
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}

/// A title that changed outside stands beside the one that its entry binds, until the next entry that binds the item.
#[test]
fn a_title_that_changed_outside_is_the_operators_word() {
    let (place, Known { coop, .. }) = written();
    let verified = || place.run(&["verify", "home"]).quietly();
    assert!(!verified().contains("title"));
    place.write("file", ISSUES.replace("second title", "a newer title"));
    let report = place.run(&["import", "github-issues", "file", "--dir", "home"]).ends(0);
    assert!(format!("{}{}", report.out, report.err).contains("1 item has a new title"), "{report:?}");
    assert!(verified().contains("1 title of an item"), "{}", verified());
    for (edit, words) in [
        (planted(&coop, "retitled", "issues/77", "{\"title\":\"none\"}"), "is no item that can have one"),
        (replaced("retitled", "issues/2", "{", "["), "cannot be read"),
        (replaced("item", "issues/2", "second title", "a newer title"), "are not those that it binds"),
    ] {
        std::fs::copy(place.path("home/rochdale.db"), place.path("edited.db")).unwrap();
        open(&place, "edited.db").execute_batch(&edit).unwrap();
        let ran = place.run(&["verify", "edited.db"]);
        assert!(ran.code == 1 && ran.err.contains(words), "{edit}\n    {ran:?}");
    }
    let closed =
        ISSUES.replace("second title", "a newer title").replacen("\"state\":\"open\"", "\"state\":\"closed\"", 2);
    place.write("file", closed.replacen("\"state\":\"closed\"", "\"state\":\"open\"", 1));
    place.run(&["import", "github-issues", "file", "--dir", "home"]).ends(0);
    assert!(!verified().contains("title"), "{}", verified());
}

/// A co-op that somebody plants before the one that is served is not opened instead of it.
#[test]
fn a_file_with_two_co_ops_is_not_served() {
    let place = Place::founded();
    let file = open(&place, "home/rochdale.db");
    file.execute_batch("INSERT INTO heads VALUES ('c_0', 0, zeroblob(32), 0)").unwrap();
    drop(file);
    for command in [&["serve", "home", "--listen", "127.0.0.1:0"][..], &["status", "home"], &["verify", "home"]] {
        let ran = place.run(command).says("the logs of c_0 and c_");
        assert!(ran.code != 0 && ran.out.is_empty(), "{ran:?}");
    }
}
