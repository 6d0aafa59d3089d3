//! `rochdale credit`: a year of a repository is proposed, shown, struck from, accepted, and weighs.

use serde_json::json;

use crate::credit::{HISTORY, repository, repository_saying};
use crate::run::Place;

const KERNEL: &str = r#"# A small co-op

```charter
kernel {
    name "home"
    purpose "Try credit"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "donated(ever) / 1 USD" }
    class "contributors" { weight "credit(last 12 months)" }
    constitution { settles-in "30 days"; updates "monthly on 1 at 01:00" }
    amend "never"
    fork carries="register" treasury="none"
}
```
"#;
const CONSTITUTION: &str = "# What we decide\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\"; may \"record\" \"credit\" }\ncommitment \"credit\" every=\"year\" accepts=\"credit\"\n```\n";

/// The log is at the beginning of 2040, so that no test depends on the day on which it runs.
fn home(constitution: &str) -> Place {
    let place = Place::empty();
    place.run(&["init", "home", "--template", "open-source", "--edition", "4", "--open"]).ends(0);
    place.write("home/kernel.md", KERNEL);
    place.write("home/constitution.md", constitution);
    place.run(&["update", "home", "--until", "2040-02-02"]).ends(0);
    place
}

fn place() -> Place {
    let place = home(CONSTITUTION);
    let history: Vec<(&str, String, &[usize])> =
        HISTORY.iter().map(|(who, day, parents)| (*who, day.replace("2025", "2039"), *parents)).collect();
    let history: Vec<(&str, &str, &[usize])> =
        history.iter().map(|(who, day, parents)| (*who, day.as_str(), *parents)).collect();
    repository(&place.path("repo"), &history);
    place.run(&["import", "git", "repo", "--dir", "home"]).ends(0);
    place
}

#[test]
fn a_year_of_a_repository_is_accepted_and_weighs() {
    let place = place();
    repository(&place.path("strange"), &[("stranger s@example.org", "2039-01-05T00:00:01Z", &[])]);
    place.run(&["credit", "propose", "home", "strange"]).fails(1, "stranger; bring them in");
    place.run(&["credit", "propose", "home", "strange", "--without-them"]).fails(1, "R143");
    let none = place.run(&["credit", "show", "home"]).quietly();
    assert_eq!(none, "nothing is proposed, and nothing was decided\n");
    let listed = place.run(&["credit", "propose", "home", "repo", "--list"]).quietly();
    assert!(listed.starts_with("rochdale contributions 1\nperiod 2039-01-01 2040-01-01\n"), "{listed}");
    assert_eq!(listed.lines().filter(|line| line.contains(" new ")).count(), 4, "{listed}");
    let proposed = place.run(&["credit", "propose", "home", "repo", "--json"]).ends(0).json();
    assert_eq!((&proposed["members"], &proposed["micro"]), (&2.into(), &3_000_000.into()), "{proposed}");
    place.run(&["credit", "propose", "home", "repo"]).fails(1, "R127");
    let merge = listed.lines().find(|line| line.starts_with("commit")).unwrap();
    let id = merge.split(' ').nth(1).unwrap();
    place.write("strikes.txt", format!("strike commit {id}\n\nIt was empty.\n"));
    place.run(&["credit", "strike", "home", "strikes.txt", "--as", "a"]).ends(0);
    place.write("names.txt", "strike member b\n");
    place.run(&["credit", "strike", "home", "names.txt", "--as", "a"]).ends(0);
    place.write("wrong.txt", "strike commit ffffffff\n");
    place.run(&["credit", "strike", "home", "wrong.txt", "--as", "a"]).fails(1, "R142");
    let shown = place.run(&["credit", "show", "home"]).quietly();
    assert!(shown.contains("3 credits for 2 members"), "{shown}");
    place.run(&["update", "home", "--until", "2041-01-02"]).ends(0);
    let weights = place.run(&["weights", "home", "--json"]).ends(0).json();
    let earned = |name: &str| {
        let members = weights["members"].as_array().unwrap();
        members.iter().find(|one| one["name"] == name).unwrap()["weight"].as_u64().unwrap()
    };
    let sum = earned("a") + earned("b");
    // The row is dated in 2039, and in January 2041 the last twelve months do not have it; half of it falls over.
    assert!(sum > 0 && sum <= 3_000_000, "{weights}");
    let shown = place.run(&["credit", "show", "home"]).quietly();
    assert!(shown.contains("3 credits for 2 members, decided on"), "{shown}");
    place.run(&["verify", "home"]).ends(0);
}

const WEIGHTS: &str = "# What we decide\n\n```charter\noffice \"maintainer\" { settles-in \"14 days\"; may \"record\" \"credit\" }\ncommitment \"credit\" every=\"year\" {\n    accepts \"credit\"\n    credit { mint review=\"0.25\" issue=\"0.5\" }\n}\n```\n";

/// Two people of a repository whose accounts the forge gives addresses, a change that is merged and one that is squashed.
fn with_a_forge(place: &Place) {
    let (a, b) = ("a 1+there-a@users.noreply.github.com", "b 2+there-b@users.noreply.github.com");
    repository_saying(
        &place.path("repo"),
        &[
            (a, "2039-01-05T10:00:00Z", &[], "Begin"),
            (a, "2039-01-12T10:00:00Z", &[0], "Mend it, fixes #3"),
            (b, "2039-01-19T10:00:00Z", &[0, 1], "Merge pull request #7 from there-a/mend"),
            (b, "2039-01-25T10:00:00Z", &[2], "Another thing (#8)"),
        ],
    );
    place.run(&["import", "git", "repo", "--dir", "home"]).ends(0);
    let page = |kind: &str, number: u64| format!("https://github.com/owner/name/{kind}/{number}");
    let user = |login: &str| json!({"login": login, "type": "User"});
    let issues = json!([
        {"number": 3, "title": "It breaks", "state": "closed", "created_at": "2038-12-30T10:00:00Z", "user": user("there-b"), "html_url": page("issues", 3)},
        {"number": 4, "title": "A wish", "state": "open", "created_at": "2039-01-20T10:00:00Z", "user": user("there-b"), "html_url": page("issues", 4)},
        {"number": 7, "title": "Mend it", "state": "closed", "created_at": "2039-01-12T11:00:00Z", "user": user("there-a"), "html_url": page("pull", 7),
            "pull_request": {"merged_at": "2039-01-19T10:00:00Z"}},
        {"number": 8, "title": "Another thing", "body": "It grants #4.", "state": "closed", "created_at": "2039-01-24T11:00:00Z", "user": user("there-b"), "html_url": page("pull", 8),
            "pull_request": {"merged_at": "2039-01-25T10:00:00Z"}},
    ]);
    let review = |id: u64, change: u64, login: &str, at: &str| {
        json!({"id": id, "state": "APPROVED", "submitted_at": at, "user": user(login),
            "pull_request_url": format!("https://api.github.com/repos/owner/name/pulls/{change}")})
    };
    let reviews = json!([
        review(901, 7, "there-b", "2039-01-18T10:00:00Z"),
        // Her own, and one that came too late.
        review(902, 7, "there-a", "2039-01-18T11:00:00Z"),
        review(903, 8, "there-a", "2039-01-25T11:00:00Z"),
    ]);
    place.write("issues.json", issues.to_string());
    place.write("reviews.json", reviews.to_string());
}

#[test]
fn reviews_and_issues_of_the_forge_are_listed_and_weigh_by_the_clause() {
    let place = home(WEIGHTS);
    with_a_forge(&place);
    let list = |files: &[&str]| {
        let mut words = vec!["credit", "propose", "home", "repo", "--list"];
        files.iter().for_each(|file| words.extend(["--forge", file]));
        place.run(&words).quietly()
    };
    let listed = list(&["issues.json", "reviews.json"]);
    assert_eq!(listed, list(&["reviews.json", "issues.json"]), "no order of files shows");
    let kinds = |kind: &str| listed.lines().filter(|line| line.starts_with(kind)).collect::<Vec<_>>();
    let (issues, reviews) = (kinds("issue "), kinds("review "));
    assert!(issues[0].starts_with("issue 3 0 ") && issues[0].ends_with(" old -"), "{listed}");
    assert!(issues.len() == 2 && issues[1].starts_with("issue 4 3 ") && issues[1].ends_with(" new -"), "{listed}");
    assert!(reviews.len() == 1 && reviews[0].starts_with("review 901 3 "), "{listed}");
    let without = list(&[]);
    assert!(!without.contains("review") && !without.contains("issue"), "{without}");

    let words = ["credit", "propose", "home", "repo", "--forge", "issues.json", "--forge", "reviews.json", "--json"];
    let proposed = place.run(&words).ends(0).json();
    // Three commits, a quarter of a review and half of an issue; both people are members.
    assert_eq!((&proposed["members"], &proposed["micro"]), (&2.into(), &3_750_000.into()), "{proposed}");
    assert_eq!((&proposed["new"], &proposed["reviews_left_out"]), (&6.into(), &2.into()), "{proposed}");
    place.write("strikes.txt", "strike review 901\nstrike issue 4\n");
    place.run(&["credit", "strike", "home", "strikes.txt", "--as", "a"]).ends(0);
    let shown = place.run(&["credit", "show", "home"]).quietly();
    assert!(shown.contains("strike review 901: It leaves 3 of 3.75"), "{shown}");
    // Other weights change nothing of what stands, and a dry run works it out anew by them.
    place.write("other.md", WEIGHTS.replace("review=\"0.25\"", "review=\"1\" commit=\"2\""));
    let tried = place.run(&["dry-run", "other.md", "--dir", "home", "--json"]).ends(0).json();
    assert_eq!(tried["refused"]["total"], 0, "{tried}");
    place.run(&["update", "home", "--until", "2041-01-02"]).ends(0);
    let shown = place.run(&["credit", "show", "home"]).quietly();
    assert!(shown.contains("3.75 credits for 2 members, decided on"), "{shown}");
    place.run(&["verify", "home"]).ends(0);
}

#[test]
fn what_no_forge_would_answer_is_refused_with_its_place() {
    let place = home(WEIGHTS);
    with_a_forge(&place);
    place.write("comments.json", r#"[{"id":1,"body":"a comment","user":{"login":"there-a"}}]"#);
    place.write("cut.json", r#"[{"number":3,"created_at":"2039-01-01T00:00:00Z","user":{"login":"there-a"}},{"number"#);
    place.write("date.json", r#"[{"number":3,"created_at":"yesterday","user":{"login":"there-a"}}]"#);
    place.write(
        "other.json",
        r#"[{"number":9,"created_at":"2039-01-01T00:00:00Z","user":{"login":"there-a"},"html_url":"https://github.com/other/name/issues/9"}]"#,
    );
    for (file, why) in [
        ("comments.json", "comments.json:1:2: this is neither an issue, a change nor a review"),
        ("cut.json", "the file ends inside this issue"),
        ("date.json", "`created_at` is missing or has the wrong form"),
        ("other.json", "this is of github.com/other/name, and those before it are of github.com/owner/name"),
        ("issues.json", "issue 3 is there already"),
        ("none.json", "none.json"),
    ] {
        let words = ["credit", "propose", "home", "repo", "--forge", "issues.json", "--forge", file];
        place.run(&words).fails(2, why);
    }
    // A reviewer whom nobody here knows is named, and nothing is proposed.
    place.write(
        "stranger.json",
        r#"[{"id":1,"state":"APPROVED","submitted_at":"2039-01-10T00:00:00Z","user":{"login":"nobody-here"},"pull_request_url":"https://x/pulls/7"}]"#,
    );
    let words = ["credit", "propose", "home", "repo", "--forge", "issues.json", "--forge", "stranger.json"];
    place.run(&words).fails(1, "nobody-here; bring them in");
}
