// What codemods do with it: jscodeshift run for real, the page of the documents, a bundle, and texts that are no UTF-8.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { apply, check, rewrite } from "ecrewrite";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const policy = { account: "111122223333", region: "eu-central-1" };
const HOST = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
const POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n    - image: redis:7\n";

/** A folder of its own, which goes with the test. */
function folder(t) {
  const work = mkdtempSync(join(tmpdir(), "ecrewrite-"));
  t.after(() => rmSync(work, { recursive: true }));
  return work;
}

test("the transform of the documents, run by jscodeshift", (t) => {
  const work = folder(t);
  const source = `import * as ecs from "aws-cdk-lib/aws-ecs";

// the web server
task.addContainer('web', { image: ecs.ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27") }); // 😀
task.addContainer('own', { image: ecs.ContainerImage.fromRegistry('shop:dev') });
task.addContainer('any', { image: ecs.ContainerImage.fromRegistry(name) });
`;
  writeFileSync(join(work, "stack.ts"), source);
  const jscodeshift = require.resolve("jscodeshift/bin/jscodeshift.js");
  const transform = join(here, "jscodeshift.cjs");
  const arguments_ = [jscodeshift, "--parser=ts", "--run-in-band", "--fail-on-error", "-t", transform, join(work, "stack.ts")];
  // What it keeps of earlier runs goes by names and times of files, and npm gives all files of packages one time.
  const env = { ...process.env, BABEL_DISABLE_CACHE: "1" };
  execFileSync(process.execPath, arguments_, { cwd: here, env, stdio: "pipe" });
  const expected = source.replace("public.ecr.aws/nginx/nginx:1.27", `${HOST}/ecr-public/nginx/nginx:1.27`);
  assert.equal(readFileSync(join(work, "stack.ts"), "utf8"), expected);
});

test("only the findings that one likes", () => {
  const { findings } = check(POD, { filename: "pod.yaml", policy });
  const liked = findings.filter(({ reference }) => reference.startsWith("redis"));
  const expected = POD.replace("redis:7", `${HOST}/ecr-public/docker/library/redis:7`);
  assert.equal(apply(POD, liked), expected);
  const [{ edits }] = liked;
  const clash = [{ ...liked[0], edits: [{ ...edits[0], start: edits[0].start - 2 }] }, liked[0]];
  assert.throws(() => apply(POD, clash.map((one) => ({ ...one, edits: [{ ...one.edits[0], end: edits[0].end + 1 }] }))), RangeError);
});

test("characters that are no UTF-8 stay", () => {
  const text = POD.replace("- image: redis:7", "- image: redis:7 # \ud800 \udfff 😀");
  const { text: found } = rewrite(text, { filename: "pod.yaml", policy });
  assert.ok(found.endsWith(" # \ud800 \udfff 😀\n"));
  assert.ok(found.includes(`${HOST}/ecr-public/docker/library/redis:7 #`));
});

test("a name is missing, and the error says so", () => {
  assert.throws(() => rewrite(POD, { policy }), { name: "TypeError", message: /^options\.filename: / });
});

test("a bundle for browsers", async (t) => {
  const work = folder(t);
  const webpack = require("webpack");
  const entry = join(work, "entry.mjs");
  writeFileSync(entry, `import { rewrite } from "ecrewrite";\nexport const run = (text, options) => rewrite(text, options);\n`);
  const config = {
    mode: "development", devtool: false, target: "web", entry,
    resolve: { modules: [join(here, "node_modules")] },
    // Only what loads the module is not that of a browser: this runs in Node.
    output: { path: work, filename: "bundle.cjs", library: { type: "commonjs2" }, wasmLoading: "async-node", chunkFormat: "commonjs" },
    experiments: { asyncWebAssembly: true },
  };
  const stats = await new Promise((done, failed) => webpack(config, (error, stats) => (error ? failed(error) : done(stats))));
  assert.equal(stats.hasErrors(), false, stats.toString());
  const modules = stats.toJson({ all: false, modules: true, nestedModules: true }).modules.map(({ name }) => name).join("\n");
  assert.match(modules, /ecrewrite\/bundler\.mjs/);
  assert.doesNotMatch(modules, /ecrewrite\/index\./);
  const { run } = await require(join(work, "bundle.cjs"));
  const expected = POD.replace("nginx", `${HOST}/ecr-public/docker/library/nginx`);
  assert.equal(run(POD, { filename: "pod.yaml", policy }).text, expected.replace("redis:7", `${HOST}/ecr-public/docker/library/redis:7`));
});
