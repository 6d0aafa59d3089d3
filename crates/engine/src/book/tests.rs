//! The book: sums by day, account and period.

use super::*;
use crate::tests::at;

fn book() -> Book {
    let mut book = Book::new(Currency::parse("USD").unwrap());
    for (day, lines) in [
        ("2017-12-31", [("assets:bank", 1_000), ("income:gifts", -1_000)]),
        ("2018-01-01", [("expenses:fees", 30), ("assets:bank", -30)]),
        ("2018-03-05", [("expenses:work", 500), ("liabilities:member-001", -500)]),
        ("2018-03-06", [("liabilities:member-001", 500), ("assets:bank", -500)]),
        ("2020-02-29", [("assets:bank", 50), ("equity:opening", -50)]),
    ] {
        let postings = lines.map(|(account, minor)| Posting { account: account.to_owned(), minor });
        book.enter(Day::of(at(day), &Zone::utc()), &postings);
    }
    book
}

fn rows(book: &Book, by: BookPeriod, until: Option<&str>) -> Vec<(String, [i64; 4])> {
    let until = until.map(|day| Day::of(at(day), &Zone::utc()));
    let periods = book.periods(by, until).into_iter();
    periods.map(|p| (p.period, [p.in_minor, p.out_minor, p.net_minor, p.balance_minor])).collect()
}

#[test]
fn years_have_in_out_net_and_balance() {
    let year = |name: &str, numbers: [i64; 4]| (name.to_owned(), numbers);
    assert_eq!(
        rows(&book(), BookPeriod::Year, None),
        [
            year("2017", [1_000, 0, 1_000, 1_000]),
            year("2018", [0, 530, -530, 470]),
            year("2019", [0, 0, 0, 470]),
            year("2020", [0, 0, 0, 520]),
        ]
    );
    assert_eq!(rows(&book(), BookPeriod::Year, Some("2018-01-01")).last(), Some(&year("2018", [0, 30, -30, 970])));
}

#[test]
fn months_without_movement_are_shown_between_others() {
    let months = rows(&book(), BookPeriod::Month, Some("2018-03-05"));
    let names: Vec<&str> = months.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["2017-12", "2018-01", "2018-02", "2018-03"]);
    assert_eq!(months[3].1, [0, 500, -500, 470], "what is owed is taken off");
}

#[test]
fn balances_sum_to_nothing() {
    let book = book();
    assert_eq!(book.balances(None).iter().map(|(_, minor)| minor).sum::<i64>(), 0);
    assert_eq!(
        book.balances(Some(Day { year: 2017, month: 12, day: 31 })),
        [("assets:bank", 1_000), ("income:gifts", -1_000)]
    );
    let march = |day| Some(Day { year: 2018, month: 3, day });
    assert_eq!(book.between(march(6), march(31)), [("assets:bank", -500), ("liabilities:member-001", 500)]);
    assert_eq!((book.entries(), book.accounts().len()), (5, 6));
}

#[test]
fn days_are_those_of_the_zone() {
    let tokyo = Zone::named("Asia/Tokyo").unwrap();
    let day = Day::of(at("2017-12-31T15:00:00Z"), &tokyo);
    assert_eq!(day, Day { year: 2018, month: 1, day: 1 });
}

#[test]
fn an_empty_book_has_no_periods() {
    let empty = Book::new(Currency::parse("USD").unwrap());
    assert_eq!(empty.periods(BookPeriod::Year, None), []);
}
