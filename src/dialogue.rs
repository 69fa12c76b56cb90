//! The questions of `init`, at a terminal.

use std::io::{BufRead, Write};

use ecrewrite::Registry;
use ecrewrite::home::Home;

use crate::Failure;
use crate::proposal::{Choice, Proposal};

/// Asks for what a proposal leaves open, and for what is the user's to decide.
pub(crate) fn decide(proposal: &mut Proposal) -> Result<(), Failure> {
    for (home, choice) in [(Home::Account, &mut proposal.account), (Home::Region, &mut proposal.region)] {
        if !choice.is_given {
            choose(home, choice)?;
        }
    }
    let new: Vec<usize> = (0..proposal.rules.len()).filter(|at| !proposal.rules[*at].is_defined).collect();
    let (taken, others): (Vec<usize>, Vec<usize>) = new.into_iter().partition(|at| proposal.rules[*at].is_taken);
    if !taken.is_empty() {
        say("\nCache rules, with the prefixes that the console of ECR proposes:")?;
        for rule in taken.iter().map(|at| &proposal.rules[*at]) {
            say(&format!("  {}: {} ({})", rule.upstream, rule.prefix, rule.because))?;
        }
        if !confirm("Take them?", Default::Yes)? {
            taken.iter().for_each(|at| proposal.rules[*at].is_taken = false);
        }
    }
    for at in others {
        let rule = &proposal.rules[at];
        if !rule.needs_secret {
            continue;
        }
        say(&format!(
            "\nThe cache rule {}: {} ({}) needs a secret with a user and a token.",
            rule.upstream, rule.prefix, rule.because
        ))?;
        if confirm("Take it?", Default::No)? {
            proposal.take(at);
            if let Some(against) = &proposal.rules[at].against {
                say(&format!("It stays in a comment: {against}."))?;
            }
        }
    }
    if !proposal.kinds.is_empty() {
        say("\nWhoever reads these files has to log in before they can name the cache:")?;
        for (kind, count) in &proposal.kinds {
            let plural = if *count == 1 { "" } else { "s" };
            say(&format!("  {kind}: {count} reference{plural}"))?;
        }
        proposal.takes_kinds = confirm("Change them too?", Default::No)?;
    }
    Ok(())
}

/// An account or a region: one that was seen, another, or none.
fn choose(home: Home, choice: &mut Choice) -> Result<(), Failure> {
    let name = match home {
        Home::Account => "account",
        Home::Region => "region",
    };
    say(&format!("\nThe {name} of the registry that caches the images:"))?;
    for (at, candidate) in choice.candidates.iter().enumerate() {
        say(&format!("  {}  {}  {}", at + 1, candidate.value, candidate.seen))?;
    }
    let question = match (choice.candidates.len(), home) {
        (0, Home::Account) => "12 digits, or nothing to leave it open: ".to_owned(),
        (0, Home::Region) => "For example eu-central-1, or nothing to leave it open: ".to_owned(),
        (1, _) => "Enter takes it; another one, or - to leave it open: ".to_owned(),
        (count, _) => format!("1 to {count}, another one, or nothing to leave it open: "),
    };
    loop {
        let answer = ask(&question)?;
        let numbered = answer.parse::<usize>().ok().and_then(|number| choice.candidates.get(number.checked_sub(1)?));
        let value = match answer.as_str() {
            // What is the only one is taken already.
            "" => return Ok(()),
            "-" => None,
            other => Some(numbered.map_or(other, |candidate| candidate.value.as_str()).to_owned()),
        };
        let registry = match home {
            Home::Account => Registry::new(value.as_deref(), None),
            Home::Region => Registry::new(None, value.as_deref()),
        };
        match registry {
            Ok(_) => {
                choice.taken = value;
                return Ok(());
            }
            Err(error) => say(&format!("{error}"))?,
        }
    }
}

/// What no answer means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Default {
    Yes,
    No,
}

fn confirm(question: &str, default: Default) -> Result<bool, Failure> {
    let choices = if default == Default::Yes { "[Y/n]" } else { "[y/N]" };
    loop {
        match ask(&format!("{question} {choices} "))?.to_ascii_lowercase().as_str() {
            "" => return Ok(default == Default::Yes),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => say("y or n is expected")?,
        }
    }
}

/// The answer to a question. Its end is no answer.
fn ask(question: &str) -> Result<String, Failure> {
    let mut err = anstream::stderr().lock();
    write!(err, "{question}")?;
    err.flush()?;
    let mut answer = String::new();
    if std::io::stdin().lock().read_line(&mut answer)? == 0 {
        writeln!(err)?;
        return Err(Failure::Misuse("the input ended before the last answer: nothing was written".to_owned()));
    }
    Ok(answer.trim().to_owned())
}

fn say(text: &str) -> Result<(), Failure> {
    Ok(writeln!(anstream::stderr().lock(), "{text}")?)
}
