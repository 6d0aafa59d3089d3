//! English. The rows of a noun are in a file of their own, which holds nothing else.

pub mod chart;
pub mod device;
pub mod error;
pub mod frame;
pub mod log;
pub mod numbers;
pub mod time;
pub mod way;

macro_rules! tables {
    ($($about:literal $noun:ident;)*) => {
        $(#[doc = $about]
        pub mod $noun {
            include!(concat!("en/", stringify!($noun), ".words"));
        })*
    };
}

tables! {
    "The JSON API, for programs and those who write them." api;
    "Attacks that were played on a copy of a co-op." attack;
    "People who ask to join, and those who answer them." application;
    "Members who leave, and memberships that rest." leaving;
    "The register as of a day." register;
    "Members whom a body may expel are heard." hearing;
    "The two sides of a ballot." ballot;
    "Credit of contributions: proposed, struck from, accepted, and explained." credit;
    "Bridges to forges." bridge;
    "Hours that members say they gave, and that wait for a yes." claim;
    "Passkeys: adding one, signing in by one." passkey;
    "Accounts elsewhere: signing in by one, linking one." issuer;
    "A member's own pledge." pledge;
    "Test co-ops." test_coop;
    "Commitments: options, conviction, and what is taken at the deadline." commitment;
    "Pools: money, projects, pledges and cycles." pool;
    "Requests for money of a pool." requests;
    "Labels and short sentences that several nouns share." common;
    "The rules in force, and the editor of rules." constitution;
    "Elections: their list, their standings, ballots and candidacies." decision;
    "Documents that stand for election or are in force." document;
    "The past under other rules." dry_run;
    "The edition of the program's rules of a log." edition;
    "The editor of rules." editor;
    "Signing in, and showing again who one is." sign_in;
    "First steps of founders, and how a say is earned." first_steps;
    "Leaving together." fork;
    "Forms that cannot be read." form;
    "Founders, and the powers that they have until somebody is seated." founders;
    "Founding a co-op, step by step." founding;
    "The first page, and what came about." home;
    "Invitations, and those who make them." invitation;
    "Kernels that are proposed." kernel;
    "A member's own page." me;
    "Letters to members by mail." mail;
    "The register." members;
    "The book: sums by month and year, and every entry." money;
    "Names of decisions, candidates and items." names;
    "Elections if nothing moves. A `when` is a date with its preposition: `in 3 weeks, on Monday 8 December 2025`." outlook;
    "An existing co-op moves in." move_in;
    "Outcomes on their way to a forge." outbox;
    "Powers of those who hold offices and seats, and the limits of their spending." power;
    "The standings as a move would make them." preview;
    "Priorities, and what closes." ranking;
    "The page on which gifts and the like are recorded, and the reports of imports." record;
    "Refusals as pages say them; their texts are the engine’s." refusal;
    "The rules in plain words, beside what the charter says of itself." rules;
    "Releases: files that patrons may fetch first." release;
    "Tokens of programs, and the page on which members make them." token;
    "Why there is no page, in a few words for programs; `error` has the sentences for people." trouble;
    "Sources of records that are later than expected." sources;
    "Picking a member to act as." walk_in;
    "Where a member’s weight comes from." weight;
    "Records that may be one person, and what became of them." who;
}
