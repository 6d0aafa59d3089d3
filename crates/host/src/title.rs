//! The title of an item, as people hand it in. Not its card (`batch/card`).

/// The most letters of a title.
pub const MOST_TITLE: usize = 200;

/// A title as it is kept: each run of spaces is one, and signs that cannot be seen are left out.
///
/// # Errors
/// Nothing of it is left, or it is longer than [`MOST_TITLE`]; in words for who typed it.
pub fn item_title(typed: &str) -> Result<String, String> {
    // Joiners stay, since some scripts need them; alone they show nothing.
    let kept: String = typed.chars().filter(|sign| sign.is_whitespace() || !bridges::is_hidden(*sign)).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let title = words.join(" ");
    let shows = title.chars().any(|sign| !sign.is_whitespace() && !bridges::is_refused_in_name(sign));
    match title.chars().count() {
        _ if !shows => Err("a title has at least one letter that can be seen".to_owned()),
        letters if letters > MOST_TITLE => {
            Err(format!("a title has {MOST_TITLE} letters at most, and this one {letters}"))
        }
        _ => Ok(title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_have_a_bound_and_no_hidden_signs() {
        assert_eq!(item_title("  Bread \n every\u{202e} day\u{200b} ").unwrap(), "Bread every day");
        assert!(item_title(" \u{200b}\u{2066} ").is_err() && item_title("").is_err());
        assert_eq!(item_title(&"ß".repeat(MOST_TITLE)).unwrap().chars().count(), MOST_TITLE);
        assert!(item_title(&"ß".repeat(MOST_TITLE + 1)).unwrap_err().contains("201"));
    }
}
