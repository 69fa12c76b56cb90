//! A tree like that of a large repository: source, lock files, minified scripts and pictures, and one file of ten in YAML,
//! JSON or HCL. The same number of files is always the same tree.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const FILES_IN_A_FOLDER: usize = 40;

/// What was written.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Written {
    pub(crate) files: usize,
    pub(crate) bytes: usize,
    /// Of one of our formats.
    pub(crate) formats: usize,
    /// Of one of our formats, with an image.
    pub(crate) candidates: usize,
}

/// Whether the tree has references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    WithImages,
    WithoutImages,
}

/// The texts that many files share: a tree is to be read, not to be imagined.
struct Texts {
    code: Vec<String>,
    notes: String,
    lock: String,
    script: String,
    picture: Vec<u8>,
}

/// A row of numbers that looks like none, and is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default()
    }
}

impl Texts {
    fn new() -> Self {
        let mut numbers = Numbers(7);
        let words =
            ["request", "ledger", "parcel", "window", "harbour", "signal", "basket", "meadow", "copper", "lantern"];
        let word = |numbers: &mut Numbers| words[numbers.next() % words.len()];
        let code = (0..64)
            .map(|file| {
                let lines = 60 + numbers.next() % 360;
                let line = |line: usize| {
                    let (one, other) = (word(&mut numbers), word(&mut numbers));
                    format!("export const {one}{line} = (value: number) => {other}{file}(value, {line});\n")
                };
                (0..lines).map(line).collect()
            })
            .collect();
        let entry = |at: usize| {
            format!(
                "    \"left-pad-{at}\": {{\n      \"version\": \"1.{at}.0\",\n      \"integrity\": \"sha512-{:x}\"\n    }},\n",
                at * 7919
            )
        };
        let function = |at: usize| format!("var a{at}=function(e,t){{return e[t]||{at}}};");
        let byte = |_| u8::try_from(numbers.next() % 256).unwrap_or_default();
        Texts {
            code,
            notes: "A remark on the state of things, to be read by nobody at all.\n".repeat(80),
            lock: (0..3000).map(entry).collect(),
            script: format!("!function(){{{}}}();\n", (0..8000).map(function).collect::<String>()),
            picture: (0..40_000).map(byte).collect(),
        }
    }
}

/// Writes such a tree.
pub(crate) fn write(root: &Path, files: usize, content: Content) -> io::Result<Written> {
    let texts = Texts::new();
    let mut written = Written { files, ..Written::default() };
    for index in 0..files {
        let folder = root.join(format!("team{}/part{}", index / 4000, index / FILES_IN_A_FOLDER));
        if index % FILES_IN_A_FOLDER == 0 {
            fs::create_dir_all(&folder)?;
        }
        let (name, bytes) = file(index, content, &texts);
        written.bytes += bytes.len();
        let path = folder.join(name);
        let is_format = ["json", "yml", "yaml", "tf"].iter().any(|end| path.extension().is_some_and(|own| own == *end));
        written.formats += usize::from(is_format);
        written.candidates += usize::from(is_format && contains(&bytes, b"mage"));
        fs::write(path, bytes)?;
    }
    Ok(written)
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|part| part == word)
}

fn file(index: usize, content: Content, texts: &Texts) -> (String, Vec<u8>) {
    // The rarer a kind is, the larger are its files.
    match index % 100 {
        0..70 => (format!("code{index}.ts"), texts.code[index % texts.code.len()].clone().into_bytes()),
        70..84 => (format!("notes{index}.md"), texts.notes.clone().into_bytes()),
        84..88 => (format!("picture{index}.png"), texts.picture.clone()),
        88 => (format!("pack{index}.min.js"), texts.script.clone().into_bytes()),
        89 if index % 400 == 89 => (format!("pack{index}.lock"), texts.lock.clone().into_bytes()),
        89 => (format!("more{index}.ts"), texts.code[index % texts.code.len()].clone().into_bytes()),
        rest => {
            let (name, text) = configuration(index, rest, content);
            (name, text.into_bytes())
        }
    }
}

/// Of ten of these, four have an image, if there are any.
fn configuration(index: usize, rest: usize, content: Content) -> (String, String) {
    let fill = |line: &str, lines: usize| -> String {
        (0..lines).map(|number| line.replace('#', &(number * 31 + index).to_string())).collect()
    };
    match rest {
        90 if content == Content::WithImages => (
            format!("deployment{index}.yaml"),
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: p{index}\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: nginx:1.{}\n          args:\n{}",
                index % 30,
                fill("            - --flag-#=#\n", 60)
            ),
        ),
        91 if content == Content::WithImages => (
            format!("main{index}.tf"),
            format!(
                "resource \"aws_ecs_task_definition\" \"t{index}\" {{\n  container_definitions = jsonencode([{{ name = \"a\", image = \"public.ecr.aws/nginx/nginx:${{var.tag}}\" }}])\n}}\n{}",
                fill("resource \"aws_ssm_parameter\" \"p#\" {\n  name  = \"/p/#\"\n  value = \"#\"\n}\n", 40)
            ),
        ),
        92 if content == Content::WithImages => (
            format!("task{index}.json"),
            format!(
                "{{\"containerDefinitions\": [{{\"name\": \"a\", \"image\": \"redis:7\", \"environment\": [{}{{}}]}}]}}\n",
                fill("{\"name\": \"K#\", \"value\": \"#\"}, ", 60)
            ),
        ),
        93 if content == Content::WithImages => (
            format!("stack{index}.json"),
            format!(
                "{{\"Resources\": {{\"T\": {{\"Type\": \"AWS::ECS::TaskDefinition\", \"Properties\": {{\"ContainerDefinitions\": [{{\"Image\": \"quay.io/a/b:{index}\"}}]}}}}, {} \"Z\": {{\"Type\": \"X\"}}}}}}\n",
                fill("\"R#\": {\"Type\": \"AWS::SNS::Topic\", \"Properties\": {\"TopicName\": \"t#\"}}, ", 60)
            ),
        ),
        94 | 95 => (format!("data{index}.json"), format!("[{}0]\n", fill("{\"id\": #, \"title\": \"row #\"}, ", 200))),
        96 | 97 => (
            format!("parameters{index}.tf"),
            fill("variable \"v#\" {\n  type    = string\n  default = \"value #\"\n}\n", 60),
        ),
        _ => (format!("rules{index}.yml"), fill("- alert: A#\n  expr: up == #\n  labels: {severity: page}\n", 60)),
    }
}

/// One huge file of each language, of about this many bytes, with an image in every hundredth entry.
pub(crate) fn write_huge(root: &Path, language: &str, bytes: usize) -> io::Result<PathBuf> {
    let mut text = String::with_capacity(bytes + 1024);
    let image = |at: usize| if at.is_multiple_of(100) { "nginx:1.27" } else { "" };
    let mut at = 0;
    let name = match language {
        "json" => {
            text.push_str("[\n");
            while text.len() < bytes {
                text.push_str(&format!(
                    "  {{\"id\": {at}, \"image\": \"{}\", \"title\": \"row {at}\", \"tags\": [\"a\", \"b\"]}},\n",
                    image(at)
                ));
                at += 1;
            }
            text.push_str("  {}\n]\n");
            "rows.json"
        }
        "yaml" => {
            while text.len() < bytes {
                text.push_str(&format!(
                    "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p{at}\n  labels: {{app: web, part: \"{at}\"}}\nspec:\n  containers:\n    - name: a\n      image: {}\n",
                    if at.is_multiple_of(100) { "nginx:1.27" } else { "shop:dev" }
                ));
                at += 1;
            }
            "pods.yaml"
        }
        _ => {
            while text.len() < bytes {
                text.push_str(&format!(
                    "module \"m{at}\" {{\n  source = \"./service\"\n  image  = \"{}\"\n  size   = {at}\n}}\n\n",
                    image(at)
                ));
                at += 1;
            }
            "modules.tf"
        }
    };
    let path = root.join(name);
    fs::write(&path, text)?;
    Ok(path)
}
