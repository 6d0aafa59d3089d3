//! Answers of forges about work, right and hostile.

use super::*;

fn read(texts: &[&str]) -> Result<ForgeWork, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut work = ForgeWork::default();
    for (place, text) in texts.iter().enumerate() {
        let path = folder.path().join(format!("answer-{place}.json"));
        std::fs::write(&path, text).unwrap();
        work.read(&path, &mut |_, _| {}).map_err(|refused| refused.to_string())?;
    }
    Ok(work)
}

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

const ISSUES: &str = r#"[{"number":3,"state":"open","created_at":"2025-03-02T10:00:00Z","title":"It breaks","user":{"login":"Reporter"},
    "html_url":"https://github.com/Owner/Name/issues/3"},
  {"number":4,"created_at":"2025-03-03T10:00:00Z","user":{"login":"robot","type":"Bot"}},
  {"number":7,"created_at":"2025-03-04T10:00:00Z","title":"Mend it (fixes #3)","body":"Also #4.","user":{"login":"worker"},"pull_request":{"url":"x"},
    "html_url":"https://github.com/owner/name/pull/7"}]
[{"number":5,"created_at":"2025-03-05T10:00:00Z","user":null,"pull_request":null}]"#;
const CHANGES: &str = r##"[{"number":7,"title":"Mend it","merged_at":"2025-03-06T10:00:00Z","merge_commit_sha":"ABCDEF1234567","head":{},"user":{"login":"worker"}},
  {"number":8,"title":"#5","merged_at":null,"merge_commit_sha":"1234567abcdef","head":{},"user":{"login":"worker"}}]"##;
const REVIEWS: &str = r##"[{"id":80,"state":"APPROVED","submitted_at":"2025-03-05T10:00:00Z","user":{"login":"Reviewer"},
    "pull_request_url":"https://api.github.com/repos/owner/name/pulls/7","html_url":"https://github.com/owner/name/pull/7#pullrequestreview-80"},
  {"id":81,"state":"PENDING","user":{"login":"reviewer"},"pull_request_url":"https://api.github.com/repos/owner/name/pulls/7"}]"##;

#[test]
fn answers_of_a_forge_are_work() {
    let work = read(&[ISSUES, CHANGES, REVIEWS]).unwrap();
    assert_eq!(work.place.as_deref(), Some("github.com/owner/name"));
    let issues: Vec<_> = work.issues.iter().map(|(number, one)| (*number, one.by.as_deref(), one.at)).collect();
    let wanted = [
        (3, Some("reporter"), at("2025-03-02T10:00:00Z")),
        (4, None, at("2025-03-03T10:00:00Z")),
        (5, None, at("2025-03-05T10:00:00Z")),
    ];
    assert_eq!(issues, wanted);
    let by = || Some("worker".to_owned());
    let merged = Some(at("2025-03-06T10:00:00Z"));
    let commit = Some("abcdef1234567".to_owned());
    assert_eq!(work.changes[&7], WorkChange { by: by(), merged, commit, names: vec![3, 4] });
    assert_eq!(work.changes[&8], WorkChange { by: by(), names: vec![5], ..WorkChange::default() }, "it is not merged");
    let review = WorkReview { change: 7, by: Some("reviewer".to_owned()), at: at("2025-03-05T10:00:00Z") };
    assert_eq!(work.reviews.into_iter().collect::<Vec<_>>(), [(80, review)]);
    // GitLab's own numbers, and any order of the files.
    let gitlab = r#"[{"id":900,"iid":3,"created_at":"2025-03-02T10:00:00Z","author":{"username":"reporter"},"web_url":"https://gitlab.com/a/b/-/issues/3"}]"#;
    assert_eq!(read(&[gitlab]).unwrap().issues.keys().collect::<Vec<_>>(), [&3]);
    assert_eq!(read(&[REVIEWS, CHANGES, ISSUES]), read(&[ISSUES, CHANGES, REVIEWS]));
}

#[test]
fn what_is_no_answer_is_refused_with_its_place() {
    let other = ISSUES.replace("Owner/Name", "other/name");
    for (texts, why) in [
        (vec![""], "answer-0.json:1:1: the file is empty"),
        (vec!["{}"], "here should be a list of issues"),
        (vec![r#"[{"id":1}]"#], "answer-0.json:1:2: this is neither an issue, a change nor a review"),
        (vec![r#"[{"body":"a comment","pull_request_url":"https://x/pulls/1"}]"#], "neither an issue"),
        (vec![r#"[{"number":"3","created_at":"2025-03-02","user":{}}]"#], "`number` is missing or has the wrong form"),
        (vec![r#"[{"number":-3}]"#], "`number` is missing"),
        (vec![r#"[{"number":3,"user":{"login":"a"}}]"#], "`created_at` is missing"),
        (
            vec![r#"[{"number":3,"created_at":"soon","user":{"login":"a"}}]"#],
            "`created_at` is missing or has the wrong form",
        ),
        (vec![r#"[{"number":3,"created_at":"2025-03-02T10:00:00Z"}]"#], "`user` is missing"),
        (
            vec![r#"[{"id":1,"state":"APPROVED","user":{"login":"a"},"pull_request_url":"https://x/pulls/1"}]"#],
            "`submitted_at`",
        ),
        (
            vec![
                r#"[{"id":1,"state":"APPROVED","submitted_at":"2025-03-02T10:00:00Z","user":{"login":"a"},"pull_request_url":"https://x/pulls/one"}]"#,
            ],
            "`pull_request_url`",
        ),
        (vec![ISSUES, ISSUES], "answer-1.json:1:2: issue 3 is there already"),
        (vec![REVIEWS, REVIEWS], "review 80 is there already"),
        (vec!["[{\"number\":3,"], "the file ends inside this issue"),
        (vec![&other], "this is of github.com/owner/name, and those before it are of github.com/other/name"),
    ] {
        let found = read(&texts).unwrap_err();
        assert!(found.contains(why), "{why}: {found}");
    }
    let deep = format!("[{{\"number\":3,\"a\":{}1{}}}]", "[".repeat(5_000), "]".repeat(5_000));
    assert!(read(&[&deep]).unwrap_err().contains("this is not the JSON of an issue"));
}
