//! The compiler messages for mistakes, word for word. Valid uses of the macros are in `pass.rs`.
//!
//! `BLESS=1 cargo test -p jwt-auth-tests-ui` updates the messages.

mod dependencies;
mod rendered;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use ui_test::custom_flags::edition::Edition;
use ui_test::custom_flags::rustfix::RustfixMode;
use ui_test::per_test_config::TestConfig;
use ui_test::spanned::Spanned;
use ui_test::status_emitter::Text;
use ui_test::{Config, Error};

/// The toolchain whose messages are recorded: they differ between releases.
const RUSTC: &str = "rustc 1.95.";

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[test]
fn compiler_messages() {
    // Cargo compiles in this folder, too, so rustc finds the files that a message quotes.
    std::env::set_current_dir(WORKSPACE).expect("the folder of the workspace");
    let compare = if !has_recorded_messages() {
        ui_test::ignore_output_conflict
    } else if std::env::var_os("BLESS").is_some() {
        bless
    } else {
        compare
    };
    let dependencies = dependencies::arguments();
    let configs = folders().map(|folder| {
        let mut config = config(folder);
        config.output_conflict_handling = compare;
        config.program.args.extend_from_slice(&dependencies);
        config
    });
    ui_test::run_tests_generic(configs.collect(), ui_test::default_file_filter, |_, _| {}, Text::quiet())
        .expect("each mistake has its message");
}

fn has_recorded_messages() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc runs");
    version.stdout.starts_with(RUSTC.as_bytes())
}

/// The folders whose files must not compile.
fn folders() -> impl Iterator<Item = PathBuf> {
    glob::glob("tests/ui/*/fail").expect("a valid pattern").map(|path| path.expect("the folder can be read"))
}

fn config(folder: PathBuf) -> Config {
    let mut config = Config::rustc(folder);
    config.out_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ui");
    config.bless_command = Some("BLESS=1 cargo test -p jwt-auth-tests-ui".into());
    config.threads = Some(available_parallelism().unwrap_or(NonZero::<usize>::MIN));
    config.program.args.push("--emit=metadata".into());
    let defaults = config.comment_defaults.base();
    // The messages are in files of their own, so the cases have no comments about them.
    defaults.require_annotations = Spanned::dummy(false).into();
    defaults.set_custom("edition", Edition("2024".into()));
    defaults.set_custom("rustfix", RustfixMode::Disabled);
    // `rendered` replaces paths. Regular expressions would take longer than the compiler, because they are not optimized here.
    defaults.normalize_stderr.clear();
    config
}

fn compare(path: &Path, output: &[u8], errors: &mut Vec<Error>, config: &TestConfig) {
    ui_test::error_on_output_conflict(path, &rendered::messages(output), errors, config);
}

fn bless(path: &Path, output: &[u8], errors: &mut Vec<Error>, config: &TestConfig) {
    ui_test::bless_output_files(path, &rendered::messages(output), errors, config);
}
