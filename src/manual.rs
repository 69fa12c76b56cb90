//! `completions` and `man`: what shells and manuals know of the command line.

use std::io::Write;

use clap::CommandFactory;
use ecrewrite::report::Status;
use ecrewrite::source::display;
use ecrewrite::system::said;

use crate::Failure;
use crate::args::{Cli, CompletionsArgs, ManArgs};

/// Prints what a shell reads to complete commands.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "ecrewrite", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Status::Clean)
}

/// Prints the page of the program, or writes it with those of its verbs.
pub(crate) fn pages(args: &ManArgs) -> Result<Status, Failure> {
    let command = Cli::command().disable_help_subcommand(true);
    let Some(folder) = &args.out_dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        std::io::stdout().lock().write_all(&page)?;
        return Ok(Status::Clean);
    };
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    written.map_err(|error| Failure::Misuse(format!("{}: cannot be written: {}", display(folder), said(&error))))?;
    Ok(Status::Clean)
}
