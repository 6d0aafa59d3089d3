//! `rochdale attack`: what somebody could take from a co-op within its rules, tried on a copy, the worst first.

use std::path::{Path, PathBuf};

use ::attack::{Ground, Report, attack};
use engine::Edition;
use host::{Charter, Coop};
use quantity::Money;

use crate::commands::document::read_text;
use crate::commands::edition::chosen;
use crate::commands::{counted, print, print_json, read};
use crate::exit::Exit;

/// The most equal members that are made up: a course with more of them takes minutes.
const MOST_MEMBERS: u32 = 10_000;

#[derive(Debug, clap::Args)]
pub struct AttackCommand {
    /// The co-op's folder; one that is not founded yet is tried with equal members
    #[arg(value_name = "DIR", default_value = ".", conflicts_with_all = ["template", "kernel"])]
    dir: PathBuf,
    /// Try a template instead of a co-op
    #[arg(long, value_name = "NAME", conflicts_with = "kernel")]
    template: Option<String>,
    /// Try a kernel, with `--constitution`, instead of a co-op
    #[arg(long, value_name = "FILE", requires = "constitution")]
    kernel: Option<PathBuf>,
    /// The constitution beside `--kernel`
    #[arg(long, value_name = "FILE", requires = "kernel")]
    constitution: Option<PathBuf>,
    /// Try the rules on so many equal members instead of the register; 100 where there is none
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_MEMBERS)))]
    members: Option<u32>,
    /// Their money, in whole units of the currency
    #[arg(long, value_name = "AMOUNT", default_value_t = 10_000, value_parser = clap::value_parser!(u32))]
    balance: u32,
    /// The edition of the program's rules, without a co-op; the newest closed one if not given
    #[arg(long, value_name = "N")]
    edition: Option<u16>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl AttackCommand {
    pub fn run(self) -> Result<(), Exit> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let ground = self.ground(threads)?;
        let report = attack(&ground, threads).map_err(broken)?;
        if self.json { print_json(&report) } else { print(&in_words(&report)) }
    }

    fn ground(&self, threads: usize) -> Result<Ground, Exit> {
        if let Some(name) = &self.template {
            let Some(template) = charter::template_under(name, chosen(self.edition, true)?) else {
                let words = format!("there is no template `{name}`: there are {}", charter::templates().join(", "));
                return Err(Exit::input(words));
            };
            let currency = quantity::Currency::parse("USD").ok_or_else(|| Exit::input("USD is unknown"))?;
            let filled = template.fill(name, currency);
            return self.equal(self.read(filled.kernel, filled.constitution)?, threads);
        }
        if let (Some(kernel), Some(constitution)) = (&self.kernel, &self.constitution) {
            return self.equal(self.read(read_text(kernel)?, read_text(constitution)?)?, threads);
        }
        let coop = read(&self.dir)?;
        if !coop.is_founded() {
            return self.equal(self.of_folder(&self.dir)?, threads);
        }
        if self.members.is_none() {
            if coop.state().last_update.is_none() {
                return Err(Exit::no(
                    "nothing has been counted yet: give `--members N` to try the rules on equal members",
                ));
            }
            return Ok(Ground::of(coop.state()));
        }
        self.equal(in_force(&coop)?, threads)
    }

    fn of_folder(&self, folder: &Path) -> Result<Charter, Exit> {
        Ok(Charter::of_folder(folder, chosen(self.edition, true)?)?)
    }

    /// No log is made, so an open edition needs no further word.
    fn read(&self, kernel: String, constitution: String) -> Result<Charter, Exit> {
        Ok(Charter::read_under(kernel, constitution, chosen(self.edition, true)?)?)
    }

    fn equal(&self, charter: Charter, threads: usize) -> Result<Ground, Exit> {
        let members = self.members.unwrap_or(100);
        let digits = u32::from(charter.rules.kernel.currency.digits());
        let balance = i64::from(self.balance).saturating_mul(10_i64.saturating_pow(digits));
        let texts = (charter.kernel.as_str(), charter.constitution.as_str());
        Ground::equal_members(charter.rules.clone(), texts, members, balance, threads).map_err(broken)
    }
}

/// The rules in force of a co-op, as texts.
fn in_force(coop: &Coop) -> Result<Charter, Exit> {
    let state = coop.state();
    let constitution = state.decision(engine::chamber::ROOT).and_then(|root| root.in_force()?.text.clone());
    let (Some(kernel), Some(constitution)) = (state.amendment.text.clone(), constitution) else {
        return Err(Exit::no("the texts of the rules in force are missing beside the log"));
    };
    let edition: Edition = state.editions.current;
    Ok(Charter::read_under(kernel.to_string(), constitution.to_string(), edition)?)
}

fn broken(broken: quantity::Broken) -> Exit {
    host::Error::Broken { entry: 0, broken }.into()
}

fn in_words(report: &Report) -> String {
    let currency = quantity::Currency::parse(&report.currency);
    let balance =
        currency.map_or_else(String::new, |currency| Money { minor: report.balance_minor, currency }.to_string());
    let members = counted(report.members, "member", "members");
    let mut text = format!("{}\n\n", words::attack::title(members, balance));
    for (place, one) in report.attacks.iter().enumerate() {
        let held = if one.through { words::attack::GETS_THROUGH } else { words::attack::HELD };
        let place = place.saturating_add(1);
        text.push_str(&format!("{place}. {}, {}: {held}\n   {}\n\n", one.attack, one.target, one.says));
    }
    text
}
