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

pub(super) fn name_of(key: &str) -> Name {
    let key = snake(key);
    let ends = |words: &[&str]| {
        words.iter().any(|word| key.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('_')))
    };
    match key.as_ref() {
        "description" | "error_message" | "condition" | "policy" | "assume_role_policy" | "source" | "labels"
        | "annotations" | "docker_labels" | "buildspec" | "user_data" | "metadata" => Name::Remark,
        "chart" => Name::Chart,
        "tag" | "tags" => Name::Built,
        "values" => Name::Values,
        "environment" | "environment_variables" | "env" | "env_vars" => Name::Environment,
        "upstream_registry_url" => Name::Upstream,
        _ if ends(&["container_image", "docker_image"]) => Name::Image(Certainty::Certain),
        _ if ends(&["image", "images", "image_uri", "image_url", "image_name", "image_ref"]) => {
            Name::Image(Certainty::Named)
        }
        _ if ends(&["containers", "container_definitions", "container_definition", "container_definition_json"]) => {
            Name::Containers
        }
        "primary_container" | "container" => Name::Containers,
        _ => Name::Nothing,
    }
}

/// `containerImage` as `container_image`.
fn snake(key: &str) -> Cow<'_, str> {
    if !key.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'-') {
        return Cow::Borrowed(key);
    }
    let mut snake = String::with_capacity(key.len() + 4);
    for character in key.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(if character == '-' { '_' } else { character.to_ascii_lowercase() });
    }
    Cow::Owned(snake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_images_and_of_what_is_none() {
        for key in ["image", "images", "web_image", "webImage", "image-uri", "sidecar_images", "image_ref"] {
            assert!(matches!(name_of(key), Name::Image(Certainty::Named)), "{key}");
        }
        for key in ["container_image", "dockerImage", "proxy_container_image"] {
            assert!(matches!(name_of(key), Name::Image(Certainty::Certain)), "{key}");
        }
        for key in ["image_tag", "image_owner", "imagination", "pilgrimage", "image_pull_policy", "repository"] {
            assert!(matches!(name_of(key), Name::Nothing), "{key}");
        }
    }
}
