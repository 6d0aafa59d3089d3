//! "Did you mean": the known word nearest to a written one.

/// No word longer than this is compared, so that a hostile one costs nothing.
const LONGEST: usize = 64;

/// Returns the known word nearest to `written`, where one is near enough to be meant.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().filter_map(|word| Some((near(written, word)?, word)));
    near.min_by_key(|(far, _)| *far).map(|(_, word)| word)
}

/// Returns by how many letters two words differ, where they are so near that the one may be meant by the other.
///
/// ```
/// assert_eq!(charter::near("mary jone", "mary jones"), Some(1));
/// assert_eq!(charter::near("mary jone", "somebody"), None);
/// ```
#[must_use]
pub fn near(written: &str, known: &str) -> Option<usize> {
    let length = written.chars().take(LONGEST).count();
    if length == LONGEST || known.len() > 4 * LONGEST {
        return None;
    }
    let allowed = length.div_ceil(3).min(3);
    Some(distance(written, known)).filter(|far| *far <= allowed)
}

/// Returns the help that names the nearest word, or lists the words there are.
pub(crate) fn suggest(written: &str, known: &[&str]) -> Option<String> {
    match nearest(written, known.iter().copied()) {
        Some(word) => Some(format!("did you mean `{word}`?")),
        None if known.is_empty() || known.len() > 24 => None,
        None => Some(format!("there is {}", list(known))),
    }
}

/// Returns words in backticks, with commas and a last "and".
pub(crate) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} and `{last}`", first.join(", "))
        }
    }
}

/// Letters to add, drop, change, or swap with their neighbour; capitals do not count.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut previous: Option<char> = None;
    for (line, letter) in left.chars().take(LONGEST).flat_map(char::to_lowercase).enumerate() {
        let mut next = vec![line.saturating_add(1)];
        for (at, other) in right.iter().enumerate() {
            let cell = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let changed = cell(&row, at).saturating_add(usize::from(letter != *other));
            let dropped = cell(&row, at.saturating_add(1)).saturating_add(1);
            let added = cell(&next, at).saturating_add(1);
            let mut best = changed.min(dropped).min(added);
            let swapped = at
                .checked_sub(1)
                .is_some_and(|earlier| previous == Some(*other) && right.get(earlier) == Some(&letter));
            if swapped && let Some(earlier) = at.checked_sub(1) {
                best = best.min(cell(&before, earlier).saturating_add(1));
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(letter);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_near_word_is_meant_and_a_far_one_is_not() {
        let known = ["patrons", "contributors", "donated"];
        assert_eq!(nearest("patron", known), Some("patrons"));
        assert_eq!(nearest("dontaed", known), Some("donated"));
        assert_eq!(nearest("Donated", known), Some("donated"));
        assert_eq!(nearest("customers", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"p".repeat(4_000), known), None);
    }
}
