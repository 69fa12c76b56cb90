//! Runs the program over a corpus of real and written files and compares what it did with what it should have done.
//!
//! The corpus is no part of this repository: the environment variable `ECREWRITE_CORPUS` names its folder. Without
//! it one line says so and nothing is measured; with it, a folder that is missing or holds no expectations is a
//! failure. Below the folder stand kinds (`ecs`, `terraform`, ...), below each kind one folder a project, and beside
//! each file `<file>.expected.json` with what may become of it. That document speaks of *places*: a line, and a text
//! which stands once on it, as a whole (no letter, digit or one of `._/:@-` touching it).
//!
//! - A place of class `must` has to become exactly its `new`. One left alone costs recall.
//! - A place of any other class, and one settled by hand with the action `rewrite` or `report`, may become exactly
//!   its `new` (or one of `or`), or stay.
//! - A place with the action `stay` must not change, and neither must any byte which is in no place at all: comments,
//!   line ends, a missing final newline, files nobody wrote expectations for. A change there costs precision.
//! - Places of one `group` make one reference together. It counts as rewritten if the reference put together is the
//!   promised one, wherever the prefix went, and as broken if it is neither that nor what it was.
//! - `rewrite` entries are those a reader who follows definitions would change. They are counted apart: leaving one is
//!   a miss to be listed, with a mark if `check` does not even mention it.
//!
//! Each project is copied, rewritten and *explained*: for each line we look for a choice of places whose replacement
//! gives exactly the new line. If there is none, something changed that should not have. Then the choice is undone,
//! which has to give the original, the program runs again, which must change nothing, and `check` has to see what was
//! rewritten as cached.
#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The variable which names the folder of the corpus.
const FOLDER: &str = "ECREWRITE_CORPUS";

/// The kinds without which the folder is not the corpus we mean.
const KINDS: [&str; 5] = ["ecs", "cdk", "cloudformation", "kubernetes", "terraform"];

/// The formats a document of expectations may name, in the order of the table.
const FORMATS: [&str; 7] = ["tf", "k8s", "cfn", "cdk", "ecs", "template", "other"];

/// What the program is asked to do, for the mapping the corpus was written for.
const MAPPING: [&str; 4] = ["--account", "111122223333", "--region", "us-east-1"];

/// The files of a folder: path below it (with `/`) and bytes.
type Tree = BTreeMap<String, Vec<u8>>;

// ---------------------------------------------------------------------------------------------------------------
// What is expected
// ---------------------------------------------------------------------------------------------------------------

/// One `<file>.expected.json`.
#[derive(Debug)]
struct Expected {
    format: usize,
    items: Vec<Item>,
    settled: Vec<Settled>,
}

/// An image value found by structure.
#[derive(Debug)]
struct Item {
    must: bool,
    line: usize,
    old: String,
    new: String,
}

/// What somebody decided about a piece of text the structure alone does not settle.
#[derive(Debug)]
struct Settled {
    action: Action,
    kind: String,
    line: usize,
    old: String,
    news: Vec<String>,
    why: String,
    used: Vec<(String, usize)>,
    group: Option<Group>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Action {
    Rewrite,
    Report,
    Stay,
}

/// The reference which several values of a file make together.
#[derive(Clone, Debug)]
struct Group {
    name: String,
    before: String,
    after: String,
}

/// Reads one document of expectations. Whatever this test does not know is an error: ignoring it would hide a rule.
fn read_expected(text: &str) -> Result<Expected, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let format = string(&document, "format")?;
    let format = FORMATS.iter().position(|known| *known == format).ok_or(format!("unknown format `{format}`"))?;
    let items = list(&document, "items").iter().map(read_item).collect::<Result<_, _>>()?;
    let settled = list(&document, "indirect").iter().map(read_settled).collect::<Result<_, _>>()?;
    Ok(Expected { format, items, settled })
}

fn read_item(value: &Value) -> Result<Item, String> {
    let must = match string(value, "class")?.as_str() {
        "must" => true,
        "indirect" | "embedded" | "ambiguous" => false,
        other => return Err(format!("unknown class `{other}`")),
    };
    Ok(Item { must, line: number(value, "line")?, old: string(value, "old")?, new: string(value, "new")? })
}

fn read_settled(value: &Value) -> Result<Settled, String> {
    let action = match string(value, "action")?.as_str() {
        "rewrite" => Action::Rewrite,
        "report" => Action::Report,
        "stay" => Action::Stay,
        other => return Err(format!("unknown action `{other}`")),
    };
    let mut news = Vec::new();
    if action != Action::Stay {
        news.push(string(value, "new")?);
        news.extend(list(value, "or").iter().filter_map(Value::as_str).map(str::to_owned));
    }
    let used = list(value, "used").iter().filter_map(Value::as_str).map(read_used).collect::<Result<_, _>>()?;
    Ok(Settled {
        action,
        kind: string(value, "kind")?,
        line: number(value, "line")?,
        old: string(value, "old")?,
        news,
        why: value["why"].as_str().unwrap_or_default().to_owned(),
        used,
        group: read_group(value)?,
    })
}

/// `file:line`, the line of another place which takes its image from here.
fn read_used(text: &str) -> Result<(String, usize), String> {
    let parsed = text.rsplit_once(':').and_then(|(file, line)| Some((file.to_owned(), line.parse().ok()?)));
    parsed.ok_or(format!("`used` is not file:line: `{text}`"))
}

fn read_group(value: &Value) -> Result<Option<Group>, String> {
    let Some(name) = value["group"].as_str() else { return Ok(None) };
    let joined = string(value, "joined")?;
    let (before, after) = joined.split_once(" -> ").ok_or(format!("`joined` without an arrow: `{joined}`"))?;
    Ok(Some(Group { name: name.to_owned(), before: before.to_owned(), after: after.to_owned() }))
}

fn string(value: &Value, key: &str) -> Result<String, String> {
    value[key].as_str().map(str::to_owned).ok_or(format!("no text `{key}` in {value}"))
}

fn number(value: &Value, key: &str) -> Result<usize, String> {
    value[key].as_u64().and_then(|n| usize::try_from(n).ok()).ok_or(format!("no number `{key}` in {value}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

// ---------------------------------------------------------------------------------------------------------------
// Places
// ---------------------------------------------------------------------------------------------------------------

/// A text on a line of the original that may or must be replaced. `start` counts bytes from the start of the line.
#[derive(Debug)]
struct Place {
    line: usize,
    start: usize,
    old: String,
    news: Vec<Spelling>,
    must: bool,
    settled: Option<usize>,
}

impl Place {
    fn end(&self) -> usize {
        self.start + self.old.len()
    }
}

/// A replacement that is right.
#[derive(Debug)]
enum Spelling {
    /// These bytes and no others.
    Exact(String),
    /// This value inside JSON text: each slash bare, or escaped in one of these ways.
    Json { value: String, slashes: Vec<&'static str> },
}

impl Spelling {
    /// How many bytes of `text` are this replacement, if `text` starts with it.
    fn length_at(&self, text: &[u8]) -> Option<usize> {
        match self {
            Self::Exact(new) => text.starts_with(new.as_bytes()).then_some(new.len()),
            Self::Json { value, slashes } => {
                let mut at = 0;
                for byte in value.bytes() {
                    let rest = &text[at..];
                    let escaped = slashes.iter().find(|slash| byte == b'/' && rest.starts_with(slash.as_bytes()));
                    at += match escaped {
                        Some(slash) => slash.len(),
                        None if rest.first() == Some(&byte) => 1,
                        None => return None,
                    };
                }
                Some(at)
            }
        }
    }
}

/// How a slash may be escaped where this entry stands; nothing if it does not stand in JSON text.
fn slashes(file: &str, kind: &str) -> Vec<&'static str> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let mut found = Vec::new();
    if name.contains(".json") || kind == "json in text" {
        found.push(r"\/");
    }
    if kind == "json in a quoted string" {
        found.push(r"\\/");
    }
    found
}

/// A character which makes what stands beside it part of a longer reference.
fn joins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._/:@-".contains(&byte)
}

/// Where `text` stands alone on the line. It has to do so once.
fn locate(line: &[u8], text: &str) -> Result<usize, String> {
    let text = text.as_bytes();
    let alone = |start: usize| {
        let before = start.checked_sub(1).map(|i| line[i]);
        let after = line.get(start + text.len()).copied();
        !before.is_some_and(joins) && !after.is_some_and(joins)
    };
    let found: Vec<usize> =
        line.windows(text.len().max(1)).enumerate().filter(|(i, w)| *w == text && alone(*i)).map(|(i, _)| i).collect();
    match found[..] {
        [only] => Ok(only),
        _ => Err(format!("`{}` stands {} times on its line", String::from_utf8_lossy(text), found.len())),
    }
}

/// The places of a file in the order in which they stand there. An item and a hand-settled entry about the same text
/// are one place.
fn places(file: &str, original: &[u8], expected: &Expected) -> Result<Vec<Place>, String> {
    let lines: Vec<&[u8]> = original.split(|byte| *byte == b'\n').collect();
    let line_of = |line: usize| {
        line.checked_sub(1).and_then(|i| lines.get(i).copied()).ok_or(format!("{file} has no line {line}"))
    };
    let mut found: BTreeMap<(usize, usize), Place> = BTreeMap::new();
    for item in &expected.items {
        let start = locate(line_of(item.line)?, &item.old).map_err(|why| format!("{file}:{}: {why}", item.line))?;
        let news = vec![Spelling::Exact(item.new.clone())];
        let place = Place { line: item.line, start, old: item.old.clone(), news, must: item.must, settled: None };
        if found.insert((item.line, start), place).is_some() {
            return Err(format!("{file}:{}: `{}` is expected twice", item.line, item.old));
        }
    }
    for (index, entry) in expected.settled.iter().enumerate() {
        let line = line_of(entry.line)?;
        let start = match (entry.action, locate(line, &entry.old)) {
            // It is enough that the text is there: nothing will be replaced, so it need not stand alone.
            (Action::Stay, Err(_)) if String::from_utf8_lossy(line).contains(&entry.old) => continue,
            (_, located) => located.map_err(|why| format!("{file}:{}: {why}", entry.line))?,
        };
        if entry.action == Action::Stay {
            if found.contains_key(&(entry.line, start)) {
                return Err(format!("{file}:{}: `{}` may change and must not", entry.line, entry.old));
            }
            continue;
        }
        let place = found.entry((entry.line, start)).or_insert_with(|| Place {
            line: entry.line,
            start,
            old: entry.old.clone(),
            news: Vec::new(),
            must: false,
            settled: None,
        });
        place.settled = Some(index);
        if !place.must {
            place.news.extend(spellings(file, entry, &expected.settled)?);
        }
    }
    let found: Vec<Place> = found.into_values().collect();
    match found.windows(2).find(|pair| pair[0].line == pair[1].line && pair[0].end() > pair[1].start) {
        Some(pair) => Err(format!("{file}:{}: `{}` and `{}` overlap", pair[0].line, pair[0].old, pair[1].old)),
        None => Ok(found),
    }
}

/// What a hand-settled entry may become.
fn spellings(file: &str, entry: &Settled, all: &[Settled]) -> Result<Vec<Spelling>, String> {
    if let Some(group) = &entry.group {
        let members: Vec<&Settled> = members(all, &group.name).collect();
        let olds: Vec<&str> = members.iter().map(|member| member.old.as_str()).collect();
        let own = members.iter().position(|member| std::ptr::eq(*member, entry)).expect("an entry is in its own group");
        let pieces = splits(&olds, group).map_err(|why| format!("{file}:{}: {why}", entry.line))?;
        let pieces: BTreeSet<String> = pieces.into_iter().map(|mut split| split.swap_remove(own)).collect();
        return Ok(pieces.into_iter().filter(|piece| *piece != entry.old).map(Spelling::Exact).collect());
    }
    let slashes = slashes(file, &entry.kind);
    let spell = |new: &String| {
        if slashes.is_empty() {
            return Spelling::Exact(new.clone());
        }
        Spelling::Json { value: new.replace(r"\\/", "/").replace(r"\/", "/"), slashes: slashes.clone() }
    };
    Ok(entry.news.iter().map(spell).collect())
}

// ---------------------------------------------------------------------------------------------------------------
// Groups
// ---------------------------------------------------------------------------------------------------------------

fn members<'a>(all: &'a [Settled], name: &'a str) -> impl Iterator<Item = &'a Settled> {
    all.iter().filter(move |entry| entry.group.as_ref().is_some_and(|group| group.name == name))
}

/// What stands between the parts of a reference; an error if the parts do not make the reference.
fn separators<'a>(parts: &[&str], joined: &'a str) -> Result<Vec<&'a str>, String> {
    let wrong = || format!("`{}` do not make `{joined}`", parts.join("` and `"));
    let mut rest = joined;
    let mut found = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let at = rest.find(part).filter(|at| index > 0 || *at == 0).ok_or_else(wrong)?;
        if index > 0 {
            found.push(&rest[..at]);
        }
        rest = &rest[at + part.len()..];
    }
    if rest.is_empty() { Ok(found) } else { Err(wrong()) }
}

/// The ways to spread the new reference over the parts. The prefix may stand in front of any part, but each part
/// except the first, which holds the registry, keeps its own text at the end.
fn splits(olds: &[&str], group: &Group) -> Result<Vec<Vec<String>>, String> {
    fn go(after: &str, olds: &[&str], separators: &[&str]) -> Vec<Vec<String>> {
        let (Some((_, olds)), Some((separator, separators))) = (olds.split_first(), separators.split_first()) else {
            return vec![vec![after.to_owned()]];
        };
        let cuts = after.match_indices(separator).filter(|(at, _)| *at > 0);
        let rests = cuts.flat_map(|(at, _)| {
            let rests = go(&after[at + separator.len()..], olds, separators);
            rests.into_iter().map(move |rest| [vec![after[..at].to_owned()], rest].concat())
        });
        rests.collect()
    }
    let separators = separators(olds, &group.before)?;
    let mut found = go(&group.after, olds, &separators);
    found.retain(|split| split.iter().zip(olds).skip(1).all(|(piece, old)| piece.ends_with(old)));
    if found.is_empty() { Err(format!("no way to spread `{}`", group.after)) } else { Ok(found) }
}

/// What became of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Kept,
    Rewritten,
    Broken,
}

fn fate(group: &Group, all: &[Settled], places: &[Place], now: &[Option<String>]) -> Fate {
    let now_at = |entry: &Settled| {
        let place = places.iter().position(|p| p.settled.is_some_and(|index| std::ptr::eq(&all[index], entry)));
        place.and_then(|index| now[index].as_deref())
    };
    let members: Vec<&Settled> = members(all, &group.name).collect();
    let olds: Vec<&str> = members.iter().map(|member| member.old.as_str()).collect();
    let Ok(separators) = separators(&olds, &group.before) else { return Fate::Broken };
    let mut joined = String::new();
    for (index, member) in members.iter().enumerate() {
        joined += if index > 0 { separators[index - 1] } else { "" };
        joined += now_at(member).unwrap_or(&member.old);
    }
    match joined {
        joined if joined == group.before => Fate::Kept,
        joined if joined == group.after => Fate::Rewritten,
        _ => Fate::Broken,
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Explaining a file
// ---------------------------------------------------------------------------------------------------------------

/// How a file came about from its original.
#[derive(Debug)]
struct Explanation {
    /// For each place what stands there now, if it was replaced.
    now: Vec<Option<String>>,
    /// Lines which no choice of places explains.
    unexplained: Vec<Difference>,
}

/// Lines that differ, from a line of the original on.
#[derive(Debug)]
struct Difference {
    line: usize,
    old: Vec<String>,
    new: Vec<String>,
}

impl Difference {
    /// How many places have changed wrongly, as far as one can tell: one a line.
    fn size(&self) -> usize {
        self.old.len().max(self.new.len())
    }
}

/// Explains the new bytes of a file by a choice among its places, line by line. If lines were added or removed, which
/// no replacement does, what can be explained from the start and from the end is, and the rest is the difference.
fn explain(old: &[u8], new: &[u8], places: &[Place]) -> Explanation {
    let old: Vec<&[u8]> = old.split(|byte| *byte == b'\n').collect();
    let new: Vec<&[u8]> = new.split(|byte| *byte == b'\n').collect();
    let here = |index: usize| places.iter().filter(|place| place.line == index + 1).collect::<Vec<_>>();
    let pair = |from: usize, to: usize| explain_line(old[from], new[to], 0, &here(from));

    let mut unexplained = Vec::new();
    let mut lines: Vec<Option<Vec<Option<String>>>> = vec![None; old.len()];
    if old.len() == new.len() {
        for index in 0..old.len() {
            lines[index] = pair(index, index);
            if lines[index].is_none() {
                let (old, new) = excerpts(old[index], new[index]);
                unexplained.push(Difference { line: index + 1, old: vec![old], new: vec![new] });
            }
        }
    } else {
        let both = old.len().min(new.len());
        let head: Vec<_> = (0..both).map_while(|index| pair(index, index)).collect();
        let left = both - head.len();
        let tail: Vec<_> = (1..=left).map_while(|back| pair(old.len() - back, new.len() - back)).collect();
        let show = |lines: &[&[u8]]| {
            lines[head.len()..lines.len() - tail.len()].iter().map(|line| readable(line)).collect::<Vec<_>>()
        };
        unexplained.push(Difference { line: head.len() + 1, old: show(&old), new: show(&new) });
        for (line, found) in lines.iter_mut().zip(head) {
            *line = Some(found);
        }
        for (line, found) in lines.iter_mut().rev().zip(tail) {
            *line = Some(found);
        }
    }
    let now = lines.into_iter().enumerate().flat_map(|(index, found)| found.unwrap_or(vec![None; here(index).len()]));
    Explanation { now: now.collect(), unexplained }
}

/// Explains the rest of a line, `old[from..]`, by the places which stand in it.
fn explain_line(old: &[u8], new: &[u8], from: usize, places: &[&Place]) -> Option<Vec<Option<String>>> {
    let Some((place, others)) = places.split_first() else {
        return (old[from..] == *new).then(Vec::new);
    };
    let new = new.strip_prefix(&old[from..place.start])?;
    let replaced = place.news.iter().filter_map(|spelling| spelling.length_at(new)).map(|length| (length, true));
    let kept = new.starts_with(place.old.as_bytes()).then_some((place.old.len(), false));
    replaced.chain(kept).find_map(|(length, replaced)| {
        let rest = explain_line(old, &new[length..], place.end(), others)?;
        let now = replaced.then(|| String::from_utf8_lossy(&new[..length]).into_owned());
        Some(std::iter::once(now).chain(rest).collect())
    })
}

/// Puts the old text back at each place that was replaced. `None` if the replacement is not where it should be.
fn undo(new: &[u8], places: &[Place], now: &[Option<String>]) -> Option<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = new.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    // In order: what stands before a place on its line is the original again, so `start` holds.
    for (place, now) in places.iter().zip(now) {
        let Some(now) = now else { continue };
        let line = lines.get_mut(place.line - 1)?;
        if !line.get(place.start..)?.starts_with(now.as_bytes()) {
            return None;
        }
        line.splice(place.start..place.start + now.len(), place.old.bytes());
    }
    Some(lines.join(&b'\n'))
}

/// Two lines, cut down to where they differ.
fn excerpts(old: &[u8], new: &[u8]) -> (String, String) {
    const AROUND: usize = 60;
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let show = |line: &[u8]| {
        let (start, end) = (head.saturating_sub(AROUND), (line.len() - tail + AROUND).min(line.len()));
        let cut = |there: bool| if there { "…" } else { "" };
        format!("{}{}{}", cut(start > 0), readable(&line[start..end]), cut(end < line.len()))
    };
    (show(old), show(new))
}

/// Bytes as text in which a carriage return, a tab or a BOM can be seen.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let visible =
        |c: char| if c.is_control() || c == '\u{feff}' { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(visible).collect()
}

// ---------------------------------------------------------------------------------------------------------------
// Counting
// ---------------------------------------------------------------------------------------------------------------

/// The numbers of one format.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    must: usize,
    rewritten: usize,
    changed: usize,
    wrong: usize,
    settled: usize,
    reached: usize,
    silent: usize,
    report: usize,
    reported: usize,
    report_changed: usize,
    open: usize,
    open_changed: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.must += other.must;
        self.rewritten += other.rewritten;
        self.changed += other.changed;
        self.wrong += other.wrong;
        self.settled += other.settled;
        self.reached += other.reached;
        self.silent += other.silent;
        self.report += other.report;
        self.reported += other.reported;
        self.report_changed += other.report_changed;
        self.open += other.open;
        self.open_changed += other.open_changed;
    }
}

/// Everything seen so far.
#[derive(Debug, Default)]
struct Score {
    formats: [Tally; FORMATS.len()],
    /// What makes the test fail.
    failures: Vec<String>,
    /// Hand-settled entries with the action `rewrite` that stayed.
    misses: Vec<String>,
    /// What is worth knowing and no failure.
    notes: Vec<String>,
}

impl Score {
    fn fail(&mut self, what: String) {
        self.failures.push(what);
    }

    fn total(&self) -> Tally {
        self.formats.iter().fold(Tally::default(), |mut sum, tally| {
            sum.add(tally);
            sum
        })
    }

    /// Reports a change that nothing allows.
    fn wrong(&mut self, file: &str, format: usize, difference: &Difference) {
        const SHOWN: usize = 8;
        let mut text = format!("{file}:{}: wrong change", difference.line);
        for (sign, lines) in [('-', &difference.old), ('+', &difference.new)] {
            for line in lines.iter().take(SHOWN) {
                let _ = write!(text, "\n    {sign} {line}");
            }
            if lines.len() > SHOWN {
                let _ = write!(text, "\n    {sign} … {} lines more", lines.len() - SHOWN);
            }
        }
        self.formats[format].changed += difference.size();
        self.formats[format].wrong += difference.size();
        self.fail(text);
    }
}

/// A file with expectations, after the run.
#[derive(Debug)]
struct Judged {
    /// Path below the project.
    file: String,
    expected: Expected,
    places: Vec<Place>,
    now: Vec<Option<String>>,
}

impl Judged {
    fn settled(&self, place: usize) -> Option<&Settled> {
        self.places[place].settled.map(|index| &self.expected.settled[index])
    }

    /// What became of the group the place belongs to, if it belongs to one.
    fn fate(&self, place: usize) -> Option<(&Group, Fate)> {
        let group = self.settled(place)?.group.as_ref()?;
        Some((group, fate(group, &self.expected.settled, &self.places, &self.now)))
    }

    /// Whether the reference of the place is what it should become.
    fn is_rewritten(&self, place: usize) -> bool {
        self.fate(place).map_or(self.now[place].is_some(), |(_, fate)| fate == Fate::Rewritten)
    }
}

/// Compares a file with its original and counts what changed rightly and wrongly and which `must` did not change.
fn judge(score: &mut Score, project: &str, file: &str, old: &[u8], new: &[u8], expected: Expected) -> Option<Judged> {
    let shown = format!("{project}/{file}");
    let places = match places(file, old, &expected) {
        Ok(places) => places,
        Err(why) => {
            score.fail(format!("{project}: the expectations do not fit the file: {why}"));
            return None;
        }
    };
    let Explanation { now, unexplained } = explain(old, new, &places);
    for difference in &unexplained {
        score.wrong(&shown, expected.format, difference);
    }
    if unexplained.is_empty() && undo(new, &places, &now).as_deref() != Some(old) {
        score.fail(format!("{shown}: putting the old references back does not give the original"));
    }
    let judged = Judged { file: file.to_owned(), expected, places, now };
    for (index, place) in judged.places.iter().enumerate() {
        let now = &judged.now[index];
        let tally = &mut score.formats[judged.expected.format];
        tally.changed += usize::from(now.is_some());
        if place.must {
            tally.must += 1;
            tally.rewritten += usize::from(now.is_some());
        } else if place.settled.is_none() {
            tally.open += 1;
            tally.open_changed += usize::from(now.is_some());
        }
        let broken = judged.fate(index).filter(|(_, fate)| *fate == Fate::Broken);
        if let (Some((group, _)), Some(now)) = (broken, now) {
            tally.wrong += 1;
            let (line, old, name, after) = (place.line, &place.old, &group.name, &group.after);
            let put = format!("the group `{name}` does not make `{after}`");
            score.fail(format!("{shown}:{line}: wrong change: `{old}` became `{now}`, but {put}"));
        }
        if place.must && now.is_none() {
            score.fail(format!("{shown}:{}: `{}` had to be rewritten and was not", place.line, place.old));
        }
    }
    Some(judged)
}

// ---------------------------------------------------------------------------------------------------------------
// Running the program
// ---------------------------------------------------------------------------------------------------------------

/// The files below a folder, those for which `wanted` says yes to the name.
fn read_tree(folder: &Path, wanted: fn(&str) -> bool) -> Tree {
    fn go(folder: &Path, below: &str, wanted: fn(&str) -> bool, tree: &mut Tree) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let path = entry.path();
            let name = entry.file_name().into_string().unwrap_or_else(|_| panic!("{}: not Unicode", path.display()));
            if path.is_dir() {
                go(&path, &format!("{below}{name}/"), wanted, tree);
            } else if wanted(&name) {
                let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                tree.insert(format!("{below}{name}"), bytes);
            }
        }
    }
    let mut tree = Tree::new();
    go(folder, "", wanted, &mut tree);
    tree
}

/// Writes the files, not their permissions: the corpus may be read-only.
fn write_tree(folder: &Path, tree: &Tree) {
    fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for (file, bytes) in tree {
        let path = folder.join(file);
        let parent = path.parent().expect("a file is in a folder");
        fs::create_dir_all(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

const EXPECTED: &str = ".expected.json";

fn is_expected(name: &str) -> bool {
    name.ends_with(EXPECTED)
}

/// Whether a file is part of the project, and not of what the corpus says about it.
fn is_material(name: &str) -> bool {
    !is_expected(name) && name != "SOURCE.txt" && !name.starts_with("LICENSE") && !name.starts_with("NOTICE")
}

/// Runs the program in the folder. No setting of whoever runs the tests may reach it.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("AWS_") || text.starts_with("ECREWRITE_") {
            command.env_remove(&name);
        }
    }
    command.output().unwrap_or_else(|error| panic!("{} {arguments:?}: {error}", env!("CARGO_BIN_EXE_ecrewrite")))
}

fn rewrite(folder: &Path) -> Output {
    run(folder, &[&["rewrite"], &MAPPING[..], &["."]].concat())
}

/// What the program said on standard error, indented.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    if text.trim().is_empty() { "\n    (nothing on standard error)".to_owned() } else { indented(&text) }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("\n    {line}")).collect()
}

/// One line of the report.
#[derive(Debug, PartialEq)]
struct Finding {
    file: String,
    line: usize,
    reference: String,
    outcome: String,
    reason: String,
}

/// The findings of `check --format json` and how many errors it lists.
fn read_report(text: &str) -> Result<(Vec<Finding>, usize), String> {
    let report: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    if report["version"] != 1 {
        return Err(format!("version {} of the report, not 1", report["version"]));
    }
    for key in ["findings", "skipped", "errors"] {
        if !report[key].is_array() {
            return Err(format!("no list `{key}` in the report"));
        }
    }
    let findings = list(&report, "findings").iter().map(read_finding).collect::<Result<_, _>>()?;
    Ok((findings, list(&report, "errors").len()))
}

fn read_finding(value: &Value) -> Result<Finding, String> {
    let outcome = string(value, "outcome")?;
    if !["rewrite", "cached", "left"].contains(&outcome.as_str()) {
        return Err(format!("unknown outcome in {value}"));
    }
    let file = string(value, "file")?;
    let names = Path::new(&file).components().filter(|part| *part != Component::CurDir);
    let names: Vec<_> = names.map(|part| part.as_os_str().to_string_lossy()).collect();
    Ok(Finding {
        file: names.join("/"),
        line: number(value, "line")?,
        reference: string(value, "reference")?,
        outcome,
        reason: value["reason"].as_str().unwrap_or_default().to_owned(),
    })
}

// ---------------------------------------------------------------------------------------------------------------
// What the report has to say afterwards
// ---------------------------------------------------------------------------------------------------------------

/// Whether the reference of a finding is what stands at a place. The escapes of the file do not count, a repository
/// may have got a tag from elsewhere, and of a text with a hole in it only what stands before the hole is known.
fn is_same(reference: &str, text: &str) -> bool {
    let (reference, text) = (reference.replace('\\', ""), text.replace('\\', ""));
    match hole(&text) {
        Some(at) => reference.starts_with(&text[..at]),
        None => reference.strip_prefix(&text).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@'])),
    }
}

/// Where the first interpolation, directive or verb of a format begins.
fn hole(text: &str) -> Option<usize> {
    text.find(['$', '%'])
}

/// Whether the report sees a rewritten place as cached, at the place itself or where its value is used. With a hole
/// in it, or spread over several values, it may not be possible to tell, but then it has to say at least that.
fn is_seen(judged: &Judged, place: usize, findings: &[Finding]) -> bool {
    let now = judged.now[place].as_deref().unwrap_or(&judged.places[place].old);
    if let Some((group, _)) = judged.fate(place) {
        let lines: BTreeSet<usize> = members(&judged.expected.settled, &group.name).map(|member| member.line).collect();
        let mut here = findings.iter().filter(|f| f.file == judged.file && lines.contains(&f.line));
        return here.any(|finding| finding.outcome != "rewrite");
    }
    let settles = |finding: &&Finding| finding.outcome == "cached" || hole(now).is_some() && finding.outcome == "left";
    let used = judged.settled(place).map_or(&[][..], |entry| &entry.used);
    findings.iter().filter(settles).any(|finding| {
        let here = finding.file == judged.file && finding.line == judged.places[place].line;
        let there = used.iter().any(|(file, line)| finding.file == *file && finding.line == *line);
        here && is_same(&finding.reference, now) || there && finding.outcome == "cached"
    })
}

/// Whether the report has anything on the line of an entry, or on a line that uses it.
fn is_mentioned(judged: &Judged, entry: &Settled, findings: &[Finding]) -> bool {
    findings.iter().any(|finding| {
        finding.file == judged.file && finding.line == entry.line
            || entry.used.iter().any(|(file, line)| finding.file == *file && finding.line == *line)
    })
}

/// Holds the report after the rewrite against what was rewritten, and counts the hand-settled entries.
fn judge_report(score: &mut Score, project: &str, files: &[Judged], findings: &[Finding]) {
    for finding in findings.iter().filter(|finding| finding.outcome == "rewrite") {
        let Finding { file, line, reference, reason, .. } = finding;
        score
            .fail(format!("{project}/{file}:{line}: `{reference}` is still to be rewritten after a rewrite: {reason}"));
    }
    for judged in files {
        for index in 0..judged.places.len() {
            judge_place(score, project, judged, index, findings);
        }
    }
}

fn judge_place(score: &mut Score, project: &str, judged: &Judged, index: usize, findings: &[Finding]) {
    let place = &judged.places[index];
    let shown = format!("{project}/{}:{}", judged.file, place.line);
    if let Some(now) = &judged.now[index]
        && !is_seen(judged, index, findings)
    {
        let here: Vec<String> = findings
            .iter()
            .filter(|finding| finding.file == judged.file && finding.line == place.line)
            .map(|finding| format!("`{}` {} {}", finding.reference, finding.outcome, finding.reason))
            .collect();
        let here = if here.is_empty() { "nothing".to_owned() } else { here.join(", ") };
        score
            .fail(format!("{shown}: `{now}` was rewritten, but check does not see it as cached; on this line: {here}"));
    }
    let Some(entry) = judged.settled(index) else { return };
    let reached = judged.is_rewritten(index);
    let mentioned = is_mentioned(judged, entry, findings);
    let tally = &mut score.formats[judged.expected.format];
    match entry.action {
        Action::Rewrite => {
            tally.settled += 1;
            tally.reached += usize::from(reached);
            tally.silent += usize::from(!reached && !mentioned);
            if !reached {
                let silent = if mentioned { "" } else { " [and not reported]" };
                let why = if entry.why.is_empty() { String::new() } else { format!(" ({})", entry.why) };
                score.misses.push(format!("{shown}: {}: {}{why}{silent}", entry.kind, entry.old));
            }
        }
        Action::Report => {
            tally.report += 1;
            tally.report_changed += usize::from(reached);
            tally.reported += usize::from(!reached && mentioned);
            if !reached && !mentioned {
                score.notes.push(format!("{shown}: {}: {} should be reported and is not", entry.kind, entry.old));
            }
        }
        Action::Stay => {}
    }
}

// ---------------------------------------------------------------------------------------------------------------
// A project
// ---------------------------------------------------------------------------------------------------------------

/// Runs the program over one project; `project` is its path below the corpus.
fn judge_project(score: &mut Score, corpus: &Path, project: &str) {
    let source = corpus.join(project);
    let original = read_tree(&source, is_material);
    let expectations = match read_expectations(&source, &original) {
        Ok(expectations) => expectations,
        Err(why) => return score.fail(format!("{project}: {why}")),
    };
    if expectations.is_empty() {
        return score.fail(format!("{project}: no file with expectations"));
    }
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path().join(project);
    write_tree(&folder, &original);

    let first = rewrite(&folder);
    let rewritten = read_tree(&folder, |_| true);
    let code = first.status.code();
    if !matches!(code, Some(0 | 2)) {
        score.fail(format!("{project}: rewrite ended with {}, not 0 or 2:{}", first.status, said(&first)));
    }
    let judged = judge_files(score, project, &original, &rewritten, expectations);

    let second = rewrite(&folder);
    if second.status.code() != Some(0) && second.status.code() != code {
        score.fail(format!("{project}: the second rewrite ended with {}:{}", second.status, said(&second)));
    }
    for file in changed(&rewritten, &read_tree(&folder, |_| true)) {
        score.fail(format!("{project}/{file}: the second rewrite changed it again"));
    }

    let check = run(&folder, &[&["check"], &MAPPING[..], &["--format", "json", "."]].concat());
    match read_report(&String::from_utf8_lossy(&check.stdout)) {
        Ok((findings, errors)) => {
            judge_report(score, project, &judged, &findings);
            match (code, errors) {
                (Some(2), 0) => {
                    score.fail(format!("{project}: rewrite ended with 2 although every file parses:{}", said(&first)));
                }
                (Some(2), _) => score.notes.push(format!("{project}: some file does not parse:{}", said(&first))),
                _ => {}
            }
        }
        Err(why) => score.fail(format!("{project}: check ended with {}: {why}{}", check.status, said(&check))),
    }
}

/// The expectations of a project by the file they are about, which has to exist.
fn read_expectations(source: &Path, original: &Tree) -> Result<BTreeMap<String, Expected>, String> {
    let mut found = BTreeMap::new();
    for (name, bytes) in read_tree(source, is_expected) {
        let file = name.strip_suffix(EXPECTED).unwrap_or(&name).to_owned();
        if !original.contains_key(&file) {
            return Err(format!("{name} is about a file that does not exist"));
        }
        let expected = read_expected(&String::from_utf8_lossy(&bytes)).map_err(|why| format!("{name}: {why}"))?;
        found.insert(file, expected);
    }
    Ok(found)
}

/// Judges all files of a project, those without expectations too: nothing may happen to them.
fn judge_files(
    score: &mut Score,
    project: &str,
    original: &Tree,
    rewritten: &Tree,
    mut expectations: BTreeMap<String, Expected>,
) -> Vec<Judged> {
    for file in rewritten.keys().filter(|file| !original.contains_key(*file)) {
        score.fail(format!("{project}/{file}: rewrite made this file"));
    }
    let mut judged = Vec::new();
    for (file, old) in original {
        let Some(new) = rewritten.get(file) else {
            score.fail(format!("{project}/{file}: rewrite removed this file"));
            continue;
        };
        let expected = expectations.remove(file).unwrap_or_else(|| Expected {
            format: FORMATS.len() - 1,
            items: Vec::new(),
            settled: Vec::new(),
        });
        judged.extend(judge(score, project, file, old, new, expected));
    }
    judged
}

/// The files that differ between two states of a folder, or are in one of them only.
fn changed(before: &Tree, after: &Tree) -> BTreeSet<String> {
    let names = before.keys().chain(after.keys());
    names.filter(|file| before.get(*file) != after.get(*file)).cloned().collect()
}

/// The projects of the corpus: all folders two levels down.
fn projects(corpus: &Path) -> Vec<String> {
    let folders = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let paths = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path());
        let names = paths.filter(|path| path.is_dir()).filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
        names.filter(|name| !name.starts_with('.')).collect::<BTreeSet<String>>()
    };
    let kinds = folders(corpus);
    for kind in KINDS {
        assert!(kinds.contains(kind), "{FOLDER}: {} has no folder {kind}", corpus.display());
    }
    let mut projects = Vec::new();
    for kind in kinds {
        projects.extend(folders(&corpus.join(&kind)).into_iter().map(|name| format!("{kind}/{name}")));
    }
    projects
}

// ---------------------------------------------------------------------------------------------------------------
// Tables
// ---------------------------------------------------------------------------------------------------------------

/// A share with three decimals, rounded down so that only what is whole looks whole.
fn share(part: usize, whole: usize) -> String {
    match (part * 1000).checked_div(whole) {
        Some(thousandths) => format!("{}.{:03}", thousandths / 1000, thousandths % 1000),
        None => "-".to_owned(),
    }
}

fn tables(score: &Score) -> String {
    let total = score.total();
    let rows = || FORMATS.iter().copied().zip(&score.formats).chain([("all", &total)]);
    let mut text = String::new();
    let _ = writeln!(text, "format      must rewritten recall changes wrong precision");
    for (name, t) in rows() {
        let (recall, precision) = (share(t.rewritten, t.must), share(t.changed - t.wrong, t.changed));
        let (must, rewritten, changed, wrong) = (t.must, t.rewritten, t.changed, t.wrong);
        let _ = writeln!(text, "{name:<9} {must:>6} {rewritten:>9} {recall:>6} {changed:>7} {wrong:>5} {precision:>9}");
    }
    let _ = writeln!(text, "\nsettled by hand: to be rewritten | to be reported | open: may change or stay");
    let _ = writeln!(text, "format    rewrite reached missed silent | report reported changed | open changed");
    for (name, t) in rows().filter(|(_, t)| t.settled + t.report + t.open > 0) {
        let (settled, reached, silent) = (t.settled, t.reached, t.silent);
        let missed = settled - reached;
        let _ = write!(text, "{name:<9} {settled:>7} {reached:>7} {missed:>6} {silent:>6} |");
        let _ = write!(text, " {:>6} {:>8} {:>7} |", t.report, t.reported, t.report_changed);
        let _ = writeln!(text, " {:>4} {:>7}", t.open, t.open_changed);
    }
    let lists = [("missed", &score.misses), ("notes", &score.notes), ("failures", &score.failures)];
    for (title, lines) in lists {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{title} ({}):", lines.len());
            text.extend(lines.iter().flat_map(|line| ["  ", line, "\n"]));
        }
    }
    text
}

/// Writes past the capturing of the test harness, so that the numbers are to be seen when the test passes, too.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

// ---------------------------------------------------------------------------------------------------------------
// The test
// ---------------------------------------------------------------------------------------------------------------

#[test]
fn the_corpus_comes_out_as_expected() {
    let Some(corpus) = std::env::var_os(FOLDER) else {
        say(&format!("corpus: NOT RUN, {FOLDER} names no folder"));
        return;
    };
    let corpus = Path::new(&corpus);
    assert!(corpus.is_dir(), "{FOLDER}: {} is no folder", corpus.display());

    let projects = projects(corpus);
    let mut score = Score::default();
    for project in &projects {
        judge_project(&mut score, corpus, project);
    }
    say(&format!("\ncorpus: {} projects in {}\n\n{}", projects.len(), corpus.display(), tables(&score)));

    let total = score.total();
    assert!(total.must > 0, "{FOLDER}: {} expects nothing: no file with a `must`", corpus.display());
    let failed = score.failures.len();
    assert_eq!(total.wrong, 0, "precision is not 1: wrong changes, {failed} failures in all, listed above");
    assert_eq!(total.rewritten, total.must, "recall is not 1: {failed} failures in all, listed above");
    assert_eq!(failed, 0, "{failed} failures, listed above; the first: {}", score.failures[0]);
}

// ---------------------------------------------------------------------------------------------------------------
// Tests of the test: it has to be able to fail
// ---------------------------------------------------------------------------------------------------------------

/// Expectations for a file of format `tf`.
fn expect(items: &str, indirect: &str) -> Expected {
    read_expected(&format!(r#"{{"format": "tf", "items": [{items}], "indirect": [{indirect}]}}"#)).unwrap()
}

/// An item; the new text is the old one with `mirror/` before it.
fn item(class: &str, line: usize, old: &str) -> String {
    format!(r#"{{"class": "{class}", "line": {line}, "old": "{old}", "new": "mirror/{old}"}}"#)
}

/// A value of the group `chart`, which makes `public.example/team/app` of a registry and a repository.
fn part(line: usize, old: &str, new: &str) -> String {
    let joined = "public.example/team/app -> private.example/mirror/team/app";
    format!(
        r#"{{"action": "rewrite", "kind": "helm values", "line": {line}, "old": "{old}", "new": "{new}",
            "group": "chart", "joined": "{joined}"}}"#
    )
}

fn judge_text(old: &str, new: &str, expected: Expected) -> (Score, Option<Judged>) {
    let mut score = Score::default();
    let judged = judge(&mut score, "project", "main.tf", old.as_bytes(), new.as_bytes(), expected);
    (score, judged)
}

/// `must`, rewritten, changed, wrong.
fn numbers(score: &Score) -> (usize, usize, usize, usize) {
    let total = score.total();
    (total.must, total.rewritten, total.changed, total.wrong)
}

fn found(line: usize, reference: &str, outcome: &str) -> Finding {
    let (reference, outcome) = (reference.to_owned(), outcome.to_owned());
    Finding { file: "main.tf".to_owned(), line, reference, outcome, reason: String::new() }
}

#[test]
fn a_must_that_was_replaced_is_right() {
    let (score, judged) = judge_text(
        "a\r\n x = \"nginx\"\r\nb",
        "a\r\n x = \"mirror/nginx\"\r\nb",
        expect(&item("must", 2, "nginx"), ""),
    );
    assert_eq!(numbers(&score), (1, 1, 1, 0));
    assert_eq!(score.failures, [] as [String; 0]);
    assert_eq!(judged.unwrap().now, [Some("mirror/nginx".to_owned())]);
}

#[test]
fn a_must_that_stayed_costs_recall() {
    let (score, _) = judge_text("x = \"nginx\"\n", "x = \"nginx\"\n", expect(&item("must", 1, "nginx"), ""));
    assert_eq!(numbers(&score), (1, 0, 0, 0));
    assert_eq!(score.failures, ["project/main.tf:1: `nginx` had to be rewritten and was not"]);
}

#[test]
fn another_replacement_costs_precision() {
    let (score, _) = judge_text("x = \"nginx\"\n", "x = \"other/nginx\"\n", expect(&item("must", 1, "nginx"), ""));
    assert_eq!(numbers(&score), (1, 0, 1, 1));
    assert!(score.failures[0].contains("main.tf:1: wrong change\n    - x = \"nginx\"\n    + x = \"other/nginx\""));
}

#[test]
fn a_change_beside_the_place_costs_precision() {
    let expected = || expect(&item("must", 1, "nginx"), "");
    let old = "x = \"nginx\" # nginx:1\ny\n";
    for new in [
        "x = \"mirror/nginx\" # mirror/nginx:1\ny\n",
        "x = \"mirror/nginx\" # nginx:1\nz\n",
        "x = \"mirror/nginx\" # nginx:1\r\ny\n",
        "x = \"mirror/nginx\" # nginx:1\ny",
        "x = \"mirror/nginx\" # nginx:1\ny\n\n",
        "\u{feff}x = \"mirror/nginx\" # nginx:1\ny\n",
    ] {
        let (score, _) = judge_text(old, new, expected());
        assert!(score.total().wrong > 0, "{new:?} passed for right");
    }
}

#[test]
fn an_added_or_removed_line_does_not_blame_the_others() {
    let expected = || expect(&[item("must", 1, "nginx"), item("must", 3, "redis")].join(","), "");
    let old = "\"nginx\"\na\n\"redis\"\n";
    let (score, judged) = judge_text(old, "\"mirror/nginx\"\na\nb\nc\n\"mirror/redis\"\n", expected());
    assert_eq!(numbers(&score), (2, 2, 4, 2));
    assert!(score.failures[0].ends_with("main.tf:3: wrong change\n    + b\n    + c"), "{:?}", score.failures);
    assert!(judged.unwrap().now.iter().all(Option::is_some));
    let (score, _) = judge_text(old, "\"mirror/nginx\"\n\"mirror/redis\"\n", expected());
    assert_eq!(numbers(&score), (2, 2, 3, 1));
}

#[test]
fn a_file_without_places_must_not_change() {
    let (score, _) = judge_text("x = 1\n", "x = 1\n", expect("", ""));
    assert_eq!((numbers(&score), score.failures.len()), ((0, 0, 0, 0), 0));
    let (score, _) = judge_text("x = 1\n", "x = 2\n", expect("", ""));
    assert_eq!((numbers(&score), score.failures.len()), ((0, 0, 1, 1), 1));
}

#[test]
fn files_must_not_come_go_or_change_without_expectations() {
    let tree = |files: &[(&str, &str)]| -> Tree {
        files.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec())).collect()
    };
    let original = tree(&[("a", "1"), ("b", "1"), ("c", "1")]);
    let mut score = Score::default();
    judge_files(&mut score, "p", &original, &tree(&[("a", "1"), ("b", "2"), ("d", "1")]), BTreeMap::new());
    assert_eq!(score.failures.len(), 3, "{:?}", score.failures);
    assert_eq!(changed(&original, &tree(&[("a", "1"), ("b", "2"), ("d", "1")])).len(), 3);
}

#[test]
fn two_items_on_one_line_are_told_apart() {
    let items = [item("must", 1, "a/golang:1"), item("must", 1, "golang:1-alpine")].join(",");
    let old = "x = y ? \"a/golang:1\" : \"golang:1-alpine\"\n";
    let (score, judged) = judge_text(old, "x = y ? \"a/golang:1\" : \"mirror/golang:1-alpine\"\n", expect(&items, ""));
    assert_eq!(numbers(&score), (2, 1, 1, 0));
    assert_eq!(judged.unwrap().now, [None, Some("mirror/golang:1-alpine".to_owned())]);
    let (score, _) =
        judge_text(old, "x = y ? \"mirror/a/golang:1\" : \"mirror/golang:1-alpine\"\n", expect(&items, ""));
    assert_eq!(numbers(&score), (2, 2, 2, 0));
}

#[test]
fn what_may_stay_costs_nothing_and_what_must_stay_does() {
    let stay = r#"{"action": "stay", "kind": "index", "line": 2, "old": "redis"}"#;
    let expected = || expect(&item("ambiguous", 1, "nginx"), stay);
    let (score, _) = judge_text("\"nginx\"\n\"redis\"\n", "\"nginx\"\n\"redis\"\n", expected());
    assert_eq!((numbers(&score), score.failures.len()), ((0, 0, 0, 0), 0));
    let (score, _) = judge_text("\"nginx\"\n\"redis\"\n", "\"mirror/nginx\"\n\"redis\"\n", expected());
    assert_eq!((numbers(&score), score.failures.len()), ((0, 0, 1, 0), 0));
    let (score, _) = judge_text("\"nginx\"\n\"redis\"\n", "\"nginx\"\n\"mirror/redis\"\n", expected());
    assert_eq!((numbers(&score), score.failures.len()), ((0, 0, 1, 1), 1));
}

#[test]
fn a_group_changes_as_a_whole() {
    let parts = [part(1, "public.example", "private.example"), part(2, "team/app", "mirror/team/app")].join(",");
    let old = "registry: public.example\nrepository: team/app\n";
    let judged = |new| {
        let (score, judged) = judge_text(old, new, expect("", &parts));
        (numbers(&score), judged.unwrap().is_rewritten(1))
    };
    assert_eq!(judged(old), ((0, 0, 0, 0), false));
    assert_eq!(judged("registry: private.example\nrepository: mirror/team/app\n"), ((0, 0, 2, 0), true));
    assert_eq!(judged("registry: private.example/mirror\nrepository: team/app\n"), ((0, 0, 1, 0), true));
    assert_eq!(judged("registry: private.example\nrepository: team/app\n"), ((0, 0, 1, 1), false));
    assert_eq!(judged("registry: public.example\nrepository: mirror/team/app\n"), ((0, 0, 1, 1), false));
    assert_eq!(judged("registry: private.example/mirror\nrepository: mirror/team/app\n"), ((0, 0, 2, 2), false));
    assert_eq!(judged("registry: private.example/mirror/team\nrepository: app\n"), ((0, 0, 2, 2), false));
}

#[test]
fn slashes_in_json_text_may_be_escaped() {
    let quoted = |old: &str| {
        let old = old.replace('\\', r"\\");
        format!(
            r#"{{"action": "rewrite", "kind": "json in a quoted string", "line": 1, "old": "{old}", "new": "m/{old}"}}"#
        )
    };
    for (new, wrong) in [(r"m\\/a\\/b", 0), ("m/a/b", 0), (r"m/a\\/b", 0), (r"m\/a\/b", 1), (r"n/a\\/b", 1)] {
        let (score, _) = judge_text(r"[\\/] a\\/b", &format!(r"[\\/] {new}"), expect("", &quoted(r"a\\/b")));
        assert_eq!(score.total().wrong, wrong, "{new}");
    }
    let (score, _) = judge_text("a/b", r"mirror\/a\/b", expect(&item("must", 1, "a/b"), ""));
    assert_eq!(score.total().wrong, 1);
}

#[test]
fn expectations_that_do_not_fit_are_no_silent_pass() {
    let fits = |text: &str, expected| judge_text(text, text, expected).0.failures.is_empty();
    assert!(!fits("\"nginx\" \"nginx\"", expect(&item("ambiguous", 1, "nginx"), "")));
    assert!(!fits("\"nginx:1\"", expect(&item("ambiguous", 1, "nginx"), "")));
    assert!(!fits("\"nginx\"", expect(&item("ambiguous", 3, "nginx"), "")));
    assert!(fits("\"nginx\" \"nginx:1\" \"a/nginx\"", expect(&item("ambiguous", 1, "nginx"), "")));
    assert!(
        read_expected(r#"{"format": "tf", "items": [{"class": "new", "line": 1, "old": "", "new": ""}]}"#).is_err()
    );
    assert!(read_expected(r#"{"format": "cobol", "items": []}"#).is_err());
}

#[test]
fn undoing_needs_the_replacement_in_its_place() {
    let expected = expect(&[item("must", 1, "a"), item("must", 1, "b")].join(","), "");
    let places = places("main.tf", b"\"a\" \"b\"\n", &expected).unwrap();
    let now = [Some("mirror/a".to_owned()), Some("mirror/b".to_owned())];
    assert_eq!(undo(b"\"mirror/a\" \"mirror/b\"\n", &places, &now).unwrap(), b"\"a\" \"b\"\n");
    assert_eq!(undo(b"\"a\" \"mirror/b\"\n", &places, &now), None);
}

#[test]
fn the_report_has_to_see_what_was_rewritten() {
    let failures = |old: &str, findings: &[Finding]| {
        let text = format!("\"{old}\"");
        let (mut score, judged) =
            judge_text(&text, &text.replace(old, &format!("mirror/{old}")), expect(&item("must", 1, old), ""));
        judge_report(&mut score, "project", judged.as_slice(), findings);
        score.failures.len()
    };
    assert_eq!(failures("nginx:1", &[found(1, "mirror/nginx:1", "cached")]), 0);
    assert_eq!(failures("nginx", &[found(1, "mirror/nginx:1", "cached")]), 0);
    assert_eq!(failures("nginx:1", &[]), 1);
    assert_eq!(failures("nginx:1", &[found(2, "mirror/nginx:1", "cached")]), 1);
    assert_eq!(failures("nginx:1", &[found(1, "mirror/nginx:12", "cached")]), 1);
    assert_eq!(failures("nginx:1", &[found(1, "mirror/nginx:1", "left")]), 1);
    assert_eq!(failures("nginx:1", &[found(1, "mirror/nginx:1", "cached"), found(9, "redis", "rewrite")]), 1);
    assert_eq!(failures("nginx:${tag}", &[found(1, "mirror/nginx:${tag}", "left")]), 0);
    assert_eq!(failures("nginx:${tag}", &[]), 1);
}

#[test]
fn a_miss_is_listed_and_marked_if_nobody_reports_it() {
    let entry = r#"{"action": "rewrite", "kind": "local", "line": 1, "old": "nginx", "new": "mirror/nginx",
        "used": ["main.tf:3"], "why": "a default"}"#;
    for (findings, mark) in [(vec![], " [and not reported]"), (vec![found(3, "local.x", "left")], "")] {
        let (mut score, judged) = judge_text("\"nginx\"", "\"nginx\"", expect("", entry));
        judge_report(&mut score, "project", judged.as_slice(), &findings);
        assert_eq!(score.misses, [format!("project/main.tf:1: local: nginx (a default){mark}")]);
        assert_eq!((score.total().settled, score.total().reached, score.failures.len()), (1, 0, 0));
    }
}

#[test]
fn a_report_is_read_strictly() {
    let report = |findings: &str| {
        read_report(&format!(r#"{{"version": 1, "findings": [{findings}], "skipped": [], "errors": []}}"#))
    };
    let finding =
        r#"{"file": "./a/b.tf", "line": 3, "column": 1, "reference": "x", "outcome": "cached", "reason": ""}"#;
    let (findings, errors) = report(finding).unwrap();
    assert_eq!((findings[0].file.as_str(), findings[0].line, errors), ("a/b.tf", 3, 0));
    assert!(report(&finding.replace("cached", "fine")).is_err());
    assert!(read_report("{}").is_err());
    assert!(read_report("").is_err());
}
