//! Everything in a data file that no read of a log would notice: tables and triggers of others, rows of no co-op, and a table of
//! keys that is not what the entries say. Whether these are right is not looked at: `chain` and `host` do that.

use std::{collections::BTreeMap, ops::ControlFlow};

use rusqlite::{Connection, OptionalExtension};

use super::{KEYS_APART, Sqlite, connect, fault::fault, seq_of};
use crate::{
    entry::decode,
    hash::document_hash,
    store::{Fault, Store as _},
};

/// The tables whose rows belong to a co-op that has a head.
const OF_CO_OPS: [&str; 3] = ["entries", "keys", "records"];

/// The definitions in a schema, by kind and name.
type Schema = BTreeMap<(String, String), String>;

impl Sqlite {
    /// Names the first thing in the file that does not belong there.
    pub(super) fn audit(&mut self) -> Result<(), Fault> {
        let format = connect::format(&self.connection)?;
        same_schema(&schema_of(&self.connection)?, &connect::own_tables(format).and_then(|own| schema_of(&own))?)?;
        let coops = self.coops()?;
        let apart = (format >= KEYS_APART).then_some("keys_until");
        for table in OF_CO_OPS.into_iter().chain(apart) {
            of_co_ops(&self.connection, table, &coops)?;
        }
        coops.iter().try_for_each(|coop| {
            begins_with_one(&self.connection, coop)?;
            self.same_keys(coop, format)
        })
    }

    /// Compares the table of keys with the entries that it goes up to, both ways: by sums that do not depend on the order, so that
    /// neither has to be held.
    fn same_keys(&mut self, coop: &str, format: i64) -> Result<(), Fault> {
        let last = self.head(coop)?.seq;
        let until = if format < KEYS_APART { last } else { self.keys_until(coop)? };
        if until > last {
            return Err(Fault::Damaged(format!("`keys_until` says entry {until}, and the log ends with entry {last}")));
        }
        let mut of_entries: u128 = 0;
        self.each_key(coop, until, &mut |key, seq| of_entries = of_entries.wrapping_add(mark(key, seq)))?;
        let mut of_table: u128 = 0;
        each_row(&self.connection, coop, &mut |key, seq| of_table = of_table.wrapping_add(mark(key, seq)))?;
        if of_entries == of_table {
            return Ok(());
        }
        let mut left = BTreeMap::new();
        each_row(&self.connection, coop, &mut |key, seq| {
            left.insert(key.to_owned(), seq);
        })?;
        let mut missing = None;
        self.each_key(coop, until, &mut |key, seq| {
            if left.get(key) == Some(&seq) {
                left.remove(key);
            } else if missing.is_none() {
                missing = Some(seq);
            }
        })?;
        let words = match (missing, left.into_iter().next()) {
            (Some(seq), _) => format!("the table `keys` does not have the key of entry {seq}"),
            (None, Some((key, seq))) => {
                format!("the table `keys` has the key `{key}` for entry {seq}, which has another or none")
            }
            (None, None) => "the table `keys` differs from the entries".to_owned(),
        };
        Err(Fault::Damaged(words))
    }

    /// The keys of the entries up to `until`, in order. An entry that cannot be read is named by the verification of the log.
    fn each_key(&mut self, coop: &str, until: u64, each: &mut dyn FnMut(&str, u64)) -> Result<(), Fault> {
        self.read(coop, 1, &mut |seq, bytes| {
            if seq > until {
                return ControlFlow::Break(());
            }
            if let Some(entry) = decode(bytes).ok().filter(|entry| !entry.key.is_empty()) {
                each(&entry.key, seq);
            }
            ControlFlow::Continue(())
        })
    }
}

/// A number for a key and its entry, of the first half of a SHA-256: the sum of two other sets is not the same by chance.
fn mark(key: &str, seq: u64) -> u128 {
    let mut bytes = seq.to_be_bytes().to_vec();
    bytes.extend_from_slice(key.as_bytes());
    document_hash(&bytes).0.iter().take(16).fold(0, |sum: u128, byte| (sum << 8) | u128::from(*byte))
}

fn each_row(connection: &Connection, coop: &str, each: &mut dyn FnMut(&str, u64)) -> Result<(), Fault> {
    let mut select = connection.prepare("SELECT key, seq FROM keys WHERE coop = ?1").map_err(fault)?;
    let mut rows = select.query([coop]).map_err(fault)?;
    while let Some(row) = rows.next().map_err(fault)? {
        let key = row.get_ref(0).map_err(fault)?.as_bytes().unwrap_or_default();
        each(&String::from_utf8_lossy(key), seq_of(row, 1).map_err(fault)?);
    }
    Ok(())
}

fn schema_of(connection: &Connection) -> Result<Schema, Fault> {
    let mut select = connection.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema").map_err(fault)?;
    let rows = select.query_map((), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).map_err(fault)?;
    rows.collect::<Result<_, _>>().map_err(fault)
}

fn same_schema(found: &Schema, own: &Schema) -> Result<(), Fault> {
    for (place, sql) in found {
        let (kind, name) = place;
        match own.get(place) {
            None => return Err(Fault::Damaged(format!("it has the {kind} `{name}`, which is not Rochdale's"))),
            Some(known) if known != sql => {
                return Err(Fault::Damaged(format!("its {kind} `{name}` is another one than Rochdale makes")));
            }
            Some(_) => {}
        }
    }
    match own.keys().find(|place| !found.contains_key(*place)) {
        Some((kind, name)) => Err(Fault::Damaged(format!("its {kind} `{name}` is missing"))),
        None => Ok(()),
    }
}

/// Each row of `table` belongs to one of `coops`. One look-up for each co-op that has rows.
fn of_co_ops(connection: &Connection, table: &str, coops: &[String]) -> Result<(), Fault> {
    let sql = format!("SELECT coop FROM {table} WHERE coop > ?1 ORDER BY coop LIMIT 1");
    let mut select = connection.prepare(&sql).map_err(fault)?;
    // The empty text is a co-op's id too, where somebody has written it.
    let mut next: Option<String> = connection
        .query_row(&format!("SELECT coop FROM {table} ORDER BY coop LIMIT 1"), (), |row| row.get(0))
        .optional()
        .map_err(fault)?;
    while let Some(coop) = next {
        if coops.binary_search(&coop).is_err() {
            return Err(Fault::Damaged(format!("the table `{table}` has rows of `{coop}`, whose log is not in it")));
        }
        next = select.query_row([&coop], |row| row.get(0)).optional().map_err(fault)?;
    }
    Ok(())
}

/// No row of entries stands before the first: a read begins there, and would not see it.
fn begins_with_one(connection: &Connection, coop: &str) -> Result<(), Fault> {
    let sql = "SELECT seq FROM entries WHERE coop = ?1 ORDER BY seq LIMIT 1";
    let first: Option<i64> = connection.query_row(sql, [coop], |row| row.get(0)).optional().map_err(fault)?;
    match first {
        Some(first) if first < 1 => {
            Err(Fault::Damaged(format!("the table `entries` has a row {first}, and a log begins with entry 1")))
        }
        _ => Ok(()),
    }
}
