//! Laws of the layout on 10,000 documents made at random: laying out twice changes nothing, what a document means
//! stays, and so do its mistakes.

use super::generator::{Spread, constitution, kernel, write};
use charter::{
    Diagnostic, Edition, Kernel, Rules, explain_constitution, explain_kernel, format, later_mistakes,
    read_constitution, read_kernel_under,
};

const DOCUMENTS: u64 = 10_000;

#[test]
fn laying_out_keeps_the_meaning_and_is_done_once() {
    let text = format!(
        "kernel {{ name x; purpose y; currency USD; constitution {{ settles-in \"1 day\"; updates hourly }}\n{} }}",
        "class alpha { weight \"1\" }; class beta { weight \"1\" }; class gamma { weight \"1\" };"
    );
    let bases = [Edition::ONE, Edition::TWO].map(|edition| read_kernel_under(&text, edition).unwrap());
    let (mut sound, mut damaged, mut refused) = (0, 0, 0);
    for seed in 0..DOCUMENTS {
        let mut random = Spread(seed);
        let base = &bases[usize::from(seed % 8 >= 4)];
        let of_kernel = random.once_in(3);
        let nodes = if of_kernel { kernel(&mut random) } else { constitution(3, &mut random) };
        let text = write(&nodes, &mut random);
        if seed % 2 == 0 {
            let meant = meaning(&text, of_kernel, base).unwrap_or_else(|found| panic!("{text}\n{found:?}"));
            let laid_out = laid_out(&text);
            assert_eq!(Ok(meant), meaning(&laid_out, of_kernel, base), "seed {seed}\n{text}\n{laid_out}");
            assert_neat(&laid_out);
            if seed % 4 == 0 {
                let (before, after) = (rules(&text, of_kernel, base), rules(&laid_out, of_kernel, base));
                assert_eq!(charter::diff(&before, &after), [], "{text}\n{laid_out}");
                assert_explained(&before);
            }
            sound += 1;
        } else {
            let text = damage(&text, &mut random);
            damaged += 1;
            match format(&text) {
                Err(found) => {
                    assert!(!found.is_empty() && found.iter().all(is_of_form), "{text}\n{found:?}");
                    refused += 1;
                }
                // The layout takes away what edition 2 refuses and edition 1 passed over.
                Ok(_) if base.edition > Edition::ONE && !later_mistakes(&text).is_empty() => {}
                Ok(_) => {
                    let laid_out = laid_out(&text);
                    let (before, after) = (meaning(&text, of_kernel, base), meaning(&laid_out, of_kernel, base));
                    assert_eq!(before, after, "seed {seed}\n{text}\n{laid_out}");
                }
            }
        }
    }
    assert_eq!(sound + damaged, DOCUMENTS);
    assert!((500..damaged - 500).contains(&refused), "{refused} of {damaged}");
}

#[test]
fn the_chapters_examples_keep_their_meaning() {
    const CHAPTER: &str = include_str!("../../../../docs/spec/charter.md");
    let kernel = CHAPTER.split("```charter\n").nth(1).unwrap();
    let base = &read_kernel_under(kernel.split("```").next().unwrap(), Edition::ONE).unwrap();
    let mut count = 0;
    for block in CHAPTER.split("\n```").skip(1) {
        let Some((_, text)) = block.split_once('\n').filter(|(info, _)| !info.is_empty()) else {
            continue;
        };
        if format(text).is_ok() {
            let laid_out = laid_out(text);
            for of_kernel in [true, false] {
                assert_eq!(meaning(text, of_kernel, base), meaning(&laid_out, of_kernel, base), "{text}");
            }
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}

fn rules(text: &str, of_kernel: bool, base: &Kernel) -> Rules {
    match of_kernel {
        true => {
            let kernel = read_kernel_under(text, base.edition).unwrap();
            let nothing = read_constitution("", &kernel).unwrap();
            Rules::new(kernel, nothing)
        }
        false => Rules::new(base.clone(), read_constitution(text, base).unwrap()),
    }
}

/// Every class, field and clause has its sentences.
fn assert_explained(rules: &Rules) {
    let mut all = explain_kernel(&rules.kernel, None);
    let clauses = explain_constitution(&rules.constitution, &rules.kernel, None);
    assert!(all.len() >= rules.kernel.classes.len() + 4);
    assert_eq!(clauses.len(), rules.constitution.clauses.len());
    all.extend(clauses);
    for sentence in all.iter().flat_map(|one| &one.sentences) {
        assert!(sentence.ends_with('.') && !sentence.contains("  "), "{sentence}");
    }
    assert!(all.iter().all(|one| !one.sentences.is_empty()), "{all:?}");
}

fn laid_out(text: &str) -> String {
    let once = format(text).unwrap_or_else(|found| panic!("{text}\n{found:?}"));
    assert_eq!(format(&once).as_ref(), Ok(&once), "from\n{text}");
    once
}

/// No space at the end of a line of bare KDL, and no two empty lines.
fn assert_neat(text: &str) {
    if !text.contains("charter") {
        assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        assert!(!text.starts_with('\n') && text.ends_with('\n') && !text.ends_with("\n\n"), "{text}");
    }
}

/// Returns the rules without their places, or the mistakes without theirs.
fn meaning(text: &str, of_kernel: bool, base: &Kernel) -> Result<String, Vec<(&'static str, String)>> {
    let read = match of_kernel {
        true => read_kernel_under(text, base.edition).map(|kernel| format!("{kernel:?}")),
        false => read_constitution(text, base).map(|constitution| format!("{constitution:?}")),
    };
    read.map(|rules| without_places(&rules)).map_err(|found| found.into_iter().map(|one| (one.code, one.why)).collect())
}

fn without_places(rules: &str) -> String {
    let digits = |letter: char| letter.is_ascii_digit();
    let mut meaning = String::new();
    for part in rules.split_inclusive("line: ") {
        for part in part.trim_start_matches(digits).split_inclusive("column: ") {
            meaning.push_str(part.trim_start_matches(digits));
        }
    }
    // The words that a note underlines depend on the layout.
    let mut parts = meaning.split("words: \"");
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |all, part| all + part.split_once("why: ").map_or("", |(_, why)| why))
}

fn is_of_form(found: &Diagnostic) -> bool {
    ["C001", "C002", "C003", "C004", "C025", "C057"].contains(&found.code)
}

/// A few letters taken out, put in or doubled.
fn damage(text: &str, random: &mut Spread) -> String {
    const PUT: &str = "{¦}¦\"¦\"\"\"¦/-¦/*¦*/¦//¦\\¦#¦#\"¦\n¦;¦=¦ ¦\r¦é¦```\n¦\n```charter\n¦x¦5¦\u{feff}¦\u{2028}¦/- ";
    let put: Vec<&str> = PUT.split('¦').collect();
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(letters.len() + 1);
        match random.below(3) {
            0 => drop(letters.drain(at..(at + random.below(12)).min(letters.len()))),
            1 => drop(letters.splice(at..at, random.one_of(&put).chars())),
            _ => {
                let twice = letters[at..(at + random.below(40)).min(letters.len())].to_vec();
                letters.splice(at..at, twice);
            }
        }
    }
    letters.into_iter().collect()
}
