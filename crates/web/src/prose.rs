//! A member's Markdown (CommonMark) as blocks that templates print: headings, paragraphs, lists, code. Not a renderer of HTML:
//! no mark of the author's becomes a tag or a link, so that a text can say anything and do nothing.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Heading(Vec<Span>),
    Paragraph(Vec<Span>),
    Quote(Vec<Span>),
    List(List),
    Code(String),
}

/// Items of one list in a row; what stands inside an item is a list of its own, further in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    /// From 0, at most [`DEEPEST`].
    pub(crate) depth: usize,
    /// The number of the first item; none for bullets.
    pub(crate) first: Option<u64>,
    pub(crate) items: Vec<Vec<Span>>,
}

/// Some words of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) words: String,
    pub(crate) look: Look,
}

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Plain,
    Strong,
    Emphasis,
    Code,
    /// No words: the line ends.
    Break,
}

/// Lists further in than this are shown as if they were this far in.
const DEEPEST: usize = 5;
/// So many blocks are an excerpt.
const EXCERPT: usize = 16;
/// And no more than so many bytes.
const EXCERPT_BYTES: usize = 6_000;

/// The text's blocks, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, Options::empty()) {
        reader.take(event);
    }
    reader.end_words();
    reader.blocks
}

/// A sentence of ours, in which the user's words stand between backticks.
pub(crate) fn ticked(sentence: &str) -> Vec<Span> {
    marked(sentence, '`', Look::Code)
}

/// A sentence of ours, in which words between asterisks are strong.
pub(crate) fn starred(sentence: &str) -> Vec<Span> {
    marked(sentence, '*', Look::Strong)
}

fn marked(sentence: &str, mark: char, look: Look) -> Vec<Span> {
    let parts = sentence.split(mark).zip([Look::Plain, look].into_iter().cycle());
    parts.map(|(words, look)| Span { words: words.to_owned(), look }).collect()
}

/// A sentence of ours, whose links are between `‹` and `›`, in its parts, with where each of the links leads.
pub(crate) fn linked<'a>(sentence: &'a str, hrefs: impl AsRef<[&'a str]>) -> Vec<(&'a str, Option<&'a str>)> {
    let leads = hrefs.as_ref().iter().flat_map(|href| [None, Some(*href)]).chain([None]);
    sentence.split(['‹', '›']).zip(leads).collect()
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

impl Block {
    /// Whether this is the heading of these words.
    pub(crate) fn is_heading(&self, words: &str) -> bool {
        match self {
            Block::Heading(spans) => {
                let letters: String = spans.iter().map(|span| span.words.as_str()).collect();
                letters == words
            }
            _ => false,
        }
    }
}

/// The elements that are open while a text is read.
#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    words: Vec<Span>,
    /// By depth, the number of the next item; none for bullets.
    lists: Vec<Option<u64>>,
    /// The words that are read begin an item, and have not been noted yet.
    at_item: bool,
    heading: bool,
    code: bool,
    quotes: usize,
    strong: usize,
    emphasis: usize,
    /// Where links and pictures lead, innermost last, and where their words begin.
    links: Vec<(String, usize)>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => self.put(&words),
            Event::Code(words) => self.span(&words, Look::Code),
            Event::SoftBreak => self.put(" "),
            Event::HardBreak => self.span("", Look::Break),
            Event::Rule => self.end_words(),
            // Extensions that are not asked for.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                let begin = self.words.len();
                self.links.push((dest_url.into_string(), begin));
            }
            Tag::Heading { .. } => {
                self.end_words();
                self.heading = true;
            }
            Tag::BlockQuote(_) => {
                self.end_words();
                self.quotes += 1;
            }
            Tag::CodeBlock(kind) => {
                self.end_words();
                self.code = true;
                // An indented block is code too; what a fence is marked with is not shown.
                let (CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) = kind;
                self.blocks.push(Block::Code(String::new()));
            }
            Tag::List(first) => {
                self.end_words();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_words();
                self.at_item = true;
            }
            _ => self.end_words(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::CodeBlock => self.code = false,
            TagEnd::BlockQuote(_) => {
                self.end_words();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.end_words();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.end_words();
                self.at_item = false;
            }
            TagEnd::Heading(_) => {
                self.end_words();
                self.heading = false;
            }
            _ => self.end_words(),
        }
    }

    /// A link's address stands behind its words, where it says something that they do not.
    fn end_link(&mut self) {
        let Some((address, begin)) = self.links.pop() else {
            return;
        };
        let shown = self.words.get(begin..).unwrap_or_default();
        let letters = || shown.iter().flat_map(|span| span.words.chars());
        let mail = address.strip_prefix("mailto:").unwrap_or(&address);
        // Pictures stand inside pictures to any depth: no more is compared than the address has letters.
        if !address.is_empty() && !letters().eq(mail.chars()) {
            self.put(&format!(" ({address})"));
        }
    }

    fn put(&mut self, words: &str) {
        if let (true, Some(Block::Code(text))) = (self.code, self.blocks.last_mut()) {
            text.push_str(words);
            return;
        }
        let look = match (self.strong, self.emphasis) {
            (0, 0) => Look::Plain,
            (0, _) => Look::Emphasis,
            _ => Look::Strong,
        };
        self.span(words, look);
    }

    fn span(&mut self, words: &str, look: Look) {
        let begins = self.links.last().is_some_and(|(_, begin)| *begin == self.words.len());
        match self.words.last_mut() {
            Some(last) if last.look == look && look != Look::Break && !begins => {
                last.words.push_str(words);
            }
            _ => self.words.push(Span { words: words.to_owned(), look }),
        }
    }

    /// The words that were read become a block, or a part of one.
    fn end_words(&mut self) {
        let words = std::mem::take(&mut self.words);
        self.links.clear();
        if words.iter().all(|span| span.words.trim().is_empty()) {
            return;
        }
        if self.heading {
            self.blocks.push(Block::Heading(words));
        } else if !self.lists.is_empty() {
            self.end_item(words);
        } else if self.quotes > 0 {
            self.blocks.push(Block::Quote(words));
        } else {
            self.blocks.push(Block::Paragraph(words));
        }
    }

    fn end_item(&mut self, words: Vec<Span>) {
        let depth = self.lists.len().saturating_sub(1).min(DEEPEST);
        let open = match self.blocks.last_mut() {
            Some(Block::List(list)) if list.depth == depth => Some(list),
            _ => None,
        };
        let Some(next) = self.lists.last_mut() else {
            return;
        };
        let fresh = std::mem::take(&mut self.at_item);
        let number = *next;
        if fresh {
            *next = number.map(|number| number.saturating_add(1));
        }
        match (open, fresh) {
            // A list that has just begun is not a part of the one before it.
            (Some(list), true) if follows(list, number) => list.items.push(words),
            (Some(list), false) => {
                if let Some(item) = list.items.last_mut() {
                    item.push(Span { words: String::new(), look: Look::Break });
                    item.extend(words);
                }
            }
            (_, true) => self.blocks.push(Block::List(List { depth, first: number, items: vec![words] })),
            (None, false) => self.blocks.push(Block::Paragraph(words)),
        }
    }
}

/// Whether an item of this number comes next in the list.
fn follows(list: &List, number: Option<u64>) -> bool {
    match (list.first, number) {
        (None, None) => true,
        (Some(first), Some(number)) => {
            let count = u64::try_from(list.items.len()).unwrap_or(u64::MAX);
            first.saturating_add(count) == number
        }
        _ => false,
    }
}

fn bytes(block: &Block) -> usize {
    let length = |spans: &[Span]| spans.iter().map(|span| span.words.len()).sum::<usize>();
    match block {
        Block::Heading(spans) | Block::Paragraph(spans) | Block::Quote(spans) => length(spans),
        Block::Code(text) => text.len(),
        Block::List(list) => list.items.iter().map(|item| length(item)).sum(),
    }
}

#[cfg(test)]
mod tests;
