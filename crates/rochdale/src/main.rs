//! The binary: every command of `docs/spec/commands.md`. It parses, asks the host and the views, and prints.

mod caller;
mod commands;
mod demo;
mod exit;
mod lsp;
mod progress;
mod socket;

use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::caller::Caller;
use crate::exit::Exit;

/// A governable server for people who own something together.
#[derive(Debug, Parser)]
#[command(name = "rochdale", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
enum Command {
    /// Make a new co-op: DIR/kernel.md, DIR/constitution.md, DIR/rochdale.db
    #[command(
        after_help = "On a terminal it asks what the command line leaves open.\n\nExamples:\n  rochdale init our-coop\n  rochdale init our-coop --template open-source --name \"Our co-op\" --currency EUR --settles-in \"60 days\"\n  rochdale init club --template club --time-zone Europe/Vienna"
    )]
    Init(commands::init::Init),
    /// Serve a co-op's pages and its JSON API
    #[command(
        after_help = "Examples:\n  rochdale serve our-coop\n  rochdale serve our-coop --walk-in\n  rochdale serve new-coop\n  rochdale serve our-coop --listen 127.0.0.1:8080"
    )]
    Serve(commands::serve::Serve),
    /// Invite a member, who opens the link and takes part; admit them first if the name is new
    #[command(
        after_help = "Examples:\n  rochdale invite our-coop member-001\n  rochdale invite our-coop member-001 --for 3 --address https://coop.example\n  rochdale invite our-coop --list\n  rochdale invite our-coop --revoke member-001"
    )]
    Invite(commands::invite::Invite),
    /// Show what is on its way to forges, try or drop it, and choose what goes out
    #[command(
        after_help = "Examples:\n  rochdale outbox our-coop --all\n  rochdale outbox our-coop --bridge codeberg.org/our/tool --send close,label --every 14\n  rochdale outbox our-coop --retry 12\n  rochdale outbox our-coop --drop 13"
    )]
    Outbox(commands::outbox::OutboxCommand),
    /// Make a token for a program that records, acts or reads; list them, or end one
    #[command(
        after_help = "Examples:\n  rochdale token our-coop till --record purchase\n  rochdale token our-coop dashboard --read --as member-001 --for 30\n  rochdale token our-coop --list\n  rochdale token our-coop --end 1dc7bb68a0f3e2c4"
    )]
    Token(commands::token::TokenCommand),
    /// List what came out, publish a version of a release with its files, or withdraw one
    #[command(
        after_help = "Examples:\n  rochdale release our-coop\n  rochdale release our-coop binaries 1.4.2 tool.zip tool.zip.sig --as member-001\n  rochdale release our-coop binaries 1.4.1 --withdraw"
    )]
    Release(commands::release::ReleaseCommand),
    /// Show credit, propose that of a period from a repository, or strike from what is proposed
    #[command(
        after_help = "Examples:\n  rochdale credit show our-coop\n  rochdale credit propose our-coop ../our-repository --as member-001\n  rochdale credit propose our-coop ../our-repository --period 2025-03-01 --list\n  rochdale credit strike our-coop strikes.txt --as member-002"
    )]
    Credit(commands::credit::CreditCommand),
    /// List members who may be one person, and say whether two are
    #[command(
        after_help = "Examples:\n  rochdale who our-coop\n  rochdale who our-coop --same m_04hmasw9nf6yy member-001\n  rochdale who our-coop --two m_04hmasw9nf6yy member-001 --as member-002"
    )]
    Who(commands::who::Who),
    /// Set up a bridge to a forge (its issues come onto rankings, and work on it counts) or to Open Collective (gifts and expenses)
    #[command(
        after_help = "Examples:\n  rochdale bridge add our-coop https://github.com/owner/name --count changes --token < token\n  rochdale bridge test our-coop github.com/owner/name\n  rochdale bridge dry-run our-coop github.com/owner/name\n  rochdale bridge go our-coop github.com/owner/name\n  rochdale bridge list our-coop"
    )]
    Bridge(commands::bridge::BridgeCommand),
    /// Serve the bundled real project, its history replayed, in a temporary folder
    #[command(after_help = "Examples:\n  rochdale demo\n  rochdale demo --template consumer")]
    Demo(commands::serve::Demo),
    /// Try the rules of a co-op or a template with made-up members, in memory
    #[command(after_help = "Examples:\n  rochdale test-coop our-coop\n  rochdale test-coop --template worker")]
    TestCoop(commands::test_coop::TestCoop),
    /// Bring real records in, all of them or none; importing is idempotent
    #[command(
        after_help = "Examples:\n  rochdale import open-collective-csv transactions.csv --dir our-coop\n  rochdale import open-collective-csv transactions.csv commits-csv commits.csv --dir our-coop --replay\n  rochdale import git ../our-repository --dir our-coop\n  rochdale import https://github.com/owner/name --dir our-coop\n  rochdale import https://opencollective.com/our-coop --dir our-coop --token < token"
    )]
    Import(commands::import::Import),
    /// Move an existing co-op in: its register, dues and opening balances, checked against each other
    #[command(
        after_help = "Examples:\n  rochdale move-in our-coop --register members.csv --dues dues.csv --balances balances.csv\n  rochdale move-in our-coop --register members.csv --dues dues.csv --balances balances.csv --balances-on 2025-01-01 --keep"
    )]
    MoveIn(commands::move_in::MoveIn),
    /// Show the state of the co-op
    #[command(after_help = "Examples:\n  rochdale status our-coop\n  rochdale status our-coop --at 2025-06-30 --json")]
    Status(commands::status::Status),
    /// Show every member's weight and its reasons
    #[command(
        after_help = "Examples:\n  rochdale weights our-coop\n  rochdale weights our-coop --member member-001 --explain\n  rochdale weights our-coop --at 2025-06-30 --json"
    )]
    Weights(commands::weights::Weights),
    /// Show the register of members as of a day
    Register(commands::register::Register),
    /// Show the standings of decisions
    #[command(after_help = "Examples:\n  rochdale standings our-coop\n  rochdale standings our-coop maintainer --json")]
    Standings(commands::standings::Standings),
    /// Show the book by year or month
    #[command(
        after_help = "Examples:\n  rochdale book our-coop --by year\n  rochdale book our-coop --by month --at 2025-06-30 --json"
    )]
    Book(commands::book::Book),
    /// Write the book or the log for other programs, to standard output
    #[command(
        after_help = "Examples:\n  rochdale export our-coop --format hledger > our-coop.journal\n  rochdale export our-coop --format log > our-coop.log"
    )]
    Export(commands::export::Export),
    /// Hand acts in, one JSON object a line; one receipt or refusal a line comes back
    #[command(after_help = commands::act::help())]
    Act(commands::act::ActCommand),
    /// Make the key of a device that signs acts, without a browser
    #[command(
        after_help = "Examples:\n  rochdale device new device.key --member m_04hmasw9nf6yy > enrol.jsonl\n  rochdale act our-coop.log --sign device.key --file enrol.jsonl"
    )]
    Device(commands::device::DeviceCommand),
    /// Run every update that is due up to a date
    #[command(after_help = "Example:\n  rochdale update our-coop --until 2026-12-31")]
    Update(commands::update::Update),
    /// Show the edition of the program's rules for a log, and go on under a later one
    #[command(
        after_help = "Examples:\n  rochdale edition our-coop\n  rochdale edition our-coop --try-out 2\n  rochdale edition our-coop --announce 2 --open\n  rochdale edition our-coop --adopt 2 --open"
    )]
    Edition(commands::edition::EditionCommand),
    /// Give leaving members a co-op of their own: their part of the register, their support, their share of the money
    #[command(
        after_help = "Examples:\n  rochdale fork our-coop next ../next\n  rochdale fork our-coop next ../next --at 2026-12-31 --json"
    )]
    Fork(commands::fork::Fork),
    /// Replay and check everything; name the first wrong entry
    #[command(
        after_help = "Examples:\n  rochdale verify our-coop\n  rochdale verify our-coop.log\n  rochdale verify next --from-log our-coop"
    )]
    Verify(commands::verify::Verify),
    /// Calculators that need no co-op
    #[command(
        after_help = "Examples:\n  rochdale count quadratic ballots.json\n  rochdale count settle updates.json --json"
    )]
    Count(commands::count::Count),
    /// Check a kernel or constitution: every mistake at once
    #[command(
        after_help = "Examples:\n  rochdale check our-coop/kernel.md\n  rochdale check our-coop/constitution.md --json\n  rochdale check docs-team.md --decision docs-team --dir our-coop\n\nWhat somebody could take within rules that check: rochdale attack"
    )]
    Check(commands::check::Check),
    /// A kernel or constitution in plain English, with the numbers of the co-op at hand
    #[command(
        after_help = "Examples:\n  rochdale explain our-coop/kernel.md\n  rochdale explain better.md --dir our-coop\n  rochdale explain docs-team.md --decision docs-team --dir our-coop --json"
    )]
    Explain(commands::explain::Explain),
    /// Show the changes for members if one document took another's place
    #[command(
        after_help = "Examples:\n  rochdale diff our-coop/constitution.md better.md\n  rochdale diff our-coop/kernel.md other.md --dir our-coop --json"
    )]
    Diff(commands::diff::Diff),
    /// Replay the log's past under other rules: show what would have come out differently, and when
    #[command(
        after_help = "Examples:\n  rochdale dry-run better.md --dir our-coop\n  rochdale dry-run better.md --at 2025-06-30 --dir our-coop --json"
    )]
    DryRun(commands::dry_run::DryRun),
    /// Give a document its one layout
    #[command(
        after_help = "Examples:\n  rochdale format our-coop/kernel.md\n  rochdale format our-coop/kernel.md --check\n  rochdale format our-coop/constitution.md --write"
    )]
    Format(commands::format::Format),
    /// Serve an editor: mistakes as they are typed, plain English, the words that fit (Language Server Protocol)
    #[command(
        after_help = "An editor starts it and speaks to it over standard input and output.\n\nExample:\n  rochdale lsp"
    )]
    Lsp(commands::lsp::Lsp),
    /// Propose a document for election: rules, or another text
    #[command(
        after_help = "Examples:\n  rochdale propose our-coop constitution better.md --as member-001\n  rochdale propose our-coop code-of-conduct kind.md --as member-001"
    )]
    Propose(commands::propose::Propose),
    /// Agree to a kernel that is proposed, or take that back
    #[command(
        after_help = "Examples:\n  rochdale assent our-coop 2cf24dba --as member-001\n  rochdale assent our-coop 2cf24dba --as member-001 --take-back"
    )]
    Assent(commands::assent::Assent),
    /// Play the acts of a story over some months, and report where the results differ from the story
    #[command(
        after_help = "Example:\n  rochdale story year.md --kernel our-coop/kernel.md --constitution our-coop/constitution.md"
    )]
    Story(commands::story::StoryCommand),
    /// Try attacks on a copy of a co-op or on rules: who could take what, with how many people and how much money, in how long
    #[command(
        after_help = "Examples:\n  rochdale attack our-coop\n  rochdale attack our-coop --members 1000\n  rochdale attack --template worker --json\n  rochdale attack --kernel better.md --constitution our-coop/constitution.md"
    )]
    Attack(commands::attack::AttackCommand),
    /// Copy a co-op's data file while it is in use
    #[command(after_help = "Example:\n  rochdale backup our-coop our-coop-2026-11-20.db")]
    Backup(commands::backup::Backup),
    /// Make a co-op's folder from a backup, verified first
    #[command(after_help = "Example:\n  rochdale restore our-coop-2026-11-20.db our-coop")]
    Restore(commands::backup::Restore),
    /// Write the words that a shell completes, to standard output
    #[command(
        after_help = "Examples:\n  rochdale completions bash > ~/.local/share/bash-completion/completions/rochdale\n  rochdale completions fish > ~/.config/fish/completions/rochdale.fish"
    )]
    Completions(commands::shell::Completions),
    /// Write a manual page for each command into a folder
    #[command(after_help = "Example:\n  rochdale man ~/.local/share/man/man1")]
    Man(commands::shell::Man),
    /// Run the benchmarks of BENCHMARKS.md
    #[command(after_help = "Examples:\n  rochdale bench\n  rochdale bench update")]
    Bench(commands::bench::Bench),
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Calendar years.
    Year,
    /// Calendar months.
    Month,
}

/// A co-op's folder.
#[derive(Debug, clap::Args)]
struct Folder {
    /// The co-op's folder
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
}

fn main() -> std::process::ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let bad = error.use_stderr();
            let _ = error.print();
            return if bad { exit::BAD_INPUT.into() } else { exit::DONE.into() };
        }
    };
    let command = arguments.command;
    if let Some(handed_over) = command.writes().and_then(socket::client::hand_over) {
        return socket::client::end(handed_over);
    }
    match run(command) {
        Ok(()) => exit::DONE.into(),
        Err(exit) => exit.report(),
    }
}

impl Command {
    /// The folder of the co-op that this command writes, where it can be handed to its server.
    fn writes(&self) -> Option<&Path> {
        match self {
            Command::Invite(command) => command.writes(),
            Command::Outbox(command) => command.writes(),
            Command::Release(command) => command.writes(),
            Command::Credit(command) => command.writes(),
            Command::Token(command) => command.writes(),
            Command::Who(command) => command.writes(),
            Command::Bridge(command) => command.writes(),
            Command::Import(command) => Some(&command.dir),
            Command::MoveIn(command) => Some(&command.dir),
            Command::Act(command) => command.writes(),
            Command::Update(command) => Some(&command.folder.dir),
            Command::Edition(command) => command.writes(),
            Command::Fork(command) => Some(&command.dir),
            Command::Propose(command) => Some(&command.dir),
            Command::Assent(command) => Some(&command.dir),
            _ => None,
        }
    }

    /// Carries out a command that writes, for whoever called it.
    fn write(self, caller: &Caller) -> Result<(), Exit> {
        match self {
            Command::Invite(command) => command.run(caller),
            Command::Outbox(command) => command.run(caller),
            Command::Release(command) => command.run(caller),
            Command::Credit(command) => command.run(caller),
            Command::Token(command) => command.run(caller),
            Command::Who(command) => command.run(caller),
            Command::Bridge(command) => command.run(caller),
            Command::Import(command) => command.run(caller),
            Command::MoveIn(command) => command.run(caller),
            Command::Act(command) => command.run(caller),
            Command::Update(command) => command.run(caller),
            Command::Edition(command) => command.run(caller),
            Command::Fork(command) => command.run(caller),
            Command::Propose(command) => command.run(caller),
            Command::Assent(command) => command.run(caller),
            _ => Err(Exit::input("a server carries out commands that write, and no others")),
        }
    }
}

fn run(command: Command) -> Result<(), Exit> {
    match command {
        Command::Init(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::TestCoop(command) => command.run(),
        Command::Status(command) => command.run(),
        Command::Weights(command) => command.run(),
        Command::Register(command) => command.run(),
        Command::Standings(command) => command.run(),
        Command::Book(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Count(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::DryRun(command) => command.run(),
        Command::Format(command) => command.run(),
        Command::Lsp(command) => command.run(),
        Command::Story(command) => command.run(),
        Command::Attack(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Restore(command) => command.run(),
        Command::Completions(command) => command.run(Arguments::command()),
        Command::Man(command) => command.run(Arguments::command()),
        Command::Device(command) => command.run(),
        Command::Bench(command) => command.run(),
        command => command.write(&Caller::Here),
    }
}
