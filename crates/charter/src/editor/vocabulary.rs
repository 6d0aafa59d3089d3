//! The words of the language with what each means in a sentence. A test holds them against the checker, which knows which
//! words there are.

use crate::Power;
use crate::named::Named;

pub(crate) use crate::named::Meaning;

/// What can stand outside of all braces.
pub(super) const OUTSIDE: &[Meaning] = &[
    ("kernel", "who has weight, how it is counted, and how the rules themselves change"),
    ("office", "one seat that members fill by standing votes"),
    ("body", "several seats that members fill by standing votes"),
    ("document", "a text that members can replace"),
    ("ranking", "items in the order of their standing support"),
    ("constitution", "a document that defines decisions of its own, within what it is given"),
    ("commitment", "an irreversible decision with a deadline"),
    ("pool", "money that members' pledges and weight direct to projects"),
    ("release", "files that open to everyone once support has reached a sum"),
];

const SETTLES_IN: Meaning = ("settles-in", "how long a unanimous electorate takes to change the outcome");
const NOMINATED_BY: Meaning = ("nominated-by", "the attention that a newcomer needs, of all votes over one period");
const CHANGES: Meaning = ("changes", "when a full bucket takes over; at every update unless said");
const ELECTORATE: Meaning = ("electorate", "the classes whose members vote; everyone unless said");
const VOTES: Meaning = ("votes", "how weight becomes votes");
const MAY: Meaning = ("may", "powers of whoever holds it");
const LIMITED: Meaning = ("limits", "powers of whoever holds it, up to a sum");
const DELEGATION: Meaning = ("delegation", "whether a member may name another to vote for them");

const KERNEL: &[Meaning] = &[
    ("name", "what the co-op is called"),
    ("purpose", "what it is for, in a line"),
    ("currency", "the currency of its book, three letters of ISO 4217"),
    ("time-zone", "where its days and months are counted"),
    ("class", "a kind of member with its own way to earn weight"),
    ("members", "limits on the weight of one member"),
    VOTES,
    ("constitution", "how the constitution changes, and when everything is counted"),
    ("amend", "what it takes to change the kernel itself"),
    ("fork", "what members who leave together take with them"),
];
const CLASS: &[Meaning] = &[
    ("weight", "a formula whose value is the member's weight"),
    ("list", "the list that says who belongs"),
    ("scale", "`sqrt` makes the root of the formula the weight"),
    ("control", "the part of all votes that this class holds, whatever its head count"),
    ("at-most", "the most of all votes that this class may hold"),
];
const MEMBERS: &[Meaning] = &[
    ("cap", "the most of all weight that one member may hold"),
    ("floor", "the least that a member of any class weighs"),
];
const FORK: &[Meaning] =
    &[("carries", "what goes along: register, ledger, rules"), ("treasury", "how much of the money goes along")];
const OFFICE: &[Meaning] = &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, VOTES, MAY, LIMITED, DELEGATION];
const BODY: &[Meaning] = &[
    ("seats", "how many seats there are, 1 to 100"),
    SETTLES_IN,
    NOMINATED_BY,
    CHANGES,
    ELECTORATE,
    VOTES,
    MAY,
    LIMITED,
    DELEGATION,
];
const DOCUMENT: &[Meaning] = &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, VOTES, DELEGATION];
const GIVES: Meaning = ("may", "powers that it may give to its offices and bodies");
const GIVES_UP_TO: Meaning = ("limits", "powers that it may give, up to a sum");
/// What the kernel says of its constitution.
const ROOT: &[Meaning] =
    &[SETTLES_IN, NOMINATED_BY, CHANGES, ("updates", "when everything is counted"), GIVES, GIVES_UP_TO];
const CONSTITUTION: &[Meaning] =
    &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, VOTES, GIVES, GIVES_UP_TO, DELEGATION];
const RANKING: &[Meaning] = &[
    ("of", "where its items come from; members bring them unless said"),
    ("close-after", "how long an item may stand at or below the floor before it is closed"),
    ELECTORATE,
    VOTES,
    ("supply", "how much is served in each period"),
    ("skip", "whether a request too large for what is left lets the next one pass"),
    DELEGATION,
];
const COMMITMENT: &[Meaning] = &[
    ("every", "the cycle after which it is decided"),
    ("deadline", "the day on which it is decided"),
    ("default", "what happens unless another option wins"),
    ("conviction-half-life", "how slowly votes that stand gain force"),
    ("freeze", "the last part of the cycle, in which no new option enters"),
    ("quorum", "the conviction that the winner needs, of all votes"),
    ("spending-limit", "a request for more of the pool can never pass"),
    ("least-conviction", "the part of all votes that a tiny request needs"),
    ELECTORATE,
    VOTES,
    DELEGATION,
];
const POOL: &[Meaning] = &[
    ("fed-by", "where its money comes from, such as `20% of donations`"),
    ("match", "how gifts of members are matched"),
    ("cap", "with `match \"capped\"`: the most that one project gets"),
    ("every", "the cycle in which projects are funded"),
    ("self", "whether members may support their own project"),
    ("order", "`skip` passes over a project that cannot be paid in full"),
    ELECTORATE,
    VOTES,
    DELEGATION,
];
const RELEASE: &[Meaning] =
    &[("patrons-until", "only patrons may fetch it until support reaches this sum, or until this day")];
const LIMITS: &[Meaning] = &[("spend", "the most that may be spent in a period, by all together")];
const CLOSE_AFTER: &[Meaning] = &[("floor", "an item with votes at or below this is on its way out")];
const POWER_LIMIT: &[Meaning] = &[("up-to", "the most that may be spent in a period")];

/// Functions and words of formulas.
pub(super) const FORMULA: &[Meaning] = &[
    ("donated", "what the member gave in a period: `donated(last month)`"),
    ("pledged", "what the member has promised: `pledged(next month)`"),
    ("purchased", "what the member bought in a period"),
    ("dues", "the dues that the member paid in a period"),
    ("hours", "the hours that the member worked in a period"),
    ("contributed", "the member's credited units of work in a period"),
    ("credit", "the member's credit in a period"),
    ("computed", "the machine time that the member gave in a period"),
    ("lent", "what the member lent in a period"),
    ("capital", "the share capital that the member brought in in a period"),
    ("faded", "everything given, halved with every half-life: `faded(donated, half-life 1 year)`"),
    ("min", "the least of several values"),
    ("max", "the greatest of several values"),
    ("sqrt", "the square root"),
    ("count", "how many members a class has"),
    ("highest", "the greatest weight in a class"),
    ("total", "the weight of a whole class"),
    ("and", "both hold"),
    ("or", "one of them holds"),
    ("not", "it does not hold"),
    ("if", "`if … then … else …`"),
    ("then", "what holds if the condition does"),
    ("else", "what holds if the condition does not"),
    ("half-life", "the time in which what was given counts half"),
];

const COUNTINGS: &[Meaning] = &[
    ("quadratic", "votes are the root of the weight placed"),
    ("linear", "votes are the weight placed"),
    ("approval", "as linear, with scores 0 or 10 only"),
    ("one-member", "every member counts the same"),
];
const RHYTHMS: &[Meaning] = &[
    ("hourly", "at every full hour"),
    ("daily at 01:00", "every night"),
    ("weekly on monday at 01:00", "once a week"),
    ("monthly on 1 at 01:00", "on the first of every month"),
];
const SPANS: &[Meaning] = &[("7 days", ""), ("14 days", ""), ("30 days", ""), ("90 days", "")];
const PERIODS: &[Meaning] = &[("day", ""), ("week", "from Monday"), ("month", ""), ("quarter", ""), ("year", "")];
const AMENDMENTS: &[Meaning] = &[
    ("2/3 of weight for 180 days", "two thirds of all weight, held for half a year"),
    ("3/4 of weight and 1/2 of each class for 90 days", "also half of every class"),
    ("never", "whoever wants another kernel forks"),
];

/// The owner of the fields that the kernel's own `constitution` has; a clause of that word has others.
pub(crate) const OF_KERNEL: &str = "kernel constitution";

/// The fields of a clause, and the properties of a field.
pub(crate) fn words(owner: &str) -> &'static [Meaning] {
    match owner {
        "kernel" => KERNEL,
        "class" => CLASS,
        "members" => MEMBERS,
        "fork" => FORK,
        "office" => OFFICE,
        "body" => BODY,
        "document" => DOCUMENT,
        "constitution" => CONSTITUTION,
        OF_KERNEL => ROOT,
        "ranking" => RANKING,
        "commitment" => COMMITMENT,
        "pool" => POOL,
        "release" => RELEASE,
        "limits" => LIMITS,
        "close-after" => CLOSE_AFTER,
        "may" => POWER_LIMIT,
        _ => &[],
    }
}

/// What a field's text can be, or examples of it.
pub(super) fn values(field: &str) -> &'static [Meaning] {
    match field {
        "may" => Power::WORDS,
        "votes" => COUNTINGS,
        "settles-in" | "close-after" | "conviction-half-life" => SPANS,
        "changes" | "updates" => RHYTHMS,
        "amend" => AMENDMENTS,
        "scale" => &[("none", "the formula's value is the weight"), ("sqrt", "its root is")],
        "carries" => &[
            ("register ledger rules", "everything"),
            ("register rules", "not the ledger"),
            ("rules", "the rules alone"),
        ],
        "treasury" => &[
            ("by weight of those who go", "as much as of all weight they hold"),
            ("by head", "as much as of all members they are"),
            ("none", "the money stays"),
        ],
        "of" => &[("forge", "issues of the forge")],
        "delegation" => {
            &[("allowed", "members may let others vote for them here"), ("none", "everyone votes for themselves")]
        }
        "match" => {
            &[("quadratic", ""), ("scaled", ""), ("pairwise", ""), ("connected", ""), ("capped", ""), ("none", "")]
        }
        "self" => &[("excluded", "nobody supports their own project"), ("allowed", "")],
        "order" => &[("strict", "the first that cannot be paid stops the list"), ("skip", "it is passed over")],
        "skip" => &[("yes", ""), ("no", "")],
        "every" => PERIODS,
        "currency" => &[("EUR", ""), ("USD", ""), ("GBP", ""), ("CHF", ""), ("JPY", "")],
        "time-zone" => &[("UTC", ""), ("Europe/Berlin", ""), ("Europe/London", ""), ("America/New_York", "")],
        _ => &[],
    }
}

/// What a word means where it stands in `owner`; outside of all braces there is none.
pub(super) fn about(owner: Option<&str>, word: &str) -> Option<&'static str> {
    let known: &[&[Meaning]] = match owner {
        None => &[OUTSIDE],
        Some("weight") => &[FORMULA],
        Some(owner) => &[words(owner), values(owner)],
    };
    let all = known.iter().flat_map(|words| words.iter());
    all.chain(OUTSIDE).find(|(known, _)| *known == word).map(|(_, about)| *about)
}
