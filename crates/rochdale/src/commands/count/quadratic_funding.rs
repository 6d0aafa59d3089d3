//! Quadratic funding: the match of each project, and what a pool has for it, by the engine's functions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::pool::{
    Beyond, Cut, Gift, Groups, MOST_GROUPS, MOST_PAIRS, MOST_PLEDGED, MOST_STEPS, NANO, Pledges, Rule, capped, shared,
};
use quantity::PPM;
use serde_json::{Value, json};

use super::amount::Unit;
use super::csv::Table;
use super::{bytes_of, decimal_of};
use crate::commands::{counted, print, print_json, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Funding {
    /// A table with the columns `project`, `member` and `amount`; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Money in the pool, in the table's unit; without it each project is paid its match
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pool: Option<String>,
    /// How pledges are matched
    #[arg(long, value_enum)]
    rule: Named,
    /// M of `pairwise`, in the table's unit
    #[arg(long, value_name = "M", allow_negative_numbers = true, required_if_eq("rule", "pairwise"))]
    m: Option<String>,
    /// The most that a project has of the pool under `capped`: above 0 and at most 1
    #[arg(long, value_name = "F", allow_negative_numbers = true, required_if_eq("rule", "capped"))]
    cap: Option<String>,
    /// Groups of `connected`: a table with the columns `group` and `member`, or JSON
    #[arg(long, value_name = "FILE", required_if_eq("rule", "connected"))]
    groups: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Named {
    /// (Σ√c)² − Σc
    Plain,
    /// The same, as a share of the pool where it does not hold all
    Scaled,
    /// Each pair of members damped by what they have in common
    Pairwise,
    /// The cluster match over groups
    Connected,
    /// A share of the pool that is cut at a part of it; what is cut goes to the others
    Capped,
}

/// The names of a file, by place.
#[derive(Default)]
struct Names(BTreeMap<String, u32>);

impl Names {
    fn place(&mut self, name: &str) -> u32 {
        if let Some(known) = self.0.get(name) {
            return *known;
        }
        let place = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.to_owned(), place);
        place
    }
}

impl Funding {
    pub fn run(&self) -> Result<(), Exit> {
        self.check()?;
        let given = Table::read(&self.file, bytes_of(&self.file)?)?;
        let amount = given.column("amount")?;
        let cells = given.rows().filter_map(|(_, cells)| cells.get(amount));
        let options = [&self.pool, &self.m].into_iter().flatten();
        let unit = Unit::of(cells.chain(options).map(|text| text.trim()));
        let (mut projects, mut members) = (Names::default(), Names::default());
        let gifts = gifts(&given, unit, &mut projects, &mut members)?;
        let pledges = Pledges::of(projects.0.len(), gifts).map_err(beyond)?;
        let matches = self.matches(&pledges, unit, &mut members)?;
        let (paid, cut) = self.paid(&matches, unit)?;
        let rows = projects.0.iter().map(|(name, place)| Row {
            name,
            members: pledges.members(*place as usize).len() as u64,
            pledged: u128::from(pledges.pledged(*place as usize)) * u128::from(NANO),
            matched: matches.get(*place as usize).copied().unwrap_or(0),
            paid: paid.get(*place as usize).copied().unwrap_or(0),
        });
        let rows: Vec<Row> = rows.collect();
        if self.json {
            let rows: Vec<Value> = rows.iter().map(|row| row.json(unit)).collect();
            return print_json(&json!({ "projects": rows }));
        }
        let names = |places: &[usize]| {
            let names = projects.0.iter().filter(|(_, place)| places.contains(&(**place as usize)));
            names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
        };
        print(&format!("{}{}", shown(&rows, unit), self.told(&matches, cut.as_ref(), unit, names)?))
    }

    /// Options that say nothing under the rule are bad usage.
    fn check(&self) -> Result<(), Exit> {
        let other = [
            ("--m", self.m.is_some(), Named::Pairwise, "pairwise"),
            ("--cap", self.cap.is_some(), Named::Capped, "capped"),
            ("--groups", self.groups.is_some(), Named::Connected, "connected"),
        ];
        for (option, given, rule, name) in other {
            if given && self.rule != rule {
                return Err(Exit::input(format!("`{option}` belongs to `--rule {name}`")));
            }
        }
        Ok(())
    }

    fn matches(&self, pledges: &Pledges, unit: Unit, members: &mut Names) -> Result<Vec<u128>, Exit> {
        if let (Named::Pairwise, Some(m)) = (self.rule, &self.m) {
            let m_minor = unit.read_text(m, "`--m`")?;
            if m_minor == 0 {
                return Err(Exit::input("`--m` is above 0"));
            }
            return pledges.matches_nano(&Rule::Pairwise { m_minor }).map_err(beyond);
        }
        if let (Named::Connected, Some(file)) = (self.rule, &self.groups) {
            let groups = Groups::of(&groups(file, members)?).map_err(beyond)?;
            return pledges
                .matches_nano(&Rule::Connected { groups: &groups, unit_minor: unit.minor() })
                .map_err(beyond);
        }
        pledges.matches_nano(&Rule::Plain).map_err(beyond)
    }

    /// Payments by project, in billionths of a minor unit, and how a cap came about.
    fn paid(&self, matches: &[u128], unit: Unit) -> Result<(Vec<u128>, Option<Cut>), Exit> {
        let cap = self.cap.as_ref().map(|cap| decimal_of(cap, 6, "`--cap`")).transpose()?;
        let cap_ppm = cap.map(|cap| u32::try_from(cap).ok().filter(|cap| (1..=PPM).contains(cap)));
        if cap_ppm == Some(None) {
            return Err(Exit::input("`--cap` is above 0 and at most 1"));
        }
        let Some(pool) = &self.pool else { return Ok((matches.to_vec(), None)) };
        let pool = unit.read_text(pool, "`--pool`")?;
        Ok(match cap_ppm.flatten() {
            Some(cap_ppm) => {
                let cut = capped(matches, pool, cap_ppm);
                (cut.shares_nano.clone(), Some(cut))
            }
            None => (shared(matches, pool), None),
        })
    }

    /// The pool's work on the matches, round by round.
    fn told(
        &self,
        matches: &[u128],
        cut: Option<&Cut>,
        unit: Unit,
        names: impl Fn(&[usize]) -> String,
    ) -> Result<String, Exit> {
        let all: u128 = matches.iter().fold(0, |all, matched| all.saturating_add(*matched));
        let Some(pool) = &self.pool else {
            let capped = if self.rule == Named::Capped { ", and no cap has anything to cut" } else { "" };
            return Ok(format!("without --pool each project is paid its match{capped}\n"));
        };
        let pool_nano = u128::from(unit.read_text(pool, "`--pool`")?) * u128::from(NANO);
        let mut told = if all > pool_nano {
            format!("the matches come to {}: each has pool ÷ matches of it\n", print_nano(all, unit))
        } else {
            format!("the pool holds all matches, {}\n", print_nano(all, unit))
        };
        for (round, over) in (1_u64..).zip(cut.iter().flat_map(|cut| &cut.rounds)) {
            let limit = print_nano(cut.map_or(0, |cut| cut.limit_nano), unit);
            told.push_str(&format!("round {round}: cut to {limit}, the excess goes to the others: {}\n", names(over)));
        }
        Ok(told)
    }
}

/// One project's sums, billionths of a minor unit.
struct Row<'a> {
    name: &'a str,
    members: u64,
    pledged: u128,
    matched: u128,
    paid: u128,
}

impl Row<'_> {
    fn json(&self, unit: Unit) -> Value {
        let money = |nano| print_nano(nano, unit);
        json!({
            "project": self.name,
            "pledged": money(self.pledged),
            "match": money(self.matched),
            "paid": money(self.paid),
        })
    }
}

fn shown(rows: &[Row], unit: Unit) -> String {
    let mut lines = vec![["project", "pledged by", "pledged", "match", "paid"].map(str::to_owned).to_vec()];
    for row in rows {
        let by = counted(row.members, "member", "members");
        let money = [row.pledged, row.matched, row.paid].map(|nano| print_nano(nano, unit));
        lines.push([row.name.to_owned(), by].into_iter().chain(money).collect());
    }
    table(&lines)
}

/// Billionths of a minor unit as a decimal number of the file's unit, with all places: nine and those of the minor unit.
fn print_nano(nano: u128, unit: Unit) -> String {
    let places = unit.places as usize + 9;
    let digits = format!("{nano:0>width$}", width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    format!("{whole}.{rest}")
}

fn gifts(given: &Table, unit: Unit, projects: &mut Names, members: &mut Names) -> Result<Vec<Gift>, Exit> {
    let (project, member, amount) = (given.column("project")?, given.column("member")?, given.column("amount")?);
    let mut gifts = Vec::new();
    for (place, cells) in given.rows() {
        let project = projects.place(Table::name(&place, cells, project, "project")?);
        let member = members.place(Table::name(&place, cells, member, "member")?);
        let cell = Table::name(&place, cells, amount, "amount")?;
        let minor = unit.read_text(cell, &format!("{place}: the amount"))?;
        gifts.push(Gift { project, member, minor });
    }
    Ok(gifts)
}

/// Reads groups: a table, or JSON as `{"name":["member",…]}` or `[["member",…],…]`.
fn groups(file: &Path, members: &mut Names) -> Result<Vec<Vec<u32>>, Exit> {
    let bytes = bytes_of(file)?;
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(begins, Some(b'{' | b'[')) {
        let wrong = |why: String| Exit::input(format!("{}: {why}", file.display()));
        let lists: Vec<Vec<String>> = match begins {
            Some(b'{') => serde_json::from_slice::<BTreeMap<String, Vec<String>>>(&bytes)
                .map(|named| named.into_values().collect())
                .map_err(|error| wrong(error.to_string()))?,
            _ => serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?,
        };
        return Ok(lists.iter().map(|list| list.iter().map(|name| members.place(name)).collect()).collect());
    }
    let table = Table::read(file, bytes)?;
    let (group, member) = (table.column("group")?, table.column("member")?);
    let mut groups: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (place, cells) in table.rows() {
        let list = groups.entry(Table::name(&place, cells, group, "group")?).or_default();
        list.push(members.place(Table::name(&place, cells, member, "member")?));
    }
    Ok(groups.into_values().collect())
}

fn beyond(why: Beyond) -> Exit {
    Exit::input(match why {
        Beyond::Pledged => format!("all amounts together are at most {MOST_PLEDGED} of the last place written"),
        Beyond::Pairs => format!(
            "more than {MOST_PAIRS} pairs of members give to a project together, and each is worked out by itself: \
             count fewer projects at once"
        ),
        Beyond::Groups => format!("there are more than {MOST_GROUPS} groups"),
        Beyond::Steps => format!(
            "groups and their givers take more than {MOST_STEPS} steps, since each group stands beside every other: \
             count fewer projects at once"
        ),
    })
}
