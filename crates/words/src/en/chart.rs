//! Titles, descriptions and tables of pictures.

pub const BALANCE_TABLE: [&str; 4] = ["month", "in", "out", "balance"];
pub const BUCKETS_TABLE: [&str; 3] = ["challenger", "bucket", "if nothing moves"];
pub const CLASSES_TABLE: [&str; 4] = ["class", "members", "weight", "of all weight"];
pub const CURVE_TABLE: [&str; 2] = ["the heaviest", "hold"];
pub const FADE_TABLE: [&str; 2] = ["month", "weight"];
pub const FLOW_TABLE: [&str; 3] = ["side", "name", "sum"];
pub const GAINS_TABLE: [&str; 3] = ["who", "of all weight now", "would be"];
pub const OPPOSED_TABLE: [&str; 6] = ["place", "item", "votes", "for", "against", "closes"];
pub const SHARES_TABLE: [&str; 2] = ["placed on", "share of my weight"];

words! {
    balance(currency) "Balance by month in {currency}, and what came in and went out";
    balance_now(balance, month, months) "{balance} at the end of {month}, over {months} months";
    IN "in";
    OUT "out";
    BUCKETS "Buckets of the challengers";
    bucket(challenger, level, outlook) "{challenger}: {level}, {outlook}";
    bucket_of(challenger) "Bucket of {challenger}";
    full(percent) "{percent} % full";
    CURVE "How concentrated weight is";
    of_members(share) "{share} of members";
    of_weight(share) "{share} of weight";
    ALL_THE_SAME_WIDE "everyone the same";
    ALL_THE_SAME "all the same";
    HEAVIEST_FIRST "of all members, heaviest first";
    FADE "My weight, month by month";
    FLOW "Where money came from and where it went";
    FROM_SAVINGS "from savings";
    KEPT "kept";
    SOURCE "source";
    USE "use";
    GAINS "Who would gain and who would lose a part of all weight";
    all_of(class) "all {class}";
    NO_SUCH_CLASS "no such class";
    LOSES "loses";
    GAINS_SIDE "gains";
    support_for(item) "Support for {item}";
    support(votes_for, votes_against, votes) "{votes_for} votes for, {votes_against} against, together {votes}";
    CLASSES "Weight by class";
    SHARES "Where my weight is placed";
    shares(ballots, idle) "{ballots} ballots hold a share; {idle} is not placed";
    UPDATE "update";
    VOTES "Votes at each update";
    votes_of(candidate, votes) "{candidate}: {votes} votes";
}
