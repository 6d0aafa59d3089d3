//! An act with everything, and with each thing missing.

use super::super::tests::{house, places};
use super::*;

const ROWS: (&str, &str) = (
    TABLE,
    "acts! {\n    Stand \"stand\", \"A member offers.\", since ONE, by [Own];\n    #[cfg(test)]\n    MadeUp \"made_up\", \"Only tests.\", since ONE, by [Own];\n}",
);
const LADDER: (&str, &str) = ("crates/engine/src/apply.rs", "Act::Stand(act) => stand(act),");
const SAID: (&str, &str) = ("crates/views/src/log.rs", "Act::Stand(act) => say(act),");
const SECTION: (&str, &str) = (SECTIONS, "# Acts\n\n## stand\n\n## Others\n");
const REFUSED: (&str, &str) = ("crates/engine/src/apply/tests.rs", "(Rule::AlreadyStanding, \"stand\", \"{}\")");

#[track_caller]
fn finds(files: &[(&str, &str)], expect: &[(&str, &str)]) {
    let findings = check(&house(files));
    let found: Vec<String> = places(&findings);
    assert_eq!(found, expect.iter().map(|(place, _)| *place).collect::<Vec<_>>(), "{findings:?}");
    for (finding, (_, words)) in findings.iter().zip(expect) {
        assert!(finding.message.contains(words), "{finding}");
    }
}

#[test]
fn an_act_has_ladder_words_section_and_rows() {
    finds(&[ROWS, LADDER, SAID, SECTION, REFUSED], &[]);
}

#[test]
fn what_is_missing_is_named() {
    let table = "crates/engine/src/act.rs:2";
    finds(&[ROWS, SAID, SECTION, REFUSED], &[(table, "no ladder")]);
    finds(&[ROWS, LADDER, SECTION, REFUSED], &[(table, "no words")]);
    finds(&[ROWS, LADDER, SAID, REFUSED], &[(table, "no section `## stand`")]);
    finds(&[ROWS, LADDER, SAID, SECTION], &[(table, "what refuses it")]);
    let in_a_test = ("crates/engine/src/tests.rs", LADDER.1);
    finds(&[ROWS, in_a_test, SAID, SECTION, REFUSED], &[(table, "no ladder")]);
}

#[test]
fn a_section_of_no_act_is_found() {
    let more = (SECTIONS, "# Acts\n\n## stand\n\n## fly\n");
    finds(&[ROWS, LADDER, SAID, more, REFUSED], &[("docs/spec/acts.md:5", "no act")]);
}
