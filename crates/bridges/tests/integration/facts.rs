//! The facts of right files and their order, for each importer but Open Collective's.

use std::ops::ControlFlow;

use bridges::{Fact, Identity, Kind, MICRO_CREDITS, Place, Summary, Unit, What, open};
use quantity::Currency;

fn read(kind: Kind, text: &str) -> (Summary, Vec<Fact>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, text).unwrap();
    let mut source = open(kind, &path, &mut |_, _| {}).unwrap();
    let mut facts = Vec::new();
    for _ in 0..2 {
        facts.clear();
        source
            .facts(&mut |fact| {
                facts.push(fact);
                ControlFlow::Continue(())
            })
            .unwrap();
    }
    (source.summary().clone(), facts)
}

fn why(kind: Kind, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, text).unwrap();
    open(kind, &path, &mut |_, _| {}).unwrap_err().to_string()
}

fn named(name: &str) -> Identity {
    Identity { name: name.to_owned(), ..Identity::default() }
}

#[test]
fn kinds_are_known_by_their_names() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.name()), Some(kind));
    }
    assert_eq!(Kind::parse("csv"), None);
}

#[test]
fn a_commit_is_one_credit() {
    let text = "files_changed,author,authored_at,commit\n7,Ann,2025-01-01T01:00:00+01:00,ABC1\n";
    let (summary, facts) = read(Kind::CommitsCsv, text);
    assert_eq!(summary, Summary { records: 1, ..Summary::default() });
    let fact = &facts[0];
    assert_eq!(fact.source, "commit:abc1");
    assert_eq!(fact.place, Place { line: 2, column: 1 });
    assert_eq!(fact.at.to_string(), "2025-01-01T00:00:00Z");
    let What::Support { person, kind, amount, unit, months, .. } = &fact.what else { panic!() };
    assert_eq!((person, *kind, *amount), (&named("Ann"), "contribution", MICRO_CREDITS));
    assert_eq!((*unit, *months), (Unit::MicroCredits, 1));
    for cell in ["-1", "1.5", "", "4294967296"] {
        let text = format!("commit,authored_at,author,files_changed\nabc1,2025-01-01,A,{cell}\n");
        let expected = format!("file:2:19: `{cell}` is not a number of files");
        assert_eq!(why(Kind::CommitsCsv, &text), expected);
    }
}

#[test]
fn a_member_is_known_by_name_address_and_handle() {
    let text = "name,email,handle,kind,lists,joined\n\
                Ann,Ann@Example.org,ann,person,reviewers; maintainers ;,2025-01-02\n\
                The Co-op,,,organisation,,2025-01-01\n";
    let (_, facts) = read(Kind::MembersCsv, text);
    let ann = Identity {
        name: "Ann".to_owned(),
        emails: vec!["ann@example.org".to_owned()],
        handle: Some("ann".to_owned()),
        id: None,
    };
    let lists = vec!["maintainers".to_owned(), "reviewers".to_owned()];
    let coop = named("The Co-op");
    assert_eq!(facts[0].what, What::Member { person: coop, organisation: true, lists: vec![], left_on: None });
    assert_eq!(facts[1].what, What::Member { person: ann, organisation: false, lists, left_on: None });
    assert!(!facts[1].source.to_lowercase().contains("ann"), "the log holds no names");
    let row = |cells: &str| why(Kind::MembersCsv, &format!("name,email,kind,joined\n{cells}\n"));
    assert!(row("Ann,,cat,2025-01-01").starts_with("file:2:6: `cat` is not a kind of member"));
    for email in ["ann", "@x", "ann@", "a@b@c", "a b@c"] {
        let said = row(&format!("Ann,{email},person,2025-01-01"));
        assert!(said.starts_with(&format!("file:2:5: `{email}` is not an e-mail address")));
    }
    assert!(row(",,person,2025-01-01").starts_with("file:2:1: the name is missing"));
}

#[test]
fn support_of_every_kind() {
    let usd = Unit::Money(Currency::parse("USD").unwrap());
    let jpy = Unit::Money(Currency::parse("JPY").unwrap());
    for (kind, amount, unit, expected) in [
        ("donation", "5", "USD", (500, usd)),
        ("pledge", "0.01", "USD", (1, usd)),
        ("purchase", "12.50", "USD", (1_250, usd)),
        ("dues", "500", "JPY", (500, jpy)),
        ("hours", "1.25", "hours", (4_500, Unit::Seconds)),
        ("contribution", "0.000001", "credits", (1, Unit::MicroCredits)),
        ("compute", "3", "credits", (3_000_000, Unit::MicroCredits)),
        ("compute", "0.01", "hours", (36, Unit::Seconds)),
        ("loan", "100", "USD", (10_000, usd)),
        ("share-capital", "100", "USD", (10_000, usd)),
    ] {
        let text =
            format!("member,kind,amount,unit,given_at,source\nann@x.org,{kind},{amount},{unit},2025-01-01,s:1\n");
        let (_, facts) = read(Kind::SupportCsv, &text);
        let What::Support { person, kind: found, amount, unit, stands_months, .. } = &facts[0].what else { panic!() };
        assert_eq!((*found, (*amount, *unit)), (kind, expected));
        assert_eq!(*stands_months, if kind == "pledge" { 2 } else { 0 });
        assert_eq!(person.emails, ["ann@x.org"]);
        assert_eq!(facts[0].source, "support:s:1");
    }
}

#[test]
fn support_that_cannot_be() {
    for (cells, expected) in [
        ("A,gift,1,USD", "file:2:3: `gift` is not a kind of support"),
        ("A,hours,1,USD", "file:2:11: `hours` is not measured in `USD` but in hours"),
        ("A,donation,1,hours", "file:2:14: `donation` is not measured in `hours`"),
        ("A,donation,0,USD", "file:2:12: the amount `0` is not greater than zero"),
        ("A,donation,-5,USD", "file:2:12: the amount `-5` is not greater than zero"),
        ("A,donation,0.001,USD", "file:2:12: "),
        ("A,donation,1e3,USD", "file:2:12: "),
        ("A,donation,\"1,000\",USD", "file:2:12: "),
        ("A,donation,99999999999999999999,USD", "file:2:12: "),
        ("A,hours,0.001,hours", "file:2:9: "),
        ("A,hours,92233720368547758.07,hours", "file:2:9: too many hours"),
        (",donation,1,USD", "file:2:1: the member is missing"),
    ] {
        let text = format!("member,kind,amount,unit,given_at\n{cells},2025-01-01\n");
        let said = why(Kind::SupportCsv, &text);
        assert!(said.starts_with(expected), "{said} is not {expected}");
    }
    let source = "member,kind,amount,unit,given_at,source\nA,dues,1,USD,2025-01-01,/1\n";
    assert!(why(Kind::SupportCsv, source).starts_with("file:2:25: a source cannot begin with `/`"));
}

#[test]
fn equal_rows_without_a_source_are_numbered() {
    let header = "member,kind,amount,unit,given_at\n";
    let (one, other) = ("Ann,dues,5,USD,2025-01-01\n", "Bob,dues,5,USD,2025-01-01\n");
    let sources = |rows: &[&str]| {
        let (_, facts) = read(Kind::SupportCsv, &format!("{header}{}", rows.concat()));
        facts.into_iter().map(|fact| fact.source).collect::<Vec<_>>()
    };
    let first = sources(&[one]);
    let grown = sources(&[other, one, one]);
    assert!(first[0].ends_with("/1"));
    assert_eq!(grown[1], first[0], "a row keeps its source when the file grows");
    assert_eq!(grown[2], first[0].replace("/1", "/2"));
    assert_eq!(grown.len(), 3);
}

/// The keys on the right are those that the first edition's importer wrote into logs. Each row is still known by its own.
#[test]
fn rows_without_a_source_keep_the_keys_of_the_first_edition() {
    let text = "member,kind,amount,unit,given_at\n\
                member-001,dues,12.5,EUR,2025-03-01\nmember-001,dues,12.50,EUR,2025-03-01\n\
                member-001,dues,12.50,EUR,2025-03-01\nmember-002,hours,1.5,hours,2025-03-02T10:00:00\n";
    let (_, facts) = read(Kind::SupportCsv, text);
    let keys: Vec<Vec<&String>> = facts.iter().map(|fact| fact.also.iter().chain([&fact.source]).collect()).collect();
    let first = ["c8231e90c616da66/1", "2634a1eb33705ec1/1", "2634a1eb33705ec1/2", "f6d5e2a56ca73017/1"];
    for (keys, first) in keys.iter().zip(first) {
        assert!(keys.iter().any(|key| **key == format!("support:/{first}")), "{keys:?}");
    }
}

#[test]
fn issues_of_several_pages_without_pull_requests() {
    let text = r#"[{"number":2,"title":"Two","state":"closed","created_at":"2025-01-02T00:00:00Z",
        "labels":[{"name":"bug"},{"name":null},"old form"],"html_url":"https://example.org/2"},
        {"number":3,"title":"A change","state":"open","created_at":"2025-01-03T00:00:00Z",
        "pull_request":{"url":"x"}}]
        [{"number":1,"title":" ","state":"open","created_at":"2025-01-01T00:00:00Z","labels":null,
        "html_url":"javascript:alert(1)","pull_request":null,"body":"\"}]\\"}][]"#;
    let (summary, facts) = read(Kind::GithubIssues, text);
    assert_eq!(summary, Summary { records: 2, passed_over: 1, ..Summary::default() });
    let item = |id: &str, title: &str, url: Option<&str>, labels: &[&str], closed| What::Item {
        place: None,
        list: "forge".to_owned(),
        id: id.to_owned(),
        title: title.to_owned(),
        url: url.map(str::to_owned),
        labels: labels.iter().map(ToString::to_string).collect(),
        closed,
        was_closed: None,
    };
    assert_eq!(facts[0].source, "github-issue:1");
    assert_eq!(facts[0].place, Place { line: 5, column: 10 });
    assert_eq!(facts[0].what, item("1", "#1", None, &[], false));
    let labels = ["bug", "old form"];
    assert_eq!(facts[1].what, item("2", "Two", Some("https://example.org/2"), &labels, true));
}

/// One payment and one person, as spreadsheets of six languages write them.
#[test]
fn other_languages_heads_kinds_and_units_are_read() {
    let (_, expected) = read(
        Kind::SupportCsv,
        "member,kind,amount,unit,given_at,source\nAnn,dues,1234.50,EUR,2025-03-01,1\nAnn,hours,1.5,hours,2025-03-02,2\n",
    );
    for head in [
        "Mitglied;Art;Betrag;W\u{e4}hrung;Datum;Beleg|Beitrag|Stunden",
        "Membre;Type;Montant;Devise;Date;R\u{e9}f\u{e9}rence|Cotisation|heures",
        "Socio;Tipo;Importe;Moneda;Fecha;Referencia|cuota|horas",
        "Socio;Tipo;Importo;Valuta;Data;Riferimento|quota|ore",
        "Lid;Soort;Bedrag;Valuta;Datum;Bron|contributie|uren",
        "Membro;Tipo;Valor;Moeda;Data;Fonte|quota|horas",
    ] {
        let cells: Vec<&str> = head.split('|').collect();
        let (dues, hours) = (cells[1], cells[2]);
        let table = format!("{}\nAnn;{dues};1.234,50;EUR;01.03.2025;1\nAnn;{hours};1,5;{hours};2.3.2025;2\n", cells[0]);
        let (_, facts) = read(Kind::SupportCsv, &table);
        let what = |facts: &[bridges::Fact]| {
            facts.iter().map(|fact| (fact.at, fact.source.clone(), fact.what.clone())).collect::<Vec<_>>()
        };
        assert_eq!(what(&facts), what(&expected), "{head}");
    }
    for (head, kind) in [
        ("Mitglied;Art;Beitritt", "Person"),
        ("Nom;Type;Date d'adh\u{e9}sion", "personne"),
        ("Nome;Tipo;Membro desde", "pessoa"),
    ] {
        let (summary, _) = read(Kind::MembersCsv, &format!("{head}\nAnn;{kind};1.3.2025\n"));
        assert_eq!(summary.records, 1, "{head}");
    }
}

/// One issue as GitHub's REST, `gh`, GitLab and Forgejo write it, each of a repository of its own.
#[test]
fn each_forges_issues_are_read() {
    for (place, text) in [
        (
            "github.com/o/a",
            r#"{"number":7,"title":"T","state":"closed","created_at":"2025-01-02T00:00:00Z","labels":[{"name":"bug"}],"url":"https://api.github.com/repos/o/a/issues/7","html_url":"https://github.com/o/a/issues/7"}"#,
        ),
        (
            "github.com/o/b",
            r#"{"createdAt":"2025-01-02T00:00:00Z","labels":[{"id":"x","name":"bug","color":"0"}],"number":7,"state":"CLOSED","title":"T","url":"https://github.com/O/b/issues/7"}"#,
        ),
        (
            "gitlab.com/o/sub/c",
            r#"{"id":98765,"iid":7,"project_id":1,"title":"T","state":"closed","created_at":"2025-01-02T00:00:00.123Z","labels":["bug"],"web_url":"https://gitlab.com/o/sub/c/-/issues/7"}"#,
        ),
        (
            "codeberg.org/o/d",
            r#"{"id":98765,"url":"https://codeberg.org/api/v1/repos/o/d/issues/7","html_url":"https://codeberg.org/o/d/issues/7","number":7,"title":"T","labels":[{"name":"bug"}],"state":"closed","created_at":"2025-01-02T01:00:00+01:00","pull_request":null}"#,
        ),
    ] {
        let (summary, facts) = read(Kind::GithubIssues, &format!("[{text}]"));
        assert_eq!((summary.records, summary.passed_over), (1, 0), "{text}");
        let What::Item { id, place: found, title, url, labels, closed, .. } = &facts[0].what else { panic!() };
        assert_eq!((id.as_str(), title.as_str(), *closed), ("7", "T", true), "{text}");
        assert_eq!((found.as_deref(), labels.as_slice()), (Some(place), &["bug".to_owned()][..]), "{text}");
        let page = url.as_deref().unwrap();
        assert!(page.to_lowercase().starts_with(&format!("https://{place}/")), "{page}");
    }
    // GitLab's open ones, and one number of two repositories in one file.
    let issue = |repository: &str| {
        format!(
            r#"{{"iid":7,"title":"T","state":"opened","created_at":"2025-01-02T00:00:00Z","web_url":"https://gitlab.com/o/{repository}/-/issues/7"}}"#
        )
    };
    let (summary, _) = read(Kind::GithubIssues, &format!("[{},{}]", issue("a"), issue("b")));
    assert_eq!(summary.records, 2);
    let twice = why(Kind::GithubIssues, &format!("[{},{}]", issue("a"), issue("a")));
    assert!(twice.contains("this issue is already on line 1"), "{twice}");
}

#[test]
fn issues_that_cannot_be() {
    for (text, expected) in [
        ("{\"message\":\"Not Found\"}", "file:1:1: here should be a list of issues"),
        ("[[]]", "file:1:2: here should be an issue, or `]`, not `[`"),
        ("[{},]", "file:1:2: this issue has no `number`"),
        ("[] x", "file:1:4: here should be another list"),
        ("[{\"number\":-1}]", "file:1:12: `number` has the wrong form"),
        ("[{\"number\":\"1\"}]", "file:1:12: `number` has the wrong form"),
        ("[{\"number\":1,\"title\":5}]", "file:1:22: `title` has the wrong form"),
        ("[{\"number\":1,\"title\":\"\\ud800\"}]", "file:1:22: `title` has the wrong form"),
        ("[\n{\"number\":1,\n\"title\":nonsense}]", "file:3:10: this is not the JSON of an issue"),
    ] {
        let said = why(Kind::GithubIssues, text);
        assert!(said.starts_with(expected), "{said} is not {expected}");
    }
    let state = "[{\"number\":1,\"title\":\"x\",\"state\":\"new\",\"created_at\":\"2025-01-01\"}]";
    assert!(why(Kind::GithubIssues, state).starts_with("file:1:34: `new` is not a state"));
}

#[test]
fn facts_come_in_the_order_of_time_however_the_file_is_sorted() {
    let rows = |numbers: &[u64]| {
        let rows = numbers.iter().map(|n| {
            // Three commits for each moment.
            let (hour, minute) = (n / 3 / 60 % 24, n / 3 % 60);
            format!("{n:06x},2025-01-01T{hour:02}:{minute:02}:00Z,Ann,1\n")
        });
        format!("commit,authored_at,author,files_changed\n{}", rows.collect::<String>())
    };
    let order = |numbers: &[u64]| -> Vec<u64> {
        let (_, facts) = read(Kind::CommitsCsv, &rows(numbers));
        assert!(facts.is_sorted_by_key(|fact| fact.at));
        let hex = |fact: &Fact| u64::from_str_radix(&fact.source["commit:".len()..], 16).unwrap();
        facts.iter().map(hex).collect()
    };
    let oldest_first: Vec<u64> = (0..4_000).collect();
    assert_eq!(order(&oldest_first), oldest_first);
    let newest_first: Vec<u64> = (0..4_000).rev().collect();
    assert_eq!(order(&newest_first), oldest_first);
    let shuffled: Vec<u64> = (0..4_000).map(|i| i * 1_237 % 4_000).collect();
    let mut found = order(&shuffled);
    found.sort_unstable();
    assert_eq!(found, oldest_first);
}

#[test]
fn reading_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let text = "commit,authored_at,author,files_changed\nabc1,2025-01-01,A,1\nabc2,2025-01-02,A,1\n";
    std::fs::write(&path, text).unwrap();
    let mut told = Vec::new();
    let mut source = open(Kind::CommitsCsv, &path, &mut |done, of| told.push((done, of))).unwrap();
    let mut facts = 0;
    source
        .facts(&mut |_| {
            facts += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(facts, 1);
    let length = text.len() as u64;
    assert_eq!(told.last(), Some(&(length, length)), "progress ends with the whole");
}
