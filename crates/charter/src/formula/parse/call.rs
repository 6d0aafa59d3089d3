//! Functions: support in a period, fading support, facts of a class, least, greatest and root.

use std::ops::Range;

use quantity::{Period, Span};

use super::number::PER;
use super::{Expression, Lexeme, Part, Reader, Sign, Step, What};
use crate::code;
use crate::edition::Edition;
use crate::formula::units::{Kind, Unit};
use crate::formula::{Quantity, Source, WORDS};
use crate::nearest::{list, nearest, suggest};
use crate::support::{SERVICE_NAMES, SupportKind, SupportUnit, is_service};

/// Functions over a kind of support.
const GIVEN: [(&str, SupportKind); 10] = [
    ("donated", SupportKind::Donation),
    ("pledged", SupportKind::Pledge),
    ("purchased", SupportKind::Purchase),
    ("dues", SupportKind::Dues),
    ("hours", SupportKind::Hours),
    ("contributed", SupportKind::Contribution),
    ("credit", SupportKind::Credit),
    ("computed", SupportKind::Compute),
    ("lent", SupportKind::Loan),
    ("capital", SupportKind::ShareCapital),
];
const OTHERS: [&str; 7] = ["faded", "min", "max", "sqrt", "count", "highest", "total"];

/// The word before the time in which what was given counts half, and the usual name of a parameter for it.
const HALF_LIFE: &str = "half-life";
const SHORTEST_HALF_LIFE: Span = Span::from_seconds(3_600);
const LONGEST_HALF_LIFE: Span = Span::from_seconds(100 * 365 * 86_400);

/// Reports whether a word means something in formulas already, so that nothing else can be called so.
pub(crate) fn is_taken(word: &str) -> bool {
    let periods = ["last", "this", "next", "ever"];
    let of_time =
        |word: &str| Span::parse(&format!("1 {word}")).is_some() || Period::parse(&format!("last {word}")).is_some();
    // `half-life` stands before a length of time alone, where a parameter of that name is at home.
    word != HALF_LIFE
        && (WORDS.iter().any(|(known, _)| *known == word)
            || [PER].contains(&word)
            || periods.contains(&word)
            || of_time(word))
}

impl Reader<'_> {
    /// Reads a function whose name was just taken.
    pub(super) fn call(&mut self, name: &str, at: Range<usize>) -> Step<Part> {
        if !self.is_next(Sign::Open) {
            return self.bare_word(name, at);
        }
        self.take();
        if let Some((_, kind)) = GIVEN.iter().find(|(known, _)| *known == name) {
            return self.given(name, *kind, at.start);
        }
        match name {
            "faded" => self.faded(at.start),
            "min" => self.extreme_call(name, at.start, What::Least),
            "max" => self.extreme_call(name, at.start, What::Greatest),
            "sqrt" => self.root_call(at.start),
            "count" => self.class(at.start, Source::Count),
            "highest" => self.class(at.start, Source::Highest),
            "total" => self.class(at.start, Source::Total),
            _ => self.unknown_function(name, at),
        }
    }

    fn given(&mut self, name: &str, kind: SupportKind, start: usize) -> Step<Part> {
        let (words, at) = self.words_to_close("a period such as `last month`")?;
        let service = self.service(name, kind)?;
        let close = self.expect(Sign::Close, "`)`")?;
        let whole = start..close.end;
        let kind = self.kind_now(kind);
        let Some(period) = Period::parse(&words) else {
            let help = period_help(&words);
            self.report(code::UNKNOWN_PERIOD, at, format!("`{words}` is not a calendar period"), help);
            return Ok(broken(whole));
        };
        if words.starts_with("next") && kind != SupportKind::Pledge {
            let why = format!("`{name}` looks back: only `pledged` knows what comes next");
            self.report(code::FUTURE_PERIOD, at, why, "write `last` or `this`");
            return Ok(broken(whole));
        }
        let index = self.source(of(service, Source::Support { kind, period }));
        Ok(Part { is: Expression { what: What::Source(index), kind: kind_of(kind) }, at: whole })
    }

    /// Before edition 4 `credit` is another word for what is contributed.
    fn kind_now(&self, kind: SupportKind) -> SupportKind {
        match kind {
            SupportKind::Credit if self.scope.edition < Edition::FOUR => SupportKind::Contribution,
            kind => kind,
        }
    }

    fn faded(&mut self, start: usize) -> Step<Part> {
        let (name, at) = self.word("what fades, such as `donated`,")?;
        let fading = GIVEN.iter().filter(|(_, kind)| *kind != SupportKind::Pledge);
        let kind = fading.clone().find(|(known, _)| *known == name).map(|(_, kind)| self.kind_now(*kind));
        if kind.is_none() {
            let known: Vec<&str> = fading.map(|(known, _)| *known).collect();
            let (why, help) = match name {
                "pledged" => ("a pledge is a promise and does not fade".to_owned(), None),
                _ => (format!("`{name}` is no kind of support that fades"), suggest(name, &known)),
            };
            self.report(code::UNKNOWN_FUNCTION, at, why, help);
        }
        let service = self.service(name, kind.unwrap_or(SupportKind::Donation))?;
        self.expect(Sign::Comma, "`, half-life 180 days`")?;
        self.keyword(HALF_LIFE)?;
        let half_life_us = self.half_life()?;
        let close = self.expect(Sign::Close, "`)`")?;
        let whole = start..close.end;
        let (Some(kind), Some(half_life_us)) = (kind, half_life_us) else {
            return Ok(broken(whole));
        };
        let index = self.source(of(service, Source::Faded { kind, half_life_us }));
        Ok(Part { is: Expression { what: What::Source(index), kind: kind_of(kind) }, at: whole })
    }

    /// Reads `, of food`, where it comes next.
    fn service(&mut self, name: &str, kind: SupportKind) -> Step<Option<String>> {
        let after = self.tokens.get(self.next.saturating_add(1)).map(|token| token.is);
        if !(self.is_next(Sign::Comma) && after == Some(Lexeme::Word("of")) && self.scope.edition >= Edition::THREE) {
            return Ok(None);
        }
        self.take();
        self.take();
        let (service, at) = self.word("a service such as `food`")?;
        if !is_service(service) {
            let why = format!("`{service}` is not the name of a service");
            self.report(code::BAD_NAME, at, why, SERVICE_NAMES);
        } else if kind == SupportKind::Pledge {
            let why = format!("`{name}` is a promise, and a promise is of no service");
            self.report(code::SERVICE_MISPLACED, at, why, "leave `of` out");
        }
        Ok(Some(service.to_owned()))
    }

    /// Reads a whole number and a unit of time, or the name of a parameter; `None` where a mistake is reported.
    fn half_life(&mut self) -> Step<Option<u64>> {
        // `faded(donated, half-life)` names the parameter that is called so.
        let own = self.is_next(Sign::Close) && self.parameter(HALF_LIFE).is_some();
        let (words, at) = match own {
            true => (HALF_LIFE.to_owned(), self.before()),
            false => self.words_to_close("a half-life such as `180 days`")?,
        };
        let named = self.parameter(&words).cloned();
        if let Some(named) = &named {
            self.note_parameter(&words, named);
        }
        let half_life = match &named {
            Some(named) => named.span(),
            None => Span::parse(&words),
        };
        let Some(half_life) = half_life else {
            if let Some(named) = named {
                let why = format!(
                    "a half-life is a length of time, and `{words}` is {}",
                    named.unit_words(self.scope.currency)
                );
                self.report(code::UNIT_MISMATCH, at, why, None);
                return Ok(None);
            }
            let help = "write a whole number and a unit, as in `180 days`";
            self.report(code::BAD_HALF_LIFE, at, format!("`{words}` is not a half-life"), help);
            return Ok(None);
        };
        if !(SHORTEST_HALF_LIFE..=LONGEST_HALF_LIFE).contains(&half_life) {
            self.report(code::BAD_HALF_LIFE, at, "a half-life is between 1 hour and 100 years", None);
            return Ok(None);
        }
        Ok(Some(half_life.micros()))
    }

    fn extreme_call(&mut self, name: &str, start: usize, join: fn(Vec<Expression>) -> What) -> Step<Part> {
        let (parts, close) = self.arguments()?;
        let whole = start..close.end;
        if parts.len() < 2 {
            let why = format!("`{name}` compares two values or more, and here is {}", parts.len());
            self.report(code::WRONG_COUNT, whole.clone(), why, None);
            return Ok(broken(whole));
        }
        Ok(self.extreme(parts, whole, join))
    }

    fn root_call(&mut self, start: usize) -> Step<Part> {
        let (parts, close) = self.arguments()?;
        let whole = start..close.end;
        let count = parts.len();
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next()) {
            (Some(inner), None) => Ok(self.root(inner, whole)),
            _ => {
                let why = format!("`sqrt` takes one value, and here are {count}");
                self.report(code::WRONG_COUNT, whole.clone(), why, None);
                Ok(broken(whole))
            }
        }
    }

    fn class(&mut self, start: usize, source: fn(String) -> Source) -> Step<Part> {
        let (name, at) = self.word("a class")?;
        let close = self.expect(Sign::Close, "`)`")?;
        let whole = start..close.end;
        if !self.scope.classes.iter().any(|class| class == name) {
            let known: Vec<&str> = self.scope.classes.iter().map(String::as_str).collect();
            let why = format!("no class is called `{name}`");
            self.report(code::UNKNOWN_CLASS, at, why, suggest(name, &known));
            return Ok(broken(whole));
        }
        let index = self.source(source(name.to_owned()));
        Ok(Part { is: Expression::plain(What::Source(index)), at: whole })
    }

    fn arguments(&mut self) -> Step<(Vec<Part>, Range<usize>)> {
        let mut parts = Vec::new();
        if self.is_next(Sign::Close) {
            return Ok((parts, self.take()));
        }
        loop {
            parts.push(self.expression(super::Bind::Whole)?);
            if !self.is_next(Sign::Comma) {
                break;
            }
            self.take();
        }
        let close = self.expect(Sign::Close, "`,` or `)`")?;
        Ok((parts, close))
    }

    /// Returns the words up to the closing parenthesis, with single spaces.
    fn words_to_close(&mut self, wanted: &str) -> Step<(String, Range<usize>)> {
        let mut words: Vec<&str> = Vec::new();
        let mut at: Option<Range<usize>> = None;
        while let Some(token) = self.peek() {
            let (Lexeme::Word(word) | Lexeme::Number(word)) = token.is else {
                break;
            };
            self.take();
            words.push(word);
            at = Some(at.map_or(token.at.start, |before| before.start)..token.at.end);
        }
        match at {
            Some(at) => Ok((words.join(" "), at)),
            None => self.missing(wanted),
        }
    }

    /// Refuses a name without parentheses.
    fn bare_word(&mut self, name: &str, at: Range<usize>) -> Step<Part> {
        if let Some(quantity) = self.parameter(name).cloned() {
            self.note_parameter(name, &quantity);
            let Quantity { written, value, over, unit } = quantity;
            let what = What::Number { value, over, written: format!("{name} ({written})") };
            return Ok(Part { is: Expression { what, kind: Kind::Number(unit) }, at });
        }
        let help = if GIVEN.iter().any(|(known, _)| *known == name) {
            Some(format!("say when: `{name}(last month)`"))
        } else if self.scope.classes.iter().any(|class| class == name) {
            Some(format!("say what of the class: `count({name})`, `highest({name})` or `total({name})`"))
        } else {
            let parameters = self.scope.parameters.iter().map(|(known, _)| known.as_str());
            let parameter = nearest(name, parameters).map(|known| format!("did you mean `{known}`?"));
            parameter.or_else(|| nearest(name, functions()).map(|known| format!("did you mean `{known}(…)`?")))
        };
        self.stop(code::FORMULA_SYNTAX, at, format!("`{name}` means nothing on its own"), help)
    }

    /// Returns the value of the parameter with this name.
    fn parameter(&self, name: &str) -> Option<&Quantity> {
        self.scope.parameters.iter().find(|(known, _)| known == name).map(|(_, quantity)| quantity)
    }

    fn note_parameter(&mut self, name: &str, quantity: &Quantity) {
        if !self.parameters.iter().any(|(known, _)| known == name) {
            self.parameters.push((name.to_owned(), quantity.written.clone()));
        }
    }

    /// Reports an unknown function and skips its parentheses, so that the rest of the formula is still checked.
    fn unknown_function(&mut self, name: &str, at: Range<usize>) -> Step<Part> {
        let known: Vec<&str> = functions().collect();
        let help = nearest(name, known.iter().copied())
            .map(|known| format!("did you mean `{known}`?"))
            .or_else(|| Some(format!("there is {}", list(&known))));
        self.report(code::UNKNOWN_FUNCTION, at.clone(), format!("no function is called `{name}`"), help);
        let mut open = 1_usize;
        while let Some(token) = self.peek() {
            let place = self.take();
            match token.is {
                Lexeme::Sign(Sign::Open) => open = open.saturating_add(1),
                Lexeme::Sign(Sign::Close) => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return Ok(broken(at.start..place.end));
            }
        }
        self.missing("`)`")
    }
}

/// Limits a sum to a service, where one is named.
fn of(service: Option<String>, source: Source) -> Source {
    match service {
        Some(service) => Source::Of { service, of: Box::new(source) },
        None => source,
    }
}

fn functions() -> impl Iterator<Item = &'static str> {
    GIVEN.iter().map(|(name, _)| *name).chain(OTHERS)
}

fn kind_of(kind: SupportKind) -> Kind {
    Kind::Number(match kind.unit() {
        SupportUnit::Money => Unit::MONEY,
        SupportUnit::Seconds => Unit::TIME,
        SupportUnit::MicroCredits => Unit::PLAIN,
    })
}

/// Replaces a part that holds a mistake; it is never evaluated.
fn broken(at: Range<usize>) -> Part {
    let what = What::Number { value: 0, over: 1, written: String::new() };
    Part { is: Expression { what, kind: Kind::Broken }, at }
}

fn period_help(words: &str) -> String {
    const KNOWN: [&str; 14] = [
        "last", "this", "next", "ever", "day", "days", "week", "weeks", "month", "months", "quarter", "quarters",
        "year", "years",
    ];
    let mended: Vec<&str> = words
        .split(' ')
        .map(|word| if word.chars().all(|letter| letter.is_ascii_digit()) { Some(word) } else { nearest(word, KNOWN) })
        .map(|word| word.unwrap_or(""))
        .collect();
    let mended = mended.join(" ");
    if mended != words && Period::parse(&mended).is_some() {
        return format!("did you mean `{mended}`?");
    }
    "write `last month`, `last 12 months`, `this year`, `next month` or `ever`".to_owned()
}
