/**
 * Moves container image references to Amazon ECR's pull-through cache: text in, findings, edits and new text out. Reads
 * no file, no environment and no network.
 *
 * All places are code units of UTF-16, what `text.slice(start, end)` takes; lines and columns count from 1, columns in
 * characters. The words are those of `ecrewrite check --format json`, and of `ecrewrite.yaml`.
 */

/** Where references move to, and by which cache rules. Without account or region, `check` shows placeholders. */
export interface Policy {
  /** 12 digits: `"111122223333"`. */
  account?: string;
  /** `"eu-central-1"`. */
  region?: string;
  /** The route of Docker's official images. Default: `"ecr-public"`. */
  official?: "ecr-public" | "docker-hub" | "off";
  /** Cache rules, registry to prefix: `{ "quay.io": "quay" }`. One for `public.ecr.aws` is always there. */
  rules?: Record<string, string>;
  /** A rule for each registry that ECR can cache, with the prefix that the console of ECR proposes. */
  all_upstreams?: boolean;
  /** What texts of a language say instead of the registry's host: `{ terraform: "local.ecr_registry" }`. */
  registry_as?: Partial<Record<"terraform" | "cloudformation" | "dockerfile" | "helm", string | null>>;
}

/** Which changes are made, of those that a policy allows. */
export interface Settings {
  policy: Policy;
  /** Kinds of files that change only when asked: `["dockerfile", "compose"]`, or `["all"]`. */
  also?: string[];
  /** Also changes that are right only if something beside the reference changes as well. */
  unsafe?: boolean;
  /** Kustomizations gain a `newName` where they replace an image by its name only. */
  kustomize_add?: boolean;
  /** Pull credentials that only the old registry needed go with the change. */
  drop_credentials?: boolean;
  /** Places of images in custom resources. */
  places?: { kind: string; path: string }[];
}

/** Settings, and the name that says what the text is. */
export interface Options extends Settings {
  /** A path with `/` between its parts; a name is enough. Nothing is opened. */
  filename: string;
}

/** The characters from `start` up to, not including, `end` become `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

interface Found {
  file: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  /** The value without quotes: `text.slice(start, end)`. */
  start: number;
  end: number;
  /** The kind of document: `"ecs"`, `"kubernetes"`, … More may be added. */
  kind: string;
  /** The path to the reference in its document; empty if nothing says that it is one. */
  place: string;
  /** The construct that it comes from, in output of the CDK. */
  construct?: string;
  /** The reference as text. */
  reference: string;
  /** What else to know. */
  notes?: string[];
}

/** A reference that changes. */
export interface Rewrite extends Found {
  outcome: "rewrite";
  /** The reference afterwards. */
  replacement: string;
  /** The prefix of the cache rule. */
  rule: string;
  /** How far the change can be trusted. */
  applicability: "safe" | "unsafe" | "display";
  /** In the order of the text, not overlapping: all are made, or none. */
  edits: Edit[];
  reason?: never;
  message?: never;
}

/** A reference that goes through the cache already. */
export interface Cached extends Found {
  outcome: "cached";
  /** The prefix of the cache rule. */
  rule: string;
  replacement?: never;
  applicability?: never;
  edits?: never;
  reason?: never;
  message?: never;
}

/** A reference that stays, and why. */
export interface Left extends Found {
  outcome: "left";
  /** The id of the reason. Ids never change; more may be added. */
  reason: string;
  /** Its sentence. */
  message: string;
  rule?: never;
  replacement?: never;
  applicability?: never;
  edits?: never;
}

/** A reference, and what becomes of it. */
export type Finding = Rewrite | Cached | Left;

/** A cache rule that findings go through. */
export interface Rule {
  prefix: string;
  upstream: string;
  upstream_prefix?: string;
  registry?: { account?: string; region?: string };
}

/** What was found in one text: `schemas/report-1.json` describes it. */
export interface Report {
  version: 1;
  /** Every reference, in the order of the text. */
  findings: Finding[];
  /** Why the text as a whole was left, if it was. */
  skipped: { file: string; reason: string; message: string }[];
  /** Why the text could not be read as its format, if so. */
  errors: { file: string; line?: number; column?: number; message: string }[];
  rules: Rule[];
  summary: { files: number; rewrite: number; cached: number; left: number };
}

/** A text afterwards, and what was found in it before. */
export interface Rewritten extends Report {
  /** The new text, or the same if nothing changes. */
  text: string;
  changed: boolean;
}

interface Explained {
  reference: string;
  /** The registry's host, if one is written. */
  registry?: string;
  repository: string;
  tag?: string;
  digest?: string;
  notes?: string[];
  /** All of it for people, a line each. */
  steps: { name: string; text: string }[];
}

/** What becomes of one reference, and why. */
export type Explanation = Explained &
  (
    | { outcome: "rewrite"; replacement: string; rule: string; reason?: never; message?: never }
    | { outcome: "cached"; rule: string; replacement?: never; reason?: never; message?: never }
    | { outcome: "left"; reason: string; message: string; replacement?: never; rule?: never }
  );

/**
 * Finds every reference of a text, and says what becomes of it.
 *
 * @throws {Error} if a setting cannot be. A text that cannot be read is no error: `errors` says so.
 */
export function check(text: string, options: Options): Report;

/**
 * Makes every change that the policy and the settings allow, and reads the result back. Where account or region is not
 * known, references stay.
 *
 * @throws {Error} as `check`
 */
export function rewrite(text: string, options: Options): Rewritten;

/**
 * The same for files that belong together, path to text: kustomizations, modules of Terraform and templates among them
 * say of others what may change. Files of no format that is known come back as they are.
 *
 * @throws {Error} as `check`
 */
export function rewriteAll(files: Record<string, string>, settings: Settings): Record<string, Rewritten>;

/**
 * What becomes of one reference: for codemods with a tree of their own.
 *
 * @throws {Error} if the text is not a reference, or a setting cannot be
 */
export function explain(reference: string, policy: Policy): Explanation;

/**
 * A text with the edits of these findings made, such as those of `check` that one likes.
 *
 * @throws {RangeError} if two edits want the same characters
 */
export function apply(text: string, findings: Finding[]): string;
