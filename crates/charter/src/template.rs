//! Kernels and constitutions that a founder can start from and keep.

mod answers;

use quantity::Currency;

pub use answers::Answers;

/// A template: two documents with places for the co-op's name and currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Template {
    pub kernel: &'static str,
    pub constitution: &'static str,
}

/// A template's documents, filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filled {
    pub kernel: String,
    pub constitution: String,
}

const NAMES: [&str; 4] = ["open-source", "consumer", "worker", "club"];
const NAME: &str = "{{name}}";
const QUOTED_NAME: &str = "\"{{name}}\"";
const CURRENCY: &str = "{{currency}}";

/// The names of all templates.
pub fn templates() -> &'static [&'static str] {
    &NAMES
}

/// The template with this name.
pub fn template(name: &str) -> Option<Template> {
    macro_rules! documents {
        ($folder:literal) => {
            Some(Template {
                kernel: include_str!(concat!("../templates/", $folder, "/kernel.md")),
                constitution: include_str!(concat!("../templates/", $folder, "/constitution.md")),
            })
        };
    }
    match name {
        "open-source" => documents!("open-source"),
        "consumer" => documents!("consumer"),
        "worker" => documents!("worker"),
        "club" => documents!("club"),
        _ => None,
    }
}

impl Template {
    /// Both documents with the co-op's name and currency. The name is written so that it is only ever a
    /// name: in the rules as quoted text, in the prose as plain words.
    pub fn fill(&self, name: &str, currency: Currency) -> Filled {
        Filled {
            kernel: fill(self.kernel, name, currency),
            constitution: fill(self.constitution, name, currency),
        }
    }
}

/// One pass from left to right, so that a name that looks like a place is not filled in again.
fn fill(text: &str, name: &str, currency: Currency) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '{']) {
        let (before, after) = rest.split_at(at);
        filled.push_str(before);
        rest = if let Some(after) = after.strip_prefix(QUOTED_NAME) {
            filled.push_str(&quoted(name));
            after
        } else if let Some(after) = after.strip_prefix(NAME) {
            filled.push_str(&prose(name));
            after
        } else if let Some(after) = after.strip_prefix(CURRENCY) {
            filled.push_str(currency.code());
            after
        } else {
            let mut letters = after.chars();
            filled.extend(letters.next());
            letters.as_str()
        };
    }
    filled.push_str(rest);
    filled
}

/// The name as KDL text on one line.
fn quoted(name: &str) -> String {
    let inner = one_line(name).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{inner}\"")
}

/// The name in Markdown, with every sign that Markdown reads made plain.
fn prose(name: &str) -> String {
    let mut words = String::new();
    for letter in one_line(name).chars() {
        if "\\`*_[]<>#&~|!{}".contains(letter) {
            words.push('\\');
        }
        words.push(letter);
    }
    words
}

/// The name without line breaks and other signs that have no shape, which could hide something.
fn one_line(name: &str) -> String {
    let hidden = |letter: char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let shown: String = name
        .chars()
        .filter(|letter| !hidden(*letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
