//! The login of builds, pipelines and laptops, each in the syntax of whoever reads it.
//!
//! The host is that of the references, account and region included: a login to another registry would not help. Each
//! file is whole, as an example to take the step from. Copilot and Beanstalk do not log in: there a role pulls, and the
//! file gives it the permissions.

mod kinds;

use super::{Needs, Style};

/// What the files share.
struct Facts {
    host: String,
    account: String,
    region: String,
    /// An image that is pulled.
    image: String,
    /// A comment on placeholders, or nothing.
    placeholders: String,
    /// A comment on placeholders in names, or nothing.
    dashes: &'static str,
    /// The login of Docker, as one command.
    command: String,
    /// The resources of the permissions.
    repositories: Vec<String>,
}

/// Kinds, the file that they share, and who writes it.
type Row = (&'static [&'static str], &'static str, fn(&Facts) -> String);

/// The files for these kinds of files, by the names that `--also` gives them, each once. Kinds that share a way to log
/// in share a file.
pub(super) fn emit(needs: &Needs, kinds: &[&str], _style: Style) -> Vec<(String, String)> {
    if needs.is_empty() {
        return Vec::new();
    }
    let (registry, host) = (&needs.registry, needs.registry.host());
    let region = registry.region().to_owned();
    let placeholders = needs.placeholders().map(|line| format!("# {}\n", line.trim_start_matches("# ")));
    let dashes = registry.known_region().is_none().then_some("# Names of outputs have _ where the region has -.\n");
    let tagged = needs.images().find_map(|image| Some(format!("{}:{}", image.repository, image.tag.as_ref()?)));
    let image = tagged.unwrap_or_else(|| {
        let prefix = needs.rules().first().map_or("", |rule| rule.prefix());
        if prefix == "ROOT" { "team/image:1".to_owned() } else { format!("{prefix}/team/image:1") }
    });
    let facts = Facts {
        command: format!(
            "aws ecr get-login-password --region {} | docker login --username AWS --password-stdin {}",
            word(&region),
            word(&host)
        ),
        account: registry.account().to_owned(),
        image: format!("{host}/{image}"),
        placeholders: placeholders.unwrap_or_default(),
        dashes: dashes.unwrap_or_default(),
        repositories: needs.repository_arns(),
        host,
        region,
    };
    let table: [Row; 11] = [
        (&["dockerfile", "compose", "skaffold", "bake"], "docker.sh", kinds::docker),
        (&["github-actions"], "github-actions.yml", kinds::github),
        (&["gitlab-ci"], "gitlab-ci.yml", kinds::gitlab),
        (&["circleci"], "circleci.yml", kinds::circleci),
        (&["buildspec"], "buildspec.yml", kinds::buildspec),
        (&["copilot"], "copilot/cfn.patches.yml", kinds::copilot),
        (&["devcontainer"], "devcontainer.json", kinds::devcontainer),
        (&["dockerrun"], "dockerrun.sh", kinds::dockerrun),
        (&["bitbucket-pipelines"], "bitbucket-pipelines.yml", kinds::bitbucket),
        (&["azure-pipelines"], "azure-pipelines.yml", kinds::azure),
        (&["buildkite"], "buildkite.yml", kinds::buildkite),
    ];
    let asked = table.into_iter().filter(|(names, ..)| names.iter().any(|name| kinds.contains(name)));
    asked.map(|(_, name, write)| (format!("login/{name}"), write(&facts))).collect()
}

/// One word for the shell; a placeholder's `<` would be a redirection.
fn word(text: &str) -> String {
    if text.contains('<') { format!("'{text}'") } else { text.to_owned() }
}
