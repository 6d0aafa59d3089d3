//! Opening balances in the book: entries of sixteen lines at most that balance, and what the log has of them already.

use bridges::balances::{Balance, Balances};
use bridges::{By, Fact, Place, Posting, What};
use engine::act::{Act, BookEntry};
use quantity::Moment;

use crate::batch::Batch;
use crate::codec::read_body;
use crate::error::Error;

/// The account over which balances go that have more lines than one entry. It comes to 0.
const BETWEEN: &str = "equity:opening-balances";
/// The most lines of an entry of the book.
const LINES: usize = 16;

/// Returns the bookings that balances come to. They have one source each for good: a co-op opens its book once.
pub(super) fn facts(balances: &Balances) -> Vec<Fact> {
    let posting = |row: &Balance| Posting { account: row.account.clone(), minor: row.minor };
    let entries: Vec<Vec<Posting>> = if balances.rows.len() <= LINES {
        vec![balances.rows.iter().map(posting).collect()]
    } else {
        let parts = balances.rows.chunks(LINES - 1);
        parts
            .map(|part| {
                let sum = part.iter().fold(0_i64, |sum, row| sum.saturating_add(row.minor));
                let rest = Posting { account: BETWEEN.to_owned(), minor: sum.saturating_neg() };
                part.iter().map(posting).chain((sum != 0).then_some(rest)).collect()
            })
            .collect()
    };
    let entries = entries.into_iter().enumerate();
    entries
        .map(|(at, postings)| Fact {
            place: Place { line: 1, column: 1 },
            at: balances.at,
            on: Some(balances.day.clone()),
            source: source(at),
            also: Vec::new(),
            by: By::Coop,
            what: What::Booking { narration: NARRATION.to_owned(), currency: balances.currency, postings },
        })
        .collect()
}

const NARRATION: &str = "opening balances";

fn source(at: usize) -> String {
    format!("opening-balances:{}", at.saturating_add(1))
}

/// The opening balances that the log has.
#[derive(Debug, Default)]
pub(super) struct InLog {
    /// Their moment.
    pub(super) at: Option<Moment>,
    entries: Vec<(Moment, Vec<(String, i64)>)>,
}

impl InLog {
    /// Looks them up: they are among the first entries of a log.
    pub(super) fn of(batch: &mut Batch<'_>) -> Result<InLog, Error> {
        let mut forms = Vec::new();
        while let Some(form) = batch.form_in_log(&source(forms.len()))? {
            forms.push(form);
        }
        let mut found: Vec<Option<BookEntry>> = forms.iter().map(|_| None).collect();
        let mut left = forms.len();
        if left > 0 {
            batch.each_entry(&mut |_, bytes| {
                let act = rochdale_log::decode(bytes).ok().filter(|entry| entry.kind == "book_entry");
                let act = act.and_then(|entry| read_body(&entry.kind, entry.body).ok());
                if let Some(Act::BookEntry(entry)) = act
                    && let Some(place) = forms.iter().position(|form| *form == entry.source)
                    && let Some(own) = found.get_mut(place)
                {
                    *own = Some(entry);
                    left = left.saturating_sub(1);
                }
                if left == 0 { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
            })?;
        }
        let lines = |entry: BookEntry| {
            let lines = entry.postings.into_iter().map(|posting| (posting.account, posting.minor));
            (entry.at, lines.collect())
        };
        let entries: Vec<_> = found.into_iter().flatten().map(lines).collect();
        Ok(InLog { at: entries.first().map(|(at, _)| *at), entries })
    }

    /// Whether a file has the balances that the log has.
    pub(super) fn is(&self, balances: &Balances) -> bool {
        let own = facts(balances).into_iter().filter_map(|fact| match fact.what {
            What::Booking { postings, .. } => {
                let lines: Vec<_> = postings.into_iter().map(|line| (line.account, line.minor)).collect();
                Some((fact.at, lines))
            }
            _ => None,
        });
        own.collect::<Vec<_>>() == self.entries
    }
}
