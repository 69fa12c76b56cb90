"""What codemods do with it: LibCST run for real, the examples of the documents, threads, and texts that are no UTF-8."""

import doctest
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import ecrewrite
import pytest

HERE = Path(__file__).resolve().parent
HOST = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"
POLICY: ecrewrite.Policy = {"account": "111122223333", "region": "eu-central-1"}
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n    - image: redis:7\n"


def test_the_codemod_of_the_documents(tmp_path: Path) -> None:
    source = """from aws_cdk import aws_ecs as ecs

# the web server
task.add_container("web", image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx:1.27"))  # 😀
task.add_container('own', image=ecs.ContainerImage.from_registry('shop:dev'))
task.add_container("any", image=ecs.ContainerImage.from_registry(name,   credentials = secret))
"""
    app = tmp_path / "app.py"
    app.write_text(source, encoding="utf-8")
    subprocess.run([sys.executable, "-X", "utf8", str(HERE / "codemod.py"), str(app)], check=True)
    expected = source.replace("public.ecr.aws/nginx/nginx:1.27", f"{HOST}/ecr-public/nginx/nginx:1.27")
    assert app.read_text(encoding="utf-8") == expected


def test_the_example_of_the_module() -> None:
    assert doctest.testmod(ecrewrite).attempted == 2
    assert doctest.testmod(ecrewrite).failed == 0


def test_only_the_findings_that_one_likes() -> None:
    findings = ecrewrite.check(POD, filename="pod.yaml", policy=POLICY).findings
    liked = [finding for finding in findings if finding.reference.startswith("redis")]
    expected = POD.replace("redis:7", f"{HOST}/ecr-public/docker/library/redis:7")
    assert ecrewrite.apply(POD, liked) == expected
    [edit] = liked[0].edits
    clash = [ecrewrite.Edit(edit.start - 2, edit.end + 1, "x"), ecrewrite.Edit(edit.start, edit.end + 1, "y")]
    with pytest.raises(ValueError, match="two edits want the characters"):
        ecrewrite.apply(POD, [ecrewrite.Finding(**{**vars(liked[0]), "edits": tuple(clash)})])


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        ecrewrite.rewrite(POD + "# \ud800\n", filename="pod.yaml", policy=POLICY)


def test_any_mapping_is_a_policy() -> None:
    rules = MappingProxyType({"quay.io": "quay"})
    found = ecrewrite.explain("quay.io/a/b:1", {**POLICY, "rules": rules})
    assert found.replacement == f"{HOST}/quay/a/b:1"
    report = ecrewrite.check(POD.replace("redis:7", "quay.io/a/b:1"), filename="pod.yaml", policy={**POLICY, "rules": rules})
    here = {"account": "111122223333", "region": "eu-central-1"}
    assert report.rules == (
        ecrewrite.Rule("ecr-public", "public.ecr.aws", **here),
        ecrewrite.Rule("quay", "quay.io", **here),
    )


def test_threads_share_nothing() -> None:
    texts = [POD.replace("redis:7", f"redis:{number}") for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: ecrewrite.rewrite(text, filename="pod.yaml", policy=POLICY).text, texts))
    assert [text.rsplit(":", 1)[1] for text in found] == [f"{number}\n" for number in range(64)]
