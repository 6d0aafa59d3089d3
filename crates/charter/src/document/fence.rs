//! The fenced blocks of a Markdown document that are marked `charter` (CommonMark 0.31, section 4.5).

use std::ops::Range;

use super::{BYTE_ORDER_MARK, Mistakes, ended_lines};
use crate::code;

/// The mark of a block that holds rules.
const MARK: &str = "charter";

struct Open {
    sign: char,
    length: usize,
    at: Range<usize>,
    /// Where the content begins, if it holds rules.
    rules: Option<usize>,
}

/// Returns the bytes of each block with rules; the whole text where it is bare KDL.
pub(super) fn blocks(text: &str, mistakes: &mut Mistakes) -> Vec<Range<usize>> {
    let Some((blocks, fenced)) = fenced(text, mistakes) else {
        return Vec::new();
    };
    let is_markdown = text.trim_start_matches(BYTE_ORDER_MARK).trim_start().starts_with("# ");
    if !fenced && !is_markdown {
        return std::iter::once(0..text.len()).collect();
    }
    if blocks.is_empty() && mistakes.is_empty() {
        let help = "put the rules between a line ```charter and a line ```";
        mistakes.report(code::NO_RULES, &(0..0), "the document has no block marked `charter`", help);
    }
    blocks
}

/// Returns the blocks with rules, and whether there is any fence; `None` where one with rules is never closed.
fn fenced(text: &str, mistakes: &mut Mistakes) -> Option<(Vec<Range<usize>>, bool)> {
    let mut blocks = Vec::new();
    let mut open: Option<Open> = None;
    let mut fenced = false;
    let mut unread: Option<Unread> = None;
    let mut hiding = Hiding::default();
    let mut at = 0_usize;
    for line in ended_lines(text) {
        let next = at.saturating_add(line.len());
        let shown = match at {
            0 => line.trim_start_matches(BYTE_ORDER_MARK),
            _ => line,
        };
        let fence = fence(shown);
        let place = at..at.saturating_add(line.trim_end().len());
        // A fence inside an HTML block is no fence, but its rules would surprise a reader who does not see them.
        if open.is_none() && unread.is_none() {
            unread = Unread::begin(shown, mistakes.is_strict());
        }
        if let (None, Some(block)) = (&open, unread) {
            if fence.is_some_and(is_marked) && !mistakes.is_full() {
                fenced = true;
                hidden(&place, block.name, mistakes);
            }
            unread = Some(block).filter(|block| !block.ends(shown));
            at = next;
            continue;
        }
        match (&open, fence) {
            (None, Some((sign, length, info))) => {
                fenced = true;
                let is_rules = is_marked((sign, length, info));
                if let (true, true, Some(name)) = (is_rules, mistakes.is_strict(), hiding.name()) {
                    hidden(&place, &name, mistakes);
                }
                if !is_rules && is_nearly_marked(info) {
                    mistakes.nearly.push(place.clone());
                }
                open = Some(Open { sign, length, at: place, rules: is_rules.then_some(next) });
            }
            // A fence closes with the same sign, as many of it or more, and no words (CommonMark, section 4.5).
            (Some(begun), Some((sign, length, info))) => {
                if sign == begun.sign && length >= begun.length && info.is_empty() {
                    blocks.extend(begun.rules.map(|start| start..at));
                    open = None;
                }
            }
            (Some(_), None) => {}
            (None, None) => {
                hiding.pass(shown);
                // In a quote, in a list, or set in too far: readers see a block there.
                if nested_fence(shown).is_some_and(|info| is_nearly_marked(info) || info == MARK) {
                    mistakes.nearly.push(place);
                }
            }
        }
        at = next;
    }
    // CommonMark lets an open block run to the end; rules could then swallow prose, so it is refused.
    if let Some(Open { at, rules: Some(_), .. }) = open {
        let help = "close it with the same signs on a line of their own";
        return mistakes.refuse(code::UNCLOSED_BLOCK, &at, "this block is never closed", help);
    }
    Some((blocks, fenced))
}

fn is_marked((_, _, info): (char, usize, &str)) -> bool {
    info.split_whitespace().next() == Some(MARK)
}

/// Reports whether a fence's first word is the mark but for capitals and signs: `Charter`, `{.charter}`, `charter:`.
fn is_nearly_marked(info: &str) -> bool {
    let word = info.split_whitespace().next().unwrap_or("");
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    word.eq_ignore_ascii_case(MARK) && !is_marked(('`', 3, info))
}

/// Returns the words after a fence that something stands before: signs of quotes and lists, numbers of lists, spaces.
fn nested_fence(line: &str) -> Option<&str> {
    let start = line.find("```").or_else(|| line.find("~~~"))?;
    let before = line.get(..start)?;
    let is_sign = |letter: char| letter.is_ascii_digit() || " \t>-*+.)".contains(letter);
    let (_, _, info) = fence(line.get(start..)?)?;
    (!before.is_empty() && before.chars().all(is_sign)).then_some(info)
}

/// An HTML block that goes on over empty lines, up to a sign of its own (CommonMark, section 4.6, kinds 1 to 5). Readers of the
/// page see nothing of it.
#[derive(Clone, Copy)]
struct Unread {
    name: &'static str,
    ends: &'static [&'static str],
}

impl Unread {
    /// Returns the block that this line begins. Before edition 2 only comments were known.
    fn begin(line: &str, is_strict: bool) -> Option<Unread> {
        const RAW: [(&str, &str); 4] = [
            ("script", "a `<script>`"),
            ("pre", "a `<pre>`"),
            ("style", "a `<style>`"),
            ("textarea", "a `<textarea>`"),
        ];
        const RAW_ENDS: &[&str] = &["</script>", "</pre>", "</style>", "</textarea>"];
        let inner = line.trim_start_matches(' ');
        if line.len().saturating_sub(inner.len()) > 3 {
            return None;
        }
        if inner.starts_with("<!--") {
            return Some(Unread { name: "a comment", ends: &["-->"] });
        }
        if !is_strict {
            return None;
        }
        let rest = inner.strip_prefix('<')?;
        if rest.starts_with('?') {
            return Some(Unread { name: "an instruction `<?`", ends: &["?>"] });
        }
        if rest.starts_with("![CDATA[") {
            return Some(Unread { name: "a section `<![CDATA[`", ends: &["]]>"] });
        }
        if rest.strip_prefix('!').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic())) {
            return Some(Unread { name: "a declaration `<!`", ends: &[">"] });
        }
        let named = |tag: &str| {
            let after = rest.get(tag.len()..).filter(|_| starts_with_word(rest, tag));
            after.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t', '\n', '\r', '>']))
        };
        let (_, name) = RAW.into_iter().find(|(tag, _)| named(tag))?;
        Some(Unread { name, ends: RAW_ENDS })
    }

    fn ends(self, line: &str) -> bool {
        let line = line.to_ascii_lowercase();
        self.ends.iter().any(|end| line.contains(&end.to_ascii_lowercase()))
    }
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// An element of a page that shows nothing of what is in it.
#[derive(Default)]
struct Hiding {
    /// Its name in small letters, and how many of that name are open.
    open: Option<(String, usize)>,
}

/// Elements whose content a browser does not show, or not as text.
const HIDING: [&str; 22] = [
    "template",
    "noscript",
    "script",
    "style",
    "textarea",
    "iframe",
    "noembed",
    "noframes",
    "object",
    "audio",
    "video",
    "canvas",
    "dialog",
    "datalist",
    "select",
    "option",
    "svg",
    "math",
    "title",
    "head",
    "xmp",
    "plaintext",
];
/// Elements that have no content.
const EMPTY: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

impl Hiding {
    /// Returns what hides a block that begins here.
    fn name(&self) -> Option<String> {
        self.open.as_ref().map(|(name, _)| format!("a hidden `<{name}>`"))
    }

    /// Passes a line of prose: tags open and close elements wherever they are, but for those that are quoted as code.
    fn pass(&mut self, line: &str) {
        let mut rest = line;
        while let Some(at) = rest.find(['<', '`']) {
            rest = rest.get(at..).unwrap_or("");
            if rest.starts_with('`') {
                rest = after_code(rest);
                continue;
            }
            let inside = rest.get(1..).unwrap_or("");
            let end = inside.find('>').unwrap_or(inside.len());
            self.tag(inside.get(..end).unwrap_or(""));
            rest = inside.get(end..).unwrap_or("");
        }
    }

    fn tag(&mut self, tag: &str) {
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let end = tag.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(tag.len());
        let name = tag.get(..end).unwrap_or("").to_ascii_lowercase();
        let attributes = tag.get(end..).unwrap_or("").to_ascii_lowercase();
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || EMPTY.contains(&name.as_str()) {
            return;
        }
        self.open = match (self.open.take(), closes) {
            (Some((open, 1)), true) if open == name => None,
            (Some((open, depth)), true) if open == name => Some((open, depth.saturating_sub(1))),
            (Some((open, depth)), false) if open == name => Some((open, depth.saturating_add(1))),
            (None, false) if HIDING.contains(&name.as_str()) || hides(&attributes) => Some((name, 1)),
            (open, _) => open,
        };
    }
}

/// Reports whether a tag's attributes hide what is in it.
fn hides(attributes: &str) -> bool {
    let mut words = attributes.split(|letter: char| letter.is_whitespace() || letter == '/');
    let plain: String = attributes.chars().filter(|letter| !letter.is_whitespace()).collect();
    words.any(|word| word == "hidden" || word.starts_with("hidden="))
        || plain.contains("display:none")
        || plain.contains("visibility:hidden")
        || plain.contains("opacity:0")
}

/// Returns what follows a text in backticks; where they do not close on the line, what follows the signs.
fn after_code(text: &str) -> &str {
    let rest = text.trim_start_matches('`');
    let signs = text.get(..text.len().saturating_sub(rest.len())).unwrap_or("");
    match rest.find(signs) {
        Some(end) => rest.get(end.saturating_add(signs.len())..).unwrap_or(""),
        None => rest,
    }
}

/// Reports a block that readers of the page do not see.
fn hidden(at: &Range<usize>, inside: &str, mistakes: &mut Mistakes) {
    let why = format!("this block is in {inside}, where nobody sees its rules");
    let help = match inside {
        "a comment" => "close the comment with `-->` before it, or take the mark `charter` away",
        _ => "end that before the block, or take the mark `charter` away",
    };
    mistakes.report(code::HIDDEN_BLOCK, at, why, help);
}

/// Returns a fence's sign, the count of it, and the words after it.
pub(crate) fn fence(line: &str) -> Option<(char, usize, &str)> {
    let inner = line.trim_start_matches(' ');
    if line.len().saturating_sub(inner.len()) > 3 {
        return None;
    }
    let sign = inner.chars().next().filter(|sign| ['`', '~'].contains(sign))?;
    let info = inner.trim_start_matches(sign);
    let length = inner.len().saturating_sub(info.len());
    let info = info.trim();
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length, info))
}
