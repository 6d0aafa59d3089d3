//! A founding that is open to the holder of the founder's code, once: whoever shows the code may found, and it is good for
//! nothing from then on.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use quantity::Moment;

use crate::coop::Coop;
use crate::error::Error;
use crate::first_run::{Founder, found};
use crate::founding::Charter;
use crate::gate::code::is_same;
use crate::gate::{FreshId, Session, Tried, Tries, code_hash, network, new_code};

/// A folder in which a co-op can be founded.
#[derive(Debug)]
pub struct FirstFounding {
    folder: PathBuf,
    /// SHA-256 of the founder's code, hexadecimal.
    code: String,
    tries: Tries,
    /// Whether it is done. Held while a co-op is founded: of two founders one comes first.
    done: Mutex<bool>,
}

/// Why somebody is not the founder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFounder {
    /// The code is another one.
    Wrong,
    /// It is, and so were too many before it from there.
    TooOften,
}

impl FirstFounding {
    /// A founding in `folder`, and its founder's code: 128 random bits that are kept nowhere else.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn open(folder: &Path) -> Result<(FirstFounding, String), Error> {
        let code = new_code()?;
        let first = FirstFounding {
            folder: folder.to_owned(),
            code: code_hash(&code),
            tries: Tries::default(),
            done: Mutex::default(),
        };
        Ok((first, code))
    }

    /// Checks whether `code` is the founder's. The right one always is, whatever came from there before.
    ///
    /// # Errors
    /// It is not.
    pub fn check(&self, code: &str, from: IpAddr, now: Moment) -> Result<(), NotFounder> {
        if is_same(&code_hash(code), &self.code) {
            return Ok(());
        }
        let too_often = self.tries.note(&[Tried::Address(network(from))], now);
        Err(if too_often { NotFounder::TooOften } else { NotFounder::Wrong })
    }

    /// Founds the co-op at `now`, and begins the session `fresh` as its founder if there is one, at the moment beside it; `None` where
    /// it was founded before.
    ///
    /// # Errors
    /// As [`found`]: nothing was founded then.
    pub fn found(
        &self,
        charter: &Charter,
        founder: &Founder,
        fresh: Option<(&FreshId, Moment)>,
        now: Moment,
    ) -> Result<Option<(Coop, Session)>, Error> {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if *done {
            return Ok(None);
        }
        let (mut coop, member) = found(&self.folder, charter, founder, now)?;
        *done = true;
        let begun = fresh.map_or(now, |(_, at)| at);
        let session = Session::begun(member, begun);
        if let Some((fresh, _)) = fresh {
            coop.all_or_nothing(|batch| batch.put_session(&fresh.hash, &session))?;
        }
        Ok(Some((coop, session)))
    }
}

#[cfg(test)]
mod tests;
