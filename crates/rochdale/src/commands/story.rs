//! `rochdale story`: the acts of members over some months, and whether the rules have the expected results.

use std::path::PathBuf;

use host::{Charter, Coop};

use crate::commands::document::read_text;
use crate::commands::edition::chosen;
use crate::commands::print;
use crate::demo::story::{Story, play};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct StoryCommand {
    /// The story: tables of acts and of their expected results
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The co-op's kernel
    #[arg(long, value_name = "FILE")]
    kernel: PathBuf,
    /// The co-op's constitution
    #[arg(long, value_name = "FILE")]
    constitution: PathBuf,
    /// The edition of the program's rules; the newest closed one if not given
    #[arg(long, value_name = "N")]
    edition: Option<u16>,
}

impl StoryCommand {
    pub fn run(self) -> Result<(), Exit> {
        let name = self.file.display().to_string();
        let story = Story::read(&name, &read_text(&self.file)?)?;
        // A story leaves no log behind, so an open edition needs no further word.
        let edition = chosen(self.edition, true)?;
        let charter = Charter::read_under(read_text(&self.kernel)?, read_text(&self.constitution)?, edition)?;
        let mut coop = Coop::in_memory(charter, true, story.founded)?;
        let differences = play(&story, &mut coop)?;
        for difference in &differences {
            print(&format!("{difference}\n"))?;
        }
        match differences.len() {
            0 => print("the story holds\n"),
            1 => Err(Exit::no("the story does not hold: 1 difference")),
            many => Err(Exit::no(format!("the story does not hold: {many} differences"))),
        }
    }
}
