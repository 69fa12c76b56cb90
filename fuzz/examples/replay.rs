//! Runs a target over files, and says which of them do not hold: `cargo run --example replay -- TARGET FILE…`.

use std::panic::{AssertUnwindSafe, catch_unwind};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().expect("usage: replay TARGET FILE…");
    let (_, run) = ecrewrite_fuzz::TARGETS.iter().find(|(name, _)| *name == target).expect("it is a target");
    let mut failed = 0;
    for file in arguments {
        let bytes = std::fs::read(&file).expect("the file is there");
        if catch_unwind(AssertUnwindSafe(|| run(&bytes))).is_err() {
            eprintln!("^ {file}");
            failed += 1;
        }
    }
    std::process::exit(i32::from(failed > 0));
}
