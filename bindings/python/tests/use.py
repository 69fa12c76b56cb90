"""What ``mypy --strict`` has to take, and, where it is told to ignore something, what it has to refuse."""

from typing import Dict, List, Optional, Tuple

import ecrewrite

policy: ecrewrite.Policy = {"account": "111122223333", "region": "eu-central-1", "rules": {"quay.io": "quay"}}
report: ecrewrite.Report = ecrewrite.check("", filename="pod.yaml", policy=policy, also=["dockerfile"], unsafe=True)
findings: Tuple[ecrewrite.Finding, ...] = report.findings
edits: List[ecrewrite.Edit] = [edit for finding in findings for edit in finding.edits]
text: str = ecrewrite.rewrite("", filename="pod.yaml", policy=policy).text
files: Dict[str, ecrewrite.Rewritten] = ecrewrite.rewrite_all({"pod.yaml": text}, policy=policy)
replacement: Optional[str] = ecrewrite.explain("nginx:1.27", policy).replacement
applied: str = ecrewrite.apply(text, (finding for finding in findings if finding.outcome == "rewrite"))

ecrewrite.check("", policy=policy)  # type: ignore[call-arg]
wrong: ecrewrite.Policy = {"regon": "eu-central-1"}  # type: ignore[typeddict-unknown-key]
route: ecrewrite.Policy = {"official": "both"}  # type: ignore[typeddict-item]
always: str = ecrewrite.explain("nginx:1.27", policy).replacement  # type: ignore[assignment]
