//! The chapters `docs/spec/commands.md`, `pools.md` and `count.md` are true: their files are written, its commands are run in order, and their output and
//! exit codes are compared. `…` matches anything; a command ends with 0 unless `# ends with N` follows it.

use crate::run::Place;

#[test]
fn every_example_runs() {
    let (files, commands) = run(include_str!("../../../../docs/spec/commands.md"));
    assert!(files >= 3 && commands >= 25, "{files} files, {commands} commands");
}

#[test]
fn every_example_of_pools_runs() {
    let (files, commands) = run(include_str!("../../../../docs/spec/pools.md"));
    assert!(files >= 7 && commands >= 7, "{files} files, {commands} commands");
    let (files, commands) = run(include_str!("../../../../docs/spec/count.md"));
    assert!(files >= 2 && commands >= 4, "{files} files, {commands} commands");
}

/// Runs a chapter in an empty folder; the numbers of its files and commands.
fn run(chapter: &str) -> (usize, usize) {
    let place = Place::empty();
    let (mut files, mut commands) = (0, 0);
    for (kind, text) in blocks(chapter) {
        if let Some(name) = kind.strip_prefix("file ") {
            place.write(name, text);
            files += 1;
        } else if kind == "console" {
            commands += console(&place, &text);
        }
    }
    (files, commands)
}

/// Returns the fenced blocks of a chapter: the words behind the fence, and the text.
fn blocks(chapter: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = chapter.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((kind.to_owned(), text.join("\n") + "\n"));
        }
    }
    blocks
}

fn console(place: &Place, text: &str) -> usize {
    let mut count = 0;
    for example in text.split("$ rochdale ").skip(1) {
        let (command, expect) = example.split_once('\n').unwrap();
        let (command, code) = match command.split_once(" # ends with ") {
            Some((command, code)) => (command.trim_end(), code.parse().unwrap()),
            None => (command, 0),
        };
        let arguments = words(command);
        let ran = place.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, code, "{command}: {ran:?}");
        let said = if code == 2 || code == 3 { &ran.err } else { &ran.out };
        let expect: Vec<&str> = expect.lines().filter(|line| !line.is_empty()).collect();
        if expect.as_slice() != ["…"] {
            let said: Vec<&str> = said.lines().filter(|line| !line.is_empty()).collect();
            assert_eq!(said.len(), expect.len(), "{command}: {said:#?}");
            for (said, expect) in said.iter().zip(&expect) {
                assert!(fits(said, expect), "{command}\n said {said}\n not  {expect}");
            }
        }
        count += 1;
    }
    count
}

/// Words apart by spaces; double quotes keep one together.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(place, part)| match place % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

fn fits(said: &str, expect: &str) -> bool {
    let parts: Vec<&str> = expect.split('…').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    if parts.len() == 1 {
        return said == expect;
    }
    let Some(mut rest) = said.strip_prefix(first) else {
        return false;
    };
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}
