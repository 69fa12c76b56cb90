//! A POSIX script that pulls each tag in use once, so that the image is in the cache before something depends on it.
//!
//! Three need it: references by digest, which ECR does not find before it has pulled their tag; roles that may not create
//! repositories; and networks without a way to the internet, which a first pull may need.
//!
//! `docker pull` is what the user guide of ECR describes. Where there is no Docker, `aws ecr batch-get-image` asks for
//! the same manifest; whether that alone makes ECR import it is not documented, so the script believes only what ECR
//! answers, and says so.

use std::collections::{BTreeMap, BTreeSet};

use super::{Needs, Style};

const NOTHING: &str =
    "#!/bin/sh\n# No image reference in use names an image behind a cache rule, so nothing is pulled.\n";

const FUNCTIONS: &str = r#"# manifest REPOSITORY ID: the digest that ECR answers with, or nothing. A failure is no error of the command.
manifest() {
  aws ecr batch-get-image --region "$region" --repository-name "$1" --image-ids "$2" \
    --query 'images[0].imageId.imageDigest' --output text 2>/dev/null | grep '^sha256:'
}

# found REPOSITORY ID: whether the image is in the registry, with some patience for one that was only just imported.
found() {
  for seconds in 0 1 2 4; do
    sleep "$seconds"
    if manifest "$1" "$2" >/dev/null; then
      return 0
    fi
  done
  return 1
}

# warm REPOSITORY TAG [DIGEST]…: pulls the tag, and looks for the digests that references pin.
warm() {
  repository=$1
  tag=$2
  shift 2
  if [ -n "$client" ] && ! "$client" pull --quiet "$registry/$repository:$tag"; then
    echo "failed: $registry/$repository:$tag" >&2
    failed=1
    return
  fi
  if ! found "$repository" imageTag="$tag"; then
    echo "failed: $repository:$tag is not in the registry" >&2
    failed=1
    return
  fi
  echo "cached: $repository:$tag"
  for digest in "$@"; do
    if ! found "$repository" imageDigest="$digest"; then
      echo "failed: $repository@$digest is not what its tag $tag names now: pull it by a tag that does" >&2
      failed=1
    fi
  done
}
"#;

pub(super) fn emit(needs: &Needs, style: Style) -> String {
    if needs.images().next().is_none() {
        return NOTHING.to_owned();
    }
    let (tags, digests, unknown) = sorted(needs);
    let mut blocks = vec![head(), registry(needs, style)];
    if !tags.is_empty() {
        blocks.extend([client(), FUNCTIONS.to_owned(), calls(&tags)]);
    }
    blocks.extend(by_hand(needs, &digests, &unknown));
    let end = match tags.is_empty() {
        // Nothing was pulled, and something has to be.
        true => "echo 'no tag is written in the files: see the comments of this script' >&2\nexit 1\n",
        false => "exit \"$failed\"\n",
    };
    blocks.push(end.to_owned());
    if tags.is_empty() {
        // What only pulls need is left out.
        blocks.remove(1);
    }
    blocks.join("\n")
}

/// Digests by repository and tag; digests without a tag; repositories of which neither is written.
type Sorted<'n> = (BTreeMap<(&'n str, &'n str), BTreeSet<&'n str>>, BTreeSet<(&'n str, &'n str)>, BTreeSet<&'n str>);

fn sorted(needs: &Needs) -> Sorted<'_> {
    let (mut tags, mut digests, mut unknown): Sorted<'_> = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for image in needs.images() {
        let repository = image.repository.as_str();
        match (image.tag.as_deref(), image.digest.as_deref()) {
            (Some(tag), digest) => tags.entry((repository, tag)).or_default().extend(digest),
            (None, Some(digest)) => {
                digests.insert((repository, digest));
            }
            (None, None) => {
                unknown.insert(repository);
            }
        }
    }
    (tags, digests, unknown)
}

fn head() -> String {
    "#!/bin/sh
# Pulls each tag in use once, so that ECR has the image before something depends on it: for references by digest, for
# roles that may not create repositories, and for networks without a way to the internet.
# Run it when the cache rules exist, before the rewritten references are deployed, with credentials that have the pull
# policy. It needs the AWS CLI and, if there is one, Docker or whatever CONTAINER_CLI names; images stay in its store.
# An image that fails does not stop the others. Exit code: 0 all are cached, 1 some are not, 2 nothing was tried.
set -u
export AWS_PAGER=''
"
    .to_owned()
}

fn registry(needs: &Needs, style: Style) -> String {
    let (account, region) = (needs.registry.account(), needs.registry.region());
    let suffix = needs.registry.partition().dns_suffix();
    let placeholders = needs.placeholders().map(|line| format!("# {}\n", line.trim_start_matches("# ")));
    let known = match style.literals {
        true => format!("{}account='{account}'\nregion='{region}'\n", placeholders.unwrap_or_default()),
        false => r#"# The region as the AWS CLI takes it, the account as its credentials say.
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
if [ -z "$region" ]; then
  echo 'set AWS_REGION to the region of the cache rules' >&2
  exit 2
fi
account=$(aws sts get-caller-identity --region "$region" --query Account --output text) || exit 2
"#
        .to_owned(),
    };
    let warning = match (style.literals, needs.registry.known_account(), needs.registry.known_region()) {
        (false, Some(account), Some(region)) => format!(
            r#"if [ "$account/$region" != {account}/{region} ]; then
  echo "the references name account {account}, region {region}; the credentials are for $account, $region" >&2
  exit 2
fi
"#
        ),
        _ => String::new(),
    };
    format!("{known}{warning}registry=$account.dkr.ecr.$region.{suffix}\nfailed=0\n")
}

fn client() -> String {
    r#"client=${CONTAINER_CLI:-docker}
if ! command -v "$client" >/dev/null; then
  echo "there is no $client: asking ECR for the manifests, which may not be enough to import them" >&2
  client=
elif ! aws ecr get-login-password --region "$region" | "$client" login --username AWS --password-stdin "$registry"; then
  exit 2
fi
"#
    .to_owned()
}

fn calls(tags: &BTreeMap<(&str, &str), BTreeSet<&str>>) -> String {
    tags.iter()
        .map(|((repository, tag), digests)| {
            let digests: String = digests.iter().map(|digest| format!(" \\\n  {}", word(digest))).collect();
            format!("warm {} {}{digests}\n", word(repository), word(tag))
        })
        .collect()
}

/// What the script cannot do.
fn by_hand(needs: &Needs, digests: &BTreeSet<(&str, &str)>, unknown: &BTreeSet<&str>) -> Vec<String> {
    let host = needs.registry.host();
    let mut blocks = Vec::new();
    if !digests.is_empty() {
        let list: String =
            digests.iter().map(|(repository, digest)| format!("# - {host}/{repository}@{digest}\n")).collect();
        blocks.push(format!(
            "# These have a digest and no tag. Find a tag at the upstream that names the digest, and pull the image by it:\n{list}"
        ));
    }
    if !unknown.is_empty() {
        let list: String = unknown.iter().map(|repository| format!("# - {host}/{repository}:TAG\n")).collect();
        blocks.push(format!(
            "# No tag of these is written in the files. Pull them with the tag that is filled in, or latest if there is none:\n{list}"
        ));
    }
    blocks
}

/// One word for the shell.
fn word(text: &str) -> String {
    match text.chars().all(|char| char.is_ascii_alphanumeric() || "-._/:".contains(char)) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
