//! From the forms of powers to deeds. Only what cannot be read is a problem here: whether it may be done, the rules say.

use crate::form::{Fields, amount_minor, value};
use charter::Kernel;
use engine::act::{AddToList, Amount, CloseItem, OpenItem, RemoveFromList};
use engine::intent::{Expense, spend};
use engine::{Act, Pseudonym};
use host::Person;
use quantity::{CalendarUnit, Moment, Period, Reach, Zone};
use views::{ItemCard, ItemForm, PowerForm, PowerView, Problem, Quantity};

/// An action of a holder.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    Act(Act),
    /// The pseudonym is drawn when it is done.
    Admit(Person),
    /// With what is kept beside the log.
    Open(OpenItem, ItemCard),
}

/// The most letters of an item's title, and the most bytes of its link.
const MOST_TITLE: usize = 200;
const MOST_LINK: usize = 500;

/// Parses the form of a power.
pub(super) fn deed(view: &PowerView, fields: &Fields, kernel: &Kernel) -> Result<Deed, Vec<Problem>> {
    let mut read = Reading { fields, problems: Vec::new() };
    let deed = match &view.form {
        PowerForm::Admit => Deed::Admit(Person {
            name: read.line("name", words::power::WRITE_NAME),
            organisation: value(fields, "organisation") == "yes",
            ..Person::default()
        }),
        PowerForm::KeepList(_) => Deed::Act(listed(&mut read)),
        PowerForm::CloseIssue(form) => item(&mut read, form),
        // It has a page of its own.
        PowerForm::Record => return Err(Vec::new()),
        PowerForm::Spend(form) => {
            let expense = Expense {
                minor: read.amount("amount", form.digits),
                from: read.line("from", words::power::SAY_FROM),
                to: read.line("to", words::power::SAY_TO),
                narration: read.line("narration", words::power::SAY_WHAT_FOR),
                at: read.day("day", &kernel.zone),
                source: format!("page:{}", read.source("source")),
            };
            Deed::Act(spend(kernel, expense))
        }
    };
    if read.problems.is_empty() { Ok(deed) } else { Err(read.problems) }
}

fn listed(read: &mut Reading<'_>) -> Act {
    let list = read.line("list", words::power::CHOOSE_LIST);
    let member = read.member("member");
    match value(read.fields, "do") {
        "off" => Act::RemoveFromList(RemoveFromList { list, member }),
        "on" => Act::AddToList(AddToList { list, member }),
        _ => {
            read.problem("do", words::power::ON_OR_OFF);
            Act::AddToList(AddToList { list, member })
        }
    }
}

fn item(read: &mut Reading<'_>, form: &ItemForm) -> Deed {
    let decision = read.line("ranking", words::power::CHOOSE_RANKING);
    if value(read.fields, "do") == "close" {
        let item = read.line("closing", words::power::SAY_ITEM);
        return Deed::Act(Act::CloseItem(CloseItem { decision, item }));
    }
    let item = read.line("item", words::power::GIVE_ID);
    let card = ItemCard { title: read.title("title"), url: read.link("link"), ..ItemCard::default() };
    let whole = form.supplies.iter().find(|(ranking, _)| *ranking == decision).map(|(_, whole)| whole);
    let amount = whole.and_then(|whole| read.asked("amount", whole));
    Deed::Open(OpenItem { decision, item, amount }, card)
}

struct Reading<'a> {
    fields: &'a Fields,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, field: &str, words: impl Into<String>) {
        self.problems.push(Problem { field: field.to_owned(), words: words.into() });
    }

    /// The text of a field, each run of spaces as one.
    fn line(&mut self, field: &str, missing: &str) -> String {
        let words: Vec<&str> = value(self.fields, field).split_whitespace().collect();
        if words.is_empty() {
            self.problem(field, missing);
        }
        words.join(" ")
    }

    fn title(&mut self, field: &str) -> String {
        let title = self.line(field, words::power::GIVE_TITLE);
        let length = title.chars().count();
        if length > MOST_TITLE {
            self.problem(field, words::power::title_too_long(MOST_TITLE, length));
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
            self.problem(field, words::power::odd_link(MOST_LINK));
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

    /// How much an item asks for; left out where nothing is typed.
    fn asked(&mut self, field: &str, whole: &Quantity) -> Option<Amount> {
        let typed = value(self.fields, field);
        if typed.trim().is_empty() {
            return None;
        }
        crate::ranking::amount::read(whole, typed).map_err(|words| self.problem(field, words)).ok()
    }

    /// A member of the register, whom the page lets choose.
    fn member(&mut self, field: &str) -> Pseudonym {
        let typed = self.line(field, words::power::CHOOSE_MEMBER);
        typed.parse().unwrap_or_else(|_| {
            if !typed.is_empty() {
                self.problem(field, words::power::OF_THE_REGISTER);
            }
            Pseudonym(0)
        })
    }

    /// The moment when a day begins.
    fn day(&mut self, field: &str, zone: &Zone) -> Moment {
        let typed = value(self.fields, field).trim();
        // With a time of day it would be read as universal time.
        let day = (typed.len() == "2025-12-29".len()).then(|| beginning(typed, zone)).flatten();
        day.unwrap_or_else(|| {
            self.problem(field, words::power::GIVE_DAY);
            Moment(0)
        })
    }

    /// The source that the page made: a form handed in twice is the same as once.
    fn source(&mut self, field: &str) -> String {
        let typed = value(self.fields, field);
        let made_here = typed.len() == 32 && typed.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !made_here {
            self.problem(field, words::power::LOAD_ANEW);
        }
        typed.to_ascii_lowercase()
    }
}

/// The moment when a day begins in the zone.
fn beginning(day: &str, zone: &Zone) -> Option<Moment> {
    let end = Moment::parse_at_end_of_day(day, zone).ok()?;
    let (reach, unit) = (Reach::This, CalendarUnit::Day);
    Some(Period { reach, unit }.bounds(end, zone).0)
}

#[cfg(test)]
mod tests;
