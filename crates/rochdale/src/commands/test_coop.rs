//! `rochdale test-coop`: the rules of a co-op, or of a template, with made-up members in memory. Nothing is written anywhere.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use host::{Charter, clock};
use quantity::Currency;

use crate::commands::read;
use crate::commands::serve::{Commands, LISTEN, Served, start, walk_in};
use crate::exit::Exit;

/// The words below the address.
const WORDS: &str = "A test co-op: its members and all that they gave are made up, and its time goes forward by a press. Ctrl-C ends it; nothing of it is written.\n";

#[derive(Debug, clap::Args)]
pub struct TestCoop {
    /// The co-op whose rules in force are tried; nothing in its folder is changed
    #[arg(value_name = "DIR", required_unless_present = "template", conflicts_with = "template")]
    dir: Option<PathBuf>,
    /// Try the rules of this template instead
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(charter::templates()))]
    template: Option<String>,
    /// Where to listen; visitors act as any member, so on loopback only
    #[arg(long, value_name = "ADDRESS", default_value_t = LISTEN)]
    listen: SocketAddr,
}

impl TestCoop {
    pub fn run(self) -> Result<(), Exit> {
        walk_in(self.listen)?;
        let (kernel, constitution) = match (&self.dir, &self.template) {
            (Some(dir), _) => in_force(dir)?,
            (None, name) => of_template(name.as_deref().unwrap_or_default())?,
        };
        let charter = Charter::for_test(kernel, constitution)?;
        start(Served::Test(Box::new(charter)), self.listen, &Commands::default(), |_| WORDS.to_owned())
    }
}

/// The texts in force of the co-op in a folder; before its founding those that it would be founded on.
fn in_force(dir: &Path) -> Result<(String, String), Exit> {
    let coop = read(dir)?;
    if !coop.is_founded() {
        let edition = host::edition_of_folder(dir)?.unwrap_or(engine::Edition::ONE);
        let charter = Charter::of_folder(dir, edition)?;
        return Ok((charter.kernel, charter.constitution));
    }
    let documents = views::rules_report(&coop.sight(clock::now())).documents;
    let text = |of: &str| documents.iter().find(|one| one.decision == of).map(|one| one.text.clone());
    text("kernel").zip(text("constitution")).ok_or_else(|| Exit::world("the texts in force are not there"))
}

fn of_template(name: &str) -> Result<(String, String), Exit> {
    let known = charter::template(name).zip(Currency::parse("EUR"));
    let (template, currency) = known.ok_or_else(|| Exit::input(format!("there is no template `{name}`")))?;
    let filled = template.fill("A test co-op", currency);
    Ok((filled.kernel, filled.constitution))
}
