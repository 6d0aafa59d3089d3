//! `docs/spec/limits.md`: each row is as the code and `--help` say, and each bound that the code names has a row.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::run::Place;

/// Bounds of memory and of words that nobody outside can come up against.
const OTHERS: [&str; 13] = [
    "bridges/table/reader.rs QUOTED_CELL_MAX",
    "bridges/table/row.rs LONGEST",
    "bridges/window.rs LARGEST",
    "charter/phrase.rs MOST",
    "host/edition.rs MOST_BYTES",
    "log/store/sqlite/keys.rs MOST",
    "log/store/sqlite/pack.rs MOST_BYTES",
    "rochdale/commands/count/quadratic.rs MAX_WEIGHT",
    "rochdale/commands/document.rs MAX_DOCUMENT",
    "rochdale/demo/story/read.rs LONGEST_SECONDS",
    "charter/formula/parse/number.rs DECIMALS",
    "charter/formula/evaluate.rs SMALL",
    "engine/register.rs NONE",
];

struct Row {
    default: u128,
    setting: String,
    place: String,
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn rows() -> Vec<Row> {
    let page = std::fs::read_to_string(crates().parent().unwrap().join("docs/spec/limits.md")).unwrap();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = page.lines().filter(|line| line.starts_with("| ")).map(cells);
    let rows = rows.filter(|row| row[0] != "bound" && !row[0].starts_with("---"));
    let row = |row: Vec<String>| {
        let [_, default, setting, beyond, place] = &row[..] else { panic!("five cells: {row:?}") };
        assert!(!beyond.is_empty(), "{row:?}");
        let digits = default.split([' ', ':']).next().unwrap().replace(',', "");
        let default = digits.parse().unwrap_or_else(|why| panic!("{row:?}: {why}"));
        Row { default, setting: setting.trim_matches('`').to_owned(), place: place.trim_matches('`').to_owned() }
    };
    rows.map(row).collect()
}

fn source(file: &str) -> String {
    let (room, inside) = file.split_once('/').unwrap();
    let path = crates().join(room).join("src").join(inside);
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The number that a constant has in a file, or that a field of the usual limits has.
fn in_code(file: &str, name: &str) -> u128 {
    let text = source(file);
    let words = match name.rsplit_once('.') {
        Some((_, field)) => between(&text, &format!("            {field}: "), ",\n")
            .or_else(|| between(&text, &format!("        {field}: "), ",\n")),
        None => between(&text, &format!("const {name}: "), ";").and_then(|rest| Some(rest.split_once(" = ")?.1)),
    };
    value(file, words.unwrap_or_else(|| panic!("{file} has no {name}")))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

/// The value of an expression such as `2 * 3 * draft::MOST_TEXT + 64 * 1024`.
fn value(file: &str, words: &str) -> u128 {
    let words = words.trim();
    if let Some((_, inner)) = words.split_once("::from_").and_then(|(_, call)| call.strip_suffix(')')?.split_once('('))
    {
        return value(file, inner);
    }
    if let Some((one, other)) = words.split_once(" + ") {
        return value(file, one) + value(file, other);
    }
    if let Some((one, other)) = words.split_once(" * ") {
        return value(file, one) * value(file, other);
    }
    if let Some((one, by)) = words.split_once(" << ") {
        return value(file, one) << value(file, by);
    }
    match (words.replace('_', "").parse(), words.split_once("::")) {
        (Ok(number), _) => number,
        (Err(_), None) => in_code(file, words),
        // A constant of the module inside.
        (Err(_), Some((module, name))) => in_code(&format!("{}/{module}.rs", file.strip_suffix(".rs").unwrap()), name),
    }
}

#[test]
fn each_row_is_as_the_code_has_it() {
    for row in rows() {
        let (file, name) = row.place.split_once(' ').unwrap_or_else(|| panic!("a file and a name: {}", row.place));
        assert_eq!(in_code(file, name), row.default, "{}", row.place);
    }
}

#[test]
fn each_setting_is_an_option_with_the_default_of_its_row() {
    let place = Place::empty();
    let rules = std::fs::read_to_string(crates().parent().unwrap().join("docs/spec/charter.md")).unwrap();
    for row in rows().into_iter().filter(|row| row.setting != "–") {
        if let Some(field) = row.setting.strip_prefix("kernel: `") {
            let (_, rest) = rules.split_once(&format!("| `{field}` |")).unwrap_or_else(|| panic!("no {field}"));
            let default = rest.split(" | ").nth(1).unwrap();
            assert_eq!(default.split(',').next(), Some(&*row.default.to_string()), "{field}");
            continue;
        }
        let (command, option) = row.setting.split_once(' ').unwrap();
        let help = place.run(&[command, "--help"]).quietly();
        let (_, about) = help.split_once(&format!("{option} <")).unwrap_or_else(|| panic!("no {option}: {help}"));
        let default = between(about, "[default: ", "]").unwrap_or_else(|| panic!("{option} has no default"));
        // An option may have a default below the most that it can be set to.
        let most = row.place.contains("MOST_");
        assert!(most || default.parse() == Ok(row.default), "{option}: {default}");
    }
}

#[test]
fn each_bound_that_the_code_names_has_a_row() {
    let known: BTreeSet<String> = rows().into_iter().map(|row| row.place).chain(OTHERS.map(str::to_owned)).collect();
    let mut missing = Vec::new();
    let mut folders = vec![crates()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "tests", "bench"].contains(&&*name) {
                folders.push(path);
            } else if name.ends_with(".rs") && name != "tests.rs" && name != "bench.rs" {
                missing.extend(bounds(&path).filter(|bound| !known.contains(bound)));
            }
        }
    }
    assert!(missing.is_empty(), "rows of docs/spec/limits.md are missing: {missing:#?}");
}

/// The constants of a file that are named as bounds are, each as the page names it.
fn bounds(path: &Path) -> impl Iterator<Item = String> {
    let inside = path.strip_prefix(crates()).unwrap().to_string_lossy().replacen("/src/", "/", 1);
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
    let names = code.lines().filter_map(|line| Some(line.split_once("const ")?.1.split_once(": ")?.0.to_owned()));
    let is_bound = |name: &String| {
        ["MAX_", "MOST_", "LONGEST", "DEEPEST", "LARGEST", "WIDEST"].iter().any(|start| name.starts_with(start))
            || name == "MOST"
            || name.ends_with("_MAX")
    };
    names.filter(is_bound).map(move |name| format!("{inside} {name}")).collect::<Vec<_>>().into_iter()
}
