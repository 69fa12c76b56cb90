// The table that all faces of the library share, as JavaScript sees it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";

import * as esm from "ecrewrite";

const cjs = createRequire(import.meta.url)("ecrewrite");
const table = JSON.parse(readFileSync(process.env.ECREWRITE_CONFORMANCE, "utf8"));

const without = (object, ...keys) => Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

test("both module systems have the same functions", () => {
  const names = ["apply", "check", "explain", "rewrite", "rewriteAll"];
  assert.deepEqual(Object.keys(esm).sort(), names);
  assert.deepEqual(Object.keys(cjs).sort(), names);
  for (const name of names) assert.equal(esm[name], cjs[name]);
});

for (const one of table.cases) {
  test(one.name, () => {
    const options = { filename: one.filename, policy: one.policy, ...one.options };
    const rewritten = esm.rewrite(one.text, options);
    const checked = esm.check(one.text, options);
    assert.equal(rewritten.text, one.output);
    assert.equal(rewritten.changed, one.output !== one.text);
    assert.deepEqual(without(rewritten, "text", "changed").summary.files, 1);
    for (const [report, rows] of [
      [rewritten, one.findings],
      [checked, one.checked ?? one.findings],
    ]) {
      assert.equal(report.findings.length, rows.length);
      rows.forEach((row, index) => {
        const expected = without(row, "bytes", "utf16", "points");
        if (row.utf16) [expected.start, expected.end] = row.utf16;
        const found = report.findings[index];
        assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]])), expected);
      });
      assert.deepEqual(report.skipped.map(({ reason }) => reason), one.skipped ? [one.skipped] : []);
      assert.deepEqual(report.errors.map(({ line, column }) => ({ line, column })), one.errors ?? []);
    }
    assert.equal(esm.apply(one.text, rewritten.findings), one.output);
    assert.equal(esm.rewrite(one.output, options).changed, false);
  });
}

for (const { name, policy, files, outputs } of table.trees) {
  test(name, () => {
    const rewritten = esm.rewriteAll(files, { policy });
    assert.deepEqual(Object.keys(rewritten), Object.keys(files));
    const changed = Object.entries(rewritten).filter(([, file]) => file.changed);
    assert.deepEqual(Object.fromEntries(changed.map(([path, { text }]) => [path, text])), outputs);
  });
}

for (const { policy, error, ...expected } of table.explained) {
  test(`explain ${expected.reference}`, () => {
    if (error) return assert.throws(() => esm.explain(expected.reference, policy), { message: error });
    const found = esm.explain(expected.reference, policy);
    found.steps = found.steps.map((step) => step.name);
    if (!expected.message) delete found.message;
    assert.deepEqual(found, expected);
  });
}

for (const { policy, error } of table.refused) {
  test(`refused: ${error}`, () => {
    assert.throws(() => esm.rewrite("", { filename: "a.yaml", policy }), { name: "Error", message: error });
  });
}
