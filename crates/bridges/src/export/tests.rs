//! The written files, letter by letter. `tests/integration/export_tools.rs` tries whether the real tools accept them.

use super::*;

type Write = fn(BookExport<'_>, &mut dyn io::Write) -> io::Result<()>;

fn posting(account: &str, minor: i64) -> Posting {
    Posting { account: account.to_owned(), minor }
}

fn line(narration: &str, postings: Vec<Posting>) -> BookLine {
    let source = "open-collective:fcc0362f:book".to_owned();
    BookLine { number: 7, date: (2025, 12, 31), narration: narration.to_owned(), source, postings }
}

fn written(write: Write, currency: &str, line: BookLine) -> String {
    let mut out = Vec::new();
    let currency = Currency::parse(currency).unwrap();
    let book = BookExport { title: "A \"co-op\"\n; x", currency, entries: &mut [line].into_iter() };
    write(book, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn host_fee(narration: &str) -> BookLine {
    line(narration, vec![posting("assets:open-collective", -505), posting("expenses:host-fees", 505)])
}

#[test]
fn hledger_journal() {
    assert_eq!(
        written(hledger, "USD", host_fee("host fee")),
        "; A \"co-op\" ; x\n\ndecimal-mark .\ncommodity 0.00 USD\n\n\
         account assets:open-collective\naccount expenses:host-fees\n\
         2025-12-31 * (7) host fee  ; source:open-collective:fcc0362f:book\n    \
         assets:open-collective                               -5.05 USD\n    \
         expenses:host-fees                                    5.05 USD\n"
    );
}

#[test]
fn beancount_ledger() {
    assert_eq!(
        written(beancount, "USD", host_fee("a \"b\" \\ c")),
        "option \"title\" \"A \\\"co-op\\\" ; x\"\noption \"operating_currency\" \"USD\"\n\n\
         1700-01-01 open Assets:Open-collective USD\n1700-01-01 open Expenses:Host-fees USD\n\
         2025-12-31 * \"a \\\"b\\\" \\\\ c\"\n    entry: 7\n    \
         source: \"open-collective:fcc0362f:book\"\n    \
         Assets:Open-collective                               -5.05 USD\n    \
         Expenses:Host-fees                                    5.05 USD\n"
    );
}

#[test]
fn csv_table() {
    assert_eq!(
        written(csv, "JPY", host_fee("=HYPERLINK(\"x\",1)")),
        "entry,date,narration,source,account,amount,currency\n\
         7,2025-12-31,\"'=HYPERLINK(\"\"x\"\",1)\",open-collective:fcc0362f:book,\
         assets:open-collective,-505,JPY\n\
         7,2025-12-31,\"'=HYPERLINK(\"\"x\"\",1)\",open-collective:fcc0362f:book,\
         expenses:host-fees,505,JPY\n"
    );
}

#[test]
fn signs_that_mean_something_to_hledger_lose_it() {
    let text = written(hledger, "USD", host_fee("a;b | c\nd\u{202e}e"));
    assert!(text.contains(") a,b / c d e  ; source:"), "{text}");
}

#[test]
fn formulas_are_neutralised_and_numbers_are_not() {
    for formula in ["=1", "+1+1", "-2+3", "@SUM(1)", "\tx", "\rx", " =1", "+", "-", "-1.", "--1", "+1e5", "\u{ff1d}1"] {
        let cell = csv_cell(formula);
        let inner = cell.trim_matches('"');
        assert!(inner.starts_with('\''), "{formula:?} gave {cell:?}");
    }
    for plain in ["-1", "+1", "-0.05", "12.50", "", "a=b", "2025-12-31", "naïve"] {
        assert_eq!(csv_cell(plain), plain);
    }
}

#[test]
fn beancount_refuses_years_that_it_cannot_read() {
    for (year, fits) in [(1699, false), (1700, true), (2099, true), (2100, false)] {
        let mut entry = host_fee("host fee");
        entry.date.0 = year;
        let currency = Currency::parse("USD").unwrap();
        let book = BookExport { title: "", currency, entries: &mut [entry].into_iter() };
        assert_eq!(beancount(book, &mut Vec::new()).is_ok(), fits, "{year}");
    }
}
