//! Spans as rules write them.

use super::*;

#[test]
fn reads_and_writes() {
    let table = [
        ("14 days", 1_209_600, "2 weeks"),
        ("90 days", 7_776_000, "90 days"),
        ("1 year", 31_536_000, "1 year"),
        ("2 years", 63_072_000, "2 years"),
        ("6 months", 15_552_000, "180 days"),
        ("1 month", 2_592_000, "30 days"),
        ("2 weeks", 1_209_600, "2 weeks"),
        ("8 hours", 28_800, "8 hours"),
        ("24 hours", 86_400, "1 day"),
        ("30 minutes", 1_800, "30 minutes"),
        ("10 seconds", 10, "10 seconds"),
        ("1 second", 1, "1 second"),
        ("0 days", 0, "0 seconds"),
        (" 3  days ", 259_200, "3 days"),
    ];
    for (text, seconds, written) in table {
        let span = Span::parse(text).unwrap();
        assert_eq!(span.seconds(), seconds, "{text}");
        assert_eq!(span.to_string(), written, "{text}");
        assert_eq!(Span::parse(written), Some(span), "{text}");
    }
}

#[test]
fn refuses_the_rest() {
    for text in [
        "",
        "days",
        "14",
        "14days",
        "-1 days",
        "+1 days",
        "1.5 days",
        "2 day",
        "1 fortnight",
        "14 Days",
        "1 days ago",
        "600000 years",
        "18446744073709551616 seconds",
        " days",
    ] {
        assert_eq!(Span::parse(text), None, "{text}");
    }
}

#[test]
fn microseconds_saturate() {
    assert_eq!(Span::from_seconds(u64::MAX).micros(), u64::MAX);
    assert_eq!(Span::from_seconds(2).micros(), 2_000_000);
}
