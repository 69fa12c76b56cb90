//! The whole program against ripgrep, over a tree like that of a large repository: what `CONTRIBUTING.md` says of speed.
//!
//! `cargo bench --bench monorepo [-- FILES]` writes a tree of that many files (100,000 unless told, about 1 GiB) and runs
//! both programs over it in turn, `rewrite` on a fresh copy each time. Then the same for parts and multiples of the tree,
//! for huge files, for a list of twenty files, and for nothing at all. Nothing is asserted: only ratios mean something.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod tree;

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tree::{Content, write, write_huge};

const RUNS: usize = 7;
const FILES: usize = 100_000;
const ACCOUNT: [&str; 4] = ["--account", "111122223333", "--region", "eu-central-1"];

fn main() -> io::Result<()> {
    let files = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(FILES);
    if Command::new("rg").arg("--version").stdout(Stdio::null()).status().is_err() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "`rg` is not on the path; install ripgrep to compare with it",
        ));
    }
    println!("{} cores", std::thread::available_parallelism()?);
    let work = tempfile::tempdir()?;
    whole(work.path(), files, Content::WithImages)?;
    whole(work.path(), files, Content::WithoutImages)?;
    growth(work.path(), files)?;
    huge(work.path())?;
    list(work.path(), files)?;
    start()
}

/// A whole tree: `check` against searches, and `rewrite`.
fn whole(work: &Path, files: usize, content: Content) -> io::Result<()> {
    let tree = work.join("tree");
    let written = write(&tree, files, content)?;
    println!(
        "\n{files} files, {} MiB, {:.1} % of our formats, {:.1} % with the word image",
        written.bytes >> 20,
        percent(written.formats, files),
        percent(written.candidates, files),
    );
    let mut check = ecrewrite(["check", "-q"], &tree);
    let mut search = Command::new("rg");
    search.args(["-l", "-i", "image"]).arg(&tree);
    let mut list = Command::new("rg");
    list.arg("--files").arg(&tree);
    let [check, search, list] = in_turn([&mut check, &mut search, &mut list])?;
    println!("ecrewrite check  {check}");
    println!("rg -l -i image   {search}  check is {:.2} of it", check.over(&search));
    println!("rg --files       {list}  check is {:.2} of it", check.over(&list));
    if content == Content::WithImages {
        let mut times = Vec::new();
        for _ in 0..3 {
            let copy = work.join("copy");
            copy_tree(&tree, &copy)?;
            times.push(time(&mut ecrewrite(["rewrite", "-q"], &copy))?);
            fs::remove_dir_all(&copy)?;
        }
        let rewrite = Times::of(times);
        println!("rewrite          {rewrite}  {:.2} of rg -l -i image", rewrite.over(&search));
    }
    let peak = peak(&mut ecrewrite(["check", "-q"], &tree))?;
    println!("memory of check  {:.1} MiB at most", peak as f64 / 1024.0);
    fs::remove_dir_all(&tree)
}

/// Whether time and memory grow as the tree does.
fn growth(work: &Path, files: usize) -> io::Result<()> {
    println!("\n    files     MiB       check   per MiB   memory");
    for times in [1, 2, 4, 8] {
        let tree = work.join("tree");
        let written = write(&tree, files / 8 * times, Content::WithImages)?;
        let [check] = in_turn([&mut ecrewrite(["check", "-q"], &tree)])?;
        let mib = written.bytes as f64 / f64::from(1 << 20);
        let peak = peak(&mut ecrewrite(["check", "-q"], &tree))? as f64 / 1024.0;
        let each = check.milliseconds() / mib;
        println!("{:9} {mib:7.0} {:8.1} ms {each:6.2} ms {peak:5.1} MiB", written.files, check.milliseconds());
        fs::remove_dir_all(&tree)?;
    }
    Ok(())
}

/// One huge file, at half its size and whole.
fn huge(work: &Path) -> io::Result<()> {
    println!("\nlanguage    MiB       check   per MiB   memory by size");
    for (language, mib) in [("json", 100), ("yaml", 50), ("tf", 10)] {
        for mib in [mib / 2, mib] {
            let path = write_huge(work, language, mib << 20)?;
            let mut command = ecrewrite(["check", "-q"], &path);
            let check = Times::of(vec![time(&mut command)?]);
            let peak = peak(&mut command)? as f64 / 1024.0;
            let each = check.milliseconds() / mib as f64;
            println!("{language:8} {mib:6} {:8.0} ms {each:6.2} ms {:8.1}", check.milliseconds(), peak / mib as f64);
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// A list of twenty files, in a small repository and in a large one.
fn list(work: &Path, files: usize) -> io::Result<()> {
    println!("\n--files-from with 20 files");
    for files in [files / 10, files] {
        let tree = work.join("tree");
        write(&tree, files, Content::WithImages)?;
        let names: Vec<String> = (0..20)
            .map(|at| format!("team0/part{}/deployment{}.yaml\n", (at * 100 + 90) / 40, at * 100 + 90))
            .collect();
        let listed = work.join("listed");
        fs::write(&listed, names.concat())?;
        let mut command = ecrewrite(["check", "-q"], Path::new("--files-from"));
        command.arg(&listed).current_dir(&tree);
        let [check] = in_turn([&mut command])?;
        println!("{files:9} files  {check}");
        fs::remove_dir_all(&tree)?;
    }
    Ok(())
}

/// What it takes to start.
fn start() -> io::Result<()> {
    let mut version = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    let [version, nothing] = in_turn([version.arg("--version"), &mut Command::new("true")])?;
    println!("\n--version        {version}");
    println!("true             {nothing}");
    let size = fs::metadata(env!("CARGO_BIN_EXE_ecrewrite"))?.len();
    println!("the program has  {:.2} MiB", size as f64 / f64::from(1 << 20));
    Ok(())
}

fn ecrewrite(arguments: [&str; 2], path: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    command.args(arguments).args(ACCOUNT).arg(path);
    command
}

/// Times of one command.
struct Times(Vec<Duration>);

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Times(times)
    }

    fn milliseconds(&self) -> f64 {
        self.0[self.0.len() / 2].as_secs_f64() * 1e3
    }

    fn over(&self, other: &Times) -> f64 {
        self.milliseconds() / other.milliseconds()
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (least, most) = (self.0[0].as_secs_f64() * 1e3, self.0[self.0.len() - 1].as_secs_f64() * 1e3);
        write!(f, "{:9.1} ms ({least:.1} to {most:.1})", self.milliseconds())
    }
}

/// Runs the commands in turn, several times. The first run of each warms the cache of files.
fn in_turn<const N: usize>(mut commands: [&mut Command; N]) -> io::Result<[Times; N]> {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for run in 0..=RUNS {
        for (command, times) in commands.iter_mut().zip(&mut times) {
            let time = time(command)?;
            if run > 0 {
                times.push(time);
            }
        }
    }
    Ok(times.map(Times::of))
}

fn time(command: &mut Command) -> io::Result<Duration> {
    let start = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(start.elapsed())
}

/// The most memory that a command had, in KiB, as Linux counts it: asked often, since it is gone with the process.
fn peak(command: &mut Command) -> io::Result<usize> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().split(' ').next()).and_then(|kib| kib.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        sleep(Duration::from_millis(1));
    }
    Ok(peak)
}

fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_tree(&entry.path(), &target)?,
            false => drop(fs::copy(entry.path(), target)?),
        }
    }
    Ok(())
}
