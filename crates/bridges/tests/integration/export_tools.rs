//! The real hledger and beancount read our exports without an error and with the same balances. A missing tool
//! is skipped, unless `ROCHDALE_TEST_TOOLS` is set, as `script/test` does.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use bridges::export::{BookExport, BookLine, beancount, hledger};
use bridges::{Kind, Posting, What};
use quantity::Currency;

type Balances = BTreeMap<String, i64>;

const SUMS: &str = "
import sys
from beancount import loader
entries, errors, options = loader.load_file(sys.argv[1])
assert not errors, errors
sums = {}
for entry in entries:
    for posting in getattr(entry, 'postings', None) or []:
        sums[posting.account] = sums.get(posting.account, 0) + posting.units.number
for account, sum in sums.items():
    print(f'\"{account}\",\"{sum} USD\"')
";

fn from_csv(path: &Path) -> Vec<BookLine> {
    let mut source = bridges::open(Kind::OpenCollectiveCsv, path, &mut |_, _| {}).unwrap();
    let mut lines = Vec::new();
    source
        .facts(&mut |fact| {
            if let What::Booking { narration, postings, .. } = fact.what {
                let number = lines.len() as u64 + 1;
                let text = fact.at.to_string();
                let part = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap();
                let small = |range| i8::try_from(part(range)).unwrap();
                let date = (part(0..4), small(5..7), small(8..10));
                let source = fact.source;
                lines.push(BookLine { number, date, narration, source, postings });
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    lines
}

/// Texts and accounts that have a meaning in one of the tools; each moves a cent, so a lost one shows.
fn hostile(number: u64) -> Vec<BookLine> {
    let texts = [
        "",
        " ",
        "\"",
        "\\",
        "a \"quoted\" word",
        "semi; colon",
        "a | b",
        "two\nlines",
        "tab\there",
        "; comment",
        "* star",
        "! bang",
        "(code) x",
        "2020-01-01 open Assets:X",
        "  2 spaces  here",
        "= 1 USD",
        "#tag ^link",
        "tag: value, other:",
        "include /etc/passwd",
        "ends in \\",
        "{json}",
        "naïve 名前 🙂",
        "\u{202e}reversed",
        "~ monthly",
        "key:: \"value\"",
        "\u{0}nul",
        "\r\n2020-01-01 x",
    ];
    let accounts = [
        "assets:open-collective",
        "custom",
        "expenses",
        "income:a b",
        "expenses:(virtual)",
        "liabilities:[x]",
        "expenses:héhé",
        "expenses:étude",
        "equity:-x",
        "income:a;b",
        "expenses:2nd",
        "assets:名前",
        "assets::x",
        "expenses:a  b",
        "expenses:*",
        "income:\"q\"",
    ];
    let longest = texts.len().max(accounts.len());
    (0..longest)
        .map(|i| BookLine {
            number: number + i as u64,
            // Earlier than the entries before it: an import of older records.
            date: (2016, 2, 29),
            narration: texts[i % texts.len()].to_owned(),
            source: texts[(i + 1) % texts.len()].to_owned(),
            postings: vec![
                Posting { account: accounts[i % accounts.len()].to_owned(), minor: 1 },
                Posting { account: "equity:hostile".to_owned(), minor: -1 },
            ],
        })
        .collect()
}

fn book() -> Vec<BookLine> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut lines = from_csv(&crate_folder.join("tests/data/open-collective.csv"));
    lines.extend(from_csv(&crate_folder.join("../../demo/transactions.csv")));
    assert!(lines.len() > 1_700, "{}", lines.len());
    lines.extend(hostile(lines.len() as u64 + 1));
    for (number, line) in (1..).zip(&mut lines) {
        line.number = number;
    }
    lines
}

/// Sums by the letters and digits of the account's name, which both tools keep in their own way.
fn expected(lines: &[BookLine]) -> Balances {
    let mut sums = Balances::new();
    for posting in lines.iter().flat_map(|line| &line.postings) {
        *sums.entry(plain(&posting.account)).or_default() += posting.minor;
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

fn plain(account: &str) -> String {
    let roots = account.replace("Equity:Custom", "custom").replace("Expenses:Unspecified", "expenses");
    let roots = roots.replace('名', "u540d").replace('前', "u524d");
    let plain: String = roots.chars().filter(|c| c.is_alphanumeric()).collect();
    // Beancount's parts may not begin with a sign: an `X` precedes it.
    plain.to_lowercase().replace('x', "")
}

/// Reads lines of `"account","12.50 USD"`.
fn balances(csv: &str) -> Balances {
    let mut sums = Balances::new();
    for line in csv.lines() {
        let cells: Vec<&str> = line.trim_matches('"').split("\",\"").collect();
        let [account, amount] = cells[..] else { panic!("{line}") };
        let Some(number) = amount.strip_suffix(" USD") else {
            continue;
        };
        *sums.entry(plain(account)).or_default() += quantity::parse_decimal(number, 2).unwrap();
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(errors, "", "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn tool(name: &str, variable: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        named.or_else(|| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()));
    if found.is_none() {
        assert!(std::env::var_os("ROCHDALE_TEST_TOOLS").is_none(), "`{name}` is not installed");
        eprintln!("passed over: `{name}` is not installed");
    }
    found
}

type Write = fn(BookExport<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

fn write(folder: &Path, name: &str, lines: &[BookLine], write: Write) -> PathBuf {
    let path = folder.join(name);
    let mut file = std::fs::File::create(&path).unwrap();
    let currency = Currency::parse("USD").unwrap();
    let title = "A co-op; \"quoted\" \\";
    let book = BookExport { title, currency, entries: &mut lines.iter().cloned() };
    write(book, &mut file).unwrap();
    path
}

#[test]
fn hledger_reads_the_journal_with_the_same_balances() {
    let Some(tool) = tool("hledger", "HLEDGER") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let lines = book();
    let journal = write(folder.path(), "book.journal", &lines, hledger);
    let run = |arguments: &[&str]| {
        // hledger decodes its files by the locale.
        output(Command::new(&tool).env("LC_ALL", "C.UTF-8").arg("-f").arg(&journal).args(arguments))
    };
    run(&["check", "-s"]);
    let entries = run(&["print", "-O", "csv"]);
    let numbers: BTreeSet<&str> = entries.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    assert_eq!(numbers.len(), lines.len(), "every entry is read");
    let sums = run(&["balance", "--flat", "--no-total", "-O", "csv"]);
    let sums: String = sums.lines().skip(1).flat_map(|line| [line, "\n"]).collect();
    assert_eq!(balances(&sums), expected(&lines));
}

#[test]
fn beancount_reads_the_ledger_with_the_same_balances() {
    let Some(tool) = tool("bean-check", "BEANCHECK") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let lines = book();
    let ledger = write(folder.path(), "book.beancount", &lines, beancount);
    let said = output(Command::new(&tool).arg("--no-cache").arg(&ledger));
    assert_eq!(said, "");
    let beside = tool.canonicalize().unwrap().with_file_name("python3");
    let python = if beside.exists() { beside } else { PathBuf::from("python3") };
    let sums = output(Command::new(python).env("PYTHONIOENCODING", "utf-8").args(["-c", SUMS]).arg(&ledger));
    assert_eq!(balances(&sums), expected(&lines));
}
