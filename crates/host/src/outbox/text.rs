//! The words that stand on the forge: reasons, numbers, and nothing about anybody. Members' words are not repeated there, since a
//! title could hold a mention that calls hundreds of people.

use charter::Edition;
use engine::State;
use engine::chamber::{Decision, Item};
use words::outbox;

/// The labels: four at most, so that a repository keeps a short list of them.
const TOP: &str = "rochdale: top 10";
const BACKED: &str = "rochdale: backed";
const OPPOSED: &str = "rochdale: opposed";

/// Votes with one digit behind the point, rounded toward zero.
pub(super) fn votes(micro: i128) -> String {
    let tenths = micro / 100_000;
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
}

/// A name that calls nobody and ends no code: on forges `@` mentions and `<` opens marks.
pub(super) fn plain(name: &str) -> String {
    let odd = |sign: char| matches!(sign, '@' | '<' | '>' | '`' | '*' | '_' | '[' | ']' | '#' | '\\' | '!' | '|');
    name.chars().map(|sign| if odd(sign) || sign.is_control() { ' ' } else { sign }).take(100).collect()
}

/// The reason why support closed an item, with its numbers.
pub(super) fn closed_by_support(state: &State, ranking: &Decision, before: i128) -> String {
    let (coop, floor) = (&state.rules.kernel.name, votes(i128::from(ranking.floor_micro())));
    let days = ranking.close_after_s().unwrap_or(0) / 86_400;
    match state.editions.current >= Edition::TWO {
        true => outbox::closed_by_support(plain(coop), days / 2, days, floor, votes(before)),
        false => outbox::closed_by_support_before(plain(coop), days, floor, votes(before)),
    }
}

/// The reason why somebody closed an item.
pub(super) fn closed_by_power(coop: &str, before: i128) -> String {
    outbox::closed_by_power(plain(coop), votes(before))
}

/// The reason why an item is open again.
pub(super) fn opened(coop: &str) -> String {
    outbox::opened(plain(coop))
}

/// The words and the label of an open item's support.
pub(super) fn support(item: &Item, place: usize, of: usize, coop: &str) -> (String, Option<String>) {
    let (total, for_it) = (votes(item.total), votes(i128::try_from(item.votes_for).unwrap_or(i128::MAX)));
    let against = votes(i128::try_from(item.votes_against).unwrap_or(i128::MAX));
    let words = outbox::support(plain(coop), place, of, total, for_it, against);
    let label = match item.total {
        ..0 => Some(OPPOSED),
        0 => None,
        _ if place <= 10 => Some(TOP),
        _ => Some(BACKED),
    };
    (words, label.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_have_one_digit_behind_the_point() {
        for (micro, shown) in
            [(0, "0.0"), (1_250_000, "1.2"), (-1_250_000, "-1.2"), (-40_000, "0.0"), (12_000_000, "12.0")]
        {
            assert_eq!(votes(micro), shown);
        }
    }

    #[test]
    fn a_name_mentions_nobody() {
        assert_eq!(plain("Dairy @everyone <!-- x -->"), "Dairy  everyone   -- x -- ");
    }
}
