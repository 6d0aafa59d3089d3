//! The chapters of `docs/spec/` run: every example is accepted, or refused with the code and place it says.

use charter::{
    Above, CODES, Clause, Constitution, Diagnostic, Edition, Formula, Kernel, Pico, Scope, read_constitution,
    read_constitution_below, read_kernel, read_kernel_under,
};

const CHARTER: &str = include_str!("../../../../docs/spec/charter.md");
const FORMULAS: &str = include_str!("../../../../docs/spec/formulas.md");

struct Example {
    kind: String,
    wanted: Vec<(String, String)>,
    text: String,
    line: usize,
}

impl Example {
    fn wanted(&self, key: &str) -> Option<&str> {
        self.wanted.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

fn examples(page: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((line, fence)) = lines.next() {
        let info = fence.trim_start_matches('`');
        let marks = &fence[..fence.len() - info.len()];
        if marks.len() < 3 {
            continue;
        }
        let body: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != marks).collect();
        let mut words = info.split(' ');
        let kind = words.next().unwrap().to_owned();
        let wanted = words.map(|word| word.split_once('=').unwrap());
        let wanted = wanted.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        examples.push(Example { kind, wanted, text: body.join("\n"), line: line + 1 });
    }
    examples
}

fn the_kernel() -> Kernel {
    the_kernel_under(Edition::ONE)
}

fn the_kernel_under(edition: Edition) -> Kernel {
    let found = examples(CHARTER).into_iter().find(|example| example.kind == "charter").unwrap();
    read_kernel_under(&found.text, edition).unwrap()
}

/// The part inside an otherwise complete kernel, and the count of lines before it.
fn around(part: &str) -> (String, u32) {
    let rest = [
        "name \"x\"",
        "purpose \"y\"",
        "currency \"USD\"",
        "constitution { settles-in \"30 days\"; updates \"hourly\" }",
    ];
    let field = |line: &&&str| line.split(' ').next().unwrap().to_owned();
    let missing: Vec<&str> =
        rest.iter().filter(|line| !part.lines().any(|own| own.starts_with(&field(line)))).copied().collect();
    (format!("kernel {{\n{}\n{part}\n}}", missing.join("\n")), 1 + missing.len() as u32)
}

/// `C012@3:9-14`, with the last line too where the place ends on another one.
fn places(found: &[Diagnostic], before: u32) -> String {
    let place = |d: &Diagnostic| {
        let end = match d.end_line == d.line {
            true => d.end_column.to_string(),
            false => format!("{}:{}", d.end_line - before, d.end_column),
        };
        format!("{}@{}:{}-{end}", d.code, d.line - before, d.column)
    };
    found.iter().map(place).collect::<Vec<_>>().join(",")
}

/// The last part of the text, checked against the `constitution` clauses of the parts before it.
fn below(text: &str, kernel: &Kernel) -> Result<Constitution, Vec<Diagnostic>> {
    let mut parts: Vec<&str> = text.split("\n---\n").collect();
    let last = parts.pop().unwrap();
    let mut clauses: Vec<Clause> = Vec::new();
    for part in parts {
        let mut above = Above::root(kernel);
        above.clauses = clauses.iter().collect();
        let read = read_constitution_below(part, &above).unwrap();
        let is_constitution = |clause: &Clause| clause.grant().is_some();
        clauses.push(read.clauses.into_iter().find(is_constitution).unwrap());
    }
    let mut above = Above::root(kernel);
    above.clauses = clauses.iter().collect();
    read_constitution_below(last, &above)
}

/// The kernel of the first example that begins so.
fn the_kernel_of(begins: &str) -> Kernel {
    let part = examples(CHARTER).into_iter().find(|one| one.kind == "kernel-part" && one.text.starts_with(begins));
    read_kernel_under(&around(&part.unwrap().text).0, Edition::THREE).unwrap()
}

#[test]
fn every_example_of_the_charter_is_as_it_says() {
    let mut wrong = Vec::new();
    for example in examples(CHARTER) {
        let text = &example.text;
        let mut before = 0;
        let notes = match example.kind.as_str() {
            "charter" | "page" => read_kernel(text).map(|kernel| kernel.notes),
            "clause" => {
                let number = example.wanted("edition").map_or(1, |number| number.parse().unwrap());
                let kernel = the_kernel_under(Edition::numbered(number).unwrap());
                read_constitution(text, &kernel).map(|read| read.notes)
            }
            "with-parameters" => read_constitution(text, &the_kernel_of("parameter")).map(|read| read.notes),
            "with-services" => read_constitution(text, &the_kernel_of("class \"eaters\"")).map(|read| read.notes),
            "without-money" => {
                let (kernel, _) = around("class \"members\" list=\"members\" { weight \"1\" }");
                let kernel = read_kernel_under(&kernel, Edition::FOUR).unwrap();
                read_constitution(text, &kernel).map(|read| read.notes)
            }
            "below" => {
                let number = example.wanted("edition").map_or(1, |number| number.parse().unwrap());
                below(text, &the_kernel_under(Edition::numbered(number).unwrap())).map(|read| read.notes)
            }
            "kernel-part" => {
                let (text, lines) = around(text);
                before = lines;
                let number = example.wanted("edition").map_or(1, |number| number.parse().unwrap());
                read_kernel_under(&text, Edition::numbered(number).unwrap()).map(|kernel| kernel.notes)
            }
            other => panic!("line {}: a block of no known kind: {other}", example.line),
        };
        let (refused, noted) = match notes {
            Ok(notes) => (String::new(), places(&notes, before)),
            Err(found) => (places(&found, before), String::new()),
        };
        if refused != example.wanted("refused").unwrap_or("") || noted != example.wanted("noted").unwrap_or("") {
            let line = example.line;
            wrong.push(format!("line {line}: refused={refused} noted={noted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_its_section_and_example() {
    // No page can hold an example that is too long: the tests of documents and of formulas do.
    let without = ["C001", "C024", "C053"];
    for known in CODES {
        let heading = format!("### {} {}\n", known.code, known.name);
        assert!(CHARTER.contains(&heading), "{heading}");
        let shown = ["refused", "noted"].map(|how| format!("{how}={}@", known.code));
        assert!(without.contains(&known.code) || shown.iter().any(|how| CHARTER.contains(how)), "{heading}");
    }
}

#[test]
fn every_example_of_the_formulas_is_as_it_says() {
    let kernel = the_kernel();
    let classes: Vec<String> = kernel.classes.iter().map(|class| class.name.clone()).collect();
    let scope =
        Scope { currency: kernel.currency, classes: &classes, parameters: &[], edition: charter::Edition::THREE };
    let mut wrong = Vec::new();
    for example in examples(FORMULAS).iter().filter(|example| example.kind == "formula") {
        let found = match Formula::parse(&example.text, &scope) {
            Ok(formula) => {
                let given = example.wanted("given").unwrap_or("").split(',').filter(|word| !word.is_empty());
                let values: Vec<Pico> = given.map(|word| word.parse::<Pico>().unwrap() * 1_000_000_000_000).collect();
                assert_eq!(values.len(), formula.sources.len(), "line {}", example.line);
                format!("gives={}", decimal(formula.evaluate(&values)))
            }
            Err(mistakes) => {
                let place = |at: usize| example.text[..at].chars().count() + 1;
                let words = mistakes.iter().map(|m| {
                    let (start, end) = (place(m.at.start), place(m.at.end));
                    format!("{}@1:{start}-{end}", m.code)
                });
                format!("refused={}", words.collect::<Vec<_>>().join(","))
            }
        };
        let wanted = example.wanted("gives").map(|value| format!("gives={value}"));
        let wanted = wanted.or(example.wanted("refused").map(|value| format!("refused={value}")));
        if wanted.as_deref() != Some(&found) {
            wrong.push(format!("line {}: {found}", example.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn decimal(value: Pico) -> String {
    let text = format!("{}.{:012}", value / 1_000_000_000_000, value % 1_000_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
