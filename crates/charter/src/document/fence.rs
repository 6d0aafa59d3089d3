//! The fenced blocks of a Markdown document that are marked `charter` (CommonMark 0.31, section 4.5).

use std::ops::Range;

use super::{BYTE_ORDER_MARK, Mistakes, lines};
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

/// The bytes of each block with rules; the whole text where it is bare KDL.
pub(super) fn blocks(text: &str, mistakes: &mut Mistakes) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut open: Option<Open> = None;
    let mut fenced = false;
    let mut at = 0_usize;
    for line in lines(text) {
        let next = at.saturating_add(line.len());
        let shown = match at {
            0 => line.trim_start_matches(BYTE_ORDER_MARK),
            _ => line,
        };
        let fence = fence(shown);
        match (&open, fence) {
            (None, Some((sign, length, info))) => {
                fenced = true;
                let rules = (info.split_whitespace().next() == Some(MARK)).then_some(next);
                let end = at.saturating_add(line.trim_end().len());
                open = Some(Open {
                    sign,
                    length,
                    at: at..end,
                    rules,
                });
            }
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
    if let Some(Open {
        at, rules: Some(_), ..
    }) = open
    {
        let help = Some("close it with the same signs on a line of their own".to_owned());
        mistakes.tell(
            code::UNCLOSED_BLOCK,
            &at,
            "this block is never closed",
            help,
        );
        return Vec::new();
    }
    let is_markdown = text
        .trim_start_matches(BYTE_ORDER_MARK)
        .trim_start()
        .starts_with("# ");
    if !fenced && !is_markdown {
        return std::iter::once(0..text.len()).collect();
    }
    if blocks.is_empty() {
        let help = Some("put the rules between a line ```charter and a line ```".to_owned());
        mistakes.tell(
            code::NO_RULES,
            &(0..0),
            "the document has no block marked `charter`",
            help,
        );
    }
    blocks
}

/// The sign, its count and what stands after it, where the line is a fence.
pub(crate) fn fence(line: &str) -> Option<(char, usize, &str)> {
    let inner = line.trim_start_matches(' ');
    if line.len().saturating_sub(inner.len()) > 3 {
        return None;
    }
    let sign = inner
        .chars()
        .next()
        .filter(|sign| ['`', '~'].contains(sign))?;
    let info = inner.trim_start_matches(sign);
    let length = inner.len().saturating_sub(info.len());
    let info = info.trim();
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length, info))
}
