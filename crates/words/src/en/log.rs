//! Entries of the log.

include!("log.words");

/// The verb for a kind of support, before its amount: `{name} donated 5 USD`.
#[must_use]
pub fn gave(kind: &str) -> &'static str {
    match kind {
        "donation" => "donated",
        "pledge" => "pledged",
        "purchase" => "bought for",
        "dues" => "paid dues of",
        "hours" => "worked",
        "contribution" => "contributed",
        "compute" => "gave computing time of",
        "loan" => "lent",
        "share-capital" => "subscribed share capital of",
        _ => "gave",
    }
}
