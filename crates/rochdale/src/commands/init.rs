//! `rochdale init`: a new co-op from a template.

use std::path::PathBuf;

use host::Charter;

use crate::commands::print;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Init {
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// What to start from: open-source, consumer, worker, club
    #[arg(long, value_name = "NAME")]
    template: String,
    /// What the co-op is called; the folder's name if not given
    #[arg(long, value_name = "N")]
    name: Option<String>,
    /// ISO 4217 code
    #[arg(long, value_name = "CODE", default_value = "USD")]
    currency: String,
}

impl Init {
    pub fn run(self) -> Result<(), Exit> {
        let Some(template) = charter::template(&self.template) else {
            let known = charter::templates().join(", ");
            return Err(Exit::input(format!(
                "there is no template `{}`: one of {known}",
                self.template
            )));
        };
        let Some(currency) = quantity::Currency::parse(&self.currency) else {
            return Err(Exit::input(format!(
                "`{}` is not an ISO 4217 currency code, such as USD or EUR",
                self.currency
            )));
        };
        let folder_name = || {
            self.dir.file_name().map_or_else(
                || "co-op".to_owned(),
                |name| name.to_string_lossy().into_owned(),
            )
        };
        let name = self.name.clone().unwrap_or_else(folder_name);
        let filled = template.fill(&name, currency);
        let charter = Charter::read(filled.kernel, filled.constitution)?;
        host::init(&self.dir, &charter, false)?;
        let dir = self.dir.display();
        print(&format!(
            "{dir}/kernel.md        who has weight, and how the rules change\n{dir}/constitution.md  the decisions members take\n{dir}/rochdale.db      the log\n\nRead and edit the two documents: they come into force with the first act or import.\nThen: rochdale import members-csv FILE --dir {dir}\n      rochdale serve {dir} --walk-in\n"
        ))
    }
}
