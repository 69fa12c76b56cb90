"use strict";
(() => {
  const STEP = 200;
  const OUTCOMES = ["rewrite", "cached", "left"];
  const data = JSON.parse(document.getElementById("data").textContent);
  const { findings, errors, skipped } = data.report;
  findings.forEach((finding, at) => finding.upstream = data.upstreams[at]);
  const find = id => document.getElementById(id);
  const search = find("search");
  const SELECTS = ["outcome", "upstream", "kind", "folder", "reason"];
  const FIELDS = ["file", "reference", "replacement", "rule", "upstream", "kind", "reason", "message", "place", "construct"];
  const filter = { words: [], outcome: "", upstream: "", kind: "", folder: "", reason: "" };
  const number = count => String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  let matching = [];
  let shown = 0;

  // What nobody would see, and what turns the direction of a line, is shown.
  const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const visible = text => text.replace(HIDDEN, one => SHORT[one] || `\\u{${one.charCodeAt(0).toString(16)}}`);

  // All text gets into the page as text, never as HTML.
  function element(name, content = [], properties = {}) {
    const made = Object.assign(document.createElement(name), properties);
    const parts = [content].flat().filter(part => part !== "");
    made.append(...parts.map(part => typeof part === "string" ? visible(part) : part));
    return made;
  }

  // A sentence of the program's, in which backticks enclose code.
  const prose = text => text.split("`").map((part, at) => at % 2 ? element("code", part) : part);

  const because = ({ message, reason }) => [...prose(message), " ", element("span", `[${reason}]`, { className: "id" })];

  // The folder by which sums are made: the next one below the chosen folder, or below the one that all files share.
  function folderOf(file) {
    const above = filter.folder || data.base;
    const end = file.indexOf("/", above.length);
    return end < 0 ? above : file.slice(0, end + 1);
  }
  const folderName = folder => folder === data.base ? "./" : folder.slice(data.base.length);

  function valueOf(finding, field) {
    return field === "folder" ? folderOf(finding.file) : finding[field] || "";
  }

  const nameOf = (field, value) =>
    field === "outcome" ? data.outcomes[value] : field === "folder" ? folderName(value) : value;

  function hasWords(entry, fields) {
    if (!filter.words.length) return true;
    entry.text ??= fields.map(field => entry[field] || "").concat(entry.notes || []).join("\n").toLowerCase();
    return filter.words.every(word => entry.text.includes(word));
  }

  function matches(finding) {
    return SELECTS.every(field => !filter[field] || (field === "folder"
      ? finding.file.startsWith(filter.folder) : finding[field] === filter[field])) && hasWords(finding, FIELDS);
  }

  function count(findings, field) {
    const sums = new Map();
    for (const finding of findings) {
      const value = valueOf(finding, field);
      if (!value && field !== "folder") continue;
      const row = sums.get(value) || { rewrite: 0, cached: 0, left: 0, all: 0 };
      row[finding.outcome]++;
      row.all++;
      sums.set(value, row);
    }
    return [...sums].sort(([a, one], [b, other]) => other.all - one.all || (a < b ? -1 : 1));
  }

  const numberCell = value => element("td", number(value), { className: value ? "number" : "number zero" });

  const pairCell = (one, other) =>
    element("td", element("div", [element("div", one), element("div", other)], { className: "what" }));

  // The name of a sum, which sets the filter, and takes it back.
  function nameCell(field, value) {
    const cell = element("th", [], { scope: "row" });
    if (field === "folder" && value === (filter.folder || data.base)) {
      cell.append(visible(filter.folder ? `${folderName(value)} itself` : folderName(value)));
      return cell;
    }
    const button = element("button", nameOf(field, value), { type: "button" });
    button.setAttribute("aria-pressed", filter[field] === value);
    button.onclick = () => {
      filter[field] = filter[field] === value ? "" : value;
      update();
      const again = [...find(`by-${field}`).querySelectorAll("tbody button")];
      (again.find(other => other.textContent === button.textContent) || find(field)).focus();
    };
    cell.append(button);
    return cell;
  }

  function showSums(field) {
    const rows = count(matching, field).map(([value, sums]) => element("tr", field === "reason"
      ? [nameCell(field, value), numberCell(sums.all), pairCell(prose(data.reasons[value].why), prose(data.reasons[value].do))]
      : [nameCell(field, value), ...OUTCOMES.map(outcome => numberCell(sums[outcome]))]));
    const table = find(`by-${field}`);
    const body = table.tBodies[0];
    body.replaceChildren(...rows);
    table.hidden = !rows.length;
    table.deleteTFoot();
    body.className = rows.length > 12 && !table.dataset.whole ? "folded" : "";
    if (!body.className) return;
    const button = element("button", `All ${number(rows.length)} rows`, { type: "button" });
    button.onclick = () => {
      table.dataset.whole = "yes";
      body.className = "";
      table.deleteTFoot();
      body.rows[10].querySelector("button")?.focus();
    };
    table.append(element("tfoot", element("tr", element("td", button, { colSpan: 4 }))));
  }

  function showTotals() {
    const files = new Set(matching.map(finding => finding.file)).size;
    const of = outcome => matching.filter(finding => finding.outcome === outcome).length;
    const rows = OUTCOMES.map(outcome => [data.outcomes[outcome], of(outcome), outcome]).concat([["files with references", files, ""]]);
    find("totals").replaceChildren(...rows.map(([name, value, className]) =>
      element("div", [element("dt", name), element("dd", number(value), { className })])));
  }

  function showOptions(field) {
    let values = count(findings, field).map(row => row[0]).filter(value => value);
    if (field === "outcome") values = OUTCOMES;
    if (field === "folder") {
      const below = filter.folder.slice(data.base.length).split("/").slice(0, -1);
      const above = below.map((_, at) => data.base + below.slice(0, at + 1).join("/") + "/");
      const here = values.filter(value => value !== (filter.folder || data.base) && value.startsWith(filter.folder));
      values = above.concat(here.sort());
    }
    const options = values.map(value => element("option", nameOf(field, value), { value }));
    find(field).replaceChildren(element("option", "all", { value: "" }), ...options);
    find(field).value = filter[field];
  }

  function outcomeCell({ outcome }) {
    return element("td", data.outcomes[outcome], { className: outcome });
  }

  function row(finding) {
    const code = (content, className = "") => element("code", content, { className });
    const old = [code(finding.reference)];
    if (finding.replacement) {
      const host = finding.replacement.indexOf("/") + 1;
      old.push(code(["→ ", element("span", finding.replacement.slice(0, host), { className: "host" }),
        element("span", finding.replacement.slice(host))], "rewrite"));
    }
    const why = finding.reason ? because(finding)
      : `${finding.outcome === "cached" ? "already " : ""}through the rule ${finding.rule}, from ${data.rules[finding.rule]}`;
    const where = `${finding.kind}: ${finding.place}${finding.construct ? `, of the construct ${finding.construct}` : ""}`;
    const notes = (finding.notes || []).map(note => element("div", prose(note)));
    return element("tr", [
      element("td", `${finding.line}:${finding.column}`),
      outcomeCell(finding),
      element("td", element("div", [
        element("div", old, { className: "image" }),
        element("div", [element("div", why), ...notes], { className: "why" }),
        element("div", where, { className: "where" }),
      ], { className: "what" })),
    ]);
  }

  function showMore(limit) {
    const table = find("findings");
    const parts = document.createDocumentFragment();
    let body = table.tBodies[table.tBodies.length - 1];
    for (const finding of matching.slice(shown, limit)) {
      if (body?.file !== finding.file) {
        const name = element("th", element("code", finding.file), { colSpan: 3, scope: "rowgroup" });
        body = element("tbody", element("tr", name), { file: finding.file });
        parts.append(body);
      }
      body.append(row(finding));
    }
    table.append(parts);
    shown = Math.min(limit, matching.length);
    const rest = matching.length - shown;
    find("more").hidden = !rest;
    find("more").firstChild.textContent = `Show ${number(Math.min(STEP, rest))} more of ${number(rest)}`;
  }

  function showFiles(id, rows) {
    find(id).tBodies[0].replaceChildren(...rows.map(cells => element("tr", cells)));
    find(`${id}-section`).hidden = !rows.length;
  }

  function update() {
    filter.words = search.value.toLowerCase().split(/\s+/).filter(word => word);
    matching = findings.filter(matches);
    SELECTS.forEach(showOptions);
    SELECTS.slice(1).forEach(showSums);
    showTotals();
    const inFolder = entry => entry.file.startsWith(filter.folder) && hasWords(entry, ["file", "reason", "message"]);
    const file = (path, place = "") => element("th", element("code", path + place), { scope: "row" });
    showFiles("errors", errors.filter(inFolder).map(error =>
      [file(error.file, error.line ? `:${error.line}:${error.column}` : ""), element("td", error.message, { className: "error" })]));
    showFiles("skipped", skipped.filter(inFolder).map(entry =>
      [file(entry.file), pairCell(because(entry), prose(data.reasons[entry.reason].do))]));
    const chosen = SELECTS.filter(field => filter[field]).map(field => `${field === "kind" ? "format" : field} ${nameOf(field, filter[field])}`);
    if (filter.words.length) chosen.push(`words ${filter.words.join(" ")}`);
    find("status").textContent = visible(`${number(matching.length)} of ${number(findings.length)} references`
      + (chosen.length ? `: ${chosen.join(", ")}` : ""));
    find("none").hidden = matching.length > 0;
    find("findings").hidden = !matching.length;
    [...find("findings").tBodies].forEach(body => body.remove());
    shown = 0;
    showMore(STEP);
  }

  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 120);
  });
  for (const field of SELECTS) {
    find(field).addEventListener("change", event => {
      filter[field] = event.target.value;
      update();
    });
  }
  find("filters").addEventListener("submit", event => event.preventDefault());
  find("filters").addEventListener("reset", () => {
    SELECTS.forEach(field => filter[field] = "");
    setTimeout(update);
  });
  find("more").firstChild.addEventListener("click", () => {
    const first = shown;
    showMore(shown + STEP);
    const next = find("findings").querySelectorAll("tr td:first-child")[first];
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });
  const showAll = () => shown < matching.length && showMore(matching.length);
  addEventListener("beforeprint", showAll);
  matchMedia("print").addEventListener("change", event => event.matches && showAll());
  find("filters").hidden = false;
  find("status").hidden = false;
  update();
})();
