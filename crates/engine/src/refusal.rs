//! All refusals, in order of precedence: where an act breaks several rules, the lowest number is answered.
//!
//! A refusal is a named "no" of the rules, not an error. Numbers are never reused. Each has a section in
//! `docs/spec/refusals.md`.

use std::fmt;

/// Declares the rules once: number, variant, name.
macro_rules! rules {
    ($($number:ident $name:ident => $words:literal,)*) => {
        /// The rule that said no.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Rule { $(
            #[doc = $words]
            $name,
        )* }

        impl Rule {
            /// Every rule, in order of precedence.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)*];

            /// The stable number, such as `R017`.
            #[must_use]
            pub fn number(self) -> &'static str {
                match self { $(Rule::$name => stringify!($number),)* }
            }

            /// The stable name, such as `share-exceeds-weight`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Rule::$name => $words,)* }
            }
        }
    };
}

rules! {
    R001 NotAuthorised => "not-authorised",
    R002 TimeRunsBackwards => "time-runs-backwards",
    R003 UpdateDueFirst => "update-due-first",
    R004 NotDue => "not-due",
    R005 AlreadyFounded => "already-founded",
    R006 UnknownMember => "unknown-member",
    R007 MembershipEnded => "membership-ended",
    R008 AlreadyMember => "already-member",
    R009 UnknownList => "unknown-list",
    R010 AlreadyOnList => "already-on-list",
    R011 NotOnList => "not-on-list",
    R012 UnknownDecision => "unknown-decision",
    R013 WrongKindOfDecision => "wrong-kind-of-decision",
    R014 NotInElectorate => "not-in-electorate",
    R015 UnknownCandidate => "unknown-candidate",
    R016 ScoreOutOfRange => "score-out-of-range",
    R017 ShareExceedsWeight => "share-exceeds-weight",
    R018 ShareOutOfRange => "share-out-of-range",
    R019 ScoresMissing => "scores-missing",
    R020 TooManyScores => "too-many-scores",
    R021 OnBothBallots => "on-both-ballots",
    R022 TooManyBallots => "too-many-ballots",
    R023 NothingToTakeBack => "nothing-to-take-back",
    R024 UnknownItem => "unknown-item",
    R025 ItemClosed => "item-closed",
    R026 ItemAlreadyOpen => "item-already-open",
    R027 NameNotAllowed => "name-not-allowed",
    R028 AlreadyStanding => "already-standing",
    R029 NotStanding => "not-standing",
    R030 NotHolding => "not-holding",
    R031 NotTheProposer => "not-the-proposer",
    R032 DocumentInForce => "document-in-force",
    R033 UnknownSupportKind => "unknown-support-kind",
    R034 WrongUnit => "wrong-unit",
    R035 AmountOutOfRange => "amount-out-of-range",
    R036 GivenInTheFuture => "given-in-the-future",
    R037 PartsOutOfRange => "parts-out-of-range",
    R038 SourceAlreadyRecorded => "source-already-recorded",
    R039 UnknownSource => "unknown-source",
    R040 ReversesTooMuch => "reverses-too-much",
    R041 NotBalanced => "not-balanced",
    R042 PostingsOutOfRange => "postings-out-of-range",
    R043 AccountNotAllowed => "account-not-allowed",
    R044 WrongCurrency => "wrong-currency",
    R045 NotANominee => "not-a-nominee",
    R046 TooMany => "too-many",
    R047 NoAmendment => "no-amendment",
    R048 TextMissing => "text-missing",
    R049 DoesNotCheck => "does-not-check",
    R050 FixedForGood => "fixed-for-good",
    R051 LimitExceeded => "limit-exceeded",
    R060 UnknownFork => "unknown-fork",
    R061 ForkNameTaken => "fork-name-taken",
    R062 AlreadyGoing => "already-going",
    R063 NotGoing => "not-going",
    R064 RulesStayHere => "rules-stay-here",
    R065 CarriedByOthers => "carried-by-others",
    R070 UnknownEdition => "unknown-edition",
    R071 EditionOpen => "edition-open",
    R072 EditionNotLater => "edition-not-later",
    R073 AnswersDiffer => "answers-differ",
    R074 AlreadyAnnounced => "already-announced",
    R075 ActOfLaterEdition => "act-of-later-edition",
    R076 FoundingOver => "founding-over",
    R077 TooManyActs => "too-many-acts",
    R083 NothingToBook => "nothing-to-book",
    R084 DateUnclear => "date-unclear",
    R085 OthersBehindIt => "others-behind-it",
    R089 ActsTogether => "acts-together",
    R090 NothingWaits => "nothing-waits",
    R091 AlreadyAgreed => "already-agreed",
    R092 NotAgreed => "not-agreed",
    R093 AlreadyWaits => "already-waits",
    R094 NotAmongThem => "not-among-them",
    R095 ForkNotDue => "fork-not-due",
    R096 GiftDivided => "gift-divided",
    R100 OwnSupport => "own-support",
    R101 NotMoneyIn => "not-money-in",
    R102 CountedAlready => "counted-already",
    R103 MoneyNotClaimed => "money-not-claimed",
    R104 UnknownClaim => "unknown-claim",
    R105 ReasonMissing => "reason-missing",
    R106 NotBroughtByMembers => "not-brought-by-members",
    R107 ItemWasThere => "item-was-there",
    R108 AffirmedEnough => "affirmed-enough",
    R109 TooLongAgo => "too-long-ago",
    R110 RhythmOutOfRange => "rhythm-out-of-range",
    R111 KindsOutOfRange => "kinds-out-of-range",
    R112 NotOfStanding => "not-of-standing",
    R113 NoSuchService => "no-service-name",
    R114 PledgeOfService => "pledge-of-a-service",
    R115 TooManyServices => "too-many-services",
    R116 DaysOfMembership => "days-of-membership",
    R117 OneRecord => "one-record",
    R118 PersonAndOrganisation => "person-and-organisation",
    R119 ThroughAThird => "through-a-third",
    R120 SaidToBeTwo => "said-to-be-two",
    R121 NotASide => "not-a-side",
    R122 NotJoined => "not-joined",
    R123 JoinedByBoth => "joined-by-both",
    R124 OptionsFrozen => "options-frozen",
    R125 DecisionTaken => "decision-taken",
    R126 LineMissing => "line-missing",
    R127 CreditProposed => "credit-proposed",
    R128 AcceptsNoCredit => "accepts-no-credit",
    R129 CreditPeriod => "credit-period",
    R130 NothingProposed => "nothing-proposed",
    R131 StrikesOnly => "strikes-only",
    R132 AmountMissing => "amount-missing",
    R133 MoreThanSupply => "more-than-supply",
    R134 NoSupply => "no-supply",
    R136 NotARelease => "not-a-release",
    R137 VersionTaken => "version-taken",
    R138 FileNotAllowed => "file-not-allowed",
    R139 FilesOutOfRange => "files-out-of-range",
    R140 ListUnreadable => "list-unreadable",
    R141 CreditDiffers => "credit-differs",
    R142 StrikeUnreadable => "strike-unreadable",
    R143 CreditOutOfRange => "credit-out-of-range",
    R144 CreditStands => "credit-stands",
    R150 BytesMissing => "bytes-missing",
    R151 UnknownVersion => "unknown-version",
    R152 WithdrawnAlready => "withdrawn-already",
    R153 KeptByPools => "kept-by-pools",
    R154 NotHeld => "not-held",
    R155 OwnProject => "own-project",
    R156 PeopleOutOfRange => "people-out-of-range",
    R160 PlanUnreadable => "plan-unreadable",
    R161 PlanDiffers => "plan-differs",
    R162 AddsTooMuch => "adds-too-much",
    R170 OwnRequest => "own-request",
    R171 UnknownClass => "unknown-class",
    R172 ByInvitation => "by-invitation",
    R173 UnknownApplication => "unknown-application",
    R174 MembersNotAsked => "members-not-asked",
    R175 VouchedEnough => "vouched-enough",
    R176 GiftTooSmall => "gift-too-small",
    R177 NoticeGiven => "notice-given",
    R178 NoPauses => "no-pauses",
    R179 MembershipRests => "membership-rests",
    R180 PausedLately => "paused-lately",
    R181 NotResting => "not-resting",
    R182 OwnHearing => "own-hearing",
    R183 NoHearing => "no-hearing",
    R184 TimeToAnswer => "time-to-answer",
    R210 SignatureMissing => "signature-missing",
    R211 UnknownDevice => "unknown-device",
    R212 DeviceWaits => "device-waits",
    R213 DeviceRevoked => "device-revoked",
    R214 StaleTurn => "stale-turn",
    R215 SignatureExpired => "signature-expired",
    R216 BadSignature => "bad-signature",
    R217 RulesChanged => "rules-changed",
    R218 SignedTooLongAgo => "signed-too-long-ago",
    R219 KeyNotAllowed => "key-not-allowed",
    R220 KeyTaken => "key-taken",
    R221 ConfirmsNothing => "confirms-nothing",
    R222 SignOnlyAlready => "sign-only-already",
    R223 SignedAhead => "signed-ahead",
}

/// A "no" of the rules: which rule, why in the reader's words, and what can still be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule.
    pub rule: Rule,
    /// Why, with the numbers of this case; lower case, no full stop.
    pub why: String,
    /// The way out.
    pub instead: String,
}

impl Refusal {
    /// A refusal with its words.
    #[must_use]
    pub fn new(rule: Rule, why: impl Into<String>, instead: impl Into<String>) -> Self {
        Refusal { rule, why: why.into(), instead: instead.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}; {}", self.rule.number(), self.rule.name(), self.why, self.instead)
    }
}

impl std::error::Error for Refusal {}
