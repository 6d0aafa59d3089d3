//! A fork's new co-op, written as the old log gives it. Profiles are copied beside the log; ballots stay behind.

use std::io::Write as _;

use engine::act::{Act, AdmitMember, Pointer};
use engine::fork::Extract;
use engine::{Actor, Pseudonym};
use quantity::Moment;

use super::{failed, sync_folder};
use crate::batch::Batch;
use crate::codec::read_body;
use crate::coop::{Coop, data_file};
use crate::directory::{Origin, Person, Profile};
use crate::error::Error;
use crate::founding::{Charter, begin_log_of};
use crate::written::Written;

/// Writes the co-op `coop` into `folder`: its documents, and a log that begins with `pointer` and goes on with what goes along.
/// `old` has the completed fork.
pub(super) fn build(
    old: &mut Batch<'_>,
    folder: &Written,
    coop: &str,
    pointer: Pointer,
    time: Moment,
) -> Result<(), Error> {
    let fork = old.state().forks.completed_named(&pointer.fork);
    let chosen = fork.map(|fork| (fork.kernel.clone(), fork.constitution.clone(), fork.edition));
    let (kernel, constitution, edition) = chosen.unwrap_or_default();
    // docs/spec/fork.md: the new log begins under the edition that the old one goes on under at that moment.
    let charter = Charter::read_under(text(old, &kernel)?, text(old, &constitution)?, edition)?;
    begin(folder, coop, &charter, old.is_demonstration())?;
    let mut new = Coop::open(&folder.real(), time)?;
    // While it is made the folder holds nothing but what a next try may clear away.
    new.shelf = None;
    if let Some(charter) = &mut new.charter {
        charter.forked_from = Some(pointer.clone());
    }
    // A clone, because the old co-op's profiles and entries are read while it is asked.
    let state = old.state().clone();
    let Some(mut extract) = Extract::new(&state, &pointer.fork) else {
        return Ok(());
    };
    let mut to = new.batch()?;
    to.run_due(time)?;
    // docs/spec/fork.md, What goes along: members come first, then support, then what is taken back of gifts that were
    // divided, then the money, all at one moment.
    for act in extract.members(&charter.rules.kernel) {
        match &act {
            Act::AdmitMember(admit) => admit_as(old, &mut to, admit, time)?,
            act => append(&mut to, act, time)?,
        }
    }
    copy_support(old, &mut to, &mut extract, time)?;
    for act in extract.divided(&pointer.coop) {
        append(&mut to, &act, time)?;
    }
    if let Some(money) = extract.money(&pointer.coop) {
        append(&mut to, &money, time)?;
    }
    to.commit()?;
    drop(new);
    // All of it is on storage before the old log's entry is saved, which nothing takes back.
    sync_folder(folder)?;
    sync_folder(&folder.parent())
}

fn text(old: &mut Batch<'_>, hash: &str) -> Result<String, Error> {
    let missing = || Error::Usage(format!("the text {hash} is not beside the log any more"));
    old.text(hash)?.ok_or_else(missing)
}

/// With its sources as the old log gives them, so that both logs can be compared.
fn append(to: &mut Batch<'_>, act: &Act, time: Moment) -> Result<(), Error> {
    to.append_copied(act, None, time).map(|_| ())
}

fn source_of(act: &Act) -> Option<&str> {
    match act {
        Act::RecordSupport(act) => Some(&act.source),
        Act::ReverseSupport(act) => Some(&act.source),
        _ => None,
    }
}

/// Under the pseudonym of the old log, with the profile that is kept there; without one if it was erased.
fn admit_as(old: &mut Batch<'_>, to: &mut Batch<'_>, admit: &AdmitMember, time: Moment) -> Result<(), Error> {
    let Some(profile) = profile(old, admit.member)? else {
        return append(to, &Act::AdmitMember(admit.clone()), time);
    };
    let (organisation, origin) =
        (admit.organisation, if profile.is_elsewhere() { Origin::Elsewhere(String::new()) } else { Origin::Coop });
    let person =
        Person { name: profile.name, emails: profile.emails, handle: profile.handle, id: None, organisation, origin };
    to.admit_as(admit.member, &person, Actor::Operator, time)?;
    to.know_by(admit.member, &profile.also)
}

fn profile(old: &mut Batch<'_>, member: Pseudonym) -> Result<Option<Profile>, Error> {
    old.profile(member)
}

/// Copies the records of the leaving members, as they are in the old log.
fn copy_support(old: &mut Batch<'_>, to: &mut Batch<'_>, extract: &mut Extract<'_>, time: Moment) -> Result<(), Error> {
    let mut result = Ok(());
    let kept = old.sources()?;
    old.each_entry(&mut |_, bytes| {
        result = support(bytes).and_then(|act| match act.and_then(|act| extract.copy(act)) {
            Some(act) => {
                let plain = source_of(&act).and_then(|form| kept.get_key_value(form));
                to.append_copied(&act, plain.map(|(form, plain)| (form.as_str(), plain.as_str())), time).map(|_| ())
            }
            None => Ok(()),
        });
        match result {
            Ok(()) => std::ops::ControlFlow::Continue(()),
            Err(_) => std::ops::ControlFlow::Break(()),
        }
    })?;
    result
}

/// The act of an entry that records support or takes it back.
pub(super) fn support(bytes: &[u8]) -> Result<Option<Act>, Error> {
    let damaged = |why: String| Error::Usage(format!("an entry of the old log cannot be read: {why}"));
    let entry = rochdale_log::decode(bytes).map_err(|bad| damaged(bad.to_string()))?;
    if !matches!(&*entry.kind, "record_support" | "reverse_support") {
        return Ok(None);
    }
    let act = read_body(&entry.kind, entry.body).map_err(|misread| damaged(misread.to_string()))?;
    Ok(Some(act))
}

/// The folder with both documents and an empty log.
fn begin(folder: &Written, coop: &str, charter: &Charter, demonstration: bool) -> Result<(), Error> {
    rochdale_log::private::folder(&folder.real()).map_err(|why| failed(folder, why))?;
    for (name, text) in [("kernel.md", &charter.kernel), ("constitution.md", &charter.constitution)] {
        let path = folder.join(name);
        let written = rochdale_log::private::fresh_file(&path.real()).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|why| failed(&path, why))?;
    }
    let mut store = rochdale_log::Sqlite::open(data_file(&folder.real()))?;
    begin_log_of(&mut store, coop, demonstration, charter.edition)
}
