//! `rochdale init`: a new co-op from a template and its founder's answers.

use std::io::{BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use charter::{Answers, Edition, Explained, Rules, Template, explain_constitution, explain_kernel};
use host::Charter;
use quantity::{Currency, Span, Zone};

use crate::commands::edition::chosen;
use crate::commands::print;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Init {
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    given: Given,
}

/// The options of the command line; on a terminal it asks for the rest.
#[derive(Debug, Default, clap::Args)]
struct Given {
    /// The template to start from, such as `open-source`; an unknown name lists them all
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// The co-op's name; the folder's name if not given
    #[arg(long, value_name = "N")]
    name: Option<String>,
    /// ISO 4217 code; USD if not given
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Its purpose, in one sentence; the template's if not given
    #[arg(long, value_name = "WORDS")]
    purpose: Option<String>,
    /// Where its days are counted, such as Europe/Vienna; the template's if not given
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// The time that the constitution takes to change if everyone agrees, such as "30 days"; the template's if not given
    #[arg(long, value_name = "SPAN")]
    settles_in: Option<String>,
    /// The edition of the program's rules; the newest closed one if not given
    #[arg(long, value_name = "N")]
    edition: Option<u16>,
    /// Accept an edition whose rules may still change: the log is marked, and may stop replaying
    #[arg(long)]
    open: bool,
}

impl Init {
    pub fn run(self) -> Result<(), Exit> {
        let Init { dir, mut given } = self;
        let stdin = std::io::stdin();
        if stdin.is_terminal() && std::io::stdout().is_terminal() {
            ask(&mut given, &dir, &mut stdin.lock(), &mut std::io::stdout())?;
        }
        let edition = chosen(given.edition, given.open)?;
        let template = template(given.template.as_deref(), edition)?;
        let name = given.name.clone().unwrap_or_else(|| folder_name(&dir));
        let answers = Answers {
            name,
            currency: currency(given.currency.as_deref().unwrap_or("USD"))?,
            purpose: given.purpose.clone(),
            zone: given.time_zone.as_deref().map(zone).transpose()?,
            settles_in: given.settles_in.as_deref().map(span).transpose()?,
        };
        let filled = template.fill_with(&answers);
        let charter = Charter::read_under(filled.kernel, filled.constitution, edition)?;
        host::init(&dir, &charter, false)?;
        let (in_short, dir) = (in_short(&charter), dir.display());
        print(&format!(
            "{dir}/kernel.md        who has weight, and how the rules change\n{dir}/constitution.md  the decisions members take\n{dir}/rochdale.db      the log\n\nIn short:\n{in_short}\nRead and edit the two documents: they come into force with the first act or import.\nIn full:  rochdale explain {dir}/kernel.md\n          rochdale explain {dir}/constitution.md\nThen:     rochdale import members-csv FILE --dir {dir}\n          rochdale serve {dir} --walk-in\n"
        ))
    }
}

/// Returns the meaning of a charter, a line for each class, field and clause.
fn in_short(charter: &Charter) -> String {
    let Rules { kernel, constitution, .. } = &charter.rules;
    let kernel_words = explain_kernel(kernel, None);
    let clauses = explain_constitution(constitution, kernel, None);
    let line = |one: &Explained| {
        let mut sentences = one.sentences.iter();
        let words = match one.name.as_str() {
            // The time that a change takes tells a founder more than the definition.
            "constitution" => sentences.find(|words| words.starts_with("If everyone agreed")).cloned(),
            // The members of a class come before their weight in it.
            name if kernel.class(name).is_some() => Some(sentences.take(2).cloned().collect::<Vec<_>>().join(" ")),
            _ => sentences.next().cloned(),
        };
        words.map(|words| format!("  {}: {words}\n", one.name))
    };
    kernel_words.iter().chain(&clauses).filter_map(line).collect()
}

/// A question: its words, the answer for an empty line, and the check of an answer.
struct Question<'a> {
    words: &'a str,
    otherwise: String,
    check: &'a dyn Fn(&str) -> Result<(), Exit>,
}

/// Asks what the command line has left open, each question until its answer can be used.
fn ask(given: &mut Given, dir: &Path, from: &mut dyn BufRead, to: &mut dyn Write) -> Result<(), Exit> {
    let edition = chosen(given.edition, given.open)?;
    if given.template.is_none() {
        writeln!(to, "Templates:")?;
        let templates = charter::templates().iter();
        for template in templates.filter_map(|name| charter::template(name)) {
            writeln!(to, "  {:18} {}", template.name, template.about)?;
        }
    }
    let open = |words, otherwise: &str, check| Question { words, otherwise: otherwise.to_owned(), check };
    let first = charter::templates().first().copied().unwrap_or_default();
    let known = |it: &str| template(Some(it), edition).map(drop);
    put(&mut given.template, &open("Template", first, &known), from, to)?;
    let template = template(given.template.as_deref(), edition)?;
    let usual = charter::read_kernel_under(&template.fill("x", currency("USD")?).kernel, edition);
    let usual = usual.map_err(|_| Exit::world("this template has mistakes"))?;
    let name = folder_name(dir);
    put(&mut given.name, &open("What is the co-op called", &name, &|_| Ok(())), from, to)?;
    put(&mut given.currency, &open("Its currency", "USD", &|it| currency(it).map(drop)), from, to)?;
    put(&mut given.purpose, &open("What is it for", &usual.purpose, &|_| Ok(())), from, to)?;
    let zone_name = usual.zone.name();
    put(&mut given.time_zone, &open("Its time zone", zone_name, &|it| zone(it).map(drop)), from, to)?;
    let settles_in = usual.constitution.settles_in.to_string();
    let words = "How long must everyone agree until the rules change";
    put(&mut given.settles_in, &open(words, &settles_in, &|it| span(it).map(drop)), from, to)
}

/// Puts an answer where none was given.
fn put(
    answer: &mut Option<String>,
    question: &Question<'_>,
    from: &mut dyn BufRead,
    to: &mut dyn Write,
) -> Result<(), Exit> {
    while answer.is_none() {
        write!(to, "{} [{}]: ", question.words, question.otherwise)?;
        to.flush()?;
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Err(Exit::input("the questions were not answered: nothing was made"));
        }
        let typed = match line.trim() {
            "" => question.otherwise.as_str(),
            typed => typed,
        };
        match (question.check)(typed) {
            Ok(()) => *answer = Some(typed.to_owned()),
            Err(wrong) => writeln!(to, "{wrong}")?,
        }
    }
    Ok(())
}

fn template(name: Option<&str>, edition: Edition) -> Result<Template, Exit> {
    let known = charter::templates().join(", ");
    let Some(name) = name else {
        let words = format!("say what to start from, `--template NAME`: one of {known}");
        return Err(Exit::input(words));
    };
    let wrong = || format!("there is no template `{name}`: one of {known}");
    charter::template_under(name, edition).ok_or_else(|| Exit::input(wrong()))
}

fn currency(code: &str) -> Result<Currency, Exit> {
    let wrong = || format!("`{code}` is not an ISO 4217 currency code, such as USD or EUR");
    Currency::parse(code).ok_or_else(|| Exit::input(wrong()))
}

fn zone(name: &str) -> Result<Zone, Exit> {
    let wrong = || format!("`{name}` is not a time zone, such as Europe/Vienna or UTC");
    Zone::named(name).ok_or_else(|| Exit::input(wrong()))
}

fn span(text: &str) -> Result<Span, Exit> {
    let wrong = || format!("`{text}` is not a length of time, such as 30 days or 6 weeks");
    Span::parse(text).ok_or_else(|| Exit::input(wrong()))
}

fn folder_name(dir: &Path) -> String {
    let name = dir.file_name().map(|name| name.to_string_lossy());
    name.map_or_else(|| "co-op".to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests;
