//! The parts of a run, each by itself: `cargo bench --bench parts`. Times are for reading and comparing; nothing is asserted.

use std::fs;
use std::path::PathBuf;

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use ecrewrite::edit::apply;
use ecrewrite::engine::{check_in, rewrite_in};
use ecrewrite::syntax::{Language, documents};
use ecrewrite::walk::{Patterns, Prefilter, Roots, walk};
use ecrewrite::{Context, Edit, ImageRef, OfficialRoute, Options, Policy, Registry, Source, Span, Upstream};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn policy() -> Policy {
    let registry = Registry::new(Some("111122223333"), Some("eu-central-1")).expect("they are valid");
    Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic).expect("there are no rules")
}

/// A file of about 200 KiB with an image in every tenth entry.
fn file(language: Language) -> Source {
    let repeat = |entry: fn(usize) -> String| (0..2000).map(entry).collect::<String>();
    let image = |at: usize| if at.is_multiple_of(10) { "nginx:1.27" } else { "shop" };
    match language {
        Language::Json => {
            let entry = |at| {
                format!("{{\"name\": \"c{at}\", \"image\": \"{}\", \"essential\": true, \"cpu\": {at}}},\n", image(at))
            };
            let entries: String = (0..2000).map(entry).collect();
            Source::new("task.json", format!("{{\"containerDefinitions\": [{entries}{{}}]}}\n"))
        }
        Language::Yaml => {
            let entry = |at| {
                format!("    - name: c{at}\n      image: {}\n      args: [--verbose, \"--part={at}\"]\n", image(at))
            };
            let entries: String = (0..2000).map(entry).collect();
            Source::new("pod.yaml", format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{entries}"))
        }
        Language::Dockerfile => {
            Source::new("Dockerfile", repeat(|at| format!("FROM nginx:1.{at} AS s{at}\nRUN make part{at}\n")))
        }
        _ => Source::new(
            "main.tf",
            repeat(|at| {
                format!(
                    "module \"m{at}\" {{\n  source = \"./service\"\n  image  = \"quay.io/a/b:{at}\"\n  size   = {at}\n}}\n\n"
                )
            }),
        ),
    }
}

const LANGUAGES: [Language; 4] = [Language::Json, Language::Yaml, Language::Hcl, Language::Dockerfile];

#[divan::bench(args = LANGUAGES)]
fn parse(bencher: Bencher<'_, '_>, language: Language) {
    let source = file(language);
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench(|| documents(language, black_box(&source)).map(|all| all.len()));
}

#[divan::bench(args = LANGUAGES)]
fn check_file(bencher: Bencher<'_, '_>, language: Language) {
    let (source, policy) = (file(language), policy());
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench(|| check_in(black_box(&source), &policy, Options::default(), &Context::default()));
}

#[divan::bench(args = LANGUAGES)]
fn rewrite_file(bencher: Bencher<'_, '_>, language: Language) {
    let (source, policy) = (file(language), policy());
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench(|| rewrite_in(black_box(&source), &policy, Options::default(), &Context::default()));
}

#[divan::bench]
fn byte_filter(bencher: Bencher<'_, '_>) {
    let filter = Prefilter::new(Upstream::hosts());
    let text = "export const lantern = (value: number) => harbour(value, 41);\n".repeat(4000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| filter.matches(black_box(text.as_bytes())));
}

#[divan::bench(args = ["nginx", "quay.io/prometheus/prometheus:v3.0.0", "docker.io/library/redis:7.4@sha256:42d39a58dea423219c439d469e178c4b2139beead1dcdeebdae15485491fdd6f"])]
fn reference(text: &str) -> usize {
    ImageRef::parse(black_box(text)).map_or(0, |image| image.repository().len())
}

#[divan::bench(args = ["nginx:1.27", "public.ecr.aws/nginx/nginx:1.27", "ghcr.io/a/b:1"])]
fn verdict(bencher: Bencher<'_, '_>, text: &str) {
    let policy = policy();
    let image = ImageRef::parse(text).expect("it is one");
    bencher.bench(|| policy.verdict(black_box(&image)));
}

#[divan::bench]
fn splice(bencher: Bencher<'_, '_>) {
    let text = "image: nginx:1.27\n".repeat(10_000);
    let edit = |at: usize| Edit { span: Span::new(at * 180 + 7, at * 180 + 12), text: "cache/nginx".into() };
    let edits: Vec<Edit> = (0..1000).map(edit).collect();
    bencher.counter(BytesCount::of_str(&text)).bench(|| apply(black_box(&text), &edits));
}

#[divan::bench(sample_count = 20)]
fn walk_2000_files(bencher: Bencher<'_, '_>) {
    let tree = tempfile::tempdir().expect("there is room");
    for at in 0..2000 {
        let folder: PathBuf = tree.path().join(format!("part{}", at / 40));
        fs::create_dir_all(&folder).expect("there is room");
        let name = if at % 10 == 0 { format!("f{at}.yaml") } else { format!("f{at}.ts") };
        fs::write(folder.join(name), "key: value\n".repeat(100)).expect("there is room");
    }
    let roots = Roots::of(&[tree.path().to_owned()]);
    let filter = Prefilter::new(Upstream::hosts());
    bencher.bench(|| walk(&roots, &Patterns::none(), &Patterns::none(), &filter, &|visit| drop(black_box(visit))));
}
