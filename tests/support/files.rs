//! Files in the repository.

use std::path::{Path, PathBuf};

/// Returns the files in a folder and its subfolders.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().expect("the folder can be read").flatten();
    let files = |path: PathBuf| if path.is_dir() { files_in(&path) } else { vec![path] };
    entries.map(|entry| entry.path()).flat_map(files).collect()
}
