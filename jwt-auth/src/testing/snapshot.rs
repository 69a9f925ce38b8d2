//! Snapshots: text in a committed file, so that a change is reviewed.

use std::fs;
use std::path::Path;

/// Asserts that the file contains this text. `what` names the text in messages.
///
/// # Panics
///
/// Panics if it contains a different text. The file is updated, unless the variable `CI` is set.
pub(super) fn assert_matches(file: &Path, what: &str, text: &str) {
    let shown = file.display();
    let kept = read(file);
    if kept.as_deref() != Some(text) {
        let result = update(file, text);
        let changes = changes(&kept.unwrap_or_default(), text);
        panic!("{what} differs from {shown}{result}\n\n{changes}");
    }
}

/// Returns the content of a file, or `None` if it does not exist.
///
/// # Panics
///
/// Panics if the file exists but cannot be read.
pub(super) fn read(file: &Path) -> Option<String> {
    match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{} cannot be read: {error}", file.display()),
    }
}

/// Writes a file and its folders, unless this runs in CI. Returns the rest of a message about it.
///
/// # Panics
///
/// Panics if the file cannot be written.
pub(super) fn update(file: &Path, text: &str) -> &'static str {
    let is_ci = std::env::var_os("CI").is_some();
    update_unless(is_ci, file, text)
}

fn update_unless(is_ci: bool, file: &Path, text: &str) -> &'static str {
    if is_ci {
        return ": run the test without the variable `CI`, review the file and commit it.";
    }
    let written = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(file, text));
    written.unwrap_or_else(|error| panic!("{} cannot be written: {error}", file.display()));
    ", which was updated: review the file and commit it. The next run will pass."
}

/// Returns the lines that were removed and added.
fn changes(before: &str, after: &str) -> String {
    let only = |mark: &str, of: &str, other: &str| -> String {
        let gone = of.lines().filter(|line| !other.lines().any(|known| known == *line));
        gone.map(|line| format!("{mark} {line}\n")).collect()
    };
    only("-", before, after) + &only("+", after, before)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{changes, read, update_unless};

    #[test]
    fn a_file_is_written_unless_in_ci() {
        let folder = std::env::temp_dir().join(format!("jwt-auth-snapshot-{}", Uuid::new_v4()));
        let file = folder.join("in a folder").join("list.txt");
        update_unless(true, &file, "one\n");
        assert_eq!(read(&file), None);
        for text in ["one\n", "one\ntwo\n"] {
            update_unless(false, &file, text);
            assert_eq!(read(&file).as_deref(), Some(text));
        }
        std::fs::remove_dir_all(folder).expect("it can be removed");
    }

    #[test]
    fn changes_are_removed_and_added_lines() {
        assert_eq!(changes("one\ntwo\n", "two\nthree\n"), "- one\n+ three\n");
    }
}
