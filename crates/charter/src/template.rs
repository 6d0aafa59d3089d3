//! Kernels and constitutions that a founder can start from and keep.

mod answers;

use quantity::Currency;

use crate::edition::Edition;
use crate::format;
pub use answers::Answers;

/// A template: two documents with placeholders for the co-op's name and currency, and the story of such a co-op.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Template {
    /// The edition in whose words its documents are written.
    pub edition: Edition,
    /// Lower-case words with hyphens.
    pub name: &'static str,
    /// For whom it is, in one line without a full stop.
    pub about: &'static str,
    pub kernel: &'static str,
    pub constitution: &'static str,
    /// The acts of its members over some months and their outcome, in the format of `docs/spec/templates.md`.
    pub story: &'static str,
}

/// A template's documents, filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filled {
    pub kernel: String,
    pub constitution: String,
}

const NAME: &str = "{{name}}";
const QUOTED_NAME: &str = "\"{{name}}\"";
const CURRENCY: &str = "{{currency}}";

/// Declares the templates once, in the order in which founders are shown them: a name, for whom it is, and where edition 4 has its
/// constitution and its story; kernels are those of edition 3.
macro_rules! all {
    ($($name:literal $about:literal $constitution:literal $story:literal,)*) => {
        const NAMES: &[&str] = &[$($name,)*];
        /// By edition, in the order in which founders are shown them.
        const ALL: [&[Template]; 4] = [
            &[$(all!(@one ONE "", "", "", $name $about)),*],
            &[$(all!(@one TWO "edition-2/", "edition-2/", "edition-2/", $name $about)),*],
            // Stories hold as they are.
            &[$(all!(@one THREE "edition-3/", "edition-3/", "edition-2/", $name $about)),*],
            &[$(all!(@one FOUR "edition-3/", $constitution, $story, $name $about)),*],
        ];
    };
    (@one $edition:ident $kernel:literal, $constitution:literal, $story:literal, $name:literal $about:literal) => {
        Template {
            edition: Edition::$edition,
            name: $name,
            about: $about,
            kernel: include_str!(concat!("../templates/", $kernel, $name, "/kernel.md")),
            constitution: include_str!(concat!("../templates/", $constitution, $name, "/constitution.md")),
            story: include_str!(concat!("../templates/", $story, $name, "/story.md")),
        }
    };
}

all! {
    "open-source" "software carried by patrons who give and contributors who do the work" "edition-4/" "edition-4/",
    "consumer" "a shop owned by those who buy there; purchases earn a say, which fades" "edition-4/" "edition-4/",
    "worker" "a business owned by those who work in it; one person, one vote" "edition-4/" "edition-4/",
    "multi-stakeholder" "workers, users and supporters together, each with a fixed part of the votes" "edition-3/" "edition-2/",
    "fairshares" "founders, labour, users and investors; the basics change only if each group agrees" "edition-3/" "edition-2/",
    "platform" "a platform owned by those who work through it and those who buy through it" "edition-4/" "edition-4/",
    "computing" "a data centre or cluster owned by those who compute on it" "edition-4/" "edition-4/",
    "data" "people who pool their data and decide together who may use it, and for what" "edition-3/" "edition-2/",
    "club" "a club or society; whoever pays dues has one vote" "edition-4/" "edition-4/",
}

/// Returns the names of all templates.
pub fn templates() -> &'static [&'static str] {
    NAMES
}

/// Returns the template with this name, in the words of the newest closed edition.
pub fn template(name: &str) -> Option<Template> {
    template_under(name, Edition::USUAL)
}

/// As [`template`], in the words of an edition, or of the newest one before it that has templates.
pub fn template_under(name: &str, edition: Edition) -> Option<Template> {
    let mut all = ALL.iter().rev().flat_map(|of_edition| of_edition.iter());
    all.find(|template| template.name == name && template.edition <= edition).copied()
}

impl Template {
    /// Fills both documents with the co-op's name and currency, in the canonical layout. The name is written so that it is only
    /// ever a name: in the rules as quoted text, in the prose as plain words.
    pub fn fill(&self, name: &str, currency: Currency) -> Filled {
        Filled {
            kernel: laid_out(fill(self.kernel, name, currency)),
            constitution: laid_out(fill(self.constitution, name, currency)),
        }
    }
}

/// Lays a filled document out again: a line that was too long may fit now, and the other way round.
fn laid_out(text: String) -> String {
    format(&text).unwrap_or(text)
}

/// Fills placeholders in one pass, so that a name that looks like one is not filled in again.
fn fill(text: &str, name: &str, currency: Currency) -> String {
    let places = [(QUOTED_NAME, quoted(name)), (NAME, prose(name)), (CURRENCY, currency.code().to_owned())];
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '{']) {
        let (before, after) = rest.split_at(at);
        filled.push_str(before);
        let place = places.iter().find_map(|(place, value)| Some((after.strip_prefix(place)?, value)));
        rest = if let Some((after, value)) = place {
            filled.push_str(value);
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

/// Writes the name as KDL text on one line.
fn quoted(name: &str) -> String {
    let inner = one_line(name).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{inner}\"")
}

/// Writes the name in Markdown, with every character escaped that Markdown reads.
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

/// Writes the name on one line, without invisible characters that could hide something.
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
