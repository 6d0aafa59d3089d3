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
