//! A document in reading order: prose, then the rules that follow it. Pages show them side by side.

use super::{blocks, ended_lines, line_ends};
use crate::edition::Edition;

/// Some prose and the block of rules after it; either may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section<'t> {
    /// Markdown, without the fences.
    pub prose: &'t str,
    /// The text between the fences; none after the last block.
    pub rules: Option<&'t str>,
    /// The lines of the rules in the whole document, from 1: the first, and the one after the last.
    pub lines: (u32, u32),
}

/// Returns the sections of a document, in order. Where its form cannot be read, all of it is prose.
pub fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let mut rest = 0_usize;
    let blocks = blocks(text, Edition::ONE).map(|(blocks, _)| blocks);
    for block in blocks.unwrap_or_default() {
        let before = text.get(rest..block.start).unwrap_or("");
        let rules = text.get(block.clone()).unwrap_or("");
        let first = line(text, block.start);
        sections.push(Section {
            prose: without_fences(before, rest > 0),
            rules: Some(rules),
            lines: (first, first.saturating_add(count(rules))),
        });
        rest = block.end;
    }
    let last = without_closing(text.get(rest..).unwrap_or(""), rest > 0);
    if !last.trim().is_empty() || sections.is_empty() {
        sections.push(Section { prose: last, rules: None, lines: (0, 0) });
    }
    sections
}

/// Returns prose between two blocks: without the fence that closes the one and the fence that opens the other.
fn without_fences(between: &str, after_block: bool) -> &str {
    let prose = without_closing(between, after_block);
    let opening = ended_lines(prose).filter(|line| !line.is_empty()).last();
    prose.strip_suffix(opening.unwrap_or("")).unwrap_or("")
}

fn without_closing(text: &str, after_block: bool) -> &str {
    if !after_block {
        return text;
    }
    let closing = ended_lines(text).next().unwrap_or("");
    text.strip_prefix(closing).unwrap_or("")
}

fn line(text: &str, at: usize) -> u32 {
    count(text.get(..at).unwrap_or("")).saturating_add(1)
}

fn count(text: &str) -> u32 {
    u32::try_from(line_ends(text).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn prose_and_rules_follow_each_other() {
        let text = "# Title\n\nWhy.\n\n```charter\nkernel {\n}\n```\n\nMore.\n\n~~~~charter\na\n~~~~\nEnd.\n";
        let found = sections(text);
        let parts: Vec<(&str, Option<&str>, (u32, u32))> =
            found.iter().map(|section| (section.prose.trim(), section.rules, section.lines)).collect();
        assert_eq!(
            parts,
            [
                ("# Title\n\nWhy.", Some("kernel {\n}\n"), (6, 8)),
                ("More.", Some("a\n"), (13, 14)),
                ("End.", None, (0, 0)),
            ]
        );
    }

    #[test]
    fn bare_rules_have_no_prose_and_broken_ones_are_prose() {
        let found = sections("office \"a\"\n");
        assert_eq!((found.len(), found[0].prose, found[0].rules), (1, "", Some("office \"a\"\n")));
        let broken = "# Title\n\n```charter\nkernel {";
        assert_eq!(sections(broken)[0].prose, broken);
        assert_eq!(sections("").len(), 1);
    }
}
