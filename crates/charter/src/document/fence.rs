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
    let mut in_comment = false;
    let mut at = 0_usize;
    for line in ended_lines(text) {
        let next = at.saturating_add(line.len());
        let shown = match at {
            0 => line.trim_start_matches(BYTE_ORDER_MARK),
            _ => line,
        };
        let fence = fence(shown);
        // A fence inside an HTML comment is no fence, but its rules would surprise a reader who does not see them.
        if open.is_none() && (in_comment || begins_comment(shown)) {
            let is_marked = |(_, _, info): (_, _, &str)| info.split_whitespace().next() == Some(MARK);
            if fence.is_some_and(is_marked) && !mistakes.is_full() {
                fenced = true;
                hidden(&(at..at.saturating_add(line.trim_end().len())), mistakes);
            }
            in_comment = !shown.contains("-->");
            at = next;
            continue;
        }
        match (&open, fence) {
            (None, Some((sign, length, info))) => {
                fenced = true;
                let rules = (info.split_whitespace().next() == Some(MARK)).then_some(next);
                let end = at.saturating_add(line.trim_end().len());
                open = Some(Open { sign, length, at: at..end, rules });
            }
            // A fence closes with the same sign, as many of it or more, and no words (CommonMark, section 4.5).
            (Some(begun), Some((sign, length, info))) => {
                if sign == begun.sign && length >= begun.length && info.is_empty() {
                    blocks.extend(begun.rules.map(|start| start..at));
                    open = None;
                }
            }
            (_, None) => {}
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

/// Reports whether an HTML comment begins with this line (CommonMark, section 4.6).
fn begins_comment(line: &str) -> bool {
    let inner = line.trim_start_matches(' ');
    inner.starts_with("<!--") && line.len().saturating_sub(inner.len()) <= 3
}

/// Reports a block that readers of the page do not see.
fn hidden(at: &Range<usize>, mistakes: &mut Mistakes) {
    let why = "this block is in a comment, where nobody sees its rules";
    let help = "close the comment with `-->` before it, or take the mark `charter` away";
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
