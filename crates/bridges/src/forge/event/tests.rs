//! Recorded deliveries, and what each says.

use super::*;
use crate::forge::Reach;

/// Reads a recorded delivery as the bridge of a repository does.
fn read(dialect: Dialect, event: &str, file: &str, whose: &str) -> Event {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forge");
    let body = std::fs::read(folder.join(dialect.name()).join(file)).unwrap();
    let field = match dialect {
        Dialect::Github => "x-github-event",
        Dialect::Gitea => "x-gitea-event",
        Dialect::Gitlab => "x-gitlab-event",
    };
    let head = [(field.to_owned(), event.to_owned())];
    let site = Site::parse(dialect, &format!("https://forge.example/{whose}"), Reach::Public).unwrap();
    Delivery { head: &head, body: &body }.read(&site)
}

fn issue(event: Event) -> Issue {
    match event {
        Event::Issue(issue) => issue,
        other => panic!("{other:?}"),
    }
}

const HELLO: &str = "member-001/Hello-World";

#[test]
fn issues_of_each_dialect_are_read_alike() {
    for (dialect, event, file, whose, number, gone) in [
        (Dialect::Github, "issues", "issues-opened-15.json", HELLO, 1, None),
        (Dialect::Github, "issues", "issues-deleted-04.json", HELLO, 1, Some(Gone::Deleted)),
        (Dialect::Github, "issues", "issues-transferred-21.json", "coop-001/octo-repo", 1, Some(Gone::Transferred)),
        (Dialect::Github, "issue_comment", "issue_comment-created-00.json", HELLO, 1, None),
        (Dialect::Gitea, "issues", "issues-event.json", "member-001/member-001", 1, None),
        (Dialect::Gitea, "issue_label", "issue-label-event.json", "MEMBER-001/member-001", 1, None),
        (Dialect::Gitlab, "Issue Hook", "issue-event.json", "coop-002/gitlab-test", 23, None),
        (
            Dialect::Gitlab,
            "Confidential Issue Hook",
            "confidential-issue-event.json",
            "coop-002/gitlab-test",
            23,
            Some(Gone::Confidential),
        ),
    ] {
        let issue = issue(read(dialect, event, file, whose));
        assert_eq!((issue.number, issue.gone), (number, gone), "{file}");
        assert!(issue.title.starts_with("Example title") && issue.at <= issue.updated, "{issue:?}");
        let fact = issue.fact("forge.example/x/y", "forge");
        let crate::What::Item { closed, title, .. } = fact.what else { panic!("{fact:?}") };
        assert_eq!(closed, gone.is_some(), "{file}");
        assert_eq!(title.is_empty(), gone == Some(Gone::Confidential), "{file}: a title that is not for everybody");
    }
    let labelled = issue(read(Dialect::Github, "issues", "issues-labeled-09.json", HELLO));
    assert!(!labelled.labels.is_empty());
}

#[test]
fn deliveries_that_change_nothing_say_so() {
    for (dialect, event, file, whose, wanted) in [
        (Dialect::Github, "ping", "ping-event-00.json", HELLO, Event::Ping),
        (Dialect::Github, "push", "push-event-00.json", HELLO, Event::Look),
        (Dialect::Github, "release", "release-created-01.json", HELLO, Event::Look),
        (Dialect::Github, "pull_request_review", "pull_request_review-dismissed-01.json", HELLO, Event::Look),
        // It was closed without a merge.
        (
            Dialect::Github,
            "pull_request",
            "pull_request-closed-03.json",
            HELLO,
            Event::Other("pull_request".to_owned()),
        ),
        (Dialect::Github, "star", "star-created-00.json", "coop-001/Hello-World", Event::Other("star".to_owned())),
        (Dialect::Github, "sponsorship", "sponsorship-created-00.json", HELLO, Event::Other("sponsorship".to_owned())),
        (Dialect::Github, "issues", "issues-opened-15.json", "coop-001/other", Event::Elsewhere(HELLO.to_owned())),
        (Dialect::Gitea, "push", "push-event.json", "coop-001/coop-001", Event::Look),
        (Dialect::Gitea, "create", "create-event.json", "coop-001/coop-001", Event::Other("create".to_owned())),
        (Dialect::Gitlab, "Note Hook", "comment-issue-event.json", "coop-002/gitlab-test", Event::Look),
        (
            Dialect::Gitlab,
            "System Hook",
            "system-team-member-removed.json",
            "a/b",
            Event::Other("systemhook".to_owned()),
        ),
    ] {
        assert_eq!(read(dialect, event, file, whose), wanted, "{file}");
    }
}

#[test]
fn our_own_comments_and_labels_do_not_come_back() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forge/github");
    let text = std::fs::read_to_string(folder.join("issue_comment-created-00.json")).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    json["comment"]["body"] = format!("Support stands at 12.{MARK}standing/7 -->").into();
    json["issue"]["labels"] = serde_json::json!([{"name": "rochdale: 12 votes"}, {"name": "bug"}]);
    let site = Site::parse(Dialect::Github, &format!("https://github.com/{HELLO}"), Reach::Public).unwrap();
    let head = [("x-github-event".to_owned(), "issue_comment".to_owned())];
    let read = |json: &Value| Delivery { head: &head, body: json.to_string().as_bytes() }.read(&site);
    assert_eq!(read(&json), Event::Ours);
    json["comment"]["body"] = "somebody else's".into();
    assert_eq!(issue(read(&json)).labels, ["bug"]);
}

#[test]
fn a_merged_change_is_one_credit_for_its_author_and_a_programs_is_none() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forge/github");
    let text = std::fs::read_to_string(folder.join("pull_request-closed-03.json")).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    json["pull_request"]["merged_at"] = "2019-05-15T15:21:18Z".into();
    let site = Site::parse(Dialect::Github, &format!("https://github.com/{HELLO}"), Reach::Public).unwrap();
    let head = [("x-github-event".to_owned(), "pull_request".to_owned())];
    let read = |json: &Value| match (Delivery { head: &head, body: json.to_string().as_bytes() }.read(&site)) {
        Event::Merged(change) => change,
        other => panic!("{other:?}"),
    };
    let fact = read(&json).fact("github.com/a/b").unwrap();
    assert_eq!(
        (fact.source.as_str(), fact.at.to_string().as_str()),
        ("change:github.com/a/b/2", "2019-05-15T15:21:18Z")
    );
    let change = read(&json);
    let by = |login: &str| crate::forge::Account { login: login.to_owned(), is_bot: false };
    assert_eq!(
        change.review("github.com/a/b", &by("Member-002")).unwrap().source,
        "review:github.com/a/b/2/member-002"
    );
    assert_eq!(change.review("github.com/a/b", &by("MEMBER-001")), None, "one's own change");
    assert_eq!(change.review("github.com/a/b", &by("renovate[bot]")), None);
    json["pull_request"]["user"]["type"] = "Bot".into();
    assert_eq!(read(&json).fact("github.com/a/b"), None);
}

#[test]
fn odd_deliveries_are_named_and_break_nothing() {
    let site = Site::parse(Dialect::Github, "https://github.com/a/b", Reach::Public).unwrap();
    let head = [("x-github-event".to_owned(), "issues".to_owned())];
    for (body, wanted) in [
        ("", Event::Odd("JSON")),
        ("[]", Event::Other("issues".to_owned())),
        (r#"{"repository":{"full_name":"a/b"}}"#, Event::Odd("issue")),
        (
            r#"{"repository":{"full_name":"a/b"},"issue":{"number":-1,"state":"open","title":"x"}}"#,
            Event::Odd("number"),
        ),
        (r#"{"repository":{"full_name":"a/b"},"issue":{"number":1,"state":"odd","title":"x"}}"#, Event::Odd("state")),
        (
            r#"{"repository":{"full_name":"a/b"},"issue":{"number":1,"state":"open","title":"x","updated_at":"never"}}"#,
            Event::Odd("updated_at"),
        ),
    ] {
        assert_eq!(Delivery { head: &head, body: body.as_bytes() }.read(&site), wanted, "{body}");
    }
}
