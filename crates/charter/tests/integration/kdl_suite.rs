//! The official suite of KDL 2, case by case: what is read here, and what is refused and why. The head of the file of cases says
//! where they come from, and their licence.

use std::collections::BTreeMap;

use charter::{format, later_mistakes};

/// `name | verdict | input`, a line each, with signs beyond ASCII and line ends as escapes.
const CASES: &str = include_str!("kdl_suite/cases.txt");

/// How many cases have each verdict. Besides `read` and `refused` (which KDL refuses too) these are the parts of KDL that
/// `docs/spec/charter.md` says that rules leave out: type annotations, numbers that are not decimal, a `\` at the end of a line of
/// a text on several lines, and further ends of lines.
const VERDICTS: [(&str, usize); 6] =
    [("escape", 5), ("number", 20), ("read", 171), ("refused", 95), ("sign", 1), ("type", 44)];

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => match rest.next() {
                Some('n') => out.push('\n'),
                Some('u') => {
                    let digits: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                    out.push(char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap());
                }
                other => out.extend(other),
            },
            plain => out.push(plain),
        }
    }
    out
}

#[test]
fn each_official_case_is_read_or_refused_as_announced() {
    let (mut wrong, mut verdicts) = (Vec::new(), BTreeMap::new());
    for line in CASES.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.splitn(3, " | ");
        let (name, verdict, input) = (cells.next().unwrap(), cells.next().unwrap(), unescaped(cells.next().unwrap()));
        *verdicts.entry(verdict).or_insert(0_usize) += 1;
        let refused = match format(&input) {
            Err(mistakes) => mistakes.first().map(|mistake| mistake.code),
            Ok(_) => later_mistakes(&input).first().map(|mistake| mistake.code),
        };
        if refused.is_none() != (verdict == "read") {
            wrong.push(format!("{name}: {verdict}, and {}: {input:?}", refused.unwrap_or("read")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(verdicts.into_iter().eq(VERDICTS), "the counts of verdicts differ");
}
