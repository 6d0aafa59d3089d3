//! Currencies, and decimal numbers read and written exactly.

use proptest::prelude::*;

use super::*;

#[test]
fn currencies_have_their_decimals() {
    for (code, digits) in [
        ("USD", 2),
        ("EUR", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("UYW", 4),
        ("ISK", 0),
        ("HUF", 2),
        ("XCG", 2),
        ("ZWG", 2),
        ("SLE", 2),
        ("HRK", 2),
        ("XOF", 0),
        ("TND", 3),
        ("CLP", 0),
        ("MGA", 2),
    ] {
        assert_eq!(Currency::parse(code).unwrap().digits(), digits, "{code}");
    }
    for code in ["", "US", "usd", "USDD", "XXX", "XTS", "XAU", "USD EUR", " USD", "BTC"] {
        assert_eq!(Currency::parse(code), None, "{code}");
    }
}

#[test]
fn the_list_has_every_code_once_and_in_order() {
    let mut all = std::collections::BTreeSet::new();
    for (_, codes) in CURRENCIES {
        for code in codes.split(' ') {
            assert!(code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
            assert!(all.insert(code), "{code} twice");
            assert_eq!(Currency::parse(code).unwrap().code(), code);
        }
    }
    assert_eq!(all.len(), 174);
}

#[test]
fn reads_decimals_exactly() {
    for (text, digits, expect) in [
        ("0", 2, 0),
        ("-0", 2, 0),
        ("12.5", 2, 1_250),
        ("12.50", 2, 1_250),
        ("-0.05", 2, -5),
        ("007", 0, 7),
        ("1", 3, 1_000),
        ("92233720368547758.07", 2, i64::MAX),
        ("-92233720368547758.08", 2, i64::MIN),
    ] {
        assert_eq!(parse_decimal(text, digits), Ok(expect), "{text}");
    }
}

/// Excel and banks write these. A mark never moves the decimals: what could mean two amounts means none.
#[test]
fn marks_of_every_country_come_to_one_form() {
    for (text, expect) in [
        ("0", "0"),
        ("12,50", "12.50"),
        ("12.50", "12.50"),
        ("-1.234,50", "-1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,5", "1234.5"),
        ("1\u{a0}234\u{a0}567", "1234567"),
        ("1\u{202f}234,5", "1234.5"),
        ("12'345.05", "12345.05"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("0,125", "0.125"),
        ("1234,125", "1234.125"),
        ("1.234,125", "1234.125"),
    ] {
        assert_eq!(plain_decimal(text).as_deref(), Some(expect), "{text}");
    }
    for text in [
        "", "-", "1,234", "1.234", "12,", ",5", "1,23,456", "1.23,4", "0.123,4", "1,2.3,4", "1e5", "€ 5", "1 23",
        "--1", "1 ,5",
    ] {
        assert_eq!(plain_decimal(text), None, "{text}");
    }
}

#[test]
fn refuses_with_clear_words() {
    for (text, digits, expect) in [
        ("", 2, "the number is empty"),
        ("-1,234.50", 2, "`-1,234.50` has a comma: write `-1234.50`"),
        ("1.234,50", 2, "`1.234,50` has a comma: write `1234.50`"),
        ("1.23,456", 2, "`1.23,456` has a comma: write decimals after a point and no thousands mark"),
        ("1,50", 2, "`1,50` has a comma: write decimals after a point and no thousands mark"),
        ("1.005", 2, "`1.005` has 3 decimals, but at most 2 are allowed"),
        ("1.000", 2, "`1.000` has 3 decimals, but at most 2 are allowed"),
        ("1.0", 0, "`1.0` has decimals, but none are allowed"),
        ("1e5", 2, "`1e5` has an exponent: write all digits"),
        ("1.5E-5", 2, "`1.5E-5` has an exponent: write all digits"),
        (".5", 2, "`.5` needs a digit on both sides of the point"),
        ("5.", 2, "`5.` needs a digit on both sides of the point"),
        ("-", 2, "`-` needs a digit on both sides of the point"),
        ("+5", 2, "`+5` is not a number such as `-12.50`"),
        ("--5", 2, "`--5` is not a number such as `-12.50`"),
        (" 5", 2, "` 5` is not a number such as `-12.50`"),
        ("five", 2, "`five` is not a number such as `-12.50`"),
        ("=1+1", 2, "`=1+1` is not a number such as `-12.50`"),
        ("1.2.3", 2, "`1.2.3` is not a number such as `-12.50`"),
        ("٣", 2, "`٣` is not a number such as `-12.50`"),
        ("92233720368547758.08", 2, "`92233720368547758.08` is too large"),
        ("-92233720368547758.09", 2, "`-92233720368547758.09` is too large"),
    ] {
        assert_eq!(parse_decimal(text, digits).unwrap_err(), expect);
    }
}

#[test]
fn writes_decimals() {
    for (minor, digits, expect) in [
        (0, 2, "0.00"),
        (-5, 2, "-0.05"),
        (1_250, 2, "12.50"),
        (1_250, 0, "1250"),
        (7, 3, "0.007"),
        (i64::MIN, 2, "-92233720368547758.08"),
    ] {
        assert_eq!(format_decimal(minor, digits), expect);
    }
    for (micro, expect) in [
        (0, "0"),
        (100_000_000, "100"),
        (12_500_000, "12.5"),
        (1, "0.000001"),
        (-1_500_000, "-1.5"),
        (i128::MAX, "170141183460469231731687303715884.105727"),
    ] {
        assert_eq!(format_micro(micro), expect);
    }
}

#[test]
fn money_is_written_with_its_currency() {
    let money = |minor, code| Money { minor, currency: Currency::parse(code).unwrap() }.to_string();
    assert_eq!(money(1_250, "USD"), "12.50 USD");
    assert_eq!(money(-1_250, "JPY"), "-1250 JPY");
    assert_eq!(money(1, "BHD"), "0.001 BHD");
}

proptest! {
    #[test]
    fn what_is_written_reads_back(minor: i64, digits in 0_u8..=6) {
        prop_assert_eq!(parse_decimal(&format_decimal(minor, digits), digits), Ok(minor));
    }

    #[test]
    fn no_text_is_a_crash(text: String, digits: u8) {
        let _ = parse_decimal(&text, digits);
    }
}
