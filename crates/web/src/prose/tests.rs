//! Markdown as blocks, the hostile and the long among them.

use super::*;

fn plain(words: &str) -> Vec<Span> {
    looks(&[(words, Look::Plain)])
}

fn looks(spans: &[(&str, Look)]) -> Vec<Span> {
    let span = |(words, look): &(&str, Look)| Span { words: (*words).to_owned(), look: *look };
    spans.iter().map(span).collect()
}

fn list(depth: usize, first: Option<u64>, items: &[&str]) -> Block {
    let items = items.iter().map(|words| plain(words)).collect();
    Block::List(List { depth, first, items })
}

#[test]
fn text_is_parted_into_blocks() {
    let text = "# Be kind\n\nOne line\nand its rest.\n- a\n- b\n  more of b\n\n```charter\noffice \"x\" {\n\n}\n```\n> Said.\n\nEnd";
    assert_eq!(
        blocks(text),
        [
            Block::Heading(plain("Be kind")),
            Block::Paragraph(plain("One line and its rest.")),
            list(0, None, &["a", "b more of b"]),
            Block::Code("office \"x\" {\n\n}\n".to_owned()),
            Block::Quote(plain("Said.")),
            Block::Paragraph(plain("End")),
        ]
    );
}

#[test]
fn strong_emphasis_and_code_are_looks_of_words() {
    assert_eq!(
        blocks("**Patrons** give, *others* `do`  \nmore"),
        [Block::Paragraph(looks(&[
            ("Patrons", Look::Strong),
            (" give, ", Look::Plain),
            ("others", Look::Emphasis),
            (" ", Look::Plain),
            ("do", Look::Code),
            ("", Look::Break),
            ("more", Look::Plain),
        ]))]
    );
}

#[test]
fn numbers_of_items_are_kept_through_lists_inside() {
    assert_eq!(
        blocks("3. a\n4. b\n   - c\n   - d\n5. e\n\n   f"),
        [
            list(0, Some(3), &["a", "b"]),
            list(1, None, &["c", "d"]),
            Block::List(List {
                depth: 0,
                first: Some(5),
                items: vec![looks(&[("e", Look::Plain), ("", Look::Break), ("f", Look::Plain)])],
            }),
        ]
    );
}

#[test]
fn marks_of_the_author_do_nothing() {
    let Some(Block::Paragraph(words)) = blocks("<b>x</b> [y](javascript:z) ![p](//q)\n#none").pop() else {
        panic!("one paragraph")
    };
    let words: String = words.into_iter().map(|span| span.words).collect();
    assert_eq!(words, "<b>x</b> y (javascript:z) p (//q) #none");
    let text = "<script>\nalert(1)\n</script>";
    assert_eq!(blocks(text), [Block::Paragraph(plain(text))], "HTML is words");
    let same = "<https://a.example>";
    assert_eq!(blocks(same), [Block::Paragraph(plain("https://a.example"))]);
}

#[test]
fn an_excerpt_is_short_and_says_so() {
    assert!(!excerpt("a\n\nb").1);
    let (first, more) = excerpt(&"word\n\n".repeat(40));
    assert_eq!((first.len(), more), (16, true));
    let (first, more) = excerpt(&"x".repeat(60_000));
    assert_eq!((first.len(), more), (0, true));
}

#[test]
fn an_open_fence_runs_to_the_end() {
    assert_eq!(blocks("```\na"), [Block::Code("a".to_owned())]);
    assert_eq!(blocks(""), []);
}

#[test]
fn the_longest_hostile_text_is_read_to_its_end() {
    let length: usize = 131_072;
    let pieces = ["> ", "- ", "[", "](", "*a_ ", "`", "<a ", "![", "&", "1. ", "**", "<!--", "\\", "a**b", "[a](b"];
    let mut texts: Vec<String> = pieces.iter().map(|piece| piece.repeat(length / piece.len())).collect();
    texts.push(format!("{}{}", "![".repeat(length), "](x)".repeat(length)));
    texts.push(format!("[a]: /{}\n\n{}", "x".repeat(10_000), "[a]".repeat(length / 3)));
    for text in texts {
        let bytes: usize = blocks(&text).iter().map(bytes).sum();
        assert!(bytes <= 8 * text.len(), "{bytes} bytes");
    }
}

#[test]
fn words_between_backticks_are_the_users() {
    assert_eq!(ticked("No `a` here"), looks(&[("No ", Look::Plain), ("a", Look::Code), (" here", Look::Plain)]));
}

#[test]
fn links_of_a_sentence_have_their_addresses() {
    let parts = [("See ", None), ("a", Some("/a")), (" and ", None), ("b", Some("/b")), (".", None)];
    assert_eq!(linked("See ‹a› and ‹b›.", ["/a", "/b"]), parts);
    assert_eq!(linked("No link.", ["/a"]), [("No link.", None)]);
}
