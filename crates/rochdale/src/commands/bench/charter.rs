//! A constitution of 1,000 clauses: checked, laid out, explained, compared. Beside them what the machine can do at best
//! (one pass over the same bytes) and what a well-kept parser takes for as many bytes of JSON.

use charter::{Constitution, Kernel, Rules};

use super::{line, median, ms, ratio, timed};
use crate::exit::Exit;

const CLAUSES: usize = 1_000;
const RUNS: usize = 21;

pub fn run() -> Result<(), Exit> {
    let kernel = kernel()?;
    let text = document("14 days");
    let constitution = check(&text, &kernel)?;
    let other = check(&document("21 days"), &kernel)?;
    let (rules, instead) = (Rules::new(kernel.clone(), constitution.clone()), Rules::new(kernel.clone(), other));
    let json = json(text.len());

    let pass = each(|| text.as_bytes().iter().filter(|byte| **byte == b'\n').count());
    let parse = each(|| serde_json::from_str::<serde_json::Value>(&json).is_ok());
    let checked = each(|| charter::read_constitution(&text, &kernel).is_ok());
    let laid_out = each(|| charter::format(&text).is_ok());
    let explained = each(|| charter::explain_constitution(&constitution, &kernel, None).len());
    let compared = each(|| charter::diff(&rules, &instead).len());

    line("clauses, bytes", &format!("{CLAUSES}, {}", text.len()))?;
    line("one pass over the bytes", &format!("{} µs", pass.as_micros()))?;
    line(&format!("serde_json reads {} bytes", json.len()), &ms(parse))?;
    for (name, time) in [
        ("check, limit 20 ms", checked),
        ("format", laid_out),
        ("explain", explained),
        ("diff, every clause differs", compared),
    ] {
        let passes = time.as_nanos() / pass.as_nanos().max(1);
        line(name, &format!("{} ({passes} passes, {} of serde_json)", ms(time), ratio(time, parse)))?;
    }
    Ok(())
}

fn each<T>(work: impl Fn() -> T) -> std::time::Duration {
    median((0..RUNS).map(|_| timed(|| std::hint::black_box(work())).1).collect())
}

fn kernel() -> Result<Kernel, Exit> {
    let currency = quantity::Currency::parse("USD").ok_or_else(|| Exit::world("no currency"))?;
    let template = charter::template("open-source").ok_or_else(|| Exit::world("no template"))?;
    charter::read_kernel(&template.fill("bench", currency).kernel)
        .map_err(|_| Exit::world("the template's kernel has mistakes"))
}

fn check(text: &str, kernel: &Kernel) -> Result<Constitution, Exit> {
    charter::read_constitution(text, kernel).map_err(|found| {
        let first = found.first().map(ToString::to_string).unwrap_or_default();
        Exit::world(format!("the benchmark's own document has mistakes: {first}"))
    })
}

/// Prose, and every kind of clause in turn.
fn document(settles: &str) -> String {
    let mut text = String::from("# How we decide\n");
    for number in 0..CLAUSES {
        let clause = match number % 5 {
            0 => format!(
                "office \"office-{number}\" {{\n    settles-in \"{settles}\"\n    may \"merge\" \"release\" // while it is held\n    may \"spend\" up-to=\"50 USD per month\"\n}}\n"
            ),
            1 => format!(
                "body \"body-{number}\" seats=5 electorate=\"contributors\" {{ settles-in \"{settles}\"; may \"admit\" }}\n"
            ),
            2 => format!("document \"document-{number}\" {{ settles-in \"{settles}\"; votes \"linear\" }}\n"),
            3 => format!(
                "ranking \"ranking-{number}\" of=\"forge\" {{ close-after \"{settles}\" floor=\"0.5 votes\" }}\n"
            ),
            _ => format!(
                "constitution \"team-{number}\" {{\n    settles-in \"{settles}\"\n    nominated-by \"5%\"\n    changes \"monday 07:00\"\n    may \"publish\"\n}}\n"
            ),
        };
        text.push_str(&format!(
            "\n## Part {number}\n\nThe people who do the work decide how.\n\n```charter\n{clause}```\n"
        ));
    }
    text
}

/// About as many bytes of JSON that say the same kind of thing.
fn json(bytes: usize) -> String {
    let clause = r#"{"kind":"office","name":"maintainer","settles-in":"14 days","may":["merge","release"],"spend":{"up-to":"50 USD per month"}}"#;
    let count = bytes / (clause.len() + 1);
    format!("[{}]", vec![clause; count].join(","))
}
