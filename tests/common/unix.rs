//! What tests of permissions share.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{HERE, Repo, Run};

/// Who has no rights but those of everybody.
pub(crate) const NOBODY: u32 = 65534;

impl Repo {
    pub(crate) fn is_root(&self) -> bool {
        rustix::process::geteuid().is_root()
    }

    pub(crate) fn set_mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.path(path), Permissions::from_mode(mode)).unwrap();
    }

    /// Makes files nobody's, if the tests are run by root, and lets everybody into the repository.
    pub(crate) fn give_away(&self, paths: &[&str]) {
        self.set_mode("", 0o755);
        for path in paths.iter().filter(|_| self.is_root()) {
            std::os::unix::fs::chown(self.path(path), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// Runs as somebody to whom permissions apply: nobody, if the tests are run by root.
    pub(crate) fn run_unprivileged(&self, args: &[&str]) -> Run {
        if !self.is_root() {
            return self.run_here(args);
        }
        // Where the program was built may be closed to nobody.
        let folder = tempfile::Builder::new().prefix("ecrewrite-bin-").tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let program = folder.path().join("ecrewrite");
        install(&program, &fs::read(env!("CARGO_BIN_EXE_ecrewrite")).unwrap());
        let own = self.command(&[]);
        let mut command = Command::new(&program);
        for (name, value) in own.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.args([args, &HERE].concat()).current_dir(self.folder.path()).uid(NOBODY).gid(NOBODY);
        Run::of(command)
    }
}

/// Writes a program. Another process does it: what this one has open for writing, those that other tests start have open too
/// for a moment, and the system runs no program that somebody writes.
pub(crate) fn install(path: &Path, bytes: &[u8]) {
    let script = "cat > \"$0\" && chmod 755 \"$0\"";
    let mut child = Command::new("sh").args(["-c", script]).arg(path).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    assert!(child.wait().unwrap().success());
}
