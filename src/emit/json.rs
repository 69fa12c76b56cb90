//! The IAM policy document alone, laid out as `jq .` leaves it.

use super::{ACTIONS, LOGIN, Needs};

pub(super) fn emit(needs: &Needs) -> String {
    if needs.is_empty() {
        return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}\n".to_owned();
    }
    let actions = array(ACTIONS);
    let resources = array(needs.repositories());
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Effect": "Allow",
      "Action": "{LOGIN}",
      "Resource": "*"
    }},
    {{
      "Effect": "Allow",
      "Action": {actions},
      "Resource": {resources}
    }}
  ]
}}
"#
    )
}

/// An array, one item a line. Actions and ARNs hold nothing that JSON would escape.
fn array(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("        \"{}\"", item.as_ref())).collect();
    format!("[\n{}\n      ]", items.join(",\n"))
}
