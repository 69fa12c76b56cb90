//! Writing: a file is replaced with all that belongs to it, or stays; what is in the way; what git could not bring back; the
//! way back from one run.
//!
//! What has to happen between reading and writing is done by a `git` of the test's own: that is when git is asked.

#![cfg(all(feature = "cli", unix))]

mod common;

use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use ecrewrite::write::{Hash, Record, Replacement, Unit, replace};
use rustix::fs::{FlockOperation, XattrFlags, flock, getxattr, setxattr};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use common::unix::{NOBODY, install};
use common::{HERE, HOST, Repo, Run, nginx, pod, task};

fn old() -> String {
    task("nginx:1.27")
}

fn new() -> String {
    task(&nginx())
}

impl Repo {
    /// Runs with a `git` that does this, in the repository, when it is asked for the first time.
    fn run_between(&self, script: &str, args: &[&str]) -> Run {
        let folder = program("git", &format!("[ -e \"$0.done\" ] || {{ : > \"$0.done\"; {script}\n}}\nexit 128\n"));
        let mut command = self.command(&[args, &HERE].concat());
        command.env("PATH", path_with(&folder));
        Run::of(command)
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", message]);
    }

    /// No temporary file is left, in any folder.
    #[track_caller]
    fn is_tidy(&self) {
        let left: Vec<_> = self.files().into_iter().filter(|(path, _)| is_temporary(path)).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().unwrap().to_string_lossy().starts_with(".ecrewrite-")
}

/// A folder with a program of this name.
fn program(name: &str, script: &str) -> TempDir {
    let folder = tempfile::Builder::new().prefix("ecrewrite-path-").tempdir().unwrap();
    let path = folder.path().join(name);
    install(&path, format!("#!/bin/sh\n{script}").as_bytes());
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    folder
}

fn path_with(folder: &TempDir) -> OsString {
    let own = std::env::var_os("PATH").unwrap();
    std::env::join_paths(std::iter::once(folder.path().to_owned()).chain(std::env::split_paths(&own))).unwrap()
}

fn hash(text: impl AsRef<[u8]>) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

// What is kept.

#[test]
fn extended_attributes_and_access_lists_are_kept() {
    let repo = Repo::with(&[("task.json", old()), ("plain.json", old())]);
    let file = repo.path("task.json");
    let long = vec![b'x'; 3000];
    setxattr(&file, "user.note", b"from the team", XattrFlags::empty()).expect("the file system keeps attributes");
    setxattr(&file, "user.long", &long, XattrFlags::empty()).expect("long ones too");
    let attribute = |name: &str| {
        let mut value = vec![0; 4096];
        let length = getxattr(&file, name, &mut value[..]).unwrap();
        value[..length].to_vec()
    };
    // The owner may read and write, nobody may read, the rest nothing.
    let entries: [(u16, u16, u32); 5] =
        [(1, 6, u32::MAX), (2, 4, NOBODY), (4, 0, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)];
    let mut list = 2u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        list.extend([tag.to_le_bytes(), permissions.to_le_bytes()].concat());
        list.extend(id.to_le_bytes());
    }
    if cfg!(target_os = "linux") {
        setxattr(&file, "system.posix_acl_access", &list, XattrFlags::empty()).expect("it keeps access lists");
    }
    let mode = fs::metadata(&file).unwrap().mode();
    repo.run_here(&["rewrite"]).exits(0).rewrites(2).complains_not();
    assert_eq!(repo.read("task.json"), new());
    assert_eq!(attribute("user.note"), b"from the team");
    assert_eq!(attribute("user.long"), long);
    assert_eq!(fs::metadata(&file).unwrap().mode(), mode);
    if cfg!(target_os = "linux") {
        assert_eq!(attribute("system.posix_acl_access"), list);
    }
    assert!(getxattr(repo.path("plain.json"), "user.note", &mut [0; 64][..]).is_err(), "and none is made up");
}

#[test]
fn owner_and_mode_are_kept_together() {
    let repo = Repo::with(&[("task.json", old())]);
    repo.give_away(&["task.json"]);
    repo.set_mode("task.json", 0o6754);
    let before = fs::metadata(repo.path("task.json")).unwrap();
    repo.run_here(&["rewrite"]).exits(0);
    let after = fs::metadata(repo.path("task.json")).unwrap();
    assert_eq!((after.uid(), after.gid(), after.mode()), (before.uid(), before.gid(), before.mode()));
}

#[test]
fn a_file_with_two_names_stays_with_both() {
    let repo = Repo::with(&[("one.json", old()), ("other.json", old())]);
    fs::hard_link(repo.path("one.json"), repo.path("two.json")).unwrap();
    let run = repo.run_here(&["rewrite"]).exits(2).rewrites(1);
    run.complains("error: one.json: cannot be written, and was left as it is: it has 2 names (hard links)")
        .complains("two.json");
    assert_eq!((repo.read("one.json"), repo.read("two.json"), repo.read("other.json")), (old(), old(), new()));
    let inode = |path| fs::metadata(repo.path(path)).unwrap().ino();
    assert_eq!(inode("one.json"), inode("two.json"));
    repo.is_tidy();
}

// What is in the way.

#[test]
fn who_may_not_write_a_file_does_not_replace_it() {
    let repo = Repo::with(&[("theirs.json", old()), ("open.json", old())]);
    if !repo.is_root() {
        repo.set_mode("theirs.json", 0o400);
    }
    repo.give_away(&["", "open.json"]);
    let run = repo.run_unprivileged(&["rewrite"]).exits(2).rewrites(1);
    let said = if repo.is_root() { "permission to write it is denied" } else { "the file is read-only" };
    run.complains("error: theirs.json: cannot be written, and was left as it is: ").complains(said);
    assert_eq!((repo.read("theirs.json"), repo.read("open.json")), (old(), new()));
    repo.is_tidy();
}

#[test]
fn a_file_that_would_change_its_owner_stays() {
    let repo = Repo::with(&[("theirs.json", old()), ("open.json", old())]);
    repo.set_mode("theirs.json", 0o666);
    repo.give_away(&["", "open.json"]);
    let run = repo.run_unprivileged(&["rewrite"]);
    // Only root can make a file somebody else's.
    if repo.is_root() {
        run.exits(2)
            .rewrites(1)
            .complains("theirs.json: cannot be written, and was left as it is: it would not stay its owner's");
        assert_eq!(fs::metadata(repo.path("theirs.json")).unwrap().uid(), 0);
        assert_eq!((repo.read("theirs.json"), repo.read("open.json")), (old(), new()));
    } else {
        run.exits(0).rewrites(2);
    }
    repo.is_tidy();
}

#[test]
fn what_is_in_the_way_is_said_with_what_to_do() {
    let repo = Repo::with(&[("locked.json", old()), ("folder/task.json", old()), ("open.json", old())]);
    repo.give_away(&["", "locked.json", "folder/task.json", "open.json"]);
    repo.set_mode("locked.json", 0o444);
    repo.set_mode("folder", 0o555);
    // A repository of somebody else's is none for git.
    let run = repo.run_unprivileged(&["rewrite", "--allow-dirty"]);
    repo.set_mode("folder", 0o755);
    let run = run.exits(2).rewrites(1);
    assert_eq!(
        run.stderr,
        "error: folder/task.json: cannot be written, and was left as it is: permission to write into its folder is denied; run \
         as somebody who may\n\
         error: locked.json: cannot be written, and was left as it is: the file is read-only; make it writable, and run again\n"
    );
    assert_eq!(
        [repo.read("locked.json"), repo.read("folder/task.json"), repo.read("open.json")],
        [old(), old(), new()]
    );
    repo.is_tidy();
}

/// A task definition of about 64 KiB.
fn large(image: &str) -> String {
    task(image).replace("\"family\"", &format!("\"note\": \"{}\",\n  \"family\"", "x".repeat(64 << 10)))
}

/// Runs a script of the shell in the repository, which starts the program as `"$@"`.
fn scripted(repo: &Repo, before: &[&str], script: &str, args: &[&str]) -> Run {
    let own = repo.command(&[args, &HERE].concat());
    let mut words = before.iter().copied().chain(["sh", "-c", script, "sh"]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).arg(own.get_program()).args(own.get_args()).current_dir(repo.folder.path());
    for (name, value) in own.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Run::of(command)
}

/// How to start something in a place of its own for mounts; `None` where the system allows nobody to. What is shown there is
/// also shown without: by the limit of a file's size, and in `what_was_replaced_is_put_back_when_the_rest_fails`.
#[expect(clippy::print_stderr, reason = "who reads of a test should know what it did not do")]
fn unshared() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "--mount"], vec!["unshare", "--map-root-user", "--mount"]];
    let works = |way: &Vec<&str>| {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).args(["sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]);
        command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let way = ways.into_iter().find(works);
    if way.is_none() {
        eprintln!("this system allows no mounts: what needs one is not tried");
    }
    way
}

#[test]
fn a_full_disk_keeps_the_file_and_the_others_are_done() {
    // The limit of a file's size works everywhere; a small file system is the real thing.
    let repo = Repo::with(&[("large.json", large("nginx:1.27")), ("small.json", old())]);
    let run = scripted(&repo, &[], "trap '' XFSZ; ulimit -f 8; exec \"$@\"", &["rewrite"]).exits(2).rewrites(1);
    run.complains("large.json: cannot be written, and was left as it is: the system takes no file of its size");
    assert_eq!((repo.read("large.json"), repo.read("small.json")), (large("nginx:1.27"), new()));
    repo.is_tidy();

    let Some(way) = unshared() else { return };
    let repo =
        Repo::with(&[("disk/keep", ""), ("in/large.json", large("nginx:1.27").as_str()), ("in/small.json", &old())]);
    let script = "set -e; mount -t tmpfs -o size=100k none disk; cp in/* disk; mkdir out; code=0; \"$@\" || code=$?; \
                  cp -a disk/. out; exit $code";
    let run = scripted(&repo, &way, script, &["rewrite", "disk"]).exits(2).rewrites(1);
    run.complains(
        "disk/large.json: cannot be written, and was left as it is: there is no space left for it; make room",
    );
    assert_eq!((repo.read("out/large.json"), repo.read("out/small.json")), (large("nginx:1.27"), new()));
    repo.is_tidy();
}

#[test]
fn a_file_that_takes_no_other_in_its_place_stays() {
    let Some(way) = unshared() else { return };
    for (flags, others) in [(&["rewrite"][..], new()), (&["rewrite", "--all-or-nothing"], old())] {
        let repo = Repo::with(&[("a.json", old()), ("mounted.json", old()), ("z.json", old())]);
        // Containers get single files so.
        let script = "mount --bind mounted.json mounted.json && exec \"$@\"";
        let run = scripted(&repo, &way, script, flags).exits(2);
        run.complains("error: mounted.json: cannot be written, and was left as it is: ");
        assert_eq!(
            [repo.read("a.json"), repo.read("mounted.json"), repo.read("z.json")],
            [others.clone(), old(), others]
        );
        repo.is_tidy();
    }
}

// Somebody else is at the file.

#[test]
fn a_file_that_changes_between_reading_and_writing_stays() {
    let files = || Repo::with(&[("a.json", old()), ("b.json", old())]);
    let repo = files();
    let run = repo.run_between("echo >> a.json", &["rewrite", "--format", "json"]).exits(2);
    let run = run.complains("error: a.json: was left as it is: it changed since it was read; run again\n");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["findings"][0]["reason"], "changed-meanwhile");
    assert_eq!(report["findings"][1]["outcome"], "rewrite");
    assert_eq!((repo.read("a.json"), repo.read("b.json")), (old() + "\n", new()));
    repo.is_tidy();

    // The same length and the same time say nothing.
    let repo = files();
    let script = "touch -r a.json stamp; sed -i s/1.27/1.28/ a.json; touch -r stamp a.json";
    repo.run_between(script, &["rewrite"])
        .exits(2)
        .complains("a.json: was left as it is: it changed since it was read");
    assert_eq!((repo.read("a.json"), repo.read("b.json")), (task("nginx:1.28"), new()));

    let repo = files();
    let script = "mv a.json c.txt; ln -s c.txt a.json";
    repo.run_between(script, &["rewrite"])
        .exits(2)
        .complains("a.json: was left as it is: it changed since it was read");
    assert!(repo.path("a.json").is_symlink());
    assert_eq!(repo.read("c.txt"), old());
}

#[test]
fn a_file_that_goes_between_reading_and_writing_stays_away() {
    let repo = Repo::with(&[("a.json", old()), ("b/c.json", old()), ("d.json", old())]);
    let run = repo.run_between("rm -r a.json b", &["rewrite"]).exits(2).rewrites(1);
    run.complains("error: a.json: was left as it is: it is gone since it was read\n")
        .complains("error: b/c.json: was left");
    assert_eq!(repo.files().len(), 1);
    assert_eq!(repo.read("d.json"), new());
}

#[test]
fn a_file_that_somebody_else_rewrote_is_done() {
    let repo = Repo::with(&[("a.json", old()), ("new", new())]);
    let run = repo.run_between("cp new a.json", &["rewrite"]).exits(0).rewrites(1);
    assert!(!run.stderr.contains("error"), "{}", run.stderr);
    assert_eq!(repo.read("a.json"), new());
}

#[test]
fn runs_at_once_do_not_hinder_each_other() {
    let repo = Repo::with_all(&assembly());
    let images: Vec<String> = (0..40).map(|number| format!("nginx:1.{number}")).collect();
    for (number, image) in images.iter().enumerate() {
        repo.write(&format!("{}/{number}.yaml", number % 3), pod(image));
    }
    let alone = Repo::with_all(&assembly());
    alone.run_here(&["rewrite", "cdk.out"]).exits(0);
    let start = || {
        let mut command = repo.command(&[&["rewrite", "."], &HERE[..]].concat());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..6).map(|_| start()).collect();
    for run in runs {
        let run = Run::from(run.wait_with_output().unwrap());
        let meanwhile = |line: &str| line.contains("since it was read");
        assert!(run.stderr.lines().all(meanwhile), "{}", run.stderr);
    }
    for (number, image) in images.iter().enumerate() {
        let cached = format!("{HOST}/ecr-public/docker/library/{image}");
        assert_eq!(repo.read(&format!("{}/{number}.yaml", number % 3)), pod(&cached));
    }
    repo.run_here(&["rewrite"]).exits(0).rewrites(0).complains_not();
    for (path, _) in assembly() {
        assert_eq!(repo.read(&path), alone.read(&path), "{path}");
    }
    repo.is_tidy();
}

// What a killed run left.

#[test]
fn what_a_killed_run_left_goes_with_the_next() {
    let repo = Repo::with(&[
        ("k/task.json", old()),
        ("k/.ecrewrite-0123456789abcdEF.tmp", "{\n".into()),
        ("k/.ecrewrite-inUse0123456789a.tmp", "{\n".into()),
        ("k/.ecrewrite-backup.tmp", "mine".into()),
        ("k/.ecrewrite-0123456789abcdEF.tmp.json", "{}".into()),
        ("k/.ecrewrite-0123456789abcd_F.tmp", "mine".into()),
        ("k/.ecrewrite-folder0123456789.tmp/file", "mine".into()),
    ]);
    symlink("task.json", repo.path("k/.ecrewrite-link0123456789ab.tmp")).unwrap();
    let in_use = File::open(repo.path("k/.ecrewrite-inUse0123456789a.tmp")).unwrap();
    flock(&in_use, FlockOperation::LockExclusive).unwrap();
    let exists = |name: &str| repo.path("k").join(name).symlink_metadata().is_ok();
    repo.run_here(&["check"]).exits(1);
    repo.run_here(&["rewrite", "--diff"]).exits(0);
    assert!(exists(".ecrewrite-0123456789abcdEF.tmp"), "what does not write clears nothing away");
    repo.run_here(&["rewrite"]).exits(0).rewrites(1);
    assert!(!exists(".ecrewrite-0123456789abcdEF.tmp"));
    for kept in [
        ".ecrewrite-inUse0123456789a.tmp",
        ".ecrewrite-backup.tmp",
        ".ecrewrite-0123456789abcdEF.tmp.json",
        ".ecrewrite-0123456789abcd_F.tmp",
        ".ecrewrite-folder0123456789.tmp",
        ".ecrewrite-link0123456789ab.tmp",
    ] {
        assert!(exists(kept), "{kept}");
    }
    drop(in_use);
    repo.run_here(&["rewrite"]).exits(0).rewrites(0);
    assert!(!exists(".ecrewrite-inUse0123456789a.tmp"), "a run that has nothing to do clears up all the same");
}

/// A cloud assembly with a nested stack: the files that hold each other's hashes.
fn assembly() -> Vec<(String, String)> {
    let inner = json!({ "Resources": { "T": { "Type": "AWS::ECS::TaskDefinition",
        "Properties": { "ContainerDefinitions": [{ "Name": "web", "Image": "nginx:1.27" }] } } } })
    .to_string();
    let outer = json!({ "Resources": {
        "S": { "Type": "AWS::CloudFormation::Stack", "Properties": { "TemplateURL": format!("https://bucket/{}.json", hash(&inner)) } },
        "T": { "Type": "AWS::ECS::TaskDefinition",
            "Properties": { "ContainerDefinitions": [{ "Name": "web", "Image": "redis:7" }] } } } })
    .to_string();
    let entry = |path: &str| json!({ "source": { "path": path, "packaging": "file" }, "destinations": {} });
    let mut files = json!({});
    files[hash(&inner)] = entry("Inner.nested.template.json");
    files[hash(&outer)] = entry("Outer.template.json");
    let assets = json!({ "version": "36.0.0", "files": files, "dockerImages": {} }).to_string();
    let manifest =
        json!({ "version": "36.0.0", "artifacts": { "Outer": { "type": "aws:cloudformation:stack", "properties":
        { "stackTemplateAssetObjectUrl": format!("s3://bucket/{}.json", hash(&outer)) } } } })
        .to_string();
    [
        ("cdk.out/Inner.nested.template.json", inner),
        ("cdk.out/Outer.assets.json", assets),
        ("cdk.out/Outer.template.json", outer),
        ("cdk.out/manifest.json", manifest),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .to_vec()
}

impl Repo {
    fn with_all(files: &[(String, String)]) -> Self {
        let repo = Repo::with::<&str>(&[]);
        files.iter().for_each(|(path, text)| repo.write(path, text));
        repo
    }
}

#[test]
fn an_assembly_that_was_half_written_is_put_back_and_written_again() {
    let before = assembly();
    let whole = Repo::with_all(&before);
    whole.run_here(&["rewrite", "cdk.out", "--undo-file", "undo"]).exits(0).rewrites(2);
    let after: Vec<_> = before.iter().map(|(path, _)| (path.clone(), whole.read(path))).collect();
    assert!(before.iter().zip(&after).all(|(before, after)| before != after), "each of its files changes");
    // As the journal names them: from the folder of the assembly on.
    let journal = whole.read("undo").replace("\"path\": \"cdk.out/", "\"path\": \"");

    for written in 0..=before.len() {
        let half: Vec<_> = after[..written].iter().chain(&before[written..]).cloned().collect();
        for paths in ["cdk.out", "."] {
            let repo = Repo::with_all(&half);
            repo.write("cdk.out/.ecrewrite-0123456789abcdEF.undo", &journal);
            repo.run_here(&["rewrite", paths]).exits(0).complains_not();
            for (path, text) in &after {
                assert_eq!(&repo.read(path), text, "{written} were written: {path}");
            }
            repo.is_tidy();
        }
    }

    // What changed since, CDK wrote again.
    let repo = Repo::with_all(&before);
    repo.write("cdk.out/Inner.nested.template.json", &after[0].1);
    repo.write("cdk.out/manifest.json", before[3].1.replace("36.0.0", "37.0.0"));
    repo.write("cdk.out/.ecrewrite-0123456789abcdEF.undo", &journal);
    repo.run_here(&["rewrite"]).exits(0);
    assert_eq!(repo.read("cdk.out/Inner.nested.template.json"), after[0].1, "nothing is put back then");
    repo.is_tidy();
}

#[test]
fn an_assembly_that_cannot_be_put_back_stays_until_it_can() {
    let whole = Repo::with_all(&assembly());
    whole.run_here(&["rewrite", "cdk.out", "--undo-file", "undo"]).exits(0);
    let journal = whole.read("undo").replace("\"path\": \"cdk.out/", "\"path\": \"");
    let repo = Repo::with_all(&assembly());
    repo.write("cdk.out/manifest.json", whole.read("cdk.out/manifest.json"));
    repo.write("cdk.out/.ecrewrite-0123456789abcdEF.undo", &journal);
    repo.set_mode("cdk.out/manifest.json", 0o444);
    let before = repo.files();
    let run = repo.run_here(&["rewrite"]).exits(2).rewrites(0);
    let run =
        run.complains("error: cdk.out/manifest.json: an earlier run was killed, and what it did to this cannot be");
    run.complains("error: cdk.out: the cloud assembly was left as it is: cdk.out cannot be written: an earlier run");
    assert_eq!(repo.files(), before);
    repo.set_mode("cdk.out/manifest.json", 0o644);
    repo.run_here(&["rewrite"]).exits(0).rewrites(2).complains_not();
    assembly().iter().for_each(|(path, _)| assert_eq!(repo.read(path), whole.read(path)));
    repo.is_tidy();
}

#[test]
fn a_journal_reaches_no_file_outside_its_folder() {
    let changed = |path: &str| {
        let files = vec![ecrewrite::write::Recorded {
            path: path.to_owned(),
            assembly: None,
            undo: ecrewrite::write::Undo::of("of the attacker\n", "mine\n"),
        }];
        Record::new(files).print().unwrap()
    };
    for (path, inside) in [("../mine", false), ("link/mine", false), ("here", true)] {
        let mut files = assembly();
        files.push(("mine".into(), "mine\n".into()));
        files.push(("cdk.out/here".into(), "mine\n".into()));
        files.push(("cdk.out/same".into(), "of the attacker\n".into()));
        let repo = Repo::with_all(&files);
        symlink("..", repo.path("cdk.out/link")).unwrap();
        let outside = repo.path("mine").display().to_string();
        for path in [path, if inside { path } else { &outside }] {
            // One file is as before, so that the journal is one of a run that was killed.
            let both: Value = serde_json::from_str(&changed(path)).unwrap();
            let mut both = both;
            let same: Value = serde_json::from_str(&changed("same")).unwrap();
            both["files"].as_array_mut().unwrap().push(same["files"][0].clone());
            repo.write("cdk.out/.ecrewrite-0123456789abcdEF.undo", both.to_string());
            repo.run_here(&["rewrite"]).exits(0);
            assert_eq!(repo.read("mine"), "mine\n", "{path}");
            assert_eq!(repo.read("cdk.out/here") != "mine\n", inside, "{path}");
        }
    }
}

#[test]
fn what_was_replaced_is_put_back_when_the_rest_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["a", "b"] {
        fs::write(path(name), format!("{name}: old\n")).unwrap();
    }
    fs::set_permissions(path("a"), Permissions::from_mode(0o640)).unwrap();
    let file = |name: &str, text: &str| Replacement {
        path: path(name),
        old: Hash::of(format!("{name}: old\n")),
        text: text.to_owned(),
    };
    // Nobody can replace what was replaced a moment ago.
    let files = vec![file("a", "a: new\n"), file("b", "b: new\n"), file("b", "b: newer\n")];
    let failed = replace(&[&Unit { files, journal: Some(folder.path().to_owned()) }]).unwrap_err();
    assert_eq!((failed.path, failed.not_put_back.len()), (path("b"), 0));
    assert!(failed.error.is_meanwhile());
    assert_eq!(fs::read_to_string(path("a")).unwrap(), "a: old\n");
    assert_eq!(fs::read_to_string(path("b")).unwrap(), "b: old\n");
    assert_eq!(fs::metadata(path("a")).unwrap().mode() & 0o7777, 0o640);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no journal is left");
}

// All or nothing.

#[test]
fn all_or_nothing_writes_nothing_if_something_is_wrong() {
    type Wrong = (&'static str, fn(&Repo));
    let wrong: [Wrong; 4] = [
        ("read-only", |repo| repo.set_mode("m.json", 0o444)),
        ("hard links", |repo| fs::hard_link(repo.path("m.json"), repo.path("m.txt")).unwrap()),
        ("n.json:1:", |repo| repo.write("n.json", "{\"image\": nginx")),
        ("UTF-8", |repo| repo.write("n.json", b"{\"image\": \"nginx:\xff\"}")),
    ];
    for (said, how) in wrong {
        let repo = Repo::with(&[("a.json", old()), ("m.json", old()), ("z.yaml", pod("redis:7"))]);
        how(&repo);
        let before = repo.files();
        let run = repo.run_here(&["rewrite", "--all-or-nothing", "--undo-file", "undo"]).exits(2).rewrites(0);
        run.complains(said).says("[all-or-nothing]");
        assert_eq!(repo.files(), before, "{said}");
        repo.run_here(&["rewrite"]).exits(2);
        assert_eq!(repo.read("a.json"), new(), "without it the others are done");
    }
    let repo = Repo::with(&[("a.json", old()), ("z.yaml", pod("nginx:1.27"))]);
    repo.run_here(&["rewrite", "--all-or-nothing"]).exits(0).rewrites(2).complains_not();
    assert_eq!((repo.read("a.json"), repo.read("z.yaml")), (new(), pod(&nginx())));
    repo.is_tidy();
}

#[test]
fn all_or_nothing_holds_for_what_happens_while_it_runs() {
    let repo = Repo::with(&[("a.json", old()), ("m.json", old())]);
    let mut files = assembly();
    files.iter().for_each(|(path, text)| repo.write(path, text));
    let run = repo.run_between("echo >> m.json", &["rewrite", "--all-or-nothing"]).exits(2).rewrites(0);
    run.complains("m.json: was left as it is: it changed since it was read");
    files.push(("a.json".into(), old()));
    files.iter().for_each(|(path, text)| assert_eq!(&repo.read(path), text));
    repo.is_tidy();
}

#[test]
fn all_or_nothing_takes_more_files_than_may_be_open() {
    let repo = Repo::with::<&str>(&[]);
    (0..400).for_each(|number| repo.write(&format!("{number}.json"), old()));
    let few = "ulimit -S -n 64; exec \"$@\"";
    scripted(&repo, &[], few, &["rewrite", "-q", "--all-or-nothing"]).exits(0).complains_not();
    assert!((0..400).all(|number| repo.read(&format!("{number}.json")) == new()));
}

#[test]
fn a_change_in_an_assembly_keeps_all_of_it() {
    let repo = Repo::with_all(&assembly());
    repo.write("a.json", old());
    let run = repo.run_between("echo >> cdk.out/manifest.json", &["rewrite"]).exits(2).rewrites(1);
    run.complains("error: cdk.out: the cloud assembly was left as it is: cdk.out/manifest.json: it changed since");
    for (path, text) in &assembly()[..3] {
        assert_eq!(&repo.read(path), text);
    }
    assert_eq!(repo.read("a.json"), new());
    repo.is_tidy();
}

// What git could not bring back.

#[test]
fn unstaged_changes_keep_a_file() {
    let repo = Repo::with(&[("clean.json", old()), ("dirty.json", task("redis:7")), ("staged.json", task("redis:7"))]);
    repo.commit("first");
    ["dirty.json", "staged.json"].iter().for_each(|path| repo.write(path, old()));
    repo.git(&["add", "staged.json"]);
    repo.write("untracked.json", old());
    let run = repo.run_here(&["rewrite", "--format", "json"]).exits(2);
    assert_eq!(
        run.stderr,
        "error: dirty.json: was left as it is: it has changes that are not staged, which git could not bring back; stage or \
         commit them, or add `--allow-dirty`\n"
    );
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let outcomes: Vec<_> = report["findings"].as_array().unwrap().iter().map(|one| one["outcome"].clone()).collect();
    assert_eq!(outcomes, ["rewrite", "left", "rewrite", "rewrite"]);
    assert_eq!(report["findings"][1]["reason"], "unstaged");
    assert_eq!(repo.read("dirty.json"), old());
    for path in ["clean.json", "staged.json", "untracked.json"] {
        assert_eq!(repo.read(path), new(), "{path}");
    }
    // What the first run wrote is not staged either, and needs no more changes.
    repo.run_here(&["rewrite", "--allow-dirty"]).exits(0).rewrites(1).complains_not();
    assert_eq!(repo.read("dirty.json"), new());
    // The way back is a change as any other.
    repo.run_here(&["revert"]).exits(2).complains("clean.json: was left as it is");
    repo.run_here(&["revert", "--allow-dirty"]).exits(0);
    assert_eq!(repo.read("clean.json"), old());
}

#[test]
fn what_is_only_touched_has_no_changes() {
    let repo = Repo::with(&[("task.json", old())]);
    repo.commit("first");
    let later = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    File::options().write(true).open(repo.path("task.json")).unwrap().set_modified(later).unwrap();
    let index = fs::read(repo.path(".git/index")).unwrap();
    repo.run_here(&["rewrite"]).exits(0).rewrites(1).complains_not();
    assert_eq!(fs::read(repo.path(".git/index")).unwrap(), index, "git's own files stay as well");
}

#[test]
fn any_name_is_asked_for() {
    let names = ["a\nb.json", "*.json", ":(top)x.json", "-v.json", "näh.json", " .json", "\"q\".json"];
    let repo = Repo::with(&names.map(|name| (name, task("redis:7"))));
    repo.write("sub/deep/*.json", task("redis:7"));
    repo.commit("first");
    for dirty in names.iter().chain(&["sub/deep/*.json"]) {
        repo.git(&["checkout", "--quiet", "--", "."]);
        repo.write(dirty, old());
        let run = repo.run_here(&["rewrite", "--format", "json"]).exits(2);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let left: Vec<_> =
            findings.iter().filter(|one| one["outcome"] == "left").map(|one| one["file"].clone()).collect();
        assert_eq!(left, [*dirty]);
        assert_eq!(repo.read(dirty), old());
    }
    repo.git(&["checkout", "--quiet", "--", "."]);
    repo.write("sub/deep/*.json", old());
    let run = repo.run_in("sub", &[&["rewrite", "deep", "../-v.json"], &HERE[..]].concat());
    run.exits(2).rewrites(1).complains("deep/*.json: was left as it is");
}

#[test]
fn names_that_are_no_text_are_asked_for_too() {
    let repo = Repo::with::<&str>(&[]);
    let name = OsString::from_vec(b"\xffa.json".to_vec());
    let path = repo.folder.path().join(&name);
    // Some file systems take no such name.
    if fs::write(&path, task("redis:7")).is_err() {
        return;
    }
    repo.commit("first");
    fs::write(&path, old()).unwrap();
    repo.run_here(&["rewrite"]).exits(2).complains("it has changes that are not staged");
    repo.run_here(&["rewrite", "--allow-dirty", "--undo-file", "undo"]).exits(2).complains("its name is not UTF-8");
    assert_eq!(fs::read_to_string(&path).unwrap(), old());
}

#[test]
fn many_files_are_asked_for_at_once() {
    let repo = Repo::with::<&str>(&[]);
    for number in 0..2000 {
        repo.write(&format!("{}/{number}.json", number % 50), old());
    }
    repo.commit("first");
    repo.write("7/1007.json", task("redis:7"));
    let run = repo.run_here(&["rewrite", "-q"]).exits(2).complains("error: 7/1007.json: was left as it is");
    assert_eq!(run.stderr.lines().count(), 1);
    assert_eq!(repo.read("7/1007.json"), task("redis:7"));
    assert_eq!(repo.read("8/1008.json"), new());
}

#[test]
fn nothing_is_asked_or_said_where_there_is_no_repository_or_nothing_to_write() {
    let folder = program("git", ": > \"$0.asked\"\nexit 1\n");
    let asked = || folder.path().join("git.asked").exists();
    let run = |repo: &Repo, args: &[&str]| {
        let mut command = repo.command(&[args, &HERE].concat());
        command.env("PATH", path_with(&folder));
        Run::of(command)
    };
    let repo = Repo::with(&[("task.json", old())]);
    run(&repo, &["check"]).exits(1).complains_not();
    run(&repo, &["emit"]).exits(0);
    run(&repo, &["rewrite", "--diff"]).exits(0).complains_not();
    run(&repo, &["revert"]).exits(0).complains_not();
    fs::remove_dir_all(repo.path(".git")).unwrap();
    run(&repo, &["rewrite"]).exits(0).rewrites(1).complains_not();
    assert!(!asked());
    repo.git(&["init", "--quiet"]);
    repo.write("task.json", old());
    run(&repo, &["rewrite", "--allow-dirty"]).exits(0).rewrites(1).complains_not();
    assert!(!asked());
    repo.write("task.json", old());
    run(&repo, &["rewrite"]).exits(0).complains("note: git does not say which files have changes");
    assert!(asked());
}

#[test]
fn without_git_there_is_a_note() {
    let nothing = tempfile::tempdir().unwrap();
    let repo = Repo::with(&[("task.json", task("redis:7"))]);
    repo.commit("first");
    repo.write("task.json", old());
    let mut command = repo.command(&[&["rewrite"], &HERE[..]].concat());
    command.env("PATH", nothing.path());
    let run = Run::of(command).exits(0).rewrites(1);
    assert_eq!(
        run.stderr,
        "note: `git` was not found, so nobody knows which files have changes that are not staged; all are written\n"
    );
    assert_eq!(repo.read("task.json"), new());
    // A folder of that name is no repository.
    fs::remove_dir_all(repo.path(".git")).unwrap();
    fs::create_dir(repo.path(".git")).unwrap();
    repo.write("task.json", old());
    repo.run_here(&["rewrite"]).exits(0).rewrites(1).complains_not();
}

#[test]
fn submodules_and_work_trees_are_repositories_of_their_own() {
    let inner = Repo::with(&[("clean.json", old()), ("dirty.json", task("redis:7"))]);
    inner.commit("first");
    let repo = Repo::with(&[("outer.json", old())]);
    let from = inner.folder.path().to_str().unwrap();
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "sub"]);
    repo.commit("first");
    repo.write("sub/dirty.json", old());
    let run = repo.run_here(&["rewrite"]).exits(2).rewrites(2).complains("error: sub/dirty.json: was left as it is");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);

    let tree = tempfile::tempdir().unwrap();
    let tree = tree.path().join("tree");
    inner.git(&["worktree", "add", "--quiet", "--detach", tree.to_str().unwrap()]);
    fs::write(tree.join("dirty.json"), old()).unwrap();
    let run = inner.run_here(&["rewrite", tree.to_str().unwrap()]).exits(2).rewrites(1);
    run.complains("dirty.json: was left as it is");
    assert_eq!(fs::read_to_string(tree.join("clean.json")).unwrap(), new());
}

#[test]
fn a_hook_rewrites_what_is_to_be_committed() {
    let commits: [&[&str]; 4] = [
        &["commit", "--quiet", "-m", "second", "--all"],
        &["commit", "--quiet", "-m", "second", "task.json"],
        &["commit", "--quiet", "-m", "second", "--include", "task.json"],
        &["--git-dir=.git", "--work-tree=.", "commit", "--quiet", "-m", "second", "--all"],
    ];
    for commit in commits {
        let repo = Repo::with(&[("task.json", task("redis:7")), ("sub/other.json", task("redis:7"))]);
        repo.commit("first");
        // What is staged for this commit has no changes beside; the other file has.
        let hook = format!(
            "#!/bin/sh\nfor file in task.json sub/other.json; do '{}' rewrite -q \"$file\" {}; echo $? >> codes; done\n",
            env!("CARGO_BIN_EXE_ecrewrite"),
            HERE.join(" ")
        );
        install(&repo.path(".git/hooks/pre-commit"), hook.as_bytes());
        repo.write("task.json", old());
        let is_all = commit.contains(&"--all");
        if !is_all {
            repo.write("sub/other.json", task("nginx:1.28"));
        }
        let author = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
        repo.git(&[&author, commit].concat());
        assert_eq!(repo.read("task.json"), new(), "{commit:?}");
        assert_eq!(repo.read("codes"), if is_all { "0\n0\n" } else { "0\n2\n" }, "{commit:?}");
    }
}

#[test]
fn a_repository_runs_nothing_of_its_own() {
    let repo = Repo::with(&[("task.json", old()), (".gitattributes", "*.json filter=f diff=d\n".into())]);
    repo.commit("first");
    let marker = repo.path("ran");
    let run = format!("touch '{}'; cat", marker.display());
    for key in [
        "core.fsmonitor",
        "filter.f.clean",
        "filter.f.smudge",
        "filter.f.process",
        "diff.external",
        "diff.d.textconv",
        "diff.d.command",
        "core.pager",
        "pager.status",
        "alias.status",
    ] {
        repo.git(&["config", key, &if key.starts_with("alias") { format!("!{run}") } else { run.clone() }]);
    }
    repo.git(&["config", "filter.f.required", "true"]);
    repo.write("included", "[filter \"f\"]\n\trequired = true\n");
    repo.git(&["config", "include.path", "../included"]);
    let hooks = repo.path("hooks");
    fs::create_dir(&hooks).unwrap();
    install(&hooks.join("post-index-change"), format!("#!/bin/sh\n{run}\n").as_bytes());
    repo.git(&["config", "core.hooksPath", hooks.to_str().unwrap()]);
    // Whether it changed, only its content tells.
    let later = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    File::options().write(true).open(repo.path("task.json")).unwrap().set_modified(later).unwrap();
    let _ = fs::remove_file(&marker);
    repo.run_here(&["rewrite"]).exits(0).rewrites(1).complains_not();
    assert!(!marker.exists(), "a program of the repository ran");
    let status = Command::new("git").args(["status", "--short"]).current_dir(repo.folder.path()).output().unwrap();
    assert!(marker.exists(), "git by itself runs them: {status:?}");

    repo.git(&["config", "filter.a=b.clean", &run]);
    repo.run_here(&["revert", "--allow-dirty"]).exits(0);
    fs::remove_file(&marker).unwrap();
    repo.run_here(&["rewrite"]).exits(0).complains("its filters are not known");
    assert!(!marker.exists());
}

// The way back from one run.

#[test]
fn the_record_says_what_was_replaced() {
    let repo = Repo::with(&[("k/pod.yaml", pod("nginx:1.27"))]);
    repo.run_here(&["rewrite", "k", "--undo-file", "undo.json"]).exits(0).complains_not();
    let record: Value = serde_json::from_str(&repo.read("undo.json")).unwrap();
    let (before, after) = (pod("nginx:1.27"), pod(&nginx()));
    let offset = before.find("nginx:1.27").unwrap();
    let prefix = nginx().replace("nginx:1.27", "");
    let expected = json!({ "version": 1, "files": [{
        "path": "k/pod.yaml",
        "before": hash(&before),
        "after": hash(&after),
        "edits": [{ "offset": offset, "old": "", "new": prefix }],
    }] });
    assert_eq!(record, expected);
}

/// Files that are easy to bring back in the wrong form.
fn awkward() -> Vec<(String, String)> {
    let mut files = assembly();
    let credentials = "{\"containerDefinitions\": [{\n  \"name\": \"a\",\n  \"image\": \"nginx\",\n  \
                       \"repositoryCredentials\": {\"credentialsParameter\": \"arn\"}\n}]}\n";
    files.extend(
        [
            ("crlf.yaml", pod("nginx:1.27").replace('\n', "\r\n")),
            ("bom.json", format!("\u{feff}{}", old())),
            ("end.yaml", pod("docker.io/library/nginx:1.27").trim_end().to_owned()),
            ("several.yaml", format!("{}---\n# ünï → 🙂\n{}", pod("nginx"), pod("'index.docker.io/library/redis:7'"))),
            ("credentials.json", credentials.to_owned()),
            ("Dockerfile", "# a\nFROM nginx:1.27\nRUN true\n".to_owned()),
        ]
        .map(|(path, text)| (path.to_owned(), text)),
    );
    files
}

#[test]
fn revert_from_a_record_brings_back_every_byte() {
    let repo = Repo::with_all(&awkward());
    repo.commit("first");
    let before = repo.files();
    let args = ["rewrite", "--also", "all", "--drop-credentials", "--registry-as", "dockerfile=ECR"];
    repo.run_here(&[&args[..], &["--undo-file", ".git/undo"]].concat()).exits(0).complains_not();
    let after = repo.files();
    let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert_eq!(changed, awkward().len(), "each of them changes");

    let shown = repo.run(&["revert", "--from", ".git/undo", "--diff"]).exits(0).complains_not();
    assert_eq!(repo.files(), after, "a diff writes nothing");
    let back = Repo::with_all(&awkward());
    back.commit("first");
    after
        .iter()
        .for_each(|(path, bytes)| back.write(path.strip_prefix(repo.folder.path()).unwrap().to_str().unwrap(), bytes));
    back.write(".git/undo.diff", &shown.stdout);
    back.git(&["apply", ".git/undo.diff"]);
    back.git(&["diff", "--exit-code"]);

    let run = repo.run(&["revert", "--from", ".git/undo"]).exits(0).complains_not();
    run.says("crlf.yaml\n").says("10 files put back as before\n");
    assert_eq!(repo.files(), before);
    repo.run(&["revert", "--from", ".git/undo"])
        .exits(0)
        .says("0 files put back as before; 10 files already as before\n");
    assert_eq!(repo.files(), before);
}

#[test]
fn what_changed_since_is_left_when_a_run_is_undone() {
    let repo = Repo::with(&[("a.json", old()), ("b.json", old()), ("c.json", old())]);
    assembly().iter().for_each(|(path, text)| repo.write(path, text));
    repo.run_here(&["rewrite", ".", "--undo-file", ".git/undo"]).exits(0);
    repo.write("a.json", new() + "\n");
    fs::remove_file(repo.path("b.json")).unwrap();
    repo.write("cdk.out/manifest.json", repo.read("cdk.out/manifest.json") + "\n");
    let template = repo.read("cdk.out/Outer.template.json");
    let before = repo.files();
    repo.run(&["revert", "--from", ".git/undo", "--all-or-nothing"]).exits(2).says("0 files put back");
    assert_eq!(repo.files(), before);
    let run = repo.run(&["revert", "--from", ".git/undo"]).exits(2).says("c.json\n1 file put back as before\n");
    assert_eq!(
        run.stderr,
        "error: a.json: was left as it is: it changed since that run; undo this one by hand\n\
         error: b.json: was left as it is: it is gone since that run\n\
         error: cdk.out: the cloud assembly was left as it is: cdk.out/manifest.json: it changed since that run; undo this \
         one by hand\n"
    );
    assert_eq!((repo.read("a.json"), repo.read("c.json")), (new() + "\n", old()));
    assert_eq!(repo.read("cdk.out/Outer.template.json"), template, "an assembly is undone as a whole");
}

#[test]
fn a_record_is_never_written_over_and_comes_first() {
    let repo = Repo::with(&[("a.json", old()), ("undo.txt", "an earlier one".into())]);
    let run = repo.run_here(&["rewrite", "--undo-file", "undo.txt"]).exits(2);
    run.complains("--undo-file undo.txt: it is there already");
    assert_eq!((repo.read("a.json"), repo.read("undo.txt")), (old(), "an earlier one".into()));
    let run = repo.run_here(&["rewrite", "--undo-file", "nowhere/undo"]).exits(2).rewrites(0);
    run.complains("error: nowhere/undo: cannot be written: ").complains("; nothing was written");
    assert_eq!(repo.read("a.json"), old(), "what cannot be recorded is not done");
    // It comes between reading and writing.
    let run = repo.run_between(": > late.txt", &["rewrite", "--undo-file", "late.txt"]).exits(2);
    run.complains("late.txt: cannot be written: it is there already; nothing was written");
    assert_eq!((repo.read("a.json"), repo.read("late.txt")), (old(), String::new()));
    repo.run_here(&["rewrite", "a.json", "--undo-file", "new.txt"]).exits(0);
    repo.run_here(&["rewrite", "a.json", "--undo-file", "none.txt"]).exits(0);
    assert_eq!(repo.read("none.txt"), "{\n  \"version\": 1,\n  \"files\": []\n}\n");
    repo.is_tidy();
}

#[test]
fn a_record_that_is_none_is_misuse() {
    let repo = Repo::with(&[("a.json", old()), ("new.json", "{\"version\": 2, \"files\": []}".into())]);
    repo.run(&["revert", "--from", "missing"]).exits(2).complains("--from missing: cannot be read");
    repo.run(&["revert", "--from", "a.json"]).exits(2).complains("--from a.json: not the record of a run");
    repo.run(&["revert", "--from", "new.json"]).exits(2).complains("version 2 of the record is not known here");
    for more in [&["a.json"][..], &["--account", "111122223333"], &["--undo-file", "x"], &["--format", "json"]] {
        repo.run(&[&["revert", "--from", "new.json"], more].concat()).exits(2).complains("cannot be used with");
    }
    repo.run_here(&["rewrite", "--diff", "--undo-file", "x"]).exits(2).complains("cannot be used with");
    let run =
        repo.run_on(old(), &[&["rewrite", "-", "--stdin-filename", "a.json", "--undo-file", "x"], &HERE[..]].concat());
    run.exits(2).complains("--undo-file is for files");
}

#[test]
fn a_record_whose_edits_do_not_fit_changes_nothing() {
    let repo = Repo::with(&[("a.json", old())]);
    repo.run_here(&["rewrite", "a.json", "--undo-file", "undo"]).exits(0);
    let record: Value = serde_json::from_str(&repo.read("undo")).unwrap();
    for (key, value) in [("offset", json!(1)), ("offset", json!(usize::MAX)), ("new", json!("x")), ("old", json!("x"))]
    {
        let mut broken = record.clone();
        broken["files"][0]["edits"][0][key] = value;
        repo.write("broken", broken.to_string());
        repo.run(&["revert", "--from", "broken"])
            .exits(2)
            .complains("a.json: was left as it is: it changed since that run");
        assert_eq!(repo.read("a.json"), new());
    }
}

#[test]
fn odd_names_are_shown_plainly_and_undone() {
    let names = ["a\u{1b}[31m.json", "::error::b\n.json"];
    let repo = Repo::with(&names.map(|name| (name, old())));
    repo.run_here(&["rewrite", "--undo-file", ".git/undo"]).exits(0);
    repo.write(names[1], new() + " ");
    let run = repo.run(&["revert", "--from", ".git/undo"]).exits(2).says("a\\u{1b}[31m.json\n1 file put back");
    assert!(!run.stderr.contains("\n.json") && !run.stdout.contains('\u{1b}'), "{run:?}");
    assert_eq!(repo.read(names[0]), old());
}
