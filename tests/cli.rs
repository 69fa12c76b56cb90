//! The program as its users meet it: arguments, files and environment in; exit code, output and files out.

#![cfg(feature = "cli")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use common::{HERE, HOST, Repo, Run, cached, nginx, pod, task};

#[test]
fn nobody_is_offered_to_write_a_placeholder() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    let sarif: Value = serde_json::from_str(&repo.run(&["check", "--format", "sarif"]).exits(1).stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0].get("fixes"), None);
    let rdjson: Value = serde_json::from_str(&repo.run(&["check", "--format", "rdjson"]).exits(1).stdout).unwrap();
    assert_eq!(rdjson["diagnostics"][0].get("suggestions"), None);
}

// Exit codes, and what counts as broken.

#[test]
fn clean_is_0_findings_are_1() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    repo.run_here(&["check"]).exits(1).says(&nginx()).complains_not();
    repo.run_here(&["rewrite"]).exits(0).rewrites(1).complains_not();
    assert_eq!(repo.read("task.json"), task(&nginx()));
    repo.run_here(&["check"]).exits(0).says("1 cached already").complains_not();
}

#[test]
fn references_that_stay_are_clean() {
    let repo = Repo::with(&[("task.json", task("myapp:dev"))]);
    repo.run_here(&["check"]).exits(0).says("1 left").says("[not-official]").says_not("myapp:dev");
    repo.run_here(&["check", "-v"]).exits(0).says("myapp:dev").says("[not-official]");
}

#[test]
fn an_empty_folder_is_clean() {
    Repo::with::<&str>(&[]).run_here(&["check"]).exits(0).rewrites(0).complains_not();
}

#[test]
fn misuse_is_2() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    for args in [
        &["check", "--bogus"][..],
        &["frobnicate"],
        &[],
        &["explain"],
        &["check", "--official", "both"],
        &["check", "--format", "xml"],
        &["check", "--color", "sometimes"],
        &["emit", "--as", "pulumi"],
        &["check", "-q", "-v"],
        &["check", "--account", "12"],
        &["check", "--region", "the moon"],
        &["check", "--config", "missing.yaml"],
    ] {
        let run = repo.run(args).exits(2);
        assert!(!run.stderr.trim().is_empty(), "{args:?} is refused without a word");
        assert_eq!(run.stdout, "", "{args:?}");
    }
    repo.run(&["check", "--bogus"]).complains("--bogus");
    repo.run(&["check", "--account", "12"]).complains("`12` is not an AWS account").complains("12 digits");
    repo.run(&["check", "--region", "the moon"]).complains("`the moon` is not an AWS region");
    repo.run(&["check", "--config", "missing.yaml"]).complains("missing.yaml");
}

#[test]
fn a_missing_path_is_2_and_the_others_are_processed() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    repo.run_here(&["check", "nowhere"]).exits(2).complains("nowhere: there is no such file or folder");
    repo.run_here(&["rewrite", "nowhere", "task.json"]).exits(2).complains("nowhere").rewrites(1);
    assert_eq!(repo.read("task.json"), task(&nginx()));
}

#[test]
fn unparsable_files_are_2_and_the_others_are_processed() {
    let repo = Repo::with(&[
        ("task.json", task("nginx:1.27")),
        ("bad.json", "{\n  \"image\": nginx:1\n}\n".into()),
        ("bad.yaml", "image: [\n".into()),
        ("bad.tf", "image = = \"nginx:1\"\n".into()),
    ]);
    let before = repo.files();
    let run = repo.run_here(&["check"]).exits(2).says(&nginx()).complains("error: bad.json:2:");
    let run = run.complains("error: bad.yaml:").complains("error: bad.tf:1:").complains("the file was left as it is");
    for line in run.stderr.lines() {
        assert!(!line.contains(": ;"), "an error that does not say what is wrong: {line}");
    }
    repo.run_here(&["rewrite"]).exits(2);
    assert_eq!(repo.read("task.json"), task(&nginx()));
    let changed = repo.files().iter().zip(&before).filter(|(after, before)| after != before).count();
    assert_eq!(changed, 1, "the broken ones stay");
}

#[test]
fn overrides_give_a_folder_another_registry() {
    let pod = "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - image: quay.io/quillmoor/tide:1\n";
    let config = "account: '111122223333'\nregion: us-east-1\nrules: {quay.io: quay}\noverrides:\n\
                  - paths: [prod/]\n  account: '444455556666'\n  rules: {quay.io: mirror}\n";
    let repo = Repo::with(&[
        ("ecrewrite.yaml", config.into()),
        ("dev/pod.yaml", pod.to_owned()),
        ("prod/pod.yaml", pod.to_owned()),
    ]);
    repo.run(&["rewrite"]).exits(0);
    let host = |account: &str| format!("{account}.dkr.ecr.us-east-1.amazonaws.com");
    assert!(repo.read("dev/pod.yaml").contains(&format!("{}/quay/quillmoor/tide:1", host("111122223333"))));
    assert!(repo.read("prod/pod.yaml").contains(&format!("{}/mirror/quillmoor/tide:1", host("444455556666"))));
    repo.run(&["check"]).exits(0).says("2 cached already");
    repo.run(&["emit"]).exits(2).complains("one at a time");
    repo.run(&["emit", "prod"]).exits(0).says("\"mirror\"").says("444455556666");
}

#[test]
fn places_that_the_configuration_names() {
    let config = "account: '111122223333'\nregion: us-east-1\nplaces:\n\
                  - {kind: Backup, path: spec.runners.img}\n- {kind: quill_job, path: run.img}\n";
    let repo = Repo::with(&[
        ("ecrewrite.yaml", config.to_owned()),
        (
            "backup.yaml",
            "kind: Backup\napiVersion: quillmoor.test/v1\nspec:\n  runners:\n    - img: nginx\n".to_owned(),
        ),
        ("job.tf", "resource \"quill_job\" \"a\" {\n  run {\n    img = \"redis:7\"\n  }\n}\n".to_owned()),
    ]);
    repo.run(&["rewrite"]).exits(0);
    assert!(
        repo.read("backup.yaml")
            .contains("img: 111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx\n")
    );
    assert!(repo.read("job.tf").contains("/ecr-public/docker/library/redis:7\""));
    repo.run(&["check"]).exits(0).says("2 cached already");
}

#[test]
fn only_limits_what_is_found_and_not_what_is_named() {
    let repo = Repo::with(&[
        ("ecrewrite.yaml", "only: [deploy/]\n".to_owned()),
        ("deploy/task.json", task("nginx:1.27")),
        ("other/task.json", task("redis:7")),
    ]);
    repo.run_here(&["check"]).exits(1).says("1 reference in 1 file");
    repo.run_here(&["check", "other/task.json"]).exits(1).says("redis:7");
}

#[test]
fn a_baseline_accepts_what_it_names() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27")), ("b.json", task("myapp:dev"))]);
    let report = repo.run_here(&["check", "--format", "json"]).exits(1);
    repo.write("baseline.txt", &report.stdout);
    repo.run_here(&["check", "--baseline", "baseline.txt"]).exits(0).says("in the baseline: 2 references");
    repo.write("c.json", task("redis:7"));
    repo.run_here(&["check", "--baseline", "baseline.txt"]).exits(1).says("redis:7");
    repo.write("baseline.txt", "[]");
    repo.run_here(&["check", "--baseline", "baseline.txt"]).exits(2).complains("check --format json > baseline.txt");
}

#[test]
fn manifests_keep_the_names_that_a_kustomization_finds() {
    let pod = "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - image: nginx:1\n    - image: redis:7\n";
    let repo = Repo::with(&[
        ("base/pod.yaml", pod.to_owned()),
        (
            "overlay/kustomization.yaml",
            "resources: [../base]\nimages:\n  - name: nginx\n    newName: httpd\n".to_owned(),
        ),
    ]);
    repo.run_here(&["check"]).exits(1).says("[matched]").says("2 references in 2 files");
    repo.run_here(&["rewrite"]).exits(0);
    assert!(repo.read("base/pod.yaml").contains("image: nginx:1\n"));
    assert!(repo.read("base/pod.yaml").contains("/docker/library/redis:7\n"));
    assert!(repo.read("overlay/kustomization.yaml").contains("newName: 111122223333."));
    repo.run_here(&["check"]).exits(0).says("2 cached already, 1 left");
}

#[test]
fn a_definition_in_another_file_of_the_module() {
    let task = "resource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = jsonencode([\n    \
                { image = var.cache_ref }, { image = var.shown_ref },\n  ])\n}\n";
    let variables =
        "variable \"cache_ref\" {\n  default = \"redis:7\"\n}\nvariable \"shown_ref\" {\n  default = \"nginx:1\"\n}\n";
    let repo = Repo::with(&[
        ("app/task.tf", task.to_owned()),
        ("app/variables.tf", variables.to_owned()),
        ("app/prod.tfvars", "cache_ref = \"redis:8\"\n".to_owned()),
        ("app/outputs.tf", "output \"shown\" {\n  value = var.shown_ref\n}\n".to_owned()),
        ("other/variables.tf", variables.to_owned()),
    ]);
    let run = repo.run_here(&["check", "-v"]).exits(1).says("2 references in 2 files");
    run.says("app/variables.tf").says("[shared-value]").says("var.cache_ref").says_not("other/");
    repo.run_here(&["rewrite"]).exits(0);
    assert!(repo.read("app/variables.tf").contains("/ecr-public/docker/library/redis:7\""));
    assert!(repo.read("app/variables.tf").contains("\"nginx:1\""));
    assert!(repo.read("app/prod.tfvars").contains("/ecr-public/docker/library/redis:8\""));
    assert_eq!(repo.read("other/variables.tf"), variables);
    repo.run_here(&["check"]).exits(0).says("2 cached already");
    repo.run_here(&["revert"]).exits(0);
    assert_eq!(repo.read("app/variables.tf"), variables);
}

#[test]
fn values_for_parameters_belong_to_the_templates_above_them() {
    let template = "Parameters:\n  Web: {Type: String}\n  Stage: {Type: String}\n  Both: {Type: String}\nResources:\n  \
                    Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Family: !Ref Both\n      \
                    ContainerDefinitions:\n        - Image: !Ref Web\n        - Image: !Sub '${Both}'\n";
    let listed = "[{\"ParameterKey\": \"Web\", \"ParameterValue\": \"nginx:1.27\"},\n {\"ParameterKey\": \"Stage\", \
                  \"ParameterValue\": \"redis:7\"},\n {\"ParameterKey\": \"Both\", \"ParameterValue\": \"redis:7\"}]\n";
    let mapped = "{\"Parameters\": {\"Web\": \"public.ecr.aws/nginx/nginx:1\", \"Stage\": \"dev\"}}\n";
    let sam = "version = 0.1\n\n[default.deploy.parameters]\nparameter_overrides = \"Web=\\\"nginx:1.26\\\" \
               Stage=\\\"nginx:1\\\"\" # Web=nginx\n[prod.deploy.parameters]\nparameter_overrides = [\n  \
               'Web=redis:7', # one\n  \"ParameterKey=Stage,ParameterValue=prod\",\n]\n";
    let repo = Repo::with(&[
        ("shop/templates/shop.yaml", template.to_owned()),
        ("shop/values/prod.json", listed.to_owned()),
        ("shop/values/dev.json", mapped.to_owned()),
        ("shop/samconfig.toml", sam.to_owned()),
        // There is no template above it that has all of these.
        ("other/values.json", mapped.replace("Stage", "Stages")),
        ("other/image.json", "[{\"ParameterKey\": \"WebImage\", \"ParameterValue\": \"nginx:1.27\"}]\n".to_owned()),
    ]);
    let run = repo.run_here(&["check", "-v"]).exits(1).says("4 references in 3 files").says("[shared-value]");
    run.says("[unknown-place]").says("other/image.json").says("other/values.json");
    repo.run_here(&["rewrite"]).exits(0);
    let with = |text: &str, changes: &[(&str, &str)]| {
        changes.iter().fold(text.to_owned(), |text, (old, new)| text.replacen(old, &cached(new), 1))
    };
    assert_eq!(repo.read("shop/values/prod.json"), with(listed, &[("nginx:1.27", "docker/library/nginx:1.27")]));
    assert_eq!(repo.read("shop/values/dev.json"), with(mapped, &[("public.ecr.aws/nginx/nginx:1", "nginx/nginx:1")]));
    let changes = [("nginx:1.26", "docker/library/nginx:1.26"), ("redis:7", "docker/library/redis:7")];
    assert_eq!(repo.read("shop/samconfig.toml"), with(sam, &changes));
    assert!(repo.read("other/values.json").contains("\"public.ecr.aws/"));
    repo.run_here(&["check"]).exits(0).says("4 cached already");
    repo.run_here(&["revert"]).exits(0);
    assert_eq!(repo.read("shop/samconfig.toml"), sam);
}

/// A file with values knows of an image what the template says: both ends change, or none does.
#[test]
fn values_for_parameters_change_as_the_template_says() {
    let container = |resource: &str, properties: &str| {
        format!(
            "Resources:\n  It:\n    Type: {resource}\n    Properties:\n{properties}Parameters:\n  Web: {{Type: String, \
             Default: \"public.ecr.aws/nginx/nginx:1\"}}\n"
        )
    };
    let ecs = |more: &str| {
        let properties = format!("      ContainerDefinitions:\n        - Image: !Ref Web\n{more}");
        container("AWS::ECS::TaskDefinition", &properties)
    };
    let runner = "      SourceConfiguration: {ImageRepository: {ImageIdentifier: !Ref Web}}\n";
    let values = "[{\"ParameterKey\": \"Web\", \"ParameterValue\": \"public.ecr.aws/nginx/nginx:2\"}]\n";
    let long = format!("public.ecr.aws/{}/{}:1", "a".repeat(100), "b".repeat(100));
    let stored = ecs("").replace("Type: String", "Type: 'AWS::SSM::Parameter::Value<String>'");
    let repo = Repo::with(&[
        ("pulls/template.yaml", ecs("")),
        ("pulls/long.json", values.replace("public.ecr.aws/nginx/nginx:2", &long)),
        ("credentials/template.yaml", ecs("          RepositoryCredentials: {CredentialsParameter: x}\n")),
        ("credentials/prod.json", values.to_owned()),
        ("runner/template.yaml", container("AWS::AppRunner::Service", runner)),
        ("runner/prod.json", values.to_owned()),
        ("lambda/template.yaml", container("AWS::Lambda::Function", "      Code: {ImageUri: !Ref Web}\n")),
        ("lambda/prod.json", values.to_owned()),
        ("held/template.yaml", ecs("").replace("Type: String", "Type: String, AllowedPattern: '.*'")),
        ("held/prod.json", values.to_owned()),
        ("stored/template.yaml", stored.replace("public.ecr.aws/nginx/nginx:1", "/images/web")),
        ("stored/prod.json", values.replace("public.ecr.aws/nginx/nginx:2", "images/web")),
        ("stored/named.json", "{\"Parameters\": {\"Web\": \"web-image:1\"}}\n".to_owned()),
    ]);
    let report = repo.json(&[&["check"], &HERE[..]].concat());
    let reason = |path: &str| {
        let mut findings = report["findings"].as_array().unwrap().iter();
        let finding = findings.find(|finding| finding["file"].as_str().unwrap().ends_with(path));
        finding.map(|finding| finding["reason"].as_str().unwrap_or_default().to_owned())
    };
    let rows = [
        ("pulls/long.json", Some("reference-too-long")),
        ("credentials/template.yaml", Some("pull-credentials")),
        ("credentials/prod.json", Some("pull-credentials")),
        ("runner/prod.json", Some("needs-more")),
        ("lambda/prod.json", Some("no-pull-through")),
        ("held/prod.json", Some("validated")),
        ("stored/prod.json", None),
        ("stored/named.json", None),
    ];
    for (path, expected) in rows {
        assert_eq!(reason(path).as_deref(), expected, "{path}");
    }
    repo.run_here(&["rewrite", "--unsafe"]).exits(0);
    for (folder, changes) in [("credentials", true), ("runner", true), ("lambda", false), ("held", false)] {
        for name in ["template.yaml", "prod.json"] {
            assert_eq!(repo.read(&format!("{folder}/{name}")).contains(".dkr.ecr."), changes, "{folder}/{name}");
        }
    }
}

#[test]
fn values_for_parameters_without_a_sign_of_images() {
    let template = "Parameters:\n  Web: {Type: String}\n  Stage: {Type: String}\nResources:\n  Task:\n    Type: \
                    AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n        - Image: !Ref Web\n";
    let files = [
        ("shop/list.json", "[\n  \"Web=nginx:1.27\", \"Stage=prod\"\n]\n"),
        ("shop/rain.yaml", "Tags: {Team: shop}\nParameters:\n  Web: nginx:1.27 # one\n  Stage: prod\n"),
        ("shop/first.yml", "Parameters: {Web: nginx:1.27}\n"),
        ("shop/words.json", "[\"Web=nginx:1.27\", \"Colour=red\"]\n"),
        ("shop/texts.json", "[\"nginx:1.27\", \"Web=nginx:1.27\"]\n"),
        ("shop/values.toml", "Parameters = {Web = \"nginx:1.27\"}\n"),
        ("other/list.json", "[\"Web=nginx:1.27\", \"Stage=prod\"]\n"),
    ];
    let mut all: Vec<(&str, String)> = files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
    all.push(("shop/template.yaml", template.to_owned()));
    all.push(("other/template.yaml", template.replace("Image: !Ref Web", "Name: !Ref Web")));
    let repo = Repo::with(&all);
    repo.run_here(&["rewrite"]).exits(0).rewrites(3);
    for (path, text) in files {
        let changes = ["shop/list.json", "shop/rain.yaml", "shop/first.yml"].contains(&path);
        let expected = if changes { text.replace("nginx:", &cached("docker/library/nginx:")) } else { text.to_owned() };
        assert_eq!(repo.read(path), expected, "{path}");
    }
    repo.run_here(&["check"]).exits(0).says("3 cached already");
}

#[test]
fn an_expression_needs_no_account_and_the_rest_says_that_it_does() {
    let pod = "{{- if .Values.enabled }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n    \
               - image: {{ .Values.image }}\n    - image: \"redis:{{ .Values.tag }}\"\n{{- end }}\n";
    let repo = Repo::with(&[
        ("ecrewrite.yaml", "registry_as:\n  helm: \"{{ .Values.ecr }}\"\n  terraform: local.ecr\n".to_owned()),
        ("chart/Chart.yaml", CHART.to_owned()),
        ("chart/templates/pod.yaml", pod.to_owned()),
        ("chart/values.yaml", "sidecar:\n  image: httpd:2.4\n".to_owned()),
        ("infra/locals.tf", "locals {\n  web_image = \"nginx:1.27\"\n}\n".to_owned()),
    ]);
    // What needs the host would change if it were known: `check` shows it, and `rewrite` leaves it.
    let run = repo.run(&["check"]).exits(1).says("4 references in 3 files").says("chart/values.yaml");
    let run = run.says("<account>.dkr.ecr.<region>.amazonaws.com/ecr-public/docker/library/httpd:2.4");
    let run = run.says_not("before `rewrite`");
    run.says("`rewrite` leaves what needs the host: the account and the region of the private registry are not known");
    repo.run(&["rewrite"]).exits(0).says("[no-registry]");
    assert_eq!(repo.read("chart/values.yaml"), "sidecar:\n  image: httpd:2.4\n");
    let image = |rest: &str| format!("{{{{ .Values.ecr }}}}/ecr-public/docker/library/{rest}");
    let expected = pod.replace("nginx:1.27", &image("nginx:1.27")).replace("redis:", &image("redis:"));
    assert_eq!(repo.read("chart/templates/pod.yaml"), expected);
    assert!(repo.read("infra/locals.tf").contains("\"${local.ecr}/ecr-public/docker/library/nginx:1.27\""));
    repo.run(&["check"]).exits(1).says("3 cached already, 1 left");
    repo.run_here(&["check"]).exits(1).says(&format!("{HOST}/ecr-public/docker/library/httpd:2.4"));
    repo.run(&["emit"]).exits(0).says("locals {\n  ecr = \"${data.aws_caller_identity.");
    repo.run(&["revert"]).exits(0);
    assert_eq!(repo.read("chart/templates/pod.yaml"), pod);
}

const CHART: &str = "apiVersion: v2\nname: shop\nversion: 0.1.0\n";

fn templated(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{{{ name }}}}\nspec:\n  containers:\n    - image: {image}\n"
    )
}

#[test]
fn an_action_stands_only_in_templates_of_a_chart() {
    let values = "web:\n  image: nginx:1.27\n  title: \"{{ .Release.Name }}\"\n";
    let workflow = "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nspec:\n  templates:\n    - container:\n        \
                    image: nginx:1.27\n        args: [\"{{inputs.parameters.message}}\"]\n";
    let files = [
        ("chart/Chart.yaml", CHART.to_owned()),
        ("chart/charts/part/Chart.yaml", CHART.to_owned()),
        ("chart/charts/part/templates/deep/pod.yaml", templated("nginx:1.27")),
        ("chart/templates/pod.yaml", templated("nginx:1.27")),
        ("chart/templates/_pod.yaml", templated("nginx:1.27")),
        ("chart/templates/pod.yaml.j2", templated("nginx:1.27")),
        ("chart/templates/pod.yaml.tftpl", templated("nginx:1.27")),
        ("chart/templates/values/web.yaml", values.to_owned()),
        ("chart/files/templates/pod.yaml", templated("nginx:1.27")),
        ("argo/templates/workflow.yaml", workflow.to_owned()),
        ("ansible/roles/web/templates/pod.yaml", templated("nginx:1.27")),
        ("ansible/roles/web/templates/pod.yaml.j2", templated("nginx:1.27")),
    ];
    let repo = Repo::with(&files);
    let action = "helm={{ .Values.ecr }}";
    repo.run_here(&["rewrite", "--registry-as", action]).exits(0);
    for (path, before) in files.iter().filter(|(path, _)| !path.ends_with("Chart.yaml")) {
        let is_of_chart = ["chart/templates/pod.yaml", "chart/charts/part/templates/deep/pod.yaml"].contains(path);
        let host = if is_of_chart { "{{ .Values.ecr }}" } else { HOST };
        let image = format!("{host}/ecr-public/docker/library/nginx:1.27");
        assert_eq!(repo.read(path), before.replace("nginx:1.27", &image), "{path}");
    }
    repo.run_here(&["check", "--registry-as", action]).exits(0).says("10 cached already");
    // Elsewhere it says nothing of the registry.
    repo.write(
        "argo/templates/workflow.yaml",
        repo.read("argo/templates/workflow.yaml").replace(HOST, "{{ .Values.ecr }}"),
    );
    repo.run_here(&["check", "--registry-as", action]).exits(0).says("[not-literal]");
    // A link lies where it leads, and standard input where its name says.
    let (file, other) = (repo.path("chart/templates/pod.yaml"), repo.path("argo/templates/pod.yaml"));
    if cfg!(unix) {
        #[cfg(unix)]
        std::os::unix::fs::symlink(&file, &other).unwrap();
        repo.run_here(&["check", "argo/templates/pod.yaml", "--registry-as", action]).exits(0).says("1 cached already");
    }
    let stdin = ["rewrite", "-", "--stdin-filename", "chart/templates/new.yaml", "--registry-as", action];
    let run = repo.run_on(templated("nginx:1.27"), &[&stdin[..], &HERE].concat());
    run.says("image: {{ .Values.ecr }}/ecr-public");
}

#[test]
fn an_action_with_a_dot_stands_only_where_the_dot_is_the_root() {
    let template = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1\n    {{- range .Values.workers }}\n    \
                    - name: {{ .name }}\n      image: nginx:2\n    {{- else }}\n    - image: nginx:3\n    {{- end }}\n    \
                    {{- with .Values.side }}\n    - image: \"nginx:4\"\n    {{- end }}\n    {{- if .Values.more }}\n    \
                    - image: nginx:5\n    {{- end }}\n{{- define \"shop.pod\" }}\n    - image: nginx:6\n{{- end }}\n";
    let (relative, root) = ("{{ .Values.ecr }}", "{{ $.Values.ecr }}");
    for (action, literal) in [(relative, &[2, 4, 6][..]), (root, &[6])] {
        let repo = Repo::with(&[("chart/Chart.yaml", CHART), ("chart/templates/pod.yaml", template)]);
        let expected = (1..=6).fold(template.to_owned(), |text, index| {
            let host = if literal.contains(&index) { HOST } else { action };
            text.replace(&format!("nginx:{index}"), &format!("{host}/ecr-public/docker/library/nginx:{index}"))
        });
        let flag = format!("helm={action}");
        repo.run(&["rewrite", "--registry-as", &flag]).exits(0).says("[no-registry]");
        repo.run_here(&["rewrite", "--registry-as", &flag]).exits(0);
        assert_eq!(repo.read("chart/templates/pod.yaml"), expected, "{action}");
        repo.run_here(&["check", "--registry-as", &flag]).exits(0).says("6 cached already");
        // With another dot it names something else.
        repo.write("chart/templates/pod.yaml", expected.replace(HOST, relative));
        repo.run_here(&["check", "--registry-as", "helm={{ .Values.ecr }}"]).exits(0).says("[not-literal]");
    }
}

#[test]
fn two_expressions_for_one_language_are_a_mistake() {
    let repo = Repo::with(&[("main.tf", "locals {\n  web_image = \"nginx:1.27\"\n}\n")]);
    let flags = ["--registry-as", "terraform=local.a", "--registry-as", "terraform=local.b"];
    let run = repo.run_here(&[&["check"][..], &flags].concat()).exits(2);
    run.complains("two expressions for terraform, `${local.a}` and `${local.b}`");
    repo.run_here(&["check", "--registry-as", "terraform=registry.example.com"]).exits(2).complains("is no registry");
}

#[test]
fn overrides_of_expressions_belong_to_one_registry() {
    let local = |image: &str| format!("locals {{\n  web_image = \"{image}\"\n}}\n");
    let repo = Repo::with(&[
        ("ecrewrite.yaml", "overrides:\n  - paths: [infra/]\n    registry_as: {terraform: local.ecr}\n".to_owned()),
        ("infra/main.tf", local("nginx:1.27")),
        ("more/main.tf", local("nginx:1.27")),
    ]);
    repo.run_here(&["emit"]).exits(0).says("  ecr = ");
    repo.run_here(&["rewrite"]).exits(0);
    assert_eq!(repo.read("infra/main.tf"), local("${local.ecr}/ecr-public/docker/library/nginx:1.27"));
    assert_eq!(repo.read("more/main.tf"), local(&format!("{HOST}/ecr-public/docker/library/nginx:1.27")));
    // A part of a local is defined where the local is.
    let part = ["--registry-as", "terraform=local.settings.ecr"];
    repo.run_here(&[&["emit", "more"][..], &part].concat()).exits(0).says_not("settings.ecr =");
}

#[test]
fn an_assembly_that_git_ignores_is_named() {
    let repo = Repo::with(&[
        (".gitignore", "cdk.out\n".to_owned()),
        ("cdk.out/manifest.json", "{\"version\": \"54.0.0\", \"artifacts\": {}}\n".to_owned()),
        ("infra/cdk.out/manifest.json", "{\"version\": \"54.0.0\", \"artifacts\": {}}\n".to_owned()),
        ("task.json", task("nginx:1.27")),
    ]);
    let run = repo.run_here(&["check", "-v"]).exits(1).says("[ignored-folder]").says("infra/cdk.out");
    run.says("skipped:\n  2  git ignores this folder");
    repo.run_here(&["check", ".", "cdk.out", "infra/cdk.out"]).exits(1).says_not("ignored-folder");
}

#[test]
fn an_assembly_that_the_app_names_is_read_though_git_ignores_it() {
    let manifest = "{\"version\": \"54.0.0\", \"artifacts\": {}}\n".to_owned();
    let template = "{\"Resources\": {\"T\": {\"Type\": \"AWS::ECS::TaskDefinition\", \"Properties\": \
                    {\"ContainerDefinitions\": [{\"Image\": \"nginx:1.27\"}]}, \"Metadata\": {\"aws:cdk:path\": \
                    \"Shop/Web/Resource\"}}}}\n";
    let repo = Repo::with(&[
        (".gitignore", "build\ncdk.out\n".to_owned()),
        ("app/cdk.json", "{\"app\": \"node app.js\", \"output\": \"build/assembly\"}\n".to_owned()),
        ("app/build/assembly/manifest.json", manifest.clone()),
        ("app/build/assembly/Shop.template.json", template.to_owned()),
        ("other/cdk.json", "{\"output\": \"cdk.out\"}\n".to_owned()),
        ("other/cdk.out/manifest.json", manifest),
        ("other/cdk.out/Shop.template.json", template.to_owned()),
    ]);
    let run = repo.run_here(&["check", "-v"]).exits(1).says("2 references in 2 files").says_not("ignored-folder");
    run.says("of the construct Shop/Web/Resource").says("`cdk deploy --app app/build/assembly`");
    let json = repo.json(&["check", "--account", "111122223333", "--region", "eu-central-1"]);
    assert_eq!(json["findings"][0]["construct"], "Shop/Web/Resource");
    repo.run_here(&["rewrite"]).exits(0);
    assert_eq!(repo.read("other/cdk.out/Shop.template.json"), template.replace("nginx:1.27", &nginx()));
}

#[test]
fn credentials_are_dropped_on_request_where_all_images_beside_them_are_cached() {
    let secrets = |image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  # the old registry\n  imagePullSecrets:\n    - name: hub # x\n  containers:\n    \
             - image: nginx:1.27\n    - image: {image}\n"
        )
    };
    let task = "{\n  \"containerDefinitions\": [\n    {\n      \"image\": \"nginx:1.27\",\n      \"repositoryCredentials\": {\n        \
                \"credentialsParameter\": \"arn:aws:secretsmanager:eu-central-1:111122223333:secret:hub\"\n      },\n      \"name\": \
                \"web\"\n    }\n  ]\n}\n";
    let terraform = "resource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = jsonencode([{\n    name  = \"web\"\n    \
                     repositoryCredentials = {\n      credentialsParameter = var.secret\n    }\n    image = \"nginx:1.27\"\n  }])\n}\n";
    let repo = Repo::with(&[
        ("all.yaml", secrets("redis:7")),
        ("some.yaml", secrets("quay.io/quillmoor/web:1")),
        ("task.json", task.to_owned()),
        ("task.tf", terraform.to_owned()),
    ]);
    let run = repo.run_here(&["check", "-v"]).exits(1).says("[pull-credentials]");
    run.says("credentials for the old registry stand at 6:5").says("credentials for the old registry stand at 5:32");
    repo.run_here(&["rewrite", "--drop-credentials"]).exits(0);
    let cut = |text: &str, part: &str| text.replace(part, "").replace("nginx:1.27", &nginx());
    let all = cut(&secrets("redis:7"), "  imagePullSecrets:\n    - name: hub # x\n");
    assert_eq!(repo.read("all.yaml"), all.replace("redis:7", &cached("docker/library/redis:7")));
    assert_eq!(repo.read("some.yaml"), cut(&secrets("quay.io/quillmoor/web:1"), "nothing"));
    let part = ",\n      \"repositoryCredentials\": {\n        \"credentialsParameter\": \
                \"arn:aws:secretsmanager:eu-central-1:111122223333:secret:hub\"\n      }";
    assert_eq!(repo.read("task.json"), cut(task, part));
    let part = "    repositoryCredentials = {\n      credentialsParameter = var.secret\n    }\n";
    assert_eq!(repo.read("task.tf"), cut(terraform, part));
    repo.run_here(&["check"]).exits(0);
}

#[test]
fn emit_says_what_it_cannot_attach_and_where_nobody_logs_in() {
    let task = "resource \"aws_ecs_task_definition\" \"t\" {\n  execution_role_arn = var.role_arn\n  container_definitions = \
                jsonencode([{ image = \"nginx:1.27\" }])\n}\n";
    let repo = Repo::with(&[("task.tf", task.to_owned())]);
    repo.run_here(&["emit", "--section", "attach"])
        .exits(0)
        .complains("note: the role var.role_arn pulls, is not defined");
    repo.run_here(&["emit", "--section", "login"]).exits(0).complains("no login to print");
    repo.run_here(&["emit"]).exits(0).complains_not();
}

#[test]
fn emit_prints_only_what_is_missing() {
    let in_place = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/doctor/everything-in-place-terraform/repo");
    let mut files = Vec::new();
    for entry in fs::read_dir(in_place).unwrap() {
        let path = entry.unwrap().path();
        files.push((path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
    }
    let names: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let repo = Repo::with(&names);
    let asked =
        ["emit", "--section", "rules,iam,attach,endpoints", "--account", "111122223333", "--region", "us-east-1"];
    let nothing = "# All of this exists already, so there is nothing to create.\n";
    assert_eq!(repo.run(&asked).exits(0).stdout, nothing);
    let run = repo.run(&[&asked[..], &["--all"]].concat()).exits(0).says("aws_ecr_pull_through_cache_rule");
    run.says("aws_iam_policy").says("aws_vpc_endpoint");
    // Of several files each has its own, and what is there is not overwritten.
    repo.run(&[&asked[..], &["--all", "--out-dir", "cache"]].concat()).exits(0).says("cache/rules.tf");
    repo.write("cache/rules.tf", "# mine\n");
    let again = repo.run(&[&asked[..], &["--all", "--out-dir", "cache"]].concat()).exits(2);
    again.complains("cache/rules.tf is there already");
    assert_eq!(repo.read("cache/rules.tf"), "# mine\n");
}

#[test]
fn rules_in_the_files_hold_as_if_they_were_configured() {
    let rules = "resource \"aws_ecr_pull_through_cache_rule\" \"q\" {\n  ecr_repository_prefix = \"mirror/quay\"\n  \
                 upstream_registry_url = \"quay.io\"\n}\nresource \"aws_ecr_pull_through_cache_rule\" \"p\" {\n  \
                 ecr_repository_prefix = \"public\"\n  upstream_registry_url = \"public.ecr.aws\"\n}\n";
    let repo = Repo::with(&[
        ("cache/rules.tf", rules.to_owned()),
        ("pod.yaml", pod("quay.io/quillmoor/web:1")),
        ("web.yaml", pod("nginx:1.27")),
        (
            "existing.json",
            "{\"pullThroughCacheRules\": [{\"ecrRepositoryPrefix\": \"gh\", \"upstreamRegistryUrl\": \
                           \"ghcr.io\", \"registryId\": \"111122223333\"}]}\n"
                .to_owned(),
        ),
        ("gh.yaml", pod("ghcr.io/quillmoor/web:1")),
    ]);
    let run =
        repo.run_here(&["check"]).exits(1).says("/mirror/quay/quillmoor/web:1").says("/public/docker/library/nginx");
    run.says("[no-rule]");
    // What flags and configuration say goes before.
    repo.run_here(&["check", "--rule", "quay.io=quay"]).exits(1).says("/quay/quillmoor/web:1").says_not("mirror");
    repo.run_here(&["check", "--existing-rules", "existing.json"]).exits(1).says("/gh/quillmoor/web:1");
    repo.run_here(&["check", "--existing-rules", "pod.yaml"]).exits(2).complains("pod.yaml: not what `aws ecr");
    // Of two for one upstream, neither.
    repo.write("other/rules.tf", rules.replace("mirror/quay", "quay-two"));
    repo.run_here(&["check"]).exits(1).says_not("mirror").says_not("quay-two").says("/public/docker/library/nginx");
}

#[test]
fn what_a_kustomization_reaches_does_not_depend_on_how_paths_are_written() {
    let pod = "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - image: nginx:1\n";
    let component =
        "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nimages: [{name: nginx, newTag: '2'}]\n";
    let repo = Repo::with(&[
        ("kustomization.yaml", "resources: [pod.yaml]\nimages: [{name: nginx, newTag: '2'}]\n".to_owned()),
        ("pod.yaml", pod.to_owned()),
        ("app/prod/kustomization.yaml", "resources: [../base]\ncomponents: [../part]\n".to_owned()),
        ("app/part/kustomization.yaml", component.to_owned()),
        ("app/base/kustomization.yaml", "resources: [pod.yaml]\n".to_owned()),
        ("app/base/pod.yaml", pod.to_owned()),
    ]);
    let whole = repo.path("app/base").display().to_string();
    for paths in [vec!["."], vec!["kustomization.yaml", "pod.yaml"], vec!["app/prod", "app/part", &whole]] {
        repo.run_here(&[vec!["check"], paths].concat()).exits(0).says("[matched]");
    }
    repo.run_here(&["check", "app/base"]).exits(1).says_not("[matched]");
    let run = repo.run_in("app/prod", &[&["check", ".", "../part", "../base"][..], &HERE].concat());
    run.exits(0).says("[matched]");
}

#[test]
fn a_definition_is_followed_only_where_the_whole_module_allows_it() {
    let image = |name: &str| {
        format!(
            "resource \"aws_ecs_task_definition\" \"{name}\" {{\n  container_definitions = \
                                      jsonencode([{{ image = var.{name} }}])\n}}\nvariable \"{name}\" {{\n  default = \"redis:7\"\n}}\n"
        )
    };
    let repo = Repo::with(&[
        ("a/main.tf", image("one")),
        ("a/other.tf", "resource \"x\" \"y\" {\n  engine = var . one\n}\n".to_owned()),
        ("b/main.tf", image("two")),
        ("b/broken.tf", "x = var.two }\n".to_owned()),
        (
            "c/main.tf",
            "variable \"tool\" {\n  default = \"node:22\"\n}\nresource \"aws_codebuild_project\" \"p\" {\n  \
                       environment {\n    image = var.tool\n  }\n}\n"
                .to_owned(),
        ),
        ("d/main.tf", image("three")),
    ]);
    repo.run_here(&["check", "a/main.tf"]).exits(0).says("[shared-value]");
    repo.run_here(&["check", "b/main.tf"]).exits(0).says("[shared-value]");
    repo.run_here(&["check", "c"]).exits(0).says_not("node:22");
    repo.run_here(&["check", "d/main.tf"]).exits(1).says("1 reference in 1 file");
}

#[test]
fn a_rule_that_flag_and_file_share_is_one() {
    let repo =
        Repo::with(&[("ecrewrite.yaml", "rules: {quay.io: quay}\n".to_owned()), ("t.json", task("quay.io/a/b:1"))]);
    repo.run_here(&["check", "--rule", "quay.io=quay"]).exits(1).says("/quay/a/b:1");
    repo.run_here(&["check", "--rule", "quay.io=quay", "--rule", "quay.io=other"]).exits(2).complains("two rules");
}

#[test]
fn broken_wins_over_findings() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27")), ("bad.yaml", "image: [\n".into())]);
    repo.run_here(&["check", "task.json"]).exits(1);
    repo.run_here(&["check"]).exits(2);
}

#[test]
fn templates_and_json_with_comments_are_skipped_without_touching_the_exit_code() {
    let repo = Repo::with(&[
        ("chart/templates/pod.yaml", "{{- range .Values.images }}\n{{ include \"pod\" . }}\n{{- end }}\n"),
        ("task.json.tpl", "{ \"containerDefinitions\": ${images} }\n"),
        ("settings.json", "{\n  // the image\n  \"image\": \"nginx:1.27\"\n}\n"),
    ]);
    let run = repo.run_here(&["check", "-v"]).exits(0).complains_not();
    run.says("chart/templates/pod.yaml")
        .says("[template]")
        .says("[json-comments]")
        .says("skipped:\n  2  it is a template");
    repo.run_here(&["check"]).exits(0).says("skipped (`-v` shows where):\n  2  it is a template").says_not("chart");
    repo.run_here(&["check", "-q"]).exits(0).says("skipped: 2 template, 1 json-comments");
    let before = repo.files();
    repo.run_here(&["rewrite"]).exits(0).complains_not();
    assert_eq!(repo.files(), before);
}

#[test]
fn a_file_that_is_not_utf8_is_named_with_its_line_and_left() {
    let latin = b"apiVersion: v1\nkind: Pod\n# caf\xe9\nspec: {containers: [{image: nginx:1.27}]}\n".to_vec();
    let repo = Repo::with(&[("latin.yaml", latin.clone()), ("task.json", task("nginx:1.27").into())]);
    let run = repo.run_here(&["rewrite"]).exits(2).complains("latin.yaml").complains("UTF-8");
    assert!(run.stderr.contains("line 3") || run.stderr.contains("latin.yaml:3"), "{}", run.stderr);
    assert_eq!(fs::read(repo.path("latin.yaml")).unwrap(), latin);
    assert_eq!(repo.read("task.json"), task(&nginx()));
}

#[test]
fn utf16_is_named_and_left() {
    let units: Vec<u16> = std::iter::once(0xfeff).chain(pod("nginx:1.27").encode_utf16()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let repo = Repo::with(&[("little.yaml", little), ("big.yaml", big)]);
    let before = repo.files();
    repo.run_here(&["rewrite"]).exits(2).complains("little.yaml").complains("big.yaml").complains("UTF-8");
    assert_eq!(repo.files(), before);
}

// Paths.

#[test]
fn the_default_path_is_the_current_folder() {
    let repo = Repo::with(&[("a/task.json", task("nginx:1.27")), ("b/task.json", task("redis:7"))]);
    let run = repo.run_in("a", &["check"]).exits(1).says("nginx:1.27");
    assert!(run.stdout.starts_with("task.json\n"), "{}", run.stdout);
    repo.run(&["check"]).exits(1).says("a/task.json").says("b/task.json");
}

#[test]
fn a_named_file_of_no_format_is_an_error() {
    let repo = Repo::with(&[("notes.txt", "image: nginx\n")]);
    repo.run(&["check", "notes.txt"]).exits(2).complains("notes.txt").complains("format");
    repo.run(&["check"]).exits(0).complains_not();
}

/// A program by its name, and what reads it.
#[test]
fn a_named_program_that_this_build_does_not_read_names_the_feature() {
    let none = "its name is of no format that is read here";
    let programs = "this program was built without the readers of programs: build it with `--features cdk-source`, or \
                    take a released one\n";
    let csharp = "this program was built without the reader of C#: build it with `--features cdk-source-csharp`, which \
                  no released one has\n";
    let (reads_programs, reads_csharp) = (cfg!(feature = "cdk-source"), cfg!(feature = "cdk-source-csharp"));
    let rows = [
        ("app.ts", reads_programs, programs),
        ("app.mjs", reads_programs, programs),
        ("lib/app.tsx", reads_programs, programs),
        ("app.py", reads_programs, programs),
        ("App.java", reads_programs, programs),
        ("main.go", reads_programs, programs),
        ("App.cs", reads_csharp, csharp),
        // Types define nothing, whatever the build reads.
        ("app.d.ts", false, none),
        ("app.rs", false, none),
        ("cs", false, none),
    ];
    let files: Vec<(&str, &str)> = rows.iter().map(|(name, ..)| (*name, "x\n")).collect();
    let repo = Repo::with(&files);
    for (name, is_read, message) in rows {
        for verb in ["check", "rewrite", "emit", "doctor"] {
            let run = repo.run_here(&[verb, name]);
            match is_read {
                true => drop(run.exits(0).complains_not()),
                false => drop(run.exits(2).complains(&format!("error: {name}: {message}"))),
            }
        }
        let run = repo.run_on("x\n", &["check", "-", "--stdin-filename", name]);
        match (is_read, message == none) {
            (true, _) => drop(run.exits(0).complains_not()),
            (false, true) => drop(run.exits(2).complains("the name is of no format that is read here")),
            (false, false) => drop(run.exits(2).complains(&format!("error: --stdin-filename {name}: {message}"))),
        }
    }
    // What is found, and not named, is passed over.
    repo.run_here(&["check"]).exits(0).complains_not();
}

#[test]
fn overlapping_roots_are_read_once() {
    let repo = Repo::with(&[("a/b/task.json", task("nginx:1.27"))]);
    let absolute = repo.path("a").to_str().unwrap().to_owned();
    let run = repo.run_here(&["check", ".", "a", "a/b", "a/b/task.json", "./a/../a", &absolute]).exits(1);
    run.rewrites(1);
    repo.run_here(&["rewrite", "a", "."]).exits(0).rewrites(1);
}

#[test]
fn ignored_files_are_not_read_unless_they_are_named() {
    let repo = Repo::with(&[
        (".gitignore", "build/\n*.local.json\n".into()),
        ("build/task.json", task("nginx:1.27")),
        ("build/deep/task.json", task("nginx:1.27")),
        ("my.local.json", task("nginx:1.27")),
        ("task.json", task("redis:7")),
    ]);
    repo.run(&["check"]).exits(1).rewrites(1).says_not("build").says_not("local");
    repo.run(&["check", "build"]).exits(1).says("build/task.json").says("build/deep/task.json");
    repo.run(&["check", "build/deep"]).exits(1).says("build/deep/task.json").rewrites(1);
    repo.run(&["check", "my.local.json"]).exits(1).says("my.local.json");
    repo.run_in("build", &["check"]).exits(1).rewrites(2);
}

#[test]
fn ignore_rules_need_a_repository() {
    let repo = Repo::with(&[(".gitignore", "build/\n".into()), ("build/task.json", task("nginx:1.27"))]);
    fs::remove_dir_all(repo.path(".git")).unwrap();
    repo.run(&["check"]).exits(1).says("build/task.json");
}

#[test]
fn folders_of_others_are_not_entered() {
    let repo = Repo::with(&[
        (".git/task.json", task("nginx:1.27")),
        ("node_modules/x/task.json", task("nginx:1.27")),
        ("stack/.terraform/modules/x/main.tf.json", task("nginx:1.27")),
    ]);
    repo.run(&["check"]).exits(0).rewrites(0);
    repo.run(&["check", "node_modules"]).exits(1).says("node_modules/x/task.json");
}

#[test]
fn hidden_folders_are_read() {
    let repo = Repo::with(&[(".aws/task-definition.json", task("nginx:1.27"))]);
    repo.run(&["check"]).exits(1).says(".aws/task-definition.json");
}

#[test]
fn exclude_leaves_out_what_matches() {
    let repo = Repo::with(&[
        ("a/task.json", task("nginx:1.27")),
        ("a/vendor/task.json", task("nginx:1.27")),
        ("b/pod.yaml", pod("nginx:1.27")),
    ]);
    let run = repo.run(&["check", "--exclude", "vendor/", "--exclude", "*.yaml"]).exits(1);
    run.says("a/task.json").rewrites(1);
    repo.write("ecrewrite.yaml", "exclude:\n  - /a/\n");
    repo.run(&["check"]).exits(1).says("b/pod.yaml").rewrites(1);
    repo.run(&["check", "--exclude", "b/"]).exits(0).rewrites(0);
}

#[test]
fn patterns_of_the_configuration_are_relative_to_it() {
    let repo = Repo::with(&[
        ("ecrewrite.yaml", "exclude: [/a/old/]\n".into()),
        ("a/old/task.json", task("nginx:1.27")),
        ("b/x.txt", "".into()),
    ]);
    repo.run(&["check", "a"]).exits(0).rewrites(0);
    repo.run_in("a", &["check"]).exits(0).rewrites(0);
    repo.run_in("b", &["check", "../a"]).exits(0).rewrites(0);
}

#[test]
fn an_exclude_pattern_that_is_none_is_an_error() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    repo.run(&["check", "--exclude", "a/{b"]).exits(2).complains("a/{b");
}

// Standard input.

#[test]
fn standard_input_is_checked_under_its_name() {
    let repo = Repo::with::<&str>(&[]);
    let run = repo.run_on(task("nginx:1.27"), &["check", "-", "--stdin-filename", "deploy/task.json"]);
    run.exits(1).says("deploy/task.json").says("nginx:1.27").complains_not();
    repo.run_on(task("myapp:dev"), &["check", "-", "--stdin-filename", "task.json"]).exits(0);
    let broken = repo.run_on("{", &["check", "-", "--stdin-filename", "task.json"]);
    broken.exits(2).complains("task.json:1:");
}

#[test]
fn standard_input_is_rewritten_to_standard_output() {
    let repo = Repo::with(&[("pod.yaml", pod("redis:7"))]);
    let args = ["rewrite", "-", "--stdin-filename", "pod.yaml"];
    for ends in ["\n", "\r\n"] {
        let (before, after) = (pod("nginx:1.27").replace('\n', ends), pod(&nginx()).replace('\n', ends));
        let run = repo.run_on(&before, &[&args[..], &HERE].concat()).exits(0).complains_not();
        assert_eq!(run.stdout, after);
        assert_eq!(repo.run_on(&after, &[&args[..], &HERE].concat()).exits(0).stdout, after);
    }
    assert_eq!(repo.read("pod.yaml"), pod("redis:7"), "the file of that name is another one");
}

#[test]
fn standard_input_that_cannot_be_rewritten_comes_out_as_it_went_in() {
    let repo = Repo::with::<&str>(&[]);
    let args = [&["rewrite", "-", "--stdin-filename", "pod.yaml"][..], &HERE].concat();
    let run = repo.run_on("image: [\n", &args).exits(2).complains("pod.yaml:");
    assert_eq!(run.stdout, "image: [\n");
    let template = "image: {{ .Values.image }}\n{{ end }}\n";
    assert_eq!(repo.run_on(template, &args).exits(0).stdout, template);
}

#[test]
fn standard_input_as_a_diff() {
    let repo = Repo::with(&[("pod.yaml", pod("nginx:1.27"))]);
    let args = [&["rewrite", "--diff", "-", "--stdin-filename", "pod.yaml"][..], &HERE].concat();
    let from_stdin = repo.run_on(pod("nginx:1.27"), &args).exits(0).stdout;
    assert_eq!(from_stdin, repo.run_here(&["rewrite", "--diff", "pod.yaml"]).exits(0).stdout);
    assert!(from_stdin.starts_with("--- a/pod.yaml\n+++ b/pod.yaml\n@@ "), "{from_stdin}");
}

#[test]
fn standard_input_is_emitted_for() {
    let repo = Repo::with(&[("pod.yaml", pod("nginx:1.27"))]);
    let emitted = repo.run_on(pod("nginx:1.27"), &["emit", "-", "--stdin-filename", "pod.yaml"]).exits(0).stdout;
    assert_eq!(emitted, repo.run(&["emit"]).exits(0).stdout);
}

#[test]
fn standard_input_misused() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    repo.run_on("", &["check", "-"]).exits(2).complains("--stdin-filename");
    repo.run_on("", &["check", "--stdin-filename", "task.json"]).exits(2).complains("`-`");
    repo.run_on("", &["check", "-", "task.json", "--stdin-filename", "x.json"]).exits(2).complains("`-`");
    repo.run_on("", &["check", "-", "--stdin-filename", "notes.txt"]).exits(2).complains("notes.txt");
    let latin = repo.run_on(b"image: caf\xe9\n", &["check", "-", "--stdin-filename", "pod.yaml"]);
    latin.exits(2).complains("pod.yaml").complains("UTF-8");
}

// Account, region, configuration.

#[test]
fn rewrite_names_what_is_missing_and_the_three_ways_to_give_it() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    let run = repo.run(&["rewrite"]).exits(2).complains("account").complains("region");
    assert_eq!(run.stderr.matches("error:").count(), 1, "one message:\n{}", run.stderr);
    let run = run.complains("--account").complains("--region").complains("ecrewrite.yaml");
    run.complains("ECREWRITE_ACCOUNT").complains("AWS_REGION");

    let run = repo.run(&["rewrite", "--account", "111122223333"]).exits(2).complains("--region");
    assert!(!run.stderr.contains("--account"), "the account is known:\n{}", run.stderr);
    let run = repo.run(&["rewrite", "--diff", "--region", "eu-central-1"]).exits(2).complains("--account");
    assert!(!run.stderr.contains("AWS_REGION"), "the region is known:\n{}", run.stderr);
    assert_eq!(repo.read("task.json"), task("nginx:1.27"));
}

#[test]
fn the_ways_to_give_it_stand_below_each_other() {
    let run = Repo::with::<&str>(&[]).run(&["rewrite"]).exits(2);
    let ways: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with(' ')).collect();
    let column = |way: &str| way.trim_start().split_once("  ").map(|(_, value)| way.len() - value.trim_start().len());
    assert_eq!(ways.len(), 3, "{}", run.stderr);
    assert!(ways.iter().all(|way| column(way) == column(ways[0])), "{}", run.stderr);
}

#[test]
fn the_other_verbs_show_placeholders() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    let shown = "<account>.dkr.ecr.<region>.amazonaws.com/ecr-public/docker/library/nginx";
    repo.run(&["check"]).exits(1).says(shown);
    repo.run(&["explain", "nginx"]).exits(0).says(shown);
    for dialect in ["terraform", "cloudformation", "cli", "json"] {
        repo.run(&["emit", "--as", dialect]).exits(0).says("<account>").says("<region>");
    }
    repo.run(&["check", "--account", "111122223333"]).exits(1).says("111122223333.dkr.ecr.<region>.amazonaws.com/");
}

#[test]
fn flags_over_configuration_over_environment() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    let host = |account: &str, region: &str| format!("{account}.dkr.ecr.{region}.amazonaws.com/");
    let of_flags = ["check", "--account", "333333333333", "--region", "eu-west-3"];
    let all = [("ECREWRITE_ACCOUNT", "111111111111"), ("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "us-east-1")];
    repo.run_with(&all, &["check"]).says(&host("111111111111", "eu-west-1"));
    repo.run_with(&[all[0], all[2]], &["check"]).says(&host("111111111111", "us-east-1"));
    repo.run_with(&[all[0], ("AWS_REGION", ""), all[2]], &["check"]).says(&host("111111111111", "us-east-1"));
    repo.run_with(&all, &of_flags).says(&host("333333333333", "eu-west-3"));
    repo.write("ecrewrite.yaml", "account: \"222222222222\"\nregion: eu-west-2\n");
    repo.run_with(&all, &["check"]).says(&host("222222222222", "eu-west-2"));
    repo.run_with(&all, &of_flags).says(&host("333333333333", "eu-west-3"));
    repo.run_with(&all, &["check", "--region", "eu-west-3"]).says(&host("222222222222", "eu-west-3"));
    repo.run(&["rewrite"]).exits(0).says(&host("222222222222", "eu-west-2"));
}

#[test]
fn an_account_without_quotes_keeps_its_zeros() {
    let repo =
        Repo::with(&[("task.json", task("nginx:1.27")), ("ecrewrite.yaml", "account: 012345678901\n".to_owned())]);
    repo.run(&["check"]).exits(1).says("012345678901.dkr.ecr.");
}

#[test]
fn a_value_that_cannot_be_is_reported_with_where_it_comes_from() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    repo.run_with(&[("ECREWRITE_ACCOUNT", "12")], &["check"]).exits(2).complains("`12`").complains("ECREWRITE_ACCOUNT");
    repo.run_with(&[("AWS_REGION", "moon")], &["check"]).exits(2).complains("`moon`").complains("AWS_REGION");
    repo.write("ecrewrite.yaml", "account: \"12\"\n");
    repo.run(&["check"]).exits(2).complains("`12`").complains("ecrewrite.yaml");
}

#[test]
fn the_nearest_configuration_up_to_the_repository_and_not_beyond() {
    let repo = Repo::with(&[
        ("ecrewrite.yaml", "account: \"111111111111\"\n".into()),
        ("a/b/task.json", task("nginx:1.27")),
        ("c/ecrewrite.yaml", "account: \"222222222222\"\n".into()),
        ("c/d/task.json", task("nginx:1.27")),
        ("sub/.git/HEAD", "".into()),
        ("sub/e/task.json", task("nginx:1.27")),
    ]);
    repo.run(&["check", "a/b"]).exits(1).says("111111111111.dkr");
    repo.run_in("a/b", &["check"]).exits(1).says("111111111111.dkr");
    repo.run(&["check", "a/b/task.json"]).exits(1).says("111111111111.dkr");
    repo.run(&["check", "c/d"]).exits(1).says("222222222222.dkr");
    repo.run(&["check", "sub/e"]).exits(1).says("<account>.dkr");
    repo.run_in("sub/e", &["check"]).exits(1).says("<account>.dkr");
    repo.run_in("a/b", &["explain", "nginx"]).exits(0).says("111111111111.dkr");
    repo.run(&["check", "a", "--config", "c/ecrewrite.yaml"]).exits(1).says("222222222222.dkr");
}

#[test]
fn the_configuration_is_sought_above_the_path_not_on_the_way_to_it() {
    let repo = Repo::with(&[
        ("here/ecrewrite.yaml", "account: \"111111111111\"\n".into()),
        ("there/task.json", task("nginx:1.27")),
    ]);
    fs::remove_dir_all(repo.path(".git")).unwrap();
    repo.run_in("here", &["check", "../there"]).exits(1).says("<account>.dkr");
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_a_suggestion() {
    let repo = Repo::with(&[
        ("ecrewrite.yaml", "account: \"111122223333\"\nregon: eu-central-1\n".to_owned()),
        ("task.json", task("nginx:1.27")),
    ]);
    for args in [&["check"][..], &["rewrite"], &["emit"], &["explain", "nginx"]] {
        let run = repo.run(args).exits(2).complains("ecrewrite.yaml:2:1: unknown key `regon`");
        let run = run.complains("did you mean `region`?");
        assert_eq!(run.stdout, "");
    }
    assert_eq!(repo.read("task.json"), task("nginx:1.27"));
}

#[test]
fn a_configuration_that_is_not_yaml_is_named_with_its_place() {
    let repo = Repo::with(&[("ecrewrite.yaml", "account: [\n")]);
    let run = repo.run(&["check"]).exits(2).complains("ecrewrite.yaml:");
    let message = run.stderr.split(".yaml:").nth(1).unwrap();
    assert!(message.starts_with(|first: char| first.is_ascii_digit()), "no line: {}", run.stderr);
}

#[test]
fn the_configuration_holds_rules_and_the_route_of_official_images() {
    let repo = Repo::with(&[
        ("ecrewrite.yaml", "official: docker-hub\nrules:\n  quay.io: mirror/quay\n  docker-hub: hub\n".into()),
        ("a.json", task("quay.io/prometheus/prometheus:v3")),
        ("b.json", task("grafana/grafana:11")),
        ("c.json", task("nginx:1.27")),
    ]);
    let run = repo.run_here(&["check"]).exits(1).says(&format!("{HOST}/mirror/quay/prometheus/prometheus:v3"));
    run.says(&format!("{HOST}/hub/grafana/grafana:11")).says(&format!("{HOST}/hub/library/nginx:1.27"));
    let run = repo.run_here(&["check", "--rule", "quay.io=other", "--official", "ecr-public"]).exits(1);
    run.says(&format!("{HOST}/other/prometheus/prometheus:v3")).says(&nginx());
}

#[test]
fn rules_of_flags() {
    let repo = Repo::with(&[("task.json", task("quay.io/prometheus/prometheus:v3"))]);
    repo.run_here(&["check"]).exits(0).says("[no-rule]");
    repo.run_here(&["rewrite", "--rule", "quay.io=quay"]).exits(0);
    assert_eq!(repo.read("task.json"), task(&format!("{HOST}/quay/prometheus/prometheus:v3")));
    repo.run_here(&["check", "--rule", "quay.io=quay"]).exits(0).says("1 cached already");
    for (rule, part) in [
        ("quay.io", "UPSTREAM=PREFIX"),
        ("gcr.io=gcr", "ECR cannot cache `gcr.io`"),
        ("quay.io=Q", "`Q` cannot be the prefix"),
        ("quay.io=ecr-public", "ecr-public"),
    ] {
        repo.run(&["check", "--rule", rule]).exits(2).complains(part);
    }
    repo.run(&["check", "--rule", "quay.io=aa", "--rule", "quay=bb"]).exits(2).complains("quay.io");
}

#[test]
fn the_three_routes_of_official_images() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    repo.run_here(&["check"]).exits(1).says(&nginx());
    repo.run_here(&["check", "--official", "ecr-public"]).exits(1).says(&nginx());
    let hub = format!("{HOST}/docker-hub/library/nginx:1.27");
    repo.run_here(&["check", "--official", "docker-hub"]).exits(1).says(&hub);
    repo.run_here(&["check", "--official", "off"]).exits(0).says("[official-off]");
}

#[test]
fn changes_that_need_more_are_made_only_on_request() {
    let task = |image: &str| {
        format!(
            r#"{{"containerDefinitions": [{{"name": "a", "image": "{image}", "repositoryCredentials": {{"credentialsParameter": "x"}}}}]}}"#
        )
    };
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    repo.run_here(&["rewrite"]).exits(0).says("[pull-credentials]");
    assert_eq!(repo.read("task.json"), task("nginx:1.27"));
    repo.run_here(&["rewrite", "--unsafe"]).exits(0);
    assert_eq!(repo.read("task.json"), task(&nginx()));
}

// The report.

#[test]
fn json_has_version_1_and_stable_fields() {
    let repo = Repo::with(&[
        ("a.json", task("nginx:1.27")),
        ("b.json", task("myapp:dev")),
        ("c.json", task(&nginx())),
        ("d.json", "{ // comment\n \"image\": 1 }\n".into()),
        ("e.json", "{ \"image\": }\n".into()),
    ]);
    let report = repo.json(&[&["check"], &HERE[..]].concat());
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(report["version"], 1);
    assert_eq!(keys(&report), "errors findings rules skipped summary version");
    let place = "column end_column end_line file kind line";
    assert_eq!(keys(&report["findings"][0]), format!("{place} outcome place reference replacement rule"));
    assert_eq!(keys(&report["findings"][1]), format!("{place} message outcome place reason reference"));
    assert_eq!(keys(&report["findings"][2]), format!("{place} outcome place reference rule"));
    assert_eq!(keys(&report["skipped"][0]), "file message reason");
    assert_eq!(keys(&report["errors"][0]), "column file line message");
    assert_eq!(keys(&report["summary"]), "cached files left rewrite");

    let first = &report["findings"][0];
    assert_eq!(
        [&first["file"], &first["kind"], &first["place"], &first["reference"], &first["outcome"], &first["rule"]],
        ["a.json", "ecs", "containerDefinitions[0].image", "nginx:1.27", "rewrite", "ecr-public"]
    );
    assert_eq!(first["replacement"], nginx());
    assert_eq!(
        [&first["line"], &first["column"], &first["end_line"], &first["end_column"]].map(Value::as_u64),
        [4, 32, 4, 42].map(Some),
        "the reference without its quotes"
    );
    assert_eq!(report["findings"][1]["reason"], "not-official");
    assert_eq!(report["findings"][2]["outcome"], "cached");
    assert_eq!(report["skipped"][0]["reason"], "json-comments");
    assert_eq!(report["errors"][0]["file"], "e.json");
    let summary = |key: &str| report["summary"][key].as_u64();
    assert_eq!(["rewrite", "cached", "left"].map(summary), [1, 1, 1].map(Some));
}

#[test]
fn json_of_a_rewrite() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27"))]);
    let report = repo.json(&[&["rewrite"], &HERE[..]].concat());
    assert_eq!(report["findings"][0]["replacement"], nginx());
    assert_eq!(repo.read("a.json"), task(&nginx()));
}

#[test]
fn colour_is_for_terminals_or_on_request() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    let coloured = |variables: &[(&str, &str)], color: &[&str]| {
        let run = repo.run_with(variables, &[&["check"], color].concat()).exits(1);
        run.stdout.contains('\x1b')
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(!coloured(&[], &["--color", "auto"]));
    assert!(!coloured(&[], &["--color", "never"]));
    assert!(coloured(&[], &["--color", "always"]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(coloured(&[("NO_COLOR", "1")], &["--color", "always"]), "a flag is over the environment");
    assert!(repo.run(&["explain", "nginx", "--color", "never"]).exits(0).stdout.contains("nginx"));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    let plain = repo.run(&["check", "--color", "never"]).stdout;
    let mut shown = String::new();
    for (at, part) in repo.run(&["check", "--color", "always"]).stdout.split("\x1b[").enumerate() {
        shown += if at == 0 { part } else { part.split_once('m').unwrap().1 };
    }
    assert_eq!(shown, plain);
}

#[test]
fn quiet_shows_the_sums_and_verbose_shows_everything() {
    let repo = Repo::with(&[
        ("a.json", task("nginx:1.27")),
        ("b.json", task(&nginx())),
        ("bad.json", "{ \"image\": }\n".into()),
    ]);
    let quiet = repo.run_here(&["check", "-q"]).exits(2).says("1 reference in 1 file would be rewritten");
    let quiet = quiet.says_not("a.json").complains("bad.json");
    assert_eq!(quiet.stdout.lines().count(), 1, "{}", quiet.stdout);
    let normal = repo.run_here(&["check"]).exits(2).says("a.json").says_not("b.json");
    normal.says("1 cached already").says_not("containerDefinitions");
    let verbose = repo.run_here(&["check", "--verbose"]).exits(2).says("a.json").says("b.json");
    verbose.says("containerDefinitions[0].image").says("ecs").says("rule ecr-public");
}

#[test]
fn two_runs_print_the_same_bytes() {
    let files: Vec<(String, String)> = (0..60)
        .map(|at| (format!("d{}/task{at}.json", at % 7), task(["nginx:1", "myapp:1", "redis:7"][at % 3])))
        .chain((0..9).map(|at| (format!("bad{at}.yaml"), "image: [\n".to_owned())))
        .collect();
    let files: Vec<(&str, &String)> = files.iter().map(|(path, text)| (path.as_str(), text)).collect();
    let repo = Repo::with(&files);
    for args in [&["check"][..], &["check", "--format", "json"], &["rewrite", "--diff"], &["emit"]] {
        let first = repo.run_here(args);
        for _ in 0..4 {
            assert_eq!(repo.run_here(args), first, "{args:?}");
        }
    }
}

#[test]
fn a_reader_that_stops_is_no_failure() {
    let containers = vec![r#"{"name": "a", "image": "nginx:1.27"}"#; 3000].join(",\n");
    let repo = Repo::with(&[("task.json", format!("{{\"containerDefinitions\": [\n{containers}\n]}}\n"))]);
    for args in [&["check"][..], &["check", "--format", "json"], &["rewrite", "--diff"]] {
        let mut command = repo.command(&[args, &HERE].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        Run::from(child.wait_with_output().unwrap()).exits(0).complains_not();
    }
}

// The diff, and what is written.

/// Texts whose ends and lines are awkward for a diff.
fn awkward() -> Vec<(&'static str, String)> {
    vec![
        ("unix.json", task("nginx:1.27")),
        ("dos.json", task("nginx:1.27").replace('\n', "\r\n")),
        ("deep/a/no-final-newline.yaml", pod("nginx:1.27").trim_end().to_owned()),
        ("dos-no-final-newline.yaml", pod("nginx:1.27").trim_end().replace('\n', "\r\n")),
        ("bom.json", format!("\u{feff}{}", task("nginx:1.27"))),
        ("mixed.json", task("nginx:1.27").replacen('\n', "\r\n", 2)),
        ("with space.json", task("nginx:1.27")),
        ("unchanged.json", task("myapp:dev")),
        ("two.yaml", format!("{}{}---\n{}", pod("nginx:1.27"), "# far\n".repeat(20), pod("public.ecr.aws/a/b:1"))),
    ]
}

/// What `git apply` makes of the repository must be what `rewrite` makes of it.
fn the_diff_is_the_rewrite(files: &[(&str, String)]) {
    let (patched, written) = (Repo::with(files), Repo::with(files));
    let before = patched.files();
    let diff = patched.run_here(&["rewrite", "--diff"]).exits(0).complains_not().stdout;
    assert_eq!(patched.files(), before, "--diff writes nothing");

    patched.write(".git/patch", &diff);
    patched.git(&["apply", "--whitespace=nowarn", ".git/patch"]);
    written.run_here(&["rewrite"]).exits(0);
    let contents = |repo: &Repo| repo.files().into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>();
    for (one, other) in contents(&patched).iter().zip(contents(&written)) {
        assert_eq!(String::from_utf8_lossy(one), String::from_utf8_lossy(&other), "{diff}");
    }
    assert_ne!(patched.files(), before);
    assert_eq!(patched.run_here(&["rewrite", "--diff"]).exits(0).stdout, "");
}

#[test]
fn git_applies_the_diff_to_what_rewrite_writes() {
    the_diff_is_the_rewrite(&awkward());
    // Each alone, so that one cannot hide another.
    for (path, text) in awkward().into_iter().filter(|(path, _)| *path != "unchanged.json") {
        the_diff_is_the_rewrite(&[(path, text)]);
    }
}

#[test]
fn git_applies_the_diff_of_a_file_with_lone_carriage_returns() {
    the_diff_is_the_rewrite(&[("mac.json", task("nginx:1.27").replace('\n', "\r"))]);
    the_diff_is_the_rewrite(&[("one.json", task("nginx:1.27").replacen(",\n", ",\r", 1))]);
}

/// What stands for the host while it is not known is for people, and git would apply it.
#[test]
fn a_diff_of_check_needs_the_registry() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    for args in [&["check", "--format", "diff"][..], &["check", "--output", "diff=x.patch"]] {
        let run = repo.run(args).exits(2);
        assert!(run.stderr.starts_with("error: the account and the region of the private registry are not known"));
        assert_eq!(run.stdout, "");
        let run = repo.run_here(&[&["check", "--quiet"], &args[1..]].concat()).exits(1);
        assert!(!run.stdout.contains("<account>"));
    }
    assert!(repo.read("x.patch").contains(&nginx()));
    assert!(repo.run_here(&["check", "--format", "diff"]).stdout.starts_with("--- a/task.json\n"));

    // An expression needs no host; what does is in no diff.
    let values = [("chart/Chart.yaml", CHART), ("chart/values.yaml", "sidecar:\n  image: httpd:2.4\n")];
    let pod = "{{- if .Values.enabled }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n{{- end }}\n";
    let repo = Repo::with(&[&values[..], &[("chart/templates/pod.yaml", pod)]].concat());
    let diff = repo.run(&["check", "--format", "diff", "--registry-as", "helm={{ .Values.ecr }}"]).exits(1).stdout;
    assert!(diff.contains("+    - image: {{ .Values.ecr }}/ecr-public/docker/library/nginx:1.27\n"), "{diff}");
    assert!(!diff.contains("httpd"), "{diff}");
}

#[test]
fn rewrite_changes_the_reference_and_nothing_else() {
    let repo = Repo::with(&awkward());
    repo.run_here(&["rewrite"]).exits(0);
    for (path, before) in awkward() {
        let expected = before.replace("nginx:1.27", &nginx()).replace("public.ecr.aws/a/b:1", &cached("a/b:1"));
        assert_eq!(repo.read(path), expected, "{path}");
    }
    let after = repo.files();
    repo.run_here(&["rewrite"]).exits(0).rewrites(0);
    assert_eq!(repo.files(), after);
    assert_eq!(after.len(), awkward().len(), "no file is left behind");
}

// Explain.

#[test]
fn explain_shows_how_a_reference_is_read_and_what_becomes_of_it() {
    let repo = Repo::with::<&str>(&[]);
    let run = repo.run_here(&[
        "explain",
        "docker.io/nginx:1.27@sha256:0123456789012345678901234567890123456789012345678901234567890123",
    ]);
    let run = run.exits(0).says("official image").says("1.27\n").says("sha256:01234").complains_not();
    run.says(&cached("docker/library/nginx:1.27@sha256:0123")).says("the cache rule ecr-public for public.ecr.aws");
    repo.run_here(&["explain", &nginx()]).exits(0).says("already, through the cache rule ecr-public");
    repo.run_here(&["explain", "quay.io/a/b"]).exits(0).says("[no-rule]").says("--rule");
    repo.run_here(&["explain", "gcr.io/a/b"]).exits(0).says("[unsupported-registry]");
    repo.run_here(&["explain", "quay.io/a/b", "--rule", "quay=quay"]).exits(0).says(&format!("{HOST}/quay/a/b\n"));
    repo.run_here(&["explain", "scratch"]).exits(0).says("[sentinel]");
}

#[test]
fn explain_goes_on_after_what_is_no_reference() {
    let repo = Repo::with::<&str>(&[]);
    let run = repo.run_here(&["explain", "nginx", "Not A Reference", "redis:7"]).exits(2);
    run.says(&cached("docker/library/nginx\n")).says("Not A Reference\n").says(&cached("docker/library/redis:7\n"));
}

#[test]
fn explain_keeps_names_and_values_apart() {
    let run = Repo::with::<&str>(&[]).run(&["explain", "Not A Reference", ""]).exits(2);
    for line in run.stdout.lines().filter(|line| line.contains("no reference")) {
        assert!(line.contains("no reference "), "{line}");
    }
}

// Emit.

const DIALECTS: [&str; 4] = ["terraform", "cloudformation", "cli", "json"];

#[test]
fn emit_prints_the_same_before_and_after_rewrite() {
    let repo = Repo::with(&[
        ("a.json", task("nginx:1.27")),
        ("b.yaml", pod("quay.io/prometheus/prometheus:v3")),
        ("c.tf", "module \"x\" {\n  image = \"public.ecr.aws/a/b:1\"\n}\n".into()),
        ("d.json", task("grafana/grafana:11")),
    ]);
    let rules = ["--rule", "quay.io=quay", "--rule", "docker-hub=hub", "--rule", "ghcr.io=unused"];
    let emit = || DIALECTS.map(|dialect| repo.run_here(&[&["emit", "--as", dialect][..], &rules].concat()).exits(0));
    let before = emit();
    for run in &before {
        assert!(["ecr-public", "quay", "hub"].iter().all(|prefix| run.stdout.contains(prefix)), "{}", run.stdout);
        assert!(!run.stdout.contains("unused"), "a rule that nothing uses:\n{}", run.stdout);
        assert_eq!(run.stderr, "");
    }
    repo.run_here(&[&["rewrite"][..], &rules].concat()).exits(0).rewrites(4);
    assert_eq!(emit(), before);
}

#[test]
fn emit_defaults_to_terraform() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27"))]);
    let terraform = repo.run_here(&["emit", "--as", "terraform"]).exits(0).says("aws_ecr_pull_through_cache_rule");
    assert_eq!(repo.run_here(&["emit"]), terraform);
}

#[test]
fn emit_prints_iam_json_that_parses() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27"))]);
    let run = repo.run_here(&["emit", "--as", "json"]).exits(0);
    let policy: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(policy["Version"], "2012-10-17");
    assert!(run.stdout.contains("arn:aws:ecr:eu-central-1:111122223333:repository/ecr-public/*"), "{}", run.stdout);
}

#[test]
fn emit_with_a_broken_file_prints_what_it_can_and_is_2() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27")), ("bad.json", "{ \"image\": }\n".into())]);
    repo.run_here(&["emit"]).exits(2).says("ecr-public").complains("bad.json:1:");
}

// What only some systems have: permissions, inodes, links.

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, symlink};

    use super::*;

    impl Repo {
        fn metadata(&self, path: &str) -> fs::Metadata {
            fs::symlink_metadata(self.path(path)).unwrap()
        }

        fn mode(&self, path: &str) -> u32 {
            self.metadata(path).mode() & 0o7777
        }

        fn link(&self, path: &str, target: impl AsRef<Path>) {
            symlink(target, self.path(path)).unwrap();
        }
    }

    #[test]
    fn files_without_changes_are_not_written() {
        let repo = Repo::with(&[
            ("left.json", task("myapp:dev")),
            ("cached.json", task(&nginx())),
            ("none.yaml", "a: 1\n".into()),
            ("changed.json", task("nginx:1.27")),
        ]);
        let stamps = |repo: &Repo| {
            ["left.json", "cached.json", "none.yaml"].map(|path| {
                let data = repo.metadata(path);
                (data.ino(), data.mtime(), data.mtime_nsec(), data.ctime(), data.ctime_nsec())
            })
        };
        let before = stamps(&repo);
        repo.run_here(&["rewrite"]).exits(0).rewrites(1);
        assert_eq!(stamps(&repo), before);
        let changed = repo.metadata("changed.json").ino();
        repo.run_here(&["rewrite"]).exits(0);
        assert_eq!(repo.metadata("changed.json").ino(), changed, "the second run writes nothing");
    }

    #[test]
    fn check_and_emit_write_nothing() {
        let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
        let before = (repo.files(), repo.metadata("task.json").ino(), repo.metadata("").mtime_nsec());
        repo.run_here(&["check"]).exits(1);
        repo.run_here(&["emit"]).exits(0);
        repo.run_here(&["rewrite", "--diff"]).exits(0);
        assert_eq!((repo.files(), repo.metadata("task.json").ino(), repo.metadata("").mtime_nsec()), before);
    }

    #[test]
    fn permissions_are_kept() {
        let modes = [0o640, 0o755, 0o600, 0o666];
        let repo = Repo::with::<&str>(&[]);
        for mode in modes {
            repo.write(&format!("{mode}.json"), task("nginx:1.27"));
            repo.set_mode(&format!("{mode}.json"), mode);
        }
        repo.run_here(&["rewrite"]).exits(0).rewrites(4);
        for mode in modes {
            assert_eq!(repo.mode(&format!("{mode}.json")), mode, "{mode:o}");
        }
    }

    #[test]
    fn the_owner_is_kept() {
        let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
        repo.give_away(&["task.json"]);
        let owner = |repo: &Repo| (repo.metadata("task.json").uid(), repo.metadata("task.json").gid());
        let before = owner(&repo);
        repo.run_here(&["rewrite"]).exits(0).rewrites(1);
        assert_eq!(owner(&repo), before);
    }

    #[test]
    fn a_read_only_file_is_reported_and_left() {
        let repo = Repo::with(&[("locked.json", task("nginx:1.27")), ("open.json", task("nginx:1.27"))]);
        repo.set_mode("locked.json", 0o444);
        let run = repo.run_here(&["rewrite"]).exits(2).complains("locked.json").complains("read-only");
        assert_eq!(repo.read("locked.json"), task("nginx:1.27"));
        assert_eq!(repo.mode("locked.json"), 0o444);
        assert_eq!(repo.read("open.json"), task(&nginx()));
        assert_eq!(repo.files().len(), 2, "no temporary file is left");
        run.rewrites(1);
        repo.run_here(&["check"]).exits(1).says("locked.json");
        repo.run_here(&["rewrite", "--diff"]).exits(0).says("a/locked.json");
    }

    #[test]
    fn a_read_only_folder_is_reported_and_left() {
        let repo = Repo::with(&[("locked/task.json", task("nginx:1.27")), ("open/task.json", task("nginx:1.27"))]);
        repo.set_mode("", 0o755);
        repo.give_away(&["locked/task.json", "open", "open/task.json"]);
        repo.set_mode("locked", 0o555);
        let run = repo.run_unprivileged(&["rewrite"]);
        repo.set_mode("locked", 0o755);
        let run = run.exits(2).complains("locked/task.json").complains("cannot be written");
        assert!(!run.stderr.contains(".ecrewrite-"), "two runs print the same: {}", run.stderr);
        run.rewrites(1);
        assert_eq!(repo.read("locked/task.json"), task("nginx:1.27"));
        assert_eq!(repo.read("open/task.json"), task(&nginx()));
        assert_eq!(repo.files().len(), 2, "no temporary file is left");
    }

    #[test]
    fn unreadable_files_and_folders_are_reported() {
        let repo = Repo::with(&[
            ("secret.json", task("nginx:1.27")),
            ("closed/task.json", task("nginx:1.27")),
            ("open.json", task("nginx:1.27")),
        ]);
        repo.set_mode("", 0o755);
        repo.give_away(&["secret.json", "closed"]);
        repo.set_mode("secret.json", 0o000);
        repo.set_mode("closed", 0o000);
        let run = repo.run_unprivileged(&["check"]);
        repo.set_mode("closed", 0o755);
        let run = run.exits(2).complains("secret.json: permission").complains("closed: permission").says("open.json");
        assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);
    }

    #[test]
    fn a_link_within_the_roots_stays_a_link_and_its_target_is_rewritten_once() {
        let repo = Repo::with(&[("real/task.json", task("nginx:1.27"))]);
        repo.link("task.json", "real/task.json");
        repo.run_here(&["rewrite"]).exits(0).rewrites(1).complains_not();
        assert!(repo.metadata("task.json").is_symlink());
        assert_eq!(repo.read("real/task.json"), task(&nginx()));
    }

    #[test]
    fn a_link_to_a_file_that_is_not_found_by_itself_is_followed() {
        let repo = Repo::with(&[("shared/task", task("nginx:1.27"))]);
        repo.link("task.json", "shared/task");
        repo.run_here(&["rewrite"]).exits(0).rewrites(1);
        assert!(repo.metadata("task.json").is_symlink());
        assert_eq!(repo.read("shared/task"), task(&nginx()));
    }

    #[test]
    fn a_link_out_of_the_roots_is_reported_and_its_target_left() {
        let repo = Repo::with(&[("in/own.json", task("myapp:dev")), ("out/task.json", task("nginx:1.27"))]);
        repo.link("in/task.json", "../out/task.json");
        repo.link("in/folder", "../out");
        let run = repo.run_here(&["rewrite", "-v", "in"]).exits(0).says("in/task.json").says("[outside-link]");
        assert_eq!(repo.read("out/task.json"), task("nginx:1.27"));
        assert!(repo.metadata("in/task.json").is_symlink());
        run.says_not("nginx");
        repo.run_here(&["rewrite", "in", "out"]).exits(0).says_not("[outside-link]");
        assert_eq!(repo.read("out/task.json"), task(&nginx()));
    }

    #[test]
    fn a_dangling_link_is_reported_and_no_failure() {
        let repo = Repo::with::<&str>(&[]);
        repo.link("gone.json", "nowhere.json");
        repo.run_here(&["rewrite", "-v"]).exits(0).says("gone.json").says("[outside-link]");
        repo.run_here(&["rewrite", "gone.json"]).exits(2).complains("gone.json");
    }

    #[test]
    fn links_in_a_circle_end() {
        let repo = Repo::with(&[("a/task.json", task("nginx:1.27"))]);
        repo.link("a/up", "..");
        repo.link("loop.json", "loop.json");
        repo.run_here(&["check"]).exits(1).rewrites(1);
    }

    #[test]
    fn a_link_that_is_named_is_followed_and_stays_a_link() {
        let repo = Repo::with(&[("real/task.json", task("nginx:1.27"))]);
        repo.link("task.json", "real/task.json");
        repo.run_here(&["rewrite", "task.json"]).exits(0).rewrites(1);
        assert!(repo.metadata("task.json").is_symlink());
        assert_eq!(repo.read("real/task.json"), task(&nginx()));
    }

    #[test]
    fn a_link_that_is_named_goes_by_a_name_of_the_users() {
        let repo = Repo::with(&[("real/task.json", task("nginx:1.27"))]);
        repo.link("task.json", "real/task.json");
        let run = repo.run_here(&["check", "task.json"]).exits(1).says("task.json\n");
        run.says_not(repo.folder.path().to_str().unwrap());
    }

    #[test]
    fn a_folder_link_that_is_named_is_entered() {
        let repo = Repo::with(&[("real/task.json", task("nginx:1.27"))]);
        repo.link("short", "real");
        repo.run_here(&["rewrite", "short"]).exits(0).rewrites(1);
        assert_eq!(repo.read("real/task.json"), task(&nginx()));
        assert!(repo.metadata("short").is_symlink());
    }
}

#[cfg(not(feature = "cdk-source"))]
#[test]
fn a_style_for_what_is_not_read_is_refused() {
    let app = "import { ContainerImage } from \"aws-cdk-lib/aws-ecs\";\nContainerImage.fromRegistry(\"nginx:1.27\");\n";
    let repo = Repo::with(&[("app.ts", app)]);
    let message = "error: --cdk-style: this program was built without the readers of programs: build it with \
                   `--features cdk-source`, or take a released one\n";
    for style in ["registry", "repository"] {
        assert_eq!(repo.run_here(&["check", "--cdk-style", style]).exits(2).stderr, message);
    }
    for (text, line) in [("cdk_style: repository\n", 1), ("only: []\nregistry_as: {python: }\n", 2)] {
        let repo = Repo::with(&[("ecrewrite.yaml", text.to_owned())]);
        let message = message.replace("--cdk-style", &format!("ecrewrite.yaml:{line}"));
        assert_eq!(repo.run_here(&["check"]).exits(2).stderr, message);
    }
    let message = message.replace("--cdk-style", "--registry-as");
    assert_eq!(repo.run_here(&["check", "--registry-as", "typescript"]).exits(2).stderr, message);
    // What is done anyway may be said: `config` prints it.
    Repo::with(&[("ecrewrite.yaml", "cdk_style: registry\n".to_owned())]).run_here(&["check"]).exits(0);
    repo.run_here(&["rewrite"]).exits(0);
    assert_eq!(repo.read("app.ts"), app);
}
