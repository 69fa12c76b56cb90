// What Renovate looks images up as: by its own code for references of managers that know aliases, and by the rules of
// packages for the others.
//
//   node renovate.js RENOVATE SETTINGS IMAGES   prints [[by alias, text after an update, by rule]…]
const fs = require("fs");
const path = require("path");
const Handlebars = require("handlebars");
const { minimatch } = require("./node_modules/aws-cdk-lib/node_modules/minimatch");

const [renovate, settingsFile, imagesFile] = process.argv.slice(2);
const settings = JSON.parse(fs.readFileSync(settingsFile, "utf8"));
const images = JSON.parse(fs.readFileSync(imagesFile, "utf8"));

// The module, without what it imports: small helpers stand in, and the rest is not reached here.
const file = path.join(renovate, "dist/modules/manager/dockerfile/extract.js");
const source = fs
  .readFileSync(file, "utf8")
  .replace(/^import .*$/gm, "")
  .replace(/^export .*$/gm, "");
const helpers = `
  const coerceObject = (value) => value ?? {};
  const regEx = (pattern, flags) => new RegExp(pattern, flags);
  const newlineRegex = /\\r?\\n/;
  const ensureTrailingSlash = (url) => url.replace(/\\/?$/, "/");
  const isString = (value) => typeof value === "string";
  const isNonEmptyStringAndNotWhitespace = (value) => isString(value) && value.trim() !== "";
  const DockerDatasource = { id: "docker" };
  const id = "debian", id$1 = "ubuntu", api = { isVersion: () => false };
`;
const { getDep } = new Function(`${helpers}${source}\nreturn { getDep };`)();

Handlebars.registerHelper("replace", (find, by, text) => (text ?? "").replace(new RegExp(find, "g"), by));
const matches = (name, pattern) => minimatch(name, pattern, { dot: true, nocase: true });
const all = (names, name) =>
  names.filter((pattern) => !pattern.startsWith("!")).some((pattern) => matches(name, pattern)) &&
  names.filter((pattern) => pattern.startsWith("!")).every((pattern) => matches(name, pattern));

function byRules(packageName) {
  for (const rule of settings.packageRules) {
    if (rule.matchDatasources.includes("docker") && all(rule.matchPackageNames, packageName)) {
      packageName = Handlebars.compile(rule.overridePackageName)({ packageName });
    }
  }
  return packageName;
}

const found = images.map((image) => {
  const known = getDep(image, { registryAliases: settings.registryAliases });
  const text = Handlebars.compile(known.autoReplaceStringTemplate)({ ...known, newValue: "NEW", newDigest: known.currentDigest });
  const unknown = getDep(image);
  return [byRules(known.packageName), text, byRules(unknown.packageName)];
});
console.log(JSON.stringify(found));
