//! `rochdale credit`: a year of a repository is proposed, shown, struck from, accepted, and weighs.

use crate::credit::{HISTORY, repository};
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
fn place() -> Place {
    let place = Place::empty();
    place.run(&["init", "home", "--template", "open-source", "--edition", "4", "--open"]).ends(0);
    place.write("home/kernel.md", KERNEL);
    place.write("home/constitution.md", CONSTITUTION);
    place.run(&["update", "home", "--until", "2040-02-02"]).ends(0);
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
