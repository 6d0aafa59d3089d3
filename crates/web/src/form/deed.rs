//! From the forms of powers to deeds. Only what cannot be read is a problem here: whether it may be done, the rules say.

use super::number::amount_minor;
use super::{Fields, value};
use crate::desk::Deed;
use views::{PowerForm, PowerView, Problem};

/// The most letters of an item's title, and the most bytes of its link.
const MOST_TITLE: usize = 200;
const MOST_LINK: usize = 500;

/// Parses the form of a power.
pub(crate) fn deed(view: &PowerView, fields: &Fields) -> Result<Deed, Vec<Problem>> {
    let mut read = Reading { fields, problems: Vec::new() };
    let deed = match &view.form {
        PowerForm::Admit => Deed::Admit {
            name: read.line("name", "write the name"),
            organisation: value(fields, "organisation") == "yes",
        },
        PowerForm::KeepList(_) => list_deed(&mut read),
        PowerForm::CloseIssue(_) => item_deed(&mut read),
        PowerForm::Spend(form) => Deed::Spend {
            minor: read.amount("amount", form.digits),
            from: read.line("from", "say which account the money comes from"),
            to: read.line("to", "say which account it goes to"),
            narration: read.line("narration", "say what it was for"),
            day: read.day("day"),
            source: read.source("source"),
        },
    };
    if read.problems.is_empty() { Ok(deed) } else { Err(read.problems) }
}

fn list_deed(read: &mut Reading<'_>) -> Deed {
    let list = read.line("list", "choose a list");
    let member = read.line("member", "choose a member");
    match value(read.fields, "do") {
        "off" => Deed::TakeOffList { list, member },
        "on" => Deed::PutOnList { list, member },
        _ => {
            read.problem("do", "choose whether to put them on the list or take them off");
            Deed::PutOnList { list, member }
        }
    }
}

fn item_deed(read: &mut Reading<'_>) -> Deed {
    let ranking = read.line("ranking", "choose a ranking");
    if value(read.fields, "do") == "close" {
        let item = read.line("closing", "say which item");
        return Deed::CloseItem { ranking, item };
    }
    Deed::OpenItem {
        ranking,
        item: read.line("item", "give it an id, such as its number in the forge"),
        title: read.title("title"),
        link: read.link("link"),
    }
}

struct Reading<'a> {
    fields: &'a Fields,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, field: &str, words: impl Into<String>) {
        self.problems.push(Problem { field: field.to_owned(), words: words.into() });
    }

    /// What stands in a field, each run of spaces as one.
    fn line(&mut self, field: &str, missing: &str) -> String {
        let words: Vec<&str> = value(self.fields, field).split_whitespace().collect();
        if words.is_empty() {
            self.problem(field, missing);
        }
        words.join(" ")
    }

    fn title(&mut self, field: &str) -> String {
        let title = self.line(field, "give it a title");
        let length = title.chars().count();
        if length > MOST_TITLE {
            let words = format!("a title has at most {MOST_TITLE} letters, and this one {length}");
            self.problem(field, words);
        }
        title
    }

    fn link(&mut self, field: &str) -> Option<String> {
        let typed = value(self.fields, field).trim();
        if typed.is_empty() {
            return None;
        }
        let odd = |letter: char| letter.is_control() || letter.is_whitespace();
        if !typed.starts_with("https://") || typed.len() > MOST_LINK || typed.contains(odd) {
            let words = format!("a link begins with https:// and has no spaces and at most {MOST_LINK} bytes");
            self.problem(field, words);
        }
        Some(typed.to_owned())
    }

    fn amount(&mut self, field: &str, digits: u32) -> i64 {
        let read = amount_minor(value(self.fields, field), digits);
        read.unwrap_or_else(|words| {
            self.problem(field, words);
            0
        })
    }

    fn day(&mut self, field: &str) -> String {
        let typed = value(self.fields, field).trim().to_owned();
        // With a time of day it would be read as universal time.
        if typed.len() != "2025-12-29".len() || quantity::Moment::parse(&typed).is_err() {
            self.problem(field, "give the day as year, month and day: 2025-12-29");
        }
        typed
    }

    /// What makes handing in a form twice the same as once: the page made it.
    fn source(&mut self, field: &str) -> String {
        let typed = value(self.fields, field);
        let made_here = typed.len() == 32 && typed.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !made_here {
            self.problem(field, "load this page anew before you hand it in");
        }
        typed.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests;
