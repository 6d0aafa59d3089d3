//! A founder's answers so far, as the form carries them from step to step, and the texts that they make. Nothing is kept on the
//! server: whatever was typed comes back with the page.

use charter::{Answers, Diagnostic, Edition, Filled, Kernel, read_constitution, read_kernel_under, template_under};
use host::gate::{check_name, code_hash};
use host::{Charter, Founder};
use quantity::{Currency, Span, Zone};
use views::Problem;

use crate::form::{Fields, value, values};
use crate::invitation::{ListView, lists_of};

/// The longest document, bytes: as the longest that members can propose later.
pub(crate) const MOST_TEXT: usize = 64 * 1024;
/// The longest name and purpose of a co-op, characters: as the kernel has them.
const LONGEST_NAME: usize = 100;
const LONGEST_PURPOSE: usize = 200;

/// How long the rules may take to change, and for whom that is.
pub(crate) const SPANS: [(&str, &str); 5] = [
    ("14 days", words::founding::QUICKLY),
    ("30 days", words::founding::WITHIN_A_MONTH),
    ("60 days", words::founding::TIME_TO_TALK),
    ("90 days", words::founding::SLOWLY),
    ("180 days", words::founding::VERY_SLOWLY),
];

/// All fields of the founding, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The edition in whose words the texts are, and under which the co-op begins.
    pub(crate) edition: Edition,
    pub(crate) template: String,
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) currency: String,
    pub(crate) time_zone: String,
    pub(crate) settles_in: String,
    pub(crate) kernel: String,
    pub(crate) constitution: String,
    /// The hash of both texts as they were filled in, before anybody edited them.
    pub(crate) filled: String,
    pub(crate) founder: String,
    pub(crate) lists: Vec<String>,
}

/// The words for a length that is not right.
type Told = fn(usize) -> String;

/// Both texts, read.
#[derive(Debug)]
pub(crate) struct Texts {
    /// None while the kernel has mistakes.
    pub(crate) kernel: Option<Kernel>,
    /// None while either has.
    pub(crate) constitution: Option<charter::Constitution>,
    pub(crate) mistakes: Mistakes,
}

/// Mistakes in the texts.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    pub(crate) kernel: Vec<Diagnostic>,
    pub(crate) constitution: Vec<Diagnostic>,
}

impl Draft {
    /// Nothing typed yet.
    pub(crate) fn under(edition: Edition) -> Self {
        Self::of(&Fields::new(), edition)
    }

    pub(crate) fn of(fields: &Fields, edition: Edition) -> Self {
        let typed = |name: &str| value(fields, name).trim().to_owned();
        let text = |name: &str| value(fields, name).replace("\r\n", "\n");
        Self {
            edition,
            template: typed("template"),
            name: typed("name"),
            purpose: typed("purpose"),
            currency: typed("currency"),
            time_zone: typed("time_zone"),
            settles_in: typed("settles_in"),
            kernel: text("kernel"),
            constitution: text("constitution"),
            filled: typed("filled"),
            founder: typed("founder"),
            lists: values(fields, "list"),
        }
    }

    /// The template's own answers fill the fields that were not touched yet.
    pub(crate) fn suggest(&mut self) {
        let Some(own) = suggested(&self.template, self.edition) else {
            return;
        };
        let others: Vec<Kernel> =
            charter::templates().iter().filter_map(|name| suggested(name, self.edition)).collect();
        let untouched =
            |typed: &str, of: fn(&Kernel) -> String| typed.is_empty() || others.iter().any(|other| of(other) == typed);
        if untouched(&self.purpose, |kernel| kernel.purpose.clone()) {
            self.purpose.clone_from(&own.purpose);
        }
        if self.settles_in.is_empty() {
            self.settles_in = days(own.constitution.settles_in);
        }
        if self.time_zone.is_empty() {
            own.zone.name().clone_into(&mut self.time_zone);
        }
    }

    /// The answers, or what is wrong with them, field by field.
    pub(crate) fn answers(&self) -> Result<Answers, Vec<Problem>> {
        // All problems are collected, so that one answer names every field.
        let mut problems = Vec::new();
        let mut problem = |field: &str, words: String| {
            problems.push(Problem { field: field.to_owned(), words });
        };
        let lines: [(_, _, _, Told); 2] = [
            ("name", &self.name, LONGEST_NAME, words::founding::name_is_one_line),
            ("purpose", &self.purpose, LONGEST_PURPOSE, words::founding::purpose_is_one_line),
        ];
        for (field, typed, longest, words) in lines {
            let letters = typed.chars().count();
            if letters == 0 || letters > longest || typed.chars().any(char::is_control) {
                problem(field, words(longest));
            }
        }
        // ISO 4217 codes are in capital letters, and people type small ones too.
        let currency = Currency::parse(&self.currency.to_uppercase());
        if currency.is_none() {
            problem("currency", words::founding::no_currency(&self.currency));
        }
        let zone = Zone::named(&self.time_zone);
        if zone.is_none() {
            problem("time_zone", words::founding::no_zone(&self.time_zone));
        }
        let settles_in = Span::parse(&self.settles_in);
        if settles_in.is_none() {
            problem("settles_in", words::founding::CHOOSE_SPAN.to_owned());
        }
        match (currency, zone, settles_in) {
            (Some(currency), Some(zone), Some(settles_in)) if problems.is_empty() => Ok(Answers {
                name: self.name.clone(),
                currency,
                purpose: Some(self.purpose.clone()),
                zone: Some(zone),
                settles_in: Some(settles_in),
            }),
            _ => Err(problems),
        }
    }

    /// Fills the texts in from the answers, but never over what was edited; whether such edits keep the answers out.
    pub(crate) fn fill(&mut self, answers: &Answers) -> bool {
        let Some(template) = template_under(&self.template, self.edition) else {
            return false;
        };
        let fresh = template.fill_with(answers);
        let hash = hash_of(&fresh);
        if self.is_edited() {
            return self.filled != hash;
        }
        self.kernel = fresh.kernel;
        self.constitution = fresh.constitution;
        self.filled = hash;
        false
    }

    /// Forgets the edits.
    pub(crate) fn refill(&mut self, answers: &Answers) {
        self.filled.clear();
        self.kernel.clear();
        self.constitution.clear();
        self.fill(answers);
    }

    fn is_edited(&self) -> bool {
        let now = Filled { kernel: self.kernel.clone(), constitution: self.constitution.clone() };
        let empty = self.kernel.trim().is_empty() && self.constitution.trim().is_empty();
        !empty && hash_of(&now) != self.filled
    }

    /// Both texts as the engine's own readers take them.
    pub(crate) fn texts(&self) -> Texts {
        let mut mistakes = Mistakes::default();
        let kernel = read_kernel_under(&self.kernel, self.edition).map_err(|found| mistakes.kernel = found).ok();
        let constitution = kernel.as_ref().and_then(|kernel| {
            read_constitution(&self.constitution, kernel).map_err(|found| mistakes.constitution = found).ok()
        });
        Texts { kernel, constitution, mistakes }
    }

    /// All that a founding needs, or what is missing.
    pub(crate) fn whole(&self) -> Result<(Charter, Founder), Vec<Problem>> {
        let problem = |field: &str, words: String| vec![Problem { field: field.to_owned(), words }];
        let texts: [(_, _, Told); 2] = [
            ("kernel", &self.kernel, words::founding::kernel_too_long),
            ("constitution", &self.constitution, words::founding::constitution_too_long),
        ];
        for (field, text, words) in texts {
            if text.len() > MOST_TEXT {
                return Err(problem(field, words(text.len())));
            }
        }
        let Ok(charter) = Charter::read_under(self.kernel.clone(), self.constitution.clone(), self.edition) else {
            return Err(problem("texts", words::founding::RULES_MISTAKEN.to_owned()));
        };
        check_name(&self.founder).map_err(|words| problem("founder", words))?;
        let known = lists_of(&charter.rules.kernel);
        let lists = self.lists.iter().filter(|list| known.iter().any(|one| one.name == **list));
        let founder = Founder {
            name: self.founder.split_whitespace().collect::<Vec<_>>().join(" "),
            lists: lists.cloned().collect(),
        };
        Ok((charter, founder))
    }
}

impl Texts {
    /// Where a founder can stand from the first day.
    pub(crate) fn lists(&self) -> Vec<ListView> {
        self.kernel.as_ref().map(lists_of).unwrap_or_default()
    }
}

/// A template's own kernel.
fn suggested(name: &str, edition: Edition) -> Option<Kernel> {
    let filled = template_under(name, edition)?.fill("co-op", Currency::parse("USD")?);
    read_kernel_under(&filled.kernel, edition).ok()
}

/// A span as the choices have it: in days.
fn days(span: Span) -> String {
    let days = span.seconds() / 86_400;
    format!("{days} {}", if days == 1 { "day" } else { "days" })
}

fn hash_of(texts: &Filled) -> String {
    code_hash(&format!("{}\0{}", texts.kernel, texts.constitution))
}
