//! The numbers of a forge in a commit's message: the change that it brought in, and the issues that it names. Any author can write any
//! number: nothing is a fact by it.

use std::collections::BTreeSet;

/// As much of a message is read, bytes.
const MESSAGE_MAX: usize = 1 << 16;
/// As many issues of one text are kept.
const MOST_NAMED: usize = 20;
/// The words before the number of a change that GitHub and Gitea merge.
const MERGED: &str = "Merge pull request ";
/// The words before that of GitLab.
const SEE: &str = "See merge request ";

/// The change that a commit brought in, as forges write it: `Merge pull request #7 from …`, `A title (#7)`, `See merge request owner/name!7`.
pub(crate) fn change_of(message: &[u8]) -> Option<u64> {
    let text = read(message);
    let subject = text.lines().next().unwrap_or_default().trim_end();
    if let Some(rest) = subject.strip_prefix(MERGED) {
        let number = rest.strip_prefix('#').or_else(|| rest.rsplit_once("(#").map(|(_, rest)| rest))?;
        return leading(number);
    }
    if let Some(number) = subject.strip_suffix(')').and_then(|rest| rest.rsplit_once("(#")).map(|(_, number)| number) {
        return leading(number).filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()));
    }
    let line = text.lines().skip(1).find_map(|line| line.strip_prefix(SEE))?;
    leading(line.rsplit_once('!')?.1)
}

/// The issues that a text names, `#7` or `GH-7`, each once and in order. Those of other repositories (`owner/name#7`) are none.
pub(crate) fn issues_named(message: &[u8]) -> Vec<u64> {
    let text = read(message);
    let mut named = BTreeSet::new();
    let mut before = None;
    for (at, letter) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        let number = rest.strip_prefix('#').or_else(|| rest.strip_prefix("GH-"));
        let is_alone =
            before.is_none_or(|before: char| !before.is_alphanumeric() && !matches!(before, '/' | '_' | '-' | '&'));
        if let Some(number) = number.filter(|_| is_alone).and_then(leading)
            && named.len() < MOST_NAMED
        {
            named.insert(number);
        }
        before = Some(letter);
    }
    named.into_iter().collect()
}

fn read(message: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(message.get(..MESSAGE_MAX).unwrap_or(message))
}

/// The number that a text begins with, where no letter follows it.
fn leading(text: &str) -> Option<u64> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let is_whole = !rest.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    digits.parse().ok().filter(|number| is_whole && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_known_by_the_words_of_forges() {
        for (message, change) in [
            ("Merge pull request #7 from one/branch\n\nA title (#3)", Some(7)),
            ("Merge pull request 'Title (#3)' (#7) from branch into main", Some(7)),
            ("A title (#7)\n\nFixes #3", Some(7)),
            ("Merge branch 'x' into 'main'\n\nTitle\n\nSee merge request group/name!7", Some(7)),
            ("A title (#3) (#7)", Some(7)),
            ("A title", None),
            ("A title (#7) and more", None),
            ("Revert \"A title (#7)\"", None),
            ("A title (#7x)", None),
            ("A title (#0)", None),
            ("A title (#99999999999999999999)", None),
            ("", None),
        ] {
            assert_eq!(change_of(message.as_bytes()), change, "{message}");
        }
    }

    #[test]
    fn issues_are_named_by_number() {
        for (message, named) in [
            ("Fixes #3, closes #12 and GH-4.\n(#7)", vec![3, 4, 7, 12]),
            ("#3 again: #3", vec![3]),
            ("owner/name#3, a#4, &#5; x-#6, #7a, #, GH-, aGH-8", Vec::new()),
            ("[#9]", vec![9]),
        ] {
            assert_eq!(issues_named(message.as_bytes()), named, "{message}");
        }
        let many: String = (1..1_000).map(|number| format!("#{number} ")).collect();
        assert_eq!(issues_named(many.as_bytes()).len(), MOST_NAMED);
        assert!(issues_named(&[b'#', 0xff, b'#', b'5']).contains(&5), "other bytes are no obstacle");
    }
}
