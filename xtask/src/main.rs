//! Checks of the house that neither the compiler nor clippy makes: `cargo run -q -p xtask -- tidy`.
//!
//! It is a developer's tool and no part of the product.

mod source;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo run -q -p xtask -- tidy

tidy    rooms, purity, file and function length, headers, forbidden words, links, refusals,
        acts, the openings of sentences";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => run_tidy(),
        ["--help" | "-h" | "help"] => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run_tidy() -> ExitCode {
    match tidy::check_house(&tidy::root()) {
        Ok(findings) if findings.is_empty() => {
            println!("tidy: nothing found");
            ExitCode::SUCCESS
        }
        Ok(findings) => {
            for finding in &findings {
                println!("{finding}");
            }
            println!("tidy: {} found", findings.len());
            ExitCode::FAILURE
        }
        Err(fault) => {
            eprintln!("tidy could not look: {fault:#}");
            ExitCode::from(3)
        }
    }
}
