//! Founding a co-op, step by step: a template, five questions, the rules to read and to edit, and the founder. Each step carries
//! all that was typed along; nothing is written until the last.

use super::FirstRun;
use super::draft::{Draft, MOST_TEXT, Mistakes, SPANS, Texts};
use super::plain::{Piece, pieces, said};
use crate::assets::ADDRESSES;
use crate::form::{Fields, value};
use crate::frame::render;
use crate::invitation::ListView;
use crate::trouble::Trouble;
use askama::Template;
use axum::Form;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use charter::Diagnostic;
use quantity::Span;
use std::sync::Arc;
use views::Problem;

#[derive(Template)]
#[template(path = "founding/template.html")]
struct TemplatePage {
    page: Page,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "founding/questions.html")]
struct QuestionsPage {
    page: Page,
    spans: Vec<SpanChoice>,
    currencies: &'static [&'static str],
    zones: &'static [&'static str],
}

#[derive(Template)]
#[template(path = "founding/rules.html")]
struct RulesPage {
    page: Page,
    documents: Vec<Document>,
    lists: Vec<ListView>,
    shown: Shown,
    mistaken: bool,
}

/// The parts that every step shows and carries.
struct Page {
    step: u8,
    draft: Draft,
    problems: Vec<Problem>,
    style: &'static str,
    script: &'static str,
    mark: &'static str,
}

struct Choice {
    name: &'static str,
    title: String,
    about: String,
}

struct SpanChoice {
    value: String,
    words: String,
    under: String,
}

/// One of the two texts.
struct Document {
    field: &'static str,
    title: &'static str,
    what: &'static str,
    text: String,
    pieces: Vec<Piece>,
    mistakes: Vec<Mistake>,
}

/// A mistake and the line it stands on.
struct Mistake {
    line: u32,
    text: String,
    code: &'static str,
    why: String,
    help: Option<String>,
}

const CURRENCIES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF", "INR", "JPY", "KRW", "MXN", "NOK", "NZD",
    "PLN", "SEK", "TRY", "UAH", "USD", "ZAR",
];

const ZONES: &[&str] = &[
    "UTC",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Jakarta",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Oslo",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Vienna",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Pacific/Auckland",
];

pub(crate) async fn show(State(first): State<Arc<FirstRun>>, request: Request) -> Result<Response, Trouble> {
    let (parts, _) = request.into_parts();
    first.founder(&parts)?;
    // Somebody who has tried rules goes on from their own answers.
    match first.tried() {
        Some(draft) => rules_page(draft, Vec::new(), Shown { trying: first.is_trying(), ..Shown::default() }),
        None => template_page(Draft::under(first.edition()), Vec::new()),
    }
}

/// Goes to the step that the button names, or stays where something is missing.
pub(crate) async fn step(State(first): State<Arc<FirstRun>>, request: Request) -> Result<Response, Trouble> {
    let (parts, body) = request.into_parts();
    first.founder(&parts)?;
    let request = Request::from_parts(parts, body);
    let Form(fields) =
        Form::<Fields>::from_request(request, &()).await.map_err(|error| match error.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLarge,
            _ => Trouble::bad("", words::founding::ODD_FORM),
        })?;
    let draft = Draft::of(&fields, first.edition());
    let go = value(&fields, "go");
    if go == "template" {
        return template_page(draft, Vec::new());
    }
    if charter::template_under(&draft.template, draft.edition).is_none() {
        return template_page(draft, vec![problem("template", words::founding::CHOOSE_START.to_owned())]);
    }
    match go {
        "found" => found(&first, draft).await,
        "test" => test(&first, draft).await,
        "rules" | "refill" => rules(draft, go == "refill", first.is_trying()),
        _ => questions_page(draft, Vec::new()),
    }
}

fn rules(mut draft: Draft, anew: bool, trying: bool) -> Result<Response, Trouble> {
    let answers = match draft.answers() {
        Ok(answers) => answers,
        Err(problems) => return questions_page(draft, problems),
    };
    if anew {
        draft.refill(&answers);
    }
    let is_first_look = draft.filled.is_empty();
    let stale = draft.fill(&answers);
    if is_first_look {
        // Else a co-op whose weight comes from a list would begin with nobody who has any.
        let lists = draft.texts().lists().into_iter().take(1);
        draft.lists = lists.map(|list| list.name).collect();
    }
    rules_page(draft, Vec::new(), Shown { stale, trying })
}

async fn found(first: &Arc<FirstRun>, draft: Draft) -> Result<Response, Trouble> {
    match draft.whole() {
        Err(problems) => rules_page(draft, problems, Shown::of(first)),
        Ok((charter, founder)) => match first.found(charter, founder).await {
            Err(Trouble::BadInput(problems)) => rules_page(draft, problems, Shown::of(first)),
            done => done,
        },
    }
}

/// Makes a test co-op of the rules as they are typed.
async fn test(first: &Arc<FirstRun>, draft: Draft) -> Result<Response, Trouble> {
    let charter = match host::Charter::for_test(draft.kernel.clone(), draft.constitution.clone()) {
        Ok(charter) if draft.kernel.len().max(draft.constitution.len()) <= MOST_TEXT => charter,
        _ => {
            let problems = vec![problem("texts", words::founding::RULES_MISTAKEN.to_owned())];
            return rules_page(draft, problems, Shown::of(first));
        }
    };
    match first.try_out(charter, draft.clone()).await {
        Err(Trouble::BadInput(problems)) => rules_page(draft, problems, Shown::of(first)),
        done => done,
    }
}

/// The further contents of the page of the rules.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    /// Edits keep later answers out of the texts.
    stale: bool,
    /// A test co-op is there.
    trying: bool,
}

impl Shown {
    fn of(first: &FirstRun) -> Shown {
        Shown { stale: false, trying: first.is_trying() }
    }
}

fn template_page(draft: Draft, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let names = charter::templates().iter();
    let choices = names.filter_map(|name| {
        let template = charter::template_under(name, draft.edition)?;
        Some(Choice { name, title: capital(&name.replace('-', " ")), about: sentence(template.about) })
    });
    let choices = choices.collect();
    let page = Page::new(1, draft, problems);
    answer(page.status(), &TemplatePage { page, choices })
}

fn questions_page(mut draft: Draft, problems: Vec<Problem>) -> Result<Response, Trouble> {
    draft.suggest();
    let mut spans: Vec<(String, String)> =
        SPANS.into_iter().map(|(value, words)| (value.to_owned(), words.to_owned())).collect();
    if Span::parse(&draft.settles_in).is_some() && !spans.iter().any(|(value, _)| *value == draft.settles_in) {
        spans.insert(0, (draft.settles_in.clone(), words::founding::AS_TEMPLATE.to_owned()));
    }
    let spans = spans.into_iter().map(|(value, words)| SpanChoice { under: how_long(&value), value, words });
    let spans = spans.collect();
    let page = Page::new(2, draft, problems);
    answer(page.status(), &QuestionsPage { page, spans, currencies: CURRENCIES, zones: ZONES })
}

fn rules_page(draft: Draft, problems: Vec<Problem>, shown: Shown) -> Result<Response, Trouble> {
    let texts = draft.texts();
    let lists = texts.lists();
    let documents = documents(&draft, &texts);
    let mistaken = documents.iter().any(|document| !document.mistakes.is_empty());
    let page = Page::new(3, draft, problems);
    let status = match (page.status(), mistaken) {
        (StatusCode::OK, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (status, _) => status,
    };
    answer(status, &RulesPage { page, documents, lists, shown, mistaken })
}

fn documents(draft: &Draft, texts: &Texts) -> Vec<Document> {
    let Mistakes { kernel, constitution } = &texts.mistakes;
    let (of_kernel, of_constitution) = said(texts);
    vec![
        Document {
            field: "kernel",
            title: words::founding::THE_KERNEL,
            what: words::founding::ABOUT_KERNEL,
            pieces: pieces(&draft.kernel, &of_kernel),
            mistakes: mistakes(kernel, &draft.kernel),
            text: draft.kernel.clone(),
        },
        Document {
            field: "constitution",
            title: words::founding::THE_CONSTITUTION,
            what: words::founding::ABOUT_CONSTITUTION,
            pieces: pieces(&draft.constitution, &of_constitution),
            mistakes: mistakes(constitution, &draft.constitution),
            text: draft.constitution.clone(),
        },
    ]
}

fn mistakes(found: &[Diagnostic], text: &str) -> Vec<Mistake> {
    let mistakes = found.iter().map(|mistake| {
        let at = usize::try_from(mistake.line).unwrap_or(0).saturating_sub(1);
        Mistake {
            line: mistake.line,
            text: charter::lines(text).nth(at).unwrap_or("").trim().to_owned(),
            code: mistake.code,
            why: sentence(&mistake.why),
            help: mistake.help.as_deref().map(sentence),
        }
    });
    mistakes.collect()
}

impl Page {
    fn new(step: u8, draft: Draft, problems: Vec<Problem>) -> Self {
        Self { step, draft, problems, style: &ADDRESSES.style, script: &ADDRESSES.script, mark: &ADDRESSES.mark }
    }

    fn status(&self) -> StatusCode {
        if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// The problem of a field, as a sentence.
    fn problem(&self, field: &str) -> Option<String> {
        let found = self.problems.iter().find(|problem| problem.field == field);
        found.map(|problem| sentence(&problem.words))
    }

    /// The fields that a step does not show, and carries along all the same.
    fn carried(&self) -> Vec<(&'static str, &str)> {
        let draft = &self.draft;
        let all = [
            (1, "template", draft.template.as_str()),
            (2, "name", &draft.name),
            (2, "purpose", &draft.purpose),
            (2, "currency", &draft.currency),
            (2, "time_zone", &draft.time_zone),
            (2, "settles_in", &draft.settles_in),
            (3, "kernel", &draft.kernel),
            (3, "constitution", &draft.constitution),
            (0, "filled", &draft.filled),
            (3, "founder", &draft.founder),
        ];
        let lists = draft.lists.iter().map(|list| (3, "list", list.as_str()));
        let elsewhere = all.into_iter().chain(lists).filter(|(step, _, typed)| *step != self.step && !typed.is_empty());
        elsewhere.map(|(_, name, typed)| (name, typed)).collect()
    }
}

fn problem(field: &str, words: String) -> Problem {
    Problem { field: field.to_owned(), words }
}

/// A settling time in days that people can picture.
fn how_long(span: &str) -> String {
    let Some(span) = Span::parse(span) else {
        return String::new();
    };
    let days = |times: u64| span.seconds().saturating_mul(times) / 86_400;
    words::founding::how_long(days(1), days(2), days(10))
}

/// Messages are lower case without a full stop; a page shows sentences.
fn sentence(words: &str) -> String {
    let stop = if words.ends_with(['.', '?']) { "" } else { "." };
    format!("{}{stop}", capital(words))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

fn answer(status: StatusCode, page: &impl Template) -> Result<Response, Trouble> {
    Ok((status, render(page)?).into_response())
}
