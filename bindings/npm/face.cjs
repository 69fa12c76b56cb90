"use strict";
// What users call: objects instead of JSON, and the new text made of the edits, so that every other character is the
// caller's own.

/** @param {new (settings: string, files?: string) => any} Core */
module.exports = function face(Core) {
  /** Calls `use` with a core of these settings, and gives its memory back. */
  function with_core({ filename, ...settings }, files, use) {
    const core = new Core(JSON.stringify(settings), files === undefined ? undefined : JSON.stringify(files));
    try {
      return use(core);
    } finally {
      core.free();
    }
  }

  function named(options) {
    if (typeof options?.filename !== "string") {
      throw new TypeError("options.filename: a text is expected, whose ending says the format, for example deploy.yaml");
    }
    return options.filename;
  }

  function rewritten(core, filename, text) {
    const found = JSON.parse(core.rewrite(filename, text));
    // A lone surrogate is no text in UTF-8: what came back would have lost it.
    return { ...found, text: found.changed ? apply(text, found.findings) : text };
  }

  function check(text, options) {
    const filename = named(options);
    return with_core(options, undefined, (core) => JSON.parse(core.check(filename, text)));
  }

  function rewrite(text, options) {
    const filename = named(options);
    return with_core(options, undefined, (core) => rewritten(core, filename, text));
  }

  function rewriteAll(files, options) {
    return with_core(options, files, (core) =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path, rewritten(core, path, text)])),
    );
  }

  function explain(reference, policy) {
    return with_core({ policy }, undefined, (core) => JSON.parse(core.explain(reference)));
  }

  /** The text with the edits of these findings made. */
  function apply(text, findings) {
    const edits = findings.flatMap((finding) => finding.edits ?? []);
    edits.sort((one, other) => one.start - other.start || one.end - other.end);
    let out = "";
    let copied = 0;
    let last;
    for (const edit of edits) {
      // Two findings may share a change, such as that of a registry beside their repositories.
      if (last && last.start === edit.start && last.end === edit.end && last.text === edit.text) continue;
      if (edit.start < copied) throw new RangeError(`two edits want the characters from ${edit.start} on`);
      out += text.slice(copied, edit.start) + edit.text;
      copied = edit.end;
      last = edit;
    }
    return out + text.slice(copied);
  }

  return { apply, check, explain, rewrite, rewriteAll };
};
