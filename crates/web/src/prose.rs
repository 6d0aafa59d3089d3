//! A member's Markdown as blocks that templates print: headings, paragraphs, lists, code. Not a renderer of HTML: no mark of the
//! author's becomes a tag or a link, so that a text can say anything and do nothing.

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Heading(String),
    Paragraph(String),
    List(Vec<String>),
    Code(String),
}

/// So many blocks are an excerpt.
const EXCERPT: usize = 16;
/// And no more than so many bytes.
const EXCERPT_BYTES: usize = 6_000;

/// The text's blocks, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        if let Some(fence) = fence(line) {
            let code: Vec<&str> = lines
                .by_ref()
                .take_while(|line| !line.trim_start().starts_with(fence))
                .collect();
            blocks.push(Block::Code(code.join("\n")));
        } else if line.trim().is_empty() {
            blocks.push(Block::Paragraph(String::new()));
        } else if let Some(heading) = heading(line) {
            blocks.push(Block::Heading(heading.to_owned()));
        } else if let Some(item) = item(line) {
            match blocks.last_mut() {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            }
        } else {
            continue_with(&mut blocks, line.trim());
        }
    }
    blocks.retain(|block| *block != Block::Paragraph(String::new()));
    blocks
}

/// The first blocks, and whether there are more.
pub(crate) fn excerpt(text: &str) -> (Vec<Block>, bool) {
    let mut left = EXCERPT_BYTES;
    let all = blocks(text);
    let whole = all.len();
    let first: Vec<Block> = all
        .into_iter()
        .take(EXCERPT)
        .take_while(|block| {
            let fits = bytes(block) <= left;
            left = left.saturating_sub(bytes(block));
            fits
        })
        .collect();
    let more = first.len() < whole;
    (first, more)
}

/// A line that goes on with what stands before it, or begins a paragraph.
fn continue_with(blocks: &mut Vec<Block>, line: &str) {
    let open = match blocks.last_mut() {
        Some(Block::Paragraph(text)) => Some(text),
        Some(Block::List(items)) => items.last_mut(),
        _ => None,
    };
    match open {
        Some(text) if text.is_empty() => text.push_str(line),
        Some(text) => {
            text.push(' ');
            text.push_str(line);
        }
        None => blocks.push(Block::Paragraph(line.to_owned())),
    }
}

fn fence(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    ["```", "~~~"]
        .into_iter()
        .find(|fence| line.starts_with(fence))
}

fn heading(line: &str) -> Option<&str> {
    let marks = line.bytes().take_while(|byte| *byte == b'#').count();
    let words = line.get(marks..)?.strip_prefix(' ')?;
    (1..=6).contains(&marks).then(|| words.trim())
}

fn item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let bullet = ["- ", "* ", "+ "]
        .into_iter()
        .find_map(|mark| line.strip_prefix(mark));
    bullet.map(str::trim)
}

fn bytes(block: &Block) -> usize {
    match block {
        Block::Heading(text) | Block::Paragraph(text) | Block::Code(text) => text.len(),
        Block::List(items) => items.iter().map(String::len).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_parted_into_blocks() {
        let text = "# Be kind\n\nOne line\nand its rest.\n- a\n- b\n  more of b\n\n```charter\noffice \"x\" {\n\n}\n```\nEnd";
        let paragraph = |words: &str| Block::Paragraph(words.to_owned());
        assert_eq!(
            blocks(text),
            [
                Block::Heading("Be kind".to_owned()),
                paragraph("One line and its rest."),
                Block::List(vec!["a".to_owned(), "b more of b".to_owned()]),
                Block::Code("office \"x\" {\n\n}".to_owned()),
                paragraph("End"),
            ]
        );
    }

    #[test]
    fn marks_of_the_author_stay_letters() {
        let text = "<b>x</b> [y](javascript:z)\n####### no heading\n#none";
        let Some(Block::Paragraph(words)) = blocks(text).pop() else {
            panic!("one paragraph")
        };
        assert_eq!(words, "<b>x</b> [y](javascript:z) ####### no heading #none");
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
}
