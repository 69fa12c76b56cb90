//! What the name of a value says of it, where a format has no schema: the inputs of Terraform modules, variables, locals.

use std::borrow::Cow;

use super::Certainty;

/// What the name of a value says of it.
pub(super) enum Name {
    /// It is an image.
    Image(Certainty),
    /// It is a container, a list of them, or a map of them.
    Containers,
    /// It is for people, or compared with.
    Remark,
    /// It is a Helm chart.
    Chart,
    /// It is a name given to what is built.
    Built,
    /// It is handed to a program, which may pull it.
    Environment,
    /// It is for a Helm chart.
    Values,
    /// It is the other end of a cache rule.
    Upstream,
    /// Nothing.
    Nothing,
}

/// First words of the names of lists that images are held against.
const COMPARED: [&str; 5] = ["allowed", "disallowed", "denied", "blocked", "forbidden"];
/// Images of machines, whose names look like those of containers: `ubuntu:22.04`.
const MACHINES: [&str; 9] = [
    "ami_image",
    "lxd_image",
    "lxc_image",
    "vm_image",
    "os_image",
    "disk_image",
    "boot_image",
    "machine_image",
    "source_image",
];

pub(super) fn name_of(key: &str) -> Name {
    let key = snake(key);
    let bytes = key.as_bytes();
    let mut words = bytes.split(|byte| *byte == b'_');
    match key.as_ref() {
        "description" | "error_message" | "condition" | "policy" | "assume_role_policy" | "source" | "sources"
        | "labels" | "annotations" | "docker_labels" | "buildspec" | "user_data" | "metadata" | "event_pattern"
        | "input_parameters" => Name::Remark,
        _ if words.next().is_some_and(|word| COMPARED.iter().any(|compared| word == compared.as_bytes())) => {
            Name::Remark
        }
        _ if bytes.split(|byte| *byte == b'_').any(|word| matches!(word, b"chart" | b"charts")) => Name::Chart,
        "tag" | "tags" => Name::Built,
        "values" => Name::Values,
        "environment" | "environment_variables" | "env" | "env_vars" | "provisioner" => Name::Environment,
        "upstream_registry_url" => Name::Upstream,
        // What follows says one of these words, and most keys do not.
        _ if !has(bytes, b"image") && !has(bytes, b"container") => Name::Nothing,
        _ if MACHINES.iter().any(|machine| key.contains(machine)) => Name::Nothing,
        _ if ends(&key, &["container_image", "docker_image"]) => Name::Image(Certainty::Certain),
        _ if ends(&key, &["image", "images", "image_uri", "image_url", "image_name", "image_ref"]) => {
            Name::Image(Certainty::Named)
        }
        _ if ends(
            &key,
            &["containers", "container_definitions", "container_definition", "container_definition_json"],
        ) =>
        {
            Name::Containers
        }
        "primary_container" | "container" => Name::Containers,
        _ => Name::Nothing,
    }
}

/// Whether a key has these bytes in it. Keys are short: nothing is faster than looking.
fn has(key: &[u8], part: &[u8]) -> bool {
    key.windows(part.len()).any(|window| window == part)
}

/// Whether a key ends with one of these as a word of its own.
fn ends(key: &str, words: &[&str]) -> bool {
    words.iter().any(|word| key.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('_')))
}

/// `containerImage` as `container_image`.
fn snake(key: &str) -> Cow<'_, str> {
    if !key.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'-') {
        return Cow::Borrowed(key);
    }
    let mut snake = String::with_capacity(key.len() + 4);
    let mut after_capital = true;
    for character in key.chars() {
        // `IMAGE` is one word.
        if character.is_ascii_uppercase() && !after_capital {
            snake.push('_');
        }
        after_capital = character.is_ascii_uppercase() || character == '_' || character == '-';
        snake.push(if character == '-' { '_' } else { character.to_ascii_lowercase() });
    }
    Cow::Owned(snake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_images_and_of_what_is_none() {
        for key in [
            "image",
            "images",
            "web_image",
            "webImage",
            "image-uri",
            "sidecar_images",
            "image_ref",
            "IMAGE",
            "POSTGRES_IMAGE",
        ] {
            assert!(matches!(name_of(key), Name::Image(Certainty::Named)), "{key}");
        }
        for key in ["container_image", "dockerImage", "proxy_container_image"] {
            assert!(matches!(name_of(key), Name::Image(Certainty::Certain)), "{key}");
        }
        for key in [
            "image_tag",
            "image_owner",
            "imagination",
            "pilgrimage",
            "image_pull_policy",
            "repository",
            "vm_image",
            "lxd_image",
        ] {
            assert!(matches!(name_of(key), Name::Nothing), "{key}");
        }
    }
}
