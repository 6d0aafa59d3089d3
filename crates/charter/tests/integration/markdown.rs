//! Blocks of rules in 2,500 random Markdown documents, as another CommonMark reader finds them. A block that it takes for HTML
//! must be refused as hidden.

use charter::{later_mistakes, sections};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// Lines of which documents are made. Every block's content is sound KDL, so that mistakes of form are those of blocks.
const LINES: [&str; 26] = [
    "```charter",
    "```charter",
    "```charter more",
    "```",
    "```",
    "````charter",
    "````",
    "~~~charter",
    "~~~",
    " ```charter",
    "   ```",
    "    ```charter",
    "```Charter",
    "> ```charter",
    "a",
    "b",
    "",
    "",
    "Text with words.",
    "# Heading",
    "<!-- x",
    "-->",
    "<style>",
    "</style>\n",
    "<?x",
    "?>",
];

/// The findings of the other reader: the text of each block marked `charter` that begins a line, and whether HTML holds such a fence.
fn as_the_other_reads(text: &str) -> (Vec<String>, bool) {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    let mut html = String::new();
    let mut in_html = false;
    let mut hidden = false;
    for (event, place) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let line = text[..place.start].rfind('\n').map_or(0, |end| end + 1);
                let begins = text[line..place.start].chars().all(|c| c == ' ');
                let is_rules = begins && info.split_whitespace().next() == Some("charter");
                open = is_rules.then(String::new);
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            Event::Text(words) if open.is_some() => open.as_mut().unwrap().push_str(&words),
            Event::Start(Tag::HtmlBlock) => (in_html, html) = (true, String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                in_html = false;
                hidden |= html.lines().any(is_marked_fence);
            }
            Event::Html(words) if in_html => html.push_str(&words),
            _ => {}
        }
    }
    (blocks, hidden)
}

fn is_marked_fence(line: &str) -> bool {
    let inner = line.trim_start_matches(' ');
    let signs = inner.len() - inner.trim_start_matches('`').len();
    let signs = signs.max(inner.len() - inner.trim_start_matches('~').len());
    line.len() - inner.len() <= 3 && signs >= 3 && inner[signs..].split_whitespace().next() == Some("charter")
}

#[test]
fn another_reader_finds_the_same_blocks_in_2500_documents() {
    let mut seed: u64 = 2_463_534_242;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let (mut with_blocks, mut with_hidden) = (0, 0);
    for _ in 0..2_500 {
        let length = 3 + next(14);
        let lines: Vec<&str> = (0..length).map(|_| LINES[next(LINES.len())]).collect();
        let text = format!("# Rules\n\n```charter\na\n```\n\n{}\n", lines.join("\n"));
        let (expected, hidden) = as_the_other_reads(&text);
        let refused = later_mistakes(&text);
        let is_hidden = refused.iter().any(|mistake| mistake.code == "C058");
        let found: Vec<String> =
            sections(&text).iter().filter_map(|section| section.rules).map(str::to_owned).collect();
        // A text that edition 1 refuses already is for other tests: a block that is never closed, or in a comment, or with broken KDL.
        if charter::format(&text).is_err() {
            continue;
        }
        if hidden {
            assert!(!refused.is_empty(), "{text}");
            with_hidden += usize::from(is_hidden);
        }
        if !refused.is_empty() {
            continue;
        }
        // A fence's own indent is taken from its lines, which rules do not mind.
        let plain = |blocks: &[String]| -> Vec<String> {
            blocks.iter().map(|block| block.lines().map(str::trim).collect::<Vec<_>>().join("\n")).collect()
        };
        assert_eq!(plain(&found), plain(&expected), "{text}");
        with_blocks += usize::from(found.len() > 1);
    }
    assert!(with_blocks > 100 && with_hidden > 20, "{with_blocks} {with_hidden}");
}
