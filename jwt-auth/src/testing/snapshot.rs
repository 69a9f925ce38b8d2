//! Text that is kept in a file, so that a change of it is looked at.

use std::fs;
use std::path::Path;

/// Compares a text with what the file holds. `what` is what it is, for a person.
///
/// # Panics
///
/// It is another text. The file holds it now, unless this runs where the variable `CI` is set: nobody
/// looks at it there.
pub(super) fn keep(file: &Path, what: &str, text: &str) {
    let shown = file.display();
    let kept = read(file);
    if kept.as_deref() != Some(text) {
        let now = note(file, text);
        let changes = changes(&kept.unwrap_or_default(), text);
        panic!("{what} is another one than in {shown}{now}\n\n{changes}");
    }
}

/// What a file holds; nothing, if it is not there.
///
/// # Panics
///
/// It is there and cannot be read.
pub(super) fn read(file: &Path) -> Option<String> {
    match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{} cannot be read: {error}", file.display()),
    }
}

/// Writes a file, and the folders that it is in, for somebody to look at; says so.
///
/// # Panics
///
/// It cannot be written.
pub(super) fn note(file: &Path, text: &str) -> &'static str {
    let nobody_looks = std::env::var_os("CI").is_some();
    note_unless(nobody_looks, file, text)
}

fn note_unless(nobody_looks: bool, file: &Path, text: &str) -> &'static str {
    if nobody_looks {
        return ": run the test where the variable `CI` is not set, look at the file and commit it.";
    }
    let written = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(file, text));
    written.unwrap_or_else(|error| panic!("{} cannot be written: {error}", file.display()));
    ", which holds it now: look at it and commit the file. The next run passes."
}

/// The lines that went and those that came.
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

    use super::{changes, note_unless, read};

    #[test]
    fn a_file_is_written_where_somebody_looks_at_it() {
        let folder = std::env::temp_dir().join(format!("jwt-auth-snapshot-{}", Uuid::new_v4()));
        let file = folder.join("in a folder").join("list.txt");
        note_unless(true, &file, "one\n");
        assert_eq!(read(&file), None);
        for text in ["one\n", "one\ntwo\n"] {
            note_unless(false, &file, text);
            assert_eq!(read(&file).as_deref(), Some(text));
        }
        std::fs::remove_dir_all(folder).expect("it can be removed");
    }

    #[test]
    fn changes_are_lines_that_went_and_came() {
        assert_eq!(changes("one\ntwo\n", "two\nthree\n"), "- one\n+ three\n");
    }
}
