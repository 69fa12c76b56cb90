//! `explain`: one reference at a time, step by step.

use std::io::Write;

use ecrewrite::report::Status;
use ecrewrite::upstream::{Official, Upstream, official};
use ecrewrite::{ImageRef, Note, Policy, Verdict};

use crate::Failure;
use crate::args::ExplainArgs;
use crate::output::stdout;
use crate::settings::Settings;

/// Explains each reference; one that is none makes the run a misuse, and the others are explained all the same.
pub(crate) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    let settings = Settings::resolve(&args.policy, &[], std::path::Path::new("."))?;
    let mut out = stdout(args.color);
    let mut status = Status::Clean;
    for (index, text) in args.references.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{text}")?;
        match ImageRef::parse(text) {
            Ok(image) => {
                for (name, value) in steps(&image, &settings.policies.base) {
                    writeln!(out, "  {name:12}{value}")?;
                }
            }
            Err(error) => {
                writeln!(out, "  {:12}this is not an image reference: {error}", "invalid")?;
                status = Status::Broken;
            }
        }
    }
    out.flush()?;
    Ok(status)
}

fn steps(image: &ImageRef, policy: &Policy) -> Vec<(&'static str, String)> {
    let mut steps = vec![("registry", registry(image)), ("repository", repository(image))];
    steps.extend(image.tag().map(|tag| ("tag", tag.to_owned())));
    steps.extend(image.digest().map(|digest| ("digest", digest.to_owned())));
    match policy.verdict(image) {
        Verdict::Rewrite(target) => {
            steps.push(("becomes", format!("{}{}", target.name(), image.tail())));
            steps.push(("through", rule(policy, &target.prefix)));
            if image.digest().is_some() {
                steps.push(("note", Note::DigestFirstPull.sentence().to_owned()));
            }
        }
        Verdict::Cached(target) => steps.push(("cached", format!("already, through {}", rule(policy, &target.prefix)))),
        Verdict::Left(reason) => steps.push(("stays", format!("{} [{reason}]", reason.sentence()))),
    }
    steps
}

fn rule(policy: &Policy, prefix: &str) -> String {
    match policy.rule(prefix) {
        Some(rule) => format!("the cache rule {prefix} for {}", rule.upstream()),
        None => format!("the cache rule {prefix}"),
    }
}

fn registry(image: &ImageRef) -> String {
    match image.registry() {
        None => "Docker Hub, since none is written".to_owned(),
        Some(host) => match Upstream::of_host(host) {
            Some(upstream) if upstream.url() != host => format!("{host}, which is {upstream}"),
            _ => host.to_owned(),
        },
    }
}

fn repository(image: &ImageRef) -> String {
    let repository = image.repository();
    let on_docker_hub = image.registry().is_none_or(|host| Upstream::of_host(host) == Some(Upstream::DockerHub));
    let name = repository.strip_prefix("library/").unwrap_or(repository);
    if !on_docker_hub || name.contains('/') {
        return repository.to_owned();
    }
    match official(name) {
        Official::Listed | Official::NotOnEcrPublic => format!("{repository}, a Docker official image"),
        Official::Removed => format!("{repository}, a Docker official image until it was removed from the list"),
        Official::Unknown => repository.to_owned(),
    }
}
