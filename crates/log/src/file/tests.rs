//! The lines of an exported log.

use super::*;

#[test]
fn a_document_comes_back_with_its_hash() {
    let mut line = Vec::new();
    write_document("§ 1 \"Name\"\n", &mut line);
    let named = document_hash("§ 1 \"Name\"\n".as_bytes());
    assert_eq!(line, format!("{{\"document\":\"{named}\",\"text\":\"§ 1 \\\"Name\\\"\\n\"}}").as_bytes());
    assert_eq!(read_line(&line), Ok(Line::Document { hash: named, text: "§ 1 \"Name\"\n".to_owned() }));
}

#[test]
fn another_text_is_refused() {
    let mut line = Vec::new();
    write_document("ten votes", &mut line);
    let changed = String::from_utf8(line).unwrap().replace("ten", "two");
    assert!(matches!(read_line(changed.as_bytes()), Err(BadLine::OtherText { .. })));
}

#[test]
fn what_is_no_document_is_taken_for_an_entry() {
    assert_eq!(read_line(b"{\"v\":1}"), Ok(Line::Entry(b"{\"v\":1}")));
    assert_eq!(read_line(b""), Ok(Line::Entry(b"")));
}

#[test]
fn a_document_in_another_form_is_refused() {
    let mut line = Vec::new();
    write_document("x", &mut line);
    for cut in 13..line.len() {
        assert!(matches!(read_line(&line[..cut]), Err(BadLine::Form(_))), "cut at {cut}");
    }
    line.push(b' ');
    assert!(read_line(&line).is_err());
}
