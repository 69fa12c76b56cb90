"""The table that all faces of the library share, as Python sees it."""

import json
import os
from pathlib import Path
from typing import Any, Dict, List

import ecrewrite
import pytest

TABLE = json.loads(Path(os.environ["ECREWRITE_CONFORMANCE"]).read_text(encoding="utf-8"))


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_case(case: Dict[str, Any]) -> None:
    settings = {"filename": case["filename"], "policy": case["policy"], **case.get("options", {})}
    rewritten = ecrewrite.rewrite(case["text"], **settings)
    checked = ecrewrite.check(case["text"], **settings)
    assert rewritten.text == case["output"]
    assert rewritten.changed == (case["output"] != case["text"])
    for report, rows in ((rewritten, case["findings"]), (checked, case.get("checked", case["findings"]))):
        assert len(report.findings) == len(rows)
        for found, row in zip(report.findings, rows):
            expected = {key: value for key, value in row.items() if key not in ("bytes", "utf16", "points")}
            if "points" in row:
                expected["start"], expected["end"] = row["points"]
            assert {key: plain(getattr(found, key)) for key in expected} == expected
        assert [one.reason for one in report.skipped] == ([case["skipped"]] if "skipped" in case else [])
        assert [{"line": one.line, "column": one.column} for one in report.errors] == case.get("errors", [])
    assert ecrewrite.apply(case["text"], rewritten.findings) == case["output"]
    assert not ecrewrite.rewrite(case["output"], **settings).changed


@pytest.mark.parametrize("tree", TABLE["trees"], ids=lambda tree: tree["name"])
def test_tree(tree: Dict[str, Any]) -> None:
    rewritten = ecrewrite.rewrite_all(tree["files"], policy=tree["policy"])
    assert list(rewritten) == list(tree["files"])
    assert {path: file.text for path, file in rewritten.items() if file.changed} == tree["outputs"]


@pytest.mark.parametrize("row", TABLE["explained"], ids=lambda row: row["reference"])
def test_explained(row: Dict[str, Any]) -> None:
    expected = {key: value for key, value in row.items() if key not in ("policy", "error")}
    if "error" in row:
        with pytest.raises(ValueError) as raised:
            ecrewrite.explain(row["reference"], row["policy"])
        assert str(raised.value) == row["error"]
        return
    found = ecrewrite.explain(row["reference"], row["policy"])
    steps: List[str] = expected.pop("steps")
    assert [step.name for step in found.steps] == steps
    assert {key: getattr(found, key) for key in expected} == expected
    assert (found.rule is None) == ("rule" not in expected)


@pytest.mark.parametrize("row", TABLE["refused"], ids=lambda row: row["error"][:40])
def test_refused(row: Dict[str, Any]) -> None:
    with pytest.raises(ValueError) as raised:
        ecrewrite.rewrite("", filename="a.yaml", policy=row["policy"])
    assert str(raised.value) == row["error"]
