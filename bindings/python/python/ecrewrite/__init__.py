"""Moves container image references to Amazon ECR's pull-through cache: text in, findings, edits and new text out.

Reads no file, no environment and no network. All places are code points, what ``text[start:end]`` takes; lines and
columns count from 1. The words are those of ``ecrewrite check --format json``, and of ``ecrewrite.yaml``.

    >>> policy: Policy = {"account": "111122223333", "region": "eu-central-1"}
    >>> rewrite("FROM nginx:1.27", filename="Dockerfile", policy=policy, also=["dockerfile"]).text
    'FROM 111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27'
"""

import json
from dataclasses import dataclass, fields
from typing import Any, Dict, Iterable, List, Literal, Mapping, Optional, Sequence, Tuple, Type, TypedDict, TypeVar

from ._core import Core

__all__ = [
    "Edit",
    "Explanation",
    "FileError",
    "Finding",
    "Place",
    "Policy",
    "Report",
    "Rewritten",
    "Rule",
    "Skipped",
    "Step",
    "apply",
    "check",
    "explain",
    "rewrite",
    "rewrite_all",
]

Outcome = Literal["rewrite", "cached", "left"]


class Policy(TypedDict, total=False):
    """Where references move to, and by which cache rules. Without account or region, ``check`` shows placeholders."""

    account: str
    """12 digits."""
    region: str
    official: Literal["ecr-public", "docker-hub", "off"]
    """The route of Docker's official images; ``ecr-public`` if it is not given."""
    rules: Mapping[str, str]
    """Cache rules, registry to prefix. One for ``public.ecr.aws`` is always there."""
    all_upstreams: bool
    """A rule for each registry that ECR can cache, with the prefix that the console of ECR proposes."""
    registry_as: Mapping[str, Optional[str]]
    """What texts of a language say instead of the registry's host."""


class Place(TypedDict):
    """A place of images in a custom resource."""

    kind: str
    path: str


@dataclass(frozen=True)
class Edit:
    """The characters from ``start`` up to, not including, ``end`` become ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Finding:
    """A reference, and what becomes of it."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    """With ``end``, the value without quotes: ``text[start:end]``."""
    end: int
    kind: str
    """The kind of document: ``ecs``, ``kubernetes``, … More may be added."""
    place: str
    """The path to the reference in its document; empty if nothing says that it is one."""
    reference: str
    outcome: Outcome
    replacement: Optional[str] = None
    """The reference afterwards, if it changes."""
    rule: Optional[str] = None
    """The prefix of the cache rule that it goes through, now or afterwards."""
    applicability: Optional[Literal["safe", "unsafe", "display"]] = None
    """How far the change can be trusted."""
    edits: Tuple[Edit, ...] = ()
    """In the order of the text, not overlapping: all are made, or none."""
    reason: Optional[str] = None
    """The id of the reason for which it stays. Ids never change; more may be added."""
    message: Optional[str] = None
    """The sentence of that reason."""
    notes: Tuple[str, ...] = ()
    """What else to know."""
    construct: Optional[str] = None
    """The construct that it comes from, in output of the CDK."""


@dataclass(frozen=True)
class Skipped:
    """Why a text as a whole was left."""

    file: str
    reason: str
    message: str


@dataclass(frozen=True)
class FileError:
    """Why a text could not be read as its format."""

    file: str
    message: str
    line: Optional[int] = None
    column: Optional[int] = None


@dataclass(frozen=True)
class Rule:
    """A cache rule that findings go through."""

    prefix: str
    upstream: str
    upstream_prefix: Optional[str] = None
    account: Optional[str] = None
    region: Optional[str] = None


@dataclass(frozen=True)
class Report:
    """What was found in one text."""

    findings: Tuple[Finding, ...]
    """Every reference, in the order of the text."""
    skipped: Tuple[Skipped, ...]
    errors: Tuple[FileError, ...]
    rules: Tuple[Rule, ...]


@dataclass(frozen=True)
class Rewritten(Report):
    """A text afterwards, and what was found in it before."""

    text: str
    """The new text, or the same if nothing changes."""
    changed: bool


@dataclass(frozen=True)
class Step:
    """A line of an explanation, for people."""

    name: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """What becomes of one reference, and why."""

    reference: str
    repository: str
    outcome: Outcome
    steps: Tuple[Step, ...]
    registry: Optional[str] = None
    """The registry's host, if one is written."""
    tag: Optional[str] = None
    digest: Optional[str] = None
    replacement: Optional[str] = None
    rule: Optional[str] = None
    reason: Optional[str] = None
    message: Optional[str] = None
    notes: Tuple[str, ...] = ()


def check(
    text: str,
    *,
    filename: str,
    policy: Policy,
    also: Sequence[str] = (),
    unsafe: bool = False,
    kustomize_add: bool = False,
    drop_credentials: bool = False,
    places: Sequence[Place] = (),
) -> Report:
    """Finds every reference of a text, and says what becomes of it.

    ``filename`` says the format: a path with ``/`` between its parts, of which nothing is opened. ``also`` names kinds of
    files that change only when asked (``dockerfile``, ``compose``, … or ``all``), ``unsafe`` allows changes that are right
    only if something beside the reference changes as well.

    Raises ``ValueError`` if a setting cannot be. A text that cannot be read is no error: ``errors`` says so.
    """
    core = _core(policy, also, unsafe, kustomize_add, drop_credentials, places)
    return Report(**_report(json.loads(core.check(filename, text))))


def rewrite(
    text: str,
    *,
    filename: str,
    policy: Policy,
    also: Sequence[str] = (),
    unsafe: bool = False,
    kustomize_add: bool = False,
    drop_credentials: bool = False,
    places: Sequence[Place] = (),
) -> Rewritten:
    """Makes every change that the policy and the settings allow, and reads the result back.

    Where account or region is not known, references stay. The settings are those of ``check``, and so is what it raises.
    """
    return _rewritten(_core(policy, also, unsafe, kustomize_add, drop_credentials, places), filename, text)


def rewrite_all(
    files: Mapping[str, str],
    *,
    policy: Policy,
    also: Sequence[str] = (),
    unsafe: bool = False,
    kustomize_add: bool = False,
    drop_credentials: bool = False,
    places: Sequence[Place] = (),
) -> Dict[str, Rewritten]:
    """The same for files that belong together, path to text.

    Kustomizations, modules of Terraform and templates among them say of others what may change. Files of no format that
    is known come back as they are.
    """
    core = _core(policy, also, unsafe, kustomize_add, drop_credentials, places, json.dumps(dict(files)))
    return {path: _rewritten(core, path, text) for path, text in files.items()}


def explain(reference: str, policy: Policy) -> Explanation:
    """What becomes of one reference: for codemods with a tree of their own.

    Raises ``ValueError`` if the text is not a reference, or a setting cannot be.
    """
    found = json.loads(_core(policy).explain(reference))
    found["steps"] = tuple(_of(Step, step) for step in found["steps"])
    found["notes"] = tuple(found.get("notes", ()))
    return _of(Explanation, found)


def apply(text: str, findings: Iterable[Finding]) -> str:
    """A text with the edits of these findings made, such as those of ``check`` that one likes.

    Raises ``ValueError`` if two edits want the same characters.
    """
    # Two findings may share a change, such as that of a registry beside their repositories.
    edits = sorted({(edit.start, edit.end, edit.text) for finding in findings for edit in finding.edits})
    parts: List[str] = []
    copied = 0
    for start, end, new in edits:
        if start < copied:
            raise ValueError(f"two edits want the characters from {start} on")
        parts += [text[copied:start], new]
        copied = end
    return "".join([*parts, text[copied:]])


def _core(
    policy: Policy,
    also: Sequence[str] = (),
    unsafe: bool = False,
    kustomize_add: bool = False,
    drop_credentials: bool = False,
    places: Sequence[Place] = (),
    files: Optional[str] = None,
) -> Core:
    settings = {
        "policy": policy,
        "also": list(also),
        "unsafe": unsafe,
        "kustomize_add": kustomize_add,
        "drop_credentials": drop_credentials,
        "places": list(places),
    }
    # Mappings that are no dictionaries are mappings all the same.
    return Core(json.dumps(settings, default=dict), files)


def _rewritten(core: Core, filename: str, text: str) -> Rewritten:
    found = json.loads(core.rewrite(filename, text))
    return Rewritten(text=found["text"], changed=found["changed"], **_report(found))


def _report(found: Dict[str, Any]) -> Dict[str, Any]:
    return {
        "findings": tuple(map(_finding, found["findings"])),
        "skipped": tuple(_of(Skipped, one) for one in found["skipped"]),
        "errors": tuple(_of(FileError, one) for one in found["errors"]),
        "rules": tuple(_of(Rule, {**one, **one.get("registry", {})}) for one in found["rules"]),
    }


def _finding(found: Dict[str, Any]) -> Finding:
    edits = tuple(_of(Edit, edit) for edit in found.get("edits", ()))
    return _of(Finding, {**found, "edits": edits, "notes": tuple(found.get("notes", ()))})


_T = TypeVar("_T")


def _of(shape: Type[_T], found: Mapping[str, Any]) -> _T:
    """What a shape knows of an object; a newer core may say more."""
    names = {field.name for field in fields(shape)}  # type: ignore[arg-type]
    return shape(**{name: value for name, value in found.items() if name in names})
