//! The way into a class: `join "vouched by 3"`. Since edition 5. Not who is on its list already.

use quantity::Currency;

use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{Fields, Mistakes, Node, Value};
use crate::edition::Edition;
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

use super::{Class, class_node};

/// How somebody who is not a member yet comes in through a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    /// Those who may admit members invite them; nobody asks.
    Invitation,
    /// At once, whoever asks.
    Open,
    /// Who may admit members says yes or no to those who ask.
    Request,
    /// So many members say that they know them.
    Vouched { members: u32 },
    /// Members say yes or no, and more say yes.
    Vote,
    /// With a gift of so much, minor units.
    Gift { minor: i64 },
}

pub(super) const JOIN: Known = field("join", "how one comes in through this class")
    .values(&[
        ("invitation", "who may admit members invites"),
        ("open", "who asks is a member at once"),
        ("request", "who may admit members says yes or no"),
        ("vouched by 2", "two members know them"),
        ("vote", "members say yes or no"),
        ("gift of 10 USD", "with a gift of so much"),
    ])
    .since(Edition::FIVE);

/// The fewest and the most members that a class can ask to vouch. One alone would be an invitation that nobody may refuse.
const VOUCHERS: std::ops::RangeInclusive<u32> = 2..=10;

/// Reads the way in, [`Door::Invitation`] where the class says nothing.
pub(super) fn read(found: &Fields, currency: Option<Currency>, mistakes: &mut Mistakes) -> Option<Door> {
    found.or("join", Door::Invitation, mistakes, |value, mistakes| door(value, currency, mistakes))
}

fn door(value: &Value, currency: Option<Currency>, mistakes: &mut Mistakes) -> Option<Door> {
    match value.text.as_str() {
        "invitation" => return Some(Door::Invitation),
        "open" => return Some(Door::Open),
        "request" => return Some(Door::Request),
        "vote" => return Some(Door::Vote),
        _ => {}
    }
    if let Some(number) = value.text.strip_prefix("vouched by ") {
        let members = number.parse().ok().filter(|number| VOUCHERS.contains(number));
        if members.is_none() {
            let why = format!("`join` takes {} to {} who vouch", VOUCHERS.start(), VOUCHERS.end());
            mistakes.report(code::OUT_OF_RANGE, &value.at, why, "write `join \"vouched by 2\"`");
        }
        return members.map(|members| Door::Vouched { members });
    }
    if let Some(amount) = value.text.strip_prefix("gift of ") {
        let currency = currency.or_else(|| Currency::parse("USD"))?;
        let mut gift = value.clone();
        amount.clone_into(&mut gift.text);
        return phrase::money(&gift, currency, mistakes).map(|minor| Door::Gift { minor });
    }
    phrase::choice(value, &["invitation", "open", "request", "vouched by 2", "vote", "gift of 10 USD"], mistakes);
    None
}

/// Says how one comes in through a class, a sentence each; nothing where members are invited.
///
/// ```
/// let text = r#"kernel { name "x"; purpose "y"; currency "USD"
///     class "eaters" { weight "1"; join "vote" }
///     constitution { settles-in "30 days"; updates "hourly" } }"#;
/// let kernel = charter::read_kernel_under(text, charter::Edition::FIVE).unwrap();
/// assert!(charter::explain_door(&kernel.classes[0], &kernel)[0].starts_with("Anybody can ask to join the eaters"));
/// ```
#[must_use]
pub fn explain_door(class: &Class, kernel: &crate::kernel::Kernel) -> Vec<String> {
    sentences(class, kernel.currency)
}

/// Says how one comes in, where the class has another way than to be invited.
pub(super) fn sentences(class: &Class, currency: Currency) -> Vec<String> {
    let on = class.list.as_ref().map_or(String::new(), |list| format!(", and is then on {}", words::list(list)));
    let name = words::plain(&class.name);
    let first = match class.door {
        Door::Invitation => return Vec::new(),
        Door::Open => format!("Anybody can ask to join the {name}, and is a member at once{on}."),
        Door::Request => {
            format!("Anybody can ask to join the {name}; those who may admit members say yes or no within 60 days.")
        }
        Door::Vouched { members } => {
            format!(
                "Anybody can ask to join the {name}, and does once {members} members vouch for them and seven days have passed{on}."
            )
        }
        Door::Vote => format!(
            "Anybody can ask to join the {name}, and does if after 14 days more members say yes than no, and a tenth of those with weight or more say yes{on}."
        ),
        Door::Gift { minor } => {
            let gift = words::money(minor, currency);
            format!("Anybody can ask to join the {name}, and does with a first gift of {gift} or more{on}.")
        }
    };
    let mut all = vec![first];
    if matches!(class.door, Door::Vouched { .. }) {
        all.push("Those who vouch have been members for 90 days and have weight; each vouches for three people in a year at most.".to_owned());
    }
    all
}

/// Notes doors through which one person comes in as often as they like, each time with weight.
pub(in crate::kernel) fn open_to_many(
    classes: &[Class],
    floor_micro: u64,
    node: &Node,
    mistakes: &Mistakes,
) -> Vec<Diagnostic> {
    let gives = |class: &Class| !class.weight.reads_support() || (floor_micro > 0 && class.list.is_some());
    let open = classes.iter().filter(|class| class.door == Door::Open && gives(class));
    open.map(|class| {
        let place = class_node(node, &class.name).map_or(&node.name.at, |class| &class.at).clone();
        let why = format!("anybody can join `{}` as often as they like, and has weight in it each time", class.name);
        let help =
            Some("weigh by what members give, or write `join \"request\"` or `join \"vouched by 2\"`".to_owned());
        mistakes.diagnostic(code::OPEN_TO_MANY, &place, why, help)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::tests::kernel_with as kernel;

    fn with(join: &str) -> Result<crate::Kernel, Vec<Diagnostic>> {
        let line =
            format!("class \"eaters\" list=\"eater-list\" {{ weight \"purchased(ever) / 1 USD\"; join \"{join}\" }}");
        kernel(&line, Edition::FIVE)
    }

    fn rules(line: &str) -> crate::Rules {
        let kernel = kernel(line, Edition::FIVE).unwrap();
        let constitution = crate::read_constitution("", &kernel).unwrap();
        crate::Rules::new(kernel, constitution)
    }

    #[test]
    fn every_door_is_read_and_explained() {
        for (join, wanted, begins) in [
            ("invitation", Door::Invitation, ""),
            ("open", Door::Open, "Anybody can ask to join the eaters, and is a member at once, and is then on"),
            ("request", Door::Request, "Anybody can ask to join the eaters; those who may admit"),
            (
                "vouched by 3",
                Door::Vouched { members: 3 },
                "Anybody can ask to join the eaters, and does once 3 members",
            ),
            ("vote", Door::Vote, "Anybody can ask to join the eaters, and does if after 14 days"),
            (
                "gift of 10 USD",
                Door::Gift { minor: 1_000 },
                "Anybody can ask to join the eaters, and does with a first gift of 10.00 USD",
            ),
        ] {
            let kernel = with(join).unwrap();
            let class = kernel.class("eaters").unwrap();
            assert_eq!(class.door, wanted);
            let told = sentences(class, kernel.currency);
            let first = told.first().map_or("", String::as_str);
            assert!(first.starts_with(begins) && told.is_empty() == begins.is_empty(), "{told:?}");
        }
        assert_eq!(kernel("", Edition::FIVE).unwrap().class("p").unwrap().door, Door::Invitation);
    }

    #[test]
    fn each_mistake_is_named() {
        for (join, wanted) in [
            ("vouched by 1", "C014"),
            ("vouched by 11", "C014"),
            ("vouched by many", "C014"),
            ("gift of 10 EUR", "C019"),
            ("gift of 0 USD", "C040"),
            ("gift of nothing", "C040"),
            ("opne", "C033"),
        ] {
            let found = with(join).unwrap_err();
            assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [wanted], "{join}");
        }
        let line = "class \"eaters\" { weight \"1\"; join \"open\" }";
        assert_eq!(kernel(line, Edition::FOUR).unwrap_err()[0].code, "C006", "a word of edition 5");
    }

    #[test]
    fn a_door_that_gives_weight_to_anybody_is_noted() {
        let noted = |line: &str| {
            let kernel = kernel(line, Edition::FIVE).unwrap();
            kernel.notes.iter().map(|note| note.code).collect::<Vec<_>>()
        };
        assert_eq!(noted("class \"heads\" { weight \"1\"; join \"open\" }"), ["C116"]);
        assert!(noted("class \"heads\" { weight \"1\"; join \"request\" }").is_empty());
        assert!(noted("class \"eaters\" { weight \"purchased(ever) / 1 USD\"; join \"open\" }").is_empty());
        let lifted = "class \"eaters\" list=\"eater-list\" { weight \"purchased(ever) / 1 USD\"; join \"open\" }; members { floor \"1 weights\" }";
        assert_eq!(noted(lifted), ["C116"], "the floor lifts everybody on the list");
    }

    #[test]
    fn another_door_is_said_to_members() {
        let class = |join: &str| rules(&format!("class \"eaters\" {{ weight \"purchased(ever) / 1 USD\"{join} }}"));
        let (without, open, vote) = (class(""), class("; join \"open\""), class("; join \"vote\""));
        let told = |from: &crate::Rules, to: &crate::Rules| {
            crate::diff(from, to).into_iter().map(|effect| effect.sentence).collect::<Vec<String>>()
        };
        assert_eq!(
            told(&without, &open),
            [
                "For the way into the eaters it would hold that anybody can ask to join the eaters, and is a member at once."
            ]
        );
        assert_eq!(told(&open, &vote).len(), 2);
        assert_eq!(told(&vote, &without).len(), 1);
    }
}
