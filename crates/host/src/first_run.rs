//! A co-op founded in one step: documents, log and founder, all of them or nothing. Beside [`crate::init`], which leaves the
//! founding to the first act.

use std::io::Write as _;
use std::path::Path;

use engine::{Actor, Pseudonym};
use quantity::Moment;

use crate::coop::{Coop, data_file};
use crate::directory::Person;
use crate::error::Error;
use crate::founding::{Charter, lay_out, whole};

/// Who founds a co-op.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founder {
    /// The name that the register shows.
    pub name: String,
    /// The founder's lists.
    pub lists: Vec<String>,
}

/// Whether `folder` is free for a new co-op: it is absent, or holds none of a co-op's files.
///
/// # Errors
/// It is no folder, or holds something of a co-op.
pub fn is_free(folder: &Path) -> Result<bool, Error> {
    if data_file(folder).exists() {
        return Ok(false);
    }
    let documents = ["kernel.md", "constitution.md"];
    if let Some(there) = documents.iter().find(|name| folder.join(name).exists()) {
        return Err(Error::Usage(format!(
            "`{0}` holds no co-op: it has a `{there}` and no `rochdale.db`. Move that file away, or choose another folder for `rochdale init`",
            folder.display()
        )));
    }
    let mut above = folder;
    while !above.exists() {
        let Some(parent) = above.parent().filter(|path| !path.as_os_str().is_empty()) else {
            return Ok(true);
        };
        above = parent;
    }
    if above.is_dir() {
        return Ok(true);
    }
    Err(Error::Usage(format!("`{}` holds no co-op: `{}` is not a folder", folder.display(), above.display())))
}

/// Founds a co-op in `folder` and opens it. All of it is made in a folder of its own first; the data file then appears under
/// its name at once, whole: a crash before leaves no co-op, and after it a whole one, whose documents
/// [`write_missing_documents`] writes anew.
///
/// # Errors
/// A folder that holds a co-op already, a refusal, or a fault. Then nothing is left.
pub fn found(folder: &Path, charter: &Charter, founder: &Founder, now: Moment) -> Result<(Coop, Pseudonym), Error> {
    if !is_free(folder)? {
        return Err(taken(folder));
    }
    let member = whole(folder, &["rochdale.db"], |made| make(made, charter, founder, now))?;
    let mut coop = Coop::open(folder, now)?;
    write_missing_documents(folder, &mut coop)?;
    Ok((coop, member))
}

/// Writes a founded co-op's documents into its folder where they are missing: a crash may have come between the log and them.
///
/// # Errors
/// The file system's, or a fault.
pub fn write_missing_documents(folder: &Path, coop: &mut Coop) -> Result<(), Error> {
    if !coop.is_founded() {
        return Ok(());
    }
    let founding = coop.state().founding.act.clone();
    let wanted = [("kernel.md", founding.kernel), ("constitution.md", founding.constitution)];
    for (name, hash) in wanted {
        let path = folder.join(name);
        if path.exists() {
            continue;
        }
        if let Some(text) = coop.text(&hash)? {
            let written = rochdale_log::private::new_file(&path).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|why| Error::File { path: path.display().to_string(), why })?;
        }
    }
    Ok(())
}

/// A whole co-op in a folder of its own, closed again.
fn make(folder: &Path, charter: &Charter, founder: &Founder, now: Moment) -> Result<Pseudonym, Error> {
    lay_out(folder, charter, false)?;
    let mut coop = Coop::open(folder, now)?;
    let mut batch = coop.batch()?;
    let person = Person { name: founder.name.clone(), ..Person::default() };
    let member = batch.admit_founder(&person, now)?;
    for list in &founder.lists {
        batch.put_on_list(list, member, Actor::Operator, now)?;
    }
    batch.put_founder(member)?;
    batch.commit()?;
    Ok(member)
}

fn taken(folder: &Path) -> Error {
    Error::Usage(format!("`{}` holds a co-op already: nothing was changed", folder.display()))
}

#[cfg(test)]
mod tests;
