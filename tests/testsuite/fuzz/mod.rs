//! Properties that hold whatever is read: a few inputs for each in `make test`, as many as there is time for in
//! `make fuzz SECONDS=600`. What once broke one is kept in `tests/proptest-regressions`, and runs first.

mod quotes;
mod tables;

use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::strategy::Strategy;
use proptest::test_runner::{
    Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestRng, TestRunner,
};

use crate::support::repository;

/// Holds a property against inputs: the same few each time, or other ones for `FUZZ_SECONDS`.
///
/// What runs out of stack takes the process along: while fuzzing, the input at hand is in `target/fuzz/NAME`.
pub fn hold<S: Strategy>(
    name: &str,
    cases: u32,
    inputs: &S,
    property: impl Fn(&S::Value) -> Result<(), TestCaseError>,
) {
    let seconds = std::env::var("FUZZ_SECONDS").ok().map(|text| text.parse().unwrap());
    let regressions = repository().join(format!("tests/proptest-regressions/{name}.txt"));
    let persistence = FileFailurePersistence::Direct(leak(&regressions));
    let config = Config {
        cases,
        failure_persistence: Some(Box::new(persistence)),
        source_file: Some(file!()),
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let started = Instant::now();
    let mut run = 0;
    loop {
        let rng = match seconds {
            None => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
            Some(_) => TestRng::from_seed(RngAlgorithm::ChaCha, &rand_seed(run)),
        };
        let mut runner = TestRunner::new_with_rng(config.clone(), rng);
        let result = runner.run(inputs, |input| {
            if seconds.is_some() {
                note(name, &input);
            }
            property(&input)
        });
        if let Err(error) = result {
            panic!("{name}: {error}");
        }
        run += 1;
        match seconds {
            Some(seconds) if started.elapsed() < Duration::from_secs(seconds) => {}
            Some(_) => break println!("{name}: {} inputs", u64::from(run) * u64::from(cases)),
            None => break,
        }
    }
}

fn leak(path: &Path) -> &'static str {
    Box::leak(path.to_str().unwrap().to_owned().into_boxed_str())
}

/// Another seed for each run and each round.
fn rand_seed(round: u32) -> [u8; 32] {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(&now.to_le_bytes());
    seed[16..20].copy_from_slice(&round.to_le_bytes());
    seed
}

fn note(name: &str, input: &dyn Debug) {
    let folder = repository().join("target/fuzz");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), format!("{input:#?}\n")).unwrap();
}
