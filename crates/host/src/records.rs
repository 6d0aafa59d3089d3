//! The records that are kept beside a log, by their names. `docs/spec/store.md` describes them, and a test compares both.

use engine::Pseudonym;

/// Every space of records.
pub(crate) const SPACES: [&str; 36] = [
    "release-key",
    "signature",
    "alias",
    "bridge",
    "delivery",
    "document",
    "file",
    "file-source",
    "identity",
    "import",
    "invitation",
    "item",
    "link",
    "mail",
    "mapping",
    "meta",
    "narration",
    "opening",
    "outbox",
    "outbox-ended",
    "outlet",
    "outside",
    "piece",
    "profile",
    "retitled",
    "said",
    "seen",
    "session",
    "source",
    "token",
    "tries",
    "upload",
    "waiting",
    "way",
    "way-key",
    "who",
];

/// The field of a member's name, as its commitment calls it.
pub(crate) const NAME: &str = "name";
/// The field of what is shown of an item: title, link and labels.
pub(crate) const CARD: &str = "card";

/// The field of what a booking is about.
pub(crate) const NARRATION: &str = "narration";

/// The field by which an entry binds the key of sources, and the name of that key among the openings.
pub(crate) const SOURCES: &str = "sources";

/// The record of `meta` that names the entry up to which records were imported under their own dates.
pub(crate) const IMPORTED_UNTIL: &[u8] = b"imported-until";

/// Where the key of the commitment to a member's name is kept.
pub(crate) fn opening_of_name(member: Pseudonym) -> String {
    format!("{member}/{NAME}")
}

/// The beginning of the names of keys of commitments to cards. Every pseudonym comes after it.
pub(crate) const OF_CARD: &[u8] = b"card:";

/// Where the key of the commitment to an item's card is kept.
pub(crate) fn opening_of_card(decision: &str, item: &str) -> String {
    format!("{CARD}:{decision}/{item}")
}

/// Where the key of the commitment to a narration is kept. `source` has the form of the log.
pub(crate) fn opening_of_narration(source: &str) -> String {
    format!("{NARRATION}:{source}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `docs/spec/store.md` has a row for each space, and none for another.
    #[test]
    fn every_space_is_described() {
        let page = include_str!("../../../docs/spec/store.md");
        let (_, table) = page.split_once("| space |").expect("a table of spaces");
        let (table, _) = table.split_once("\n\n").expect("an end");
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let told: std::collections::BTreeSet<&str> = rows.collect();
        assert_eq!(told, SPACES.into_iter().collect());
    }

    #[test]
    fn keys_of_cards_come_before_those_of_members() {
        assert!(opening_of_card("issues", "1").as_bytes().starts_with(OF_CARD));
        assert!(OF_CARD < opening_of_name(Pseudonym(0)).as_bytes());
    }
}
