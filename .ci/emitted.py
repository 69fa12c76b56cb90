"""What the checks of emitted texts share: tools, the texts themselves, and the policies in them."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

ACCOUNT, REGION, PARTITION = "111122223333", "eu-central-1", "aws"
REPOSITORIES = f"arn:{PARTITION}:ecr:{REGION}:{ACCOUNT}:repository"
OWN_REPOSITORY = f"{REPOSITORIES}/own/app"
ROLE = f"arn:{PARTITION}:iam::{ACCOUNT}:role/puller"

# What only the reader knows.
VALUES = {
    "ecr_builder_repository_arn": OWN_REPOSITORY,
    "BuilderRepositoryArn": OWN_REPOSITORY,
    "ecr_pull_through_cache_principals": [ROLE],
    "PullingRoleArns": [ROLE],
}
PSEUDO = {"AWS::Partition": PARTITION, "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}

# None of them runs anything when it is installed.
HCL_PACKAGES = {
    "@cdktf/hcl2json@0.21.0":
        "cwX3i/mSJI/cRrtqwEPRfawB7pXgNioriSlkvou8LWiCrrcDe9ZtTbAbu8W1tEJQpe1pnX9VEgpzf/BbM7xF8Q==",
    "fs-extra@11.3.0":
        "Z4XaCL6dUDHfP/jT25jJKMmtxvuwbkrD1vNSMFlo9lNLY2c5FHYSQgHPRZUjAB26TpDEoW9HCOgplrdbaPV/ew==",
    "graceful-fs@4.2.12":
        "iuyGF2E4oafQfPsRrG2wtY2ILupMhvtdrhzrxB+0VcjsPpSPttpfYdjnGFGsTi5MaJFjI1jOKHPQ6UTbTj9TAw==",
    "jsonfile@6.2.1":
        "zwOTdL3rFQ/lRdBnntKVOX6k5cKJwEc1HdilT71BWEu7J41gXIB2MRp+vxduPSwZJPWBxEzv4yH1wYLJGUHX4Q==",
    "universalify@2.0.1":
        "gptHNQghINnc/vTGIk0SOFGFNXw7JVrlRUtConJRlvaw6DuX0wO5Jeko9sWrMBhh+PsYAZ7oXAiOnf/UKogyiw==",
}


class Results:
    """One line for a check that passes without a word; all that it says for one that does not."""

    failed = False

    def take(self, name, complaints):
        if complaints:
            self.failed = True
            print(f"FAIL  {name}")
            for complaint in complaints:
                print("      " + str(complaint).rstrip().replace("\n", "\n      "))
        else:
            print(f"ok    {name}")
        sys.stdout.flush()


def run(*command, accept=(0,), **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if accept is not None and done.returncode not in accept:
        sys.exit(f"{' '.join(map(str, command))[:300]}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def venv(folder, packages):
    """A Python of its own with these packages, through which the rest of a script runs."""
    run(sys.executable, "-m", "venv", str(folder))
    run(str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *packages)
    return folder / "bin"


def node_modules(folder, packages):
    folder.mkdir()
    lock = {}
    for package, integrity in packages.items():
        name, _, version = package.rpartition("@")
        lock[f"node_modules/{name}"] = {"version": version, "integrity": f"sha512-{integrity}"}
    versions = {package.rpartition("@")[0]: package.rpartition("@")[2] for package in packages}
    (folder / "package.json").write_text(json.dumps({"dependencies": versions}))
    (folder / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": lock}))
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)
    return folder


def packed(folder, package, integrity):
    """A package that is read, and never run nor unpacked as a whole."""
    name = run("npm", "pack", "--silent", "--ignore-scripts", package, cwd=folder).stdout.split()[-1]
    digest = base64.b64encode(hashlib.sha512((folder / name).read_bytes()).digest()).decode()
    if digest != integrity:
        sys.exit(f"{package} is another than it was: {digest}")
    return tarfile.open(folder / name)


def emitted(binary, folder):
    """Everything that is emitted for the table of `examples/emitted.rs`."""
    program = Path(binary).resolve().parent / "examples" / "emitted"
    if not program.exists():
        sys.exit(f"{program} is missing: cargo build --example emitted, with the profile of the program")
    run(str(program), str(folder))
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "needs.json")


def once(files):
    """Of files with the same text the first: styles often make no difference."""
    texts = {}
    for file in files:
        texts.setdefault((file.suffix, file.read_text()), file)
    return sorted(texts.values())


def read_hcl(modules, files):
    script = """
        const { parse } = require("@cdktf/hcl2json"); const fs = require("fs");
        (async () => {
            const out = {};
            for (const file of fs.readFileSync(0, "utf8").split("\\n")) {
                out[file] = await parse(file, fs.readFileSync(file, "utf8"));
            }
            console.log(JSON.stringify(out));
        })().catch(error => { console.error(error); process.exit(1); });
    """
    return json.loads(run("node", "-e", script, cwd=modules, input="\n".join(map(str, files))).stdout)


def terraform_policies(work, trees):
    """The policies in Terraform, evaluated by it: by file a list of (label, document)."""
    found = []
    for file, tree in trees.items():
        for label, blocks in tree.get("resource", {}).get("aws_iam_policy", {}).items():
            found.append((file, label, blocks[0]["policy"]))
        for local in tree.get("locals", []):
            found += [(file, name, text) for name, text in local.items() if name.endswith("_registry_policy")]
    # Account and region are what the data sources would say, and variables what the reader would.
    texts = {}
    for file, label, text in found:
        for pattern, value in [
            (r"\$\{local\.ecr_pull_through_cache_repositories\}", REPOSITORIES),
            (r"var\.(\w+)", lambda match: json.dumps(VALUES[match[1]])),
        ]:
            text = re.sub(pattern, value, text)
        texts.setdefault(re.fullmatch(r"(?s)\$\{(.*)\}", text)[1], []).append((file, label))
    folder = work / "evaluated"
    folder.mkdir()
    config = "".join(f"locals {{\n  document_{at} = {text}\n}}\n" for at, text in enumerate(texts))
    (folder / "main.tf").write_text(config)
    names = ", ".join(f"local.document_{at}" for at in range(len(texts)))
    answer = run("terraform", "console", cwd=folder, input=f"jsonencode([{names}])\n").stdout
    documents = [json.loads(text) for text in json.loads(json.loads(answer))]
    by_file = {}
    for places, document in zip(texts.values(), documents):
        for file, label in places:
            by_file.setdefault(file, []).append((label, document))
    return by_file


def read_template(text):
    """A template in YAML as the data that the same in JSON is."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def call(loader, suffix, node):
        if isinstance(node, yaml.ScalarNode):
            value = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = loader.construct_mapping(node, deep=True)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {"Ref" if suffix == "Ref" else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", call)
    return yaml.load(text, Loader)


def resolved(tree):
    """Functions of CloudFormation, applied."""
    if isinstance(tree, list):
        return [resolved(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if set(tree) == {"Ref"}:
        return VALUES.get(tree["Ref"], tree["Ref"])
    if set(tree) == {"Fn::Join"}:
        glue, items = resolved(tree["Fn::Join"])
        return glue.join(items)
    if set(tree) == {"Fn::Sub"}:
        text, names = (tree["Fn::Sub"], {}) if isinstance(tree["Fn::Sub"], str) else resolved(tree["Fn::Sub"])
        return re.sub(r"\$\{([\w:]+)\}", lambda match: {**PSEUDO, **names}.get(match[1], match[0]), text)
    return {key: resolved(value) for key, value in tree.items()}


def template_policies(template):
    """The policies of a template, as (logical id, document)."""
    tree = resolved(template) or {}
    found = []
    for name, resource in tree.get("Resources", {}).items():
        if resource["Type"] in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
            found.append((name, resource["Properties"]["PolicyDocument"]))
    statement = tree.get("Outputs", {}).get("RegistryPolicyStatement")
    return found + ([("RegistryPolicyStatement", json.loads(statement["Value"]))] if statement else [])


def policies(work, modules, files):
    """Every policy in the files as (file, label, document), whatever its language."""
    found = []
    by_file = terraform_policies(work, read_hcl(modules, [file for file in files if file.suffix == ".tf"]))
    for file in files:
        dialect = file.parent.parent.name
        if file.suffix == ".tf":
            found += [(file, *policy) for policy in by_file.get(str(file), [])]
        elif dialect.startswith("json-"):
            found.append((file, file.stem, json.loads(file.read_text())))
        elif dialect.startswith("cloudformation"):
            found += [(file, *policy) for policy in template_policies(read_template(file.read_text()))]
    return found


def reexecute(work, packages):
    """Runs the script again in a Python that has these packages, which it finds by its environment."""
    if os.environ.get("ECREWRITE_CHECK_WORK") == str(work):
        return
    python = venv(work / "venv", packages) / "python"
    environment = {**os.environ, "ECREWRITE_CHECK_WORK": str(work), "PYTHONWARNINGS": "ignore"}
    environment["PATH"] = f"{python.parent}{os.pathsep}{environment['PATH']}"
    sys.exit(subprocess.run([str(python), *sys.argv], env=environment, check=False).returncode)
