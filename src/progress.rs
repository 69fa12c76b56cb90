//! What a long run shows of itself at a terminal: how many files were read so far.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

/// How many files were read, for whoever wants to show it.
pub(crate) static READ: AtomicUsize = AtomicUsize::new(0);

/// A run is long from here on. Nobody wants to see what is over before it is read.
const LONG: Duration = Duration::from_secs(1);
/// How often the line changes.
const PACE: Duration = Duration::from_millis(100);

/// Shows the count of files on standard error until it is dropped, if that is a terminal and the run is long.
pub(crate) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    pub(crate) fn start() -> Self {
        let is_shown = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Progress(is_shown.then(|| {
            let (done, is_done) = channel();
            (done, spawn(move || show(&is_done, &mut io::stderr(), LONG, || READ.load(Ordering::Relaxed))))
        }))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, shown)) = self.0.take() {
            drop(done);
            // The line is gone before anything else is printed.
            let _ = shown.join();
        }
    }
}

/// Writes the line anew until the run is over, and takes it away then.
fn show(is_done: &Receiver<()>, out: &mut impl Write, long: Duration, read: impl Fn() -> usize) {
    let is_over = |wait| !matches!(is_done.recv_timeout(wait), Err(RecvTimeoutError::Timeout));
    if is_over(long) {
        return;
    }
    loop {
        let _ = write!(out, "\r{} files read", read());
        let _ = out.flush();
        if is_over(PACE) {
            let _ = write!(out, "\r\u{1b}[K");
            let _ = out.flush();
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(long: Duration, run: Duration) -> String {
        let (done, is_done) = channel();
        let runs = spawn(move || {
            std::thread::sleep(run);
            drop::<Sender<()>>(done);
        });
        let mut out = Vec::new();
        show(&is_done, &mut out, long, || 41);
        runs.join().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_long_run_shows_a_line_that_goes_away() {
        let shown = shown(Duration::ZERO, Duration::from_millis(20));
        assert!(shown.starts_with("\r41 files read") && shown.ends_with("\r\u{1b}[K"), "{shown:?}");
    }

    #[test]
    fn a_short_run_shows_nothing() {
        assert_eq!(shown(Duration::from_secs(60), Duration::ZERO), "");
    }
}
