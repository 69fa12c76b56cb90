"""Carries a policy of Kyverno out, as far as the fields that it uses go, and compares images with a table.

  python kyverno.py TABLE   with TABLE as JSON: {"policy": …, "table": {IMAGE: WHAT IT BECOMES}}

The fields are those that Kyverno publishes for ClusterPolicy; any other is an error. Functions are Kyverno's: patterns in
Go's syntax, of which Python's is a superset but for `$1` in replacements.
"""

import copy
import json
import re
import sys

import jmespath
from jmespath import functions

FIELDS = {
    "policy": {"apiVersion", "kind", "metadata", "spec"},
    "spec": {"background", "failurePolicy", "rules"},
    "rule": {"name", "match", "context", "mutate"},
    "mutate": {"foreach"},
    "foreach": {"list", "context", "preconditions", "patchesJson6902"},
}


class Functions(functions.Functions):
    @functions.signature({"types": ["string"]}, {"types": ["string"]})
    def _func_regex_match(self, pattern, text):
        return re.search(pattern, text) is not None

    @functions.signature({"types": ["string"]}, {"types": ["string"]}, {"types": ["string"]})
    def _func_regex_replace_all(self, pattern, text, by):
        # Go has $0 where Python has \g<0>; the rest of the text is literal in both.
        by = re.sub(r"\$(\d)", r"\\g<\1>", by.replace("\\", r"\\"))
        return re.sub(pattern, by, text)


OPTIONS = jmespath.Options(custom_functions=Functions())


def only(kind, value):
    assert set(value) <= FIELDS[kind], f"{kind}: {set(value) - FIELDS[kind]}"
    return value


def substituted(text, known):
    """A text with its variables filled in; one that is nothing but a variable keeps its type."""
    def found(match):
        value = jmespath.search(match[1].strip(), known, OPTIONS)
        assert value is not None, f"{match[0]} is nothing"
        return value
    whole = re.fullmatch(r"\{\{(.*?)\}\}", text)
    return found(whole) if whole else re.sub(r"\{\{(.*?)\}\}", lambda match: str(found(match)), text)


def load(context, known):
    for entry in context:
        assert set(entry) == {"name", "variable"}
        variable = entry["variable"]
        if "value" in variable:
            assert "$(" not in json.dumps(variable["value"]) and "{{" not in json.dumps(variable["value"])
            value = variable["value"]
        else:
            value = jmespath.search(substituted(variable["jmesPath"], known), known, OPTIONS)
        assert value is not None, f"{entry['name']} is nothing"
        known = {**known, entry["name"]: value}
    return known


def holds(conditions, known):
    for condition in conditions["all"]:
        key, value = (substituted(condition[side], known) for side in ("key", "value"))
        match condition["operator"]:
            case "NotEquals":
                result = key != value
            case "AnyNotIn":
                result = key not in value
        if not result:
            return False
    return True


def admitted(policy, kind, operation, new, old=None):
    pod = copy.deepcopy(new)
    assert only("policy", policy)["apiVersion"] == "kyverno.io/v1" and policy["kind"] == "ClusterPolicy"
    for rule in only("spec", policy["spec"])["rules"]:
        resources = [any_["resources"] for any_ in only("rule", rule)["match"]["any"]]
        if not any(kind in resource["kinds"] and operation in resource["operations"] for resource in resources):
            continue
        known = {"request": {"object": pod, "oldObject": old or {}, "operation": operation}}
        known = load(rule["context"], known)
        for foreach in only("mutate", rule["mutate"])["foreach"]:
            for index, element in enumerate(jmespath.search(only("foreach", foreach)["list"], known, OPTIONS)):
                inner = load(foreach["context"], {**known, "element": element, "elementIndex": index})
                if not holds(foreach["preconditions"], inner):
                    continue
                lines = substituted(foreach["patchesJson6902"], inner).splitlines()
                op, path, value = (re.fullmatch(r"[- ] (\w+): (.*)", line).groups() for line in lines)
                assert op == ("op", "replace") and path[0] == "path" and value[0] == "value"
                *above, last = path[1].strip("/").split("/")
                place = pod
                for step in above:
                    place = place[int(step) if step.isdigit() else step]
                assert last in place, f"replaces nothing: {path}"
                place[last] = value[1].strip("'")
    return pod


def main():
    asked = json.load(open(sys.argv[1], encoding="utf-8"))
    policy, table = asked["policy"], asked["table"]
    containers = [{"name": f"c{at}", "image": image} for at, image in enumerate(table)]
    wanted = [{"name": f"c{at}", "image": image} for at, image in enumerate(table.values())]
    for lists in (["containers"], ["containers", "initContainers"]):
        pod = {"spec": {name: copy.deepcopy(containers) for name in lists}}
        once = admitted(policy, "Pod", "CREATE", pod)
        for name in lists:
            for before, got, want in zip(containers, once["spec"][name], wanted, strict=True):
                assert got == want, f"{name}: {before['image']} becomes {got['image']}, not {want['image']}"
        assert admitted(policy, "Pod", "CREATE", once) == once, "a second time changes something"
        assert admitted(policy, "Pod", "UPDATE", pod) == pod, "a running pod changes"
    # The first of them was there before, and may not change.
    for old in ({"spec": {}}, {"spec": {"ephemeralContainers": containers[:1]}}):
        kept = len(old["spec"].get("ephemeralContainers", []))
        pod = {"spec": {"containers": containers, "ephemeralContainers": copy.deepcopy(containers)}}
        got = admitted(policy, "Pod/ephemeralcontainers", "UPDATE", pod, old)
        assert got["spec"]["ephemeralContainers"] == containers[:kept] + wanted[kept:], "ephemeral containers"
        assert got["spec"]["containers"] == containers, "containers of a running pod"


if __name__ == "__main__":
    main()
