//! `rochdale lsp`: the language server for editors.

use crate::exit::Exit;
use crate::lsp;

#[derive(Debug, clap::Args)]
pub struct Lsp {}

impl Lsp {
    pub fn run(self) -> Result<(), Exit> {
        lsp::serve()
    }
}
