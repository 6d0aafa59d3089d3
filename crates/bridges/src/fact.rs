//! One fact from outside, as a bridge hands it out: with its time, its place in the file and its source.
//! It is no act: the host matches people to members and decides which acts to submit.

use quantity::{Currency, Moment};

/// One credit in micro-credits.
pub const MICRO_CREDITS: i64 = 1_000_000;

/// A place in a file. For a CSV row it is the first character of the cell that matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1. A record that spans lines counts each of them.
    pub line: u64,
    /// The character within the line, from 1; a byte order mark is not counted.
    pub column: u64,
}

/// A person or organisation as the source knows them. The host finds the member of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name as written, without spaces around it; never empty.
    pub name: String,
    /// E-mail addresses in lower case, sorted.
    pub emails: Vec<String>,
    /// The short name that the source gives each account.
    pub handle: Option<String>,
    /// The id that the source never gives to another account, where it says one.
    pub id: Option<String>,
}

/// The unit of an amount of support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minor units of a currency.
    Money(Currency),
    /// Seconds of work or of computing.
    Seconds,
    /// Millionths of a credit.
    MicroCredits,
}

/// A line of a booking: positive is into the account (debit), negative out of it (credit).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Parts joined by `:`, from the root; never a person's name.
    pub account: String,
    /// Minor units of the booking's currency.
    pub minor: i64,
}

/// One fact from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its place in the file.
    pub place: Place,
    /// When it happened, as the source says.
    pub at: Moment,
    /// The day, `YYYY-MM-DD` in the co-op's zone, where the source gives a day without a time; `at` is its first moment.
    pub on: Option<String>,
    /// Its key, such as `open-collective:fcc0362f`: unique for each fact, and the same whenever the same record
    /// is read again, so that importing is idempotent.
    pub source: String,
    /// Other keys of the same record: in another export of its place, or as an earlier version of this program wrote it. A
    /// record is known where any of its keys is.
    pub also: Vec<String>,
    /// Who can correct the record.
    pub by: By,
    /// The event itself.
    pub what: What,
}

/// Who wrote a record. A mistake in the co-op's own file stops its import; what strangers chose never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The co-op: its register, its table of support.
    Coop,
    /// People elsewhere, on a site that dates their records: donors, authors of issues.
    Outside,
    /// People elsewhere who say everything themselves, the date too: authors of commits.
    Author,
}

/// Something about a row that its reader should hear of, since no fact says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// The row is booked and gives nobody support.
    OnlyBooked,
    /// Nothing says how often the gift comes.
    HowOftenUnsaid,
    /// Fees were kept back and the file does not say which.
    WithoutFees,
}

impl Note {
    /// Returns the words for `count` such rows.
    #[must_use]
    pub fn words(self, count: u64) -> String {
        let (rows, give, gifts, count_as) = match count {
            1 => ("row", "gives", "gift", "does not say how often it comes, and counts once"),
            _ => ("rows", "give", "gifts", "do not say how often they come, and count once each"),
        };
        match self {
            Self::OnlyBooked => format!("{count} {rows} only touched the book and {give} nobody support"),
            Self::HowOftenUnsaid => format!("{count} {gifts} {count_as}: the column `orderFrequency` would say it"),
            Self::WithoutFees => format!(
                "{count} {gifts} before 2024 counted without the fees that were kept back: export those years with the preset `Legacy Platform Default (Pre-2024)`"
            ),
        }
    }
}

/// The event that a fact reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody is in the register since this moment.
    Member {
        person: Identity,
        organisation: bool,
        /// Names of lists that they are on.
        lists: Vec<String>,
        /// Their last day, `YYYY-MM-DD` in the co-op's zone, where the register has one.
        left_on: Option<String>,
    },
    /// Somebody gave something.
    Support {
        person: Identity,
        /// `donation`, `pledge`, `purchase`, `dues`, `hours`, `contribution`, `compute`, `loan` or
        /// `share-capital`.
        kind: &'static str,
        /// In `unit`; positive.
        amount: i64,
        unit: Unit,
        /// 1, or the number of equal monthly parts that it counts as, beginning with its own month.
        months: u32,
        /// For a pledge that renews itself: payments of the same series by the same person take each
        /// other's place.
        pledge_series: Option<String>,
        /// For a pledge: the calendar months it lasts, its own included, unless renewed. Else 0.
        stands_months: u32,
        /// The accounts that the money went to and came from, where no booking of its own says so.
        book: Option<[String; 2]>,
        /// The part of the co-op that it was given to, such as `food`.
        service: Option<String>,
    },
    /// An earlier support is taken back.
    Reversal {
        /// The keys of the support that is taken back, in this file or an earlier one. They mean one record.
        of: Vec<String>,
        /// In the unit of the support that is taken back; positive.
        amount: i64,
    },
    /// Money moved. INVARIANT: the postings sum to zero, are not empty, and hold no person's name.
    Booking { narration: String, currency: Currency, postings: Vec<Posting> },
    /// Something that members can rank.
    Item {
        /// The ranking's bridge name, such as `forge`.
        list: String,
        /// Unique in its repository.
        id: String,
        /// Its repository, such as `github.com/owner/name`, where its page's address says so.
        place: Option<String>,
        /// Empty where it is not for everybody any more.
        title: String,
        /// Only `https`.
        url: Option<String>,
        labels: Vec<String>,
        closed: bool,
        /// Whether it was closed by the source's word before this one, where the caller knows it.
        was_closed: Option<bool>,
    },
}
