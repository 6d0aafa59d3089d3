//! Acts from JSON that bring texts: kept texts, and misread lines. Acts without texts are tested in `rochdale/tests/cli`.

use super::*;

const HASH: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn read(json: &str) -> Result<ActLine, Misread> {
    decode_act(json.as_bytes(), &mut |_| None)
}

fn proposal(rest: &str) -> String {
    format!("{{\"act\":\"propose_document\",\"member\":\"m_50ncfy310vdka\",\"decision\":\"constitution\"{rest}}}")
}

#[test]
fn a_proposal_brings_its_text_and_the_log_holds_its_hash() {
    let line = read(&proposal(",\"text\":\"hello\"")).unwrap();
    let Act::ProposeDocument(act) = &line.act else { panic!("{line:?}") };
    assert_eq!(act.document, HASH);
    assert_eq!(act.text.as_deref(), Some("hello"));
    let mut body = Vec::new();
    write_body(&line.act, &mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains(HASH) && !body.contains("hello"), "{body}");
    let both = format!(",\"text\":\"hello\",\"document\":\"{HASH}\"");
    assert!(read(&proposal(&both)).is_ok());
    let alone = read(&proposal(&format!(",\"document\":\"{HASH}\""))).unwrap();
    assert!(matches!(alone.act, Act::ProposeDocument(act) if act.text.is_none()));
}

#[test]
fn a_fork_brings_both_its_texts() {
    let json = "{\"act\":\"announce_fork\",\"member\":\"m_50ncfy310vdka\",\"fork\":\"other\",\"kernel_text\":\"hello\",\"constitution_text\":\"world\"}";
    let Act::AnnounceFork(act) = read(json).unwrap().act else { panic!("{json}") };
    assert_eq!(act.kernel, HASH);
    assert_eq!(act.kernel_text.as_deref(), Some("hello"));
    assert_eq!(act.constitution_text.as_deref(), Some("world"));
}

#[test]
fn a_text_that_is_another_or_too_long_or_of_another_act_is_misread() {
    let other = format!(",\"text\":\"hullo\",\"document\":\"{HASH}\"");
    let long = format!(",\"text\":\"{}\"", "x".repeat(MAX_RULES + 1));
    for (json, words) in [
        (proposal(&other), "is not the SHA-256 of `text`"),
        (proposal(&long), "more than 1048576 bytes"),
        (proposal(",\"text\":5"), "`text` is a text"),
        (proposal(""), "missing field `document`"),
        (
            "{\"act\":\"stand\",\"member\":\"m_50ncfy310vdka\",\"decision\":\"a\",\"text\":\"x\"}".to_owned(),
            "unknown field `text`",
        ),
    ] {
        let misread = read(&json).unwrap_err();
        assert!(misread.why.contains(words), "{misread:?}");
    }
}

#[test]
fn a_fork_is_not_completed_without_its_co_op() {
    let misread = read("{\"act\":\"complete_fork\",\"fork\":\"next\"}").unwrap_err();
    assert!(misread.why.contains("use `rochdale fork`"), "{misread:?}");
    assert!(!kinds().contains("complete_fork"));
}

/// Reads an act; what became of it, and how many names were looked up.
fn looked_up(json: &str) -> (Result<ActLine, Misread>, u32) {
    let mut count = 0;
    let line = decode_act(json.as_bytes(), &mut |_| {
        count += 1;
        None
    });
    (line, count)
}

fn ballot(candidates: usize) -> String {
    let scores: Vec<String> = (0..candidates).map(|number| format!("\"stranger-{number:05}\":5")).collect();
    let scores = scores.join(",");
    format!(
        "{{\"act\":\"cast_ballot\",\"member\":\"m_50ncfy310vdka\",\"decision\":\"a\",\"share_ppm\":1,\"scores\":{{{scores}}}}}"
    )
}

#[test]
fn no_more_names_are_looked_up_than_a_ballot_may_score() {
    let (line, count) = looked_up(&ballot(MAX_SCORES));
    assert!(line.is_ok() && count == 100, "{count}: {line:?}");
    let (line, count) = looked_up(&ballot(20_000));
    assert_eq!(count, 0);
    let why = line.unwrap_err().why;
    assert!(why.contains("`scores` names 20000 candidates, and a ballot scores at most 100"), "{why}");
}

#[test]
fn names_are_looked_up_in_fields_that_the_act_has() {
    let stand = "{\"act\":\"stand\",\"member\":\"m_50ncfy310vdka\",\"decision\":\"a\"";
    for more in [",\"candidate\":\"stranger\"", ",\"scores\":{\"stranger\":1}"] {
        let (line, count) = looked_up(&format!("{stand}{more}}}"));
        assert_eq!(count, 0, "{more}");
        assert!(line.unwrap_err().why.contains("unknown field"), "{more}");
    }
}

#[test]
fn an_item_comes_with_its_title_which_is_no_field_of_the_log() {
    let json = |title: &str| {
        format!(
            "{{\"act\":\"bring_item\",\"member\":\"m_50ncfy310vdka\",\"decision\":\"wishes\",\"item\":\"1\"{title}}}"
        )
    };
    let line = read(&json(",\"title\":\" Bread  every day \"")).unwrap();
    let Act::BringItem(act) = &line.act else { panic!("{line:?}") };
    assert_eq!(act.title.as_deref(), Some("Bread every day"));
    let mut body = Vec::new();
    write_body(&line.act, &mut body).unwrap();
    assert!(!String::from_utf8(body).unwrap().contains("Bread"));
    let why = |title: &str| read(&json(title)).unwrap_err().why;
    assert_eq!(why(""), "`bring_item`: missing field `title`");
    assert!(why(",\"title\":\"\"").starts_with("`title`: a title has at least one letter"));
    assert!(why(",\"title\":5").contains("is a text"));
}
