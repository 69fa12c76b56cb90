// What `tsc --strict` has to take, and, behind `@ts-expect-error`, what it has to refuse.
import { apply, check, explain, rewrite, rewriteAll } from "ecrewrite";
import type { Edit, Finding, Options, Policy, Report, Rewritten } from "ecrewrite";

const policy: Policy = { account: "111122223333", region: "eu-central-1", official: "off", rules: { "quay.io": "quay" } };
const options: Options = { filename: "pod.yaml", policy, also: ["dockerfile"], unsafe: true };

const report: Report = check("", options);
const rewritten: Rewritten = rewrite("", options);
const text: string = rewritten.text;
const changed: boolean = rewriteAll({ "a.yaml": text }, { policy })["a.yaml"]!.changed;

function edits(finding: Finding): Edit[] {
  switch (finding.outcome) {
    case "rewrite":
      return finding.edits;
    case "cached":
      return [{ start: finding.start, end: finding.end, text: finding.rule }];
    case "left":
      return [{ start: 0, end: 0, text: `${finding.reason}: ${finding.message}` }];
  }
}
const all: Edit[] = report.findings.flatMap(edits);
const applied: string = apply(text, report.findings.filter((finding) => finding.kind === "ecs"));

const explanation = explain("nginx:1.27", policy);
const replacement: string | undefined = explanation.replacement;
if (explanation.outcome === "left") {
  const why: string = explanation.reason;
  void why;
}
const first: string = report.findings[0]!.reference;

// @ts-expect-error the name of the file is missing
check("", { policy });
// @ts-expect-error there is no such key
const wrong: Policy = { regon: "eu-central-1" };
// @ts-expect-error there is no such route
const route: Policy = { official: "both" };
// @ts-expect-error only what changes has a replacement
const always: string = explanation.replacement;
// @ts-expect-error only what changes has edits
const some: Edit[] = report.findings[0]!.edits;

export { all, always, applied, changed, first, replacement, route, some, wrong };
