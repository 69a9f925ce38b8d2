//! Key files that other users of the machine can read.

use std::path::{Path, PathBuf};

use super::files::Files;
use crate::config::{KeyEncoding, KeySettings, KeyText};

/// Who can read a file, in addition to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readers {
    Group,
    Everyone,
}

/// Logs a warning about each file with a private key or a secret that every user of the machine can read. Files of a
/// secret mount are skipped: they are often readable by everyone in a container.
pub(super) fn warn_of_exposed_files(settings: &KeySettings, files: &Files) {
    for path in open_to(Readers::Everyone, settings, files) {
        if !is_secret_mount(&path) {
            log::warn!(
                "jwt-auth: every user of this machine can read the key file {path}: run `chmod 600 {path}`",
                path = path.display()
            );
        }
    }
}

/// Returns the files with a private key or a secret that the members of their group can read, but not every user. Files
/// of root are left out, because a group is how root lets the app read them.
pub(crate) fn files_open_to_group(settings: &KeySettings) -> Vec<PathBuf> {
    open_to(Readers::Group, settings, &Files::read(settings))
}

fn open_to(readers: Readers, settings: &KeySettings, files: &Files) -> Vec<PathBuf> {
    let keys = settings.own.iter().chain(settings.issuers.iter().flat_map(|issuer| &issuer.keys));
    let private = keys.filter_map(|key| private_file(&key.encoding, files));
    private.filter(|path| readers_of(path) == Some(readers)).cloned().collect()
}

/// Returns the file of a key that must stay private.
fn private_file<'a>(encoding: &'a KeyEncoding, files: &Files) -> Option<&'a PathBuf> {
    let text = match encoding {
        KeyEncoding::SecretFile(text) | KeyEncoding::Pem { private: Some(text), .. } => text,
        KeyEncoding::Jwk(text) | KeyEncoding::Jwks(text) if is_private_jwk(files.text(text).ok()?) => text,
        _ => return None,
    };
    match text {
        KeyText::File { path, .. } => Some(path),
        KeyText::Inline(_) => None,
    }
}

/// Returns whether a JWK or a JWK Set contains a private key or a secret.
fn is_private_jwk(text: &str) -> bool {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else { return false };
    let is_private = |jwk: &serde_json::Value| jwk.get("d").or(jwk.get("k")).is_some();
    match json.get("keys").and_then(|keys| keys.as_array()) {
        Some(keys) => keys.iter().any(is_private),
        None => is_private(&json),
    }
}

#[cfg(unix)]
fn readers_of(path: &Path) -> Option<Readers> {
    use std::os::unix::fs::MetadataExt;

    const ROOT: u32 = 0;
    let file = path.metadata().ok()?;
    match file.mode() {
        mode if mode & 0o004 != 0 => Some(Readers::Everyone),
        mode if mode & 0o040 != 0 && file.uid() != ROOT => Some(Readers::Group),
        _ => None,
    }
}

#[cfg(not(unix))]
fn readers_of(_: &Path) -> Option<Readers> {
    None
}

/// Returns whether a file is where containers get their secrets: in `/run/secrets`, in a file system in memory, or in
/// one that is mounted read-only.
fn is_secret_mount(path: &Path) -> bool {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_in_secrets =
        |path: &Path| path.starts_with("/run/secrets") || path.starts_with("/var/run/secrets");
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    is_in_secrets(path) || is_in_secrets(&real) || is_on_secret_mount(&real, &mounts)
}

/// Folders that every user of a machine can enter, whatever is mounted there.
const SHARED: [&str; 4] = ["/", "/tmp", "/var/tmp", "/dev/shm"];

/// Returns whether a file is on a mount in memory or on a read-only one. Each line of `mounts` has a device, a folder, a
/// type and options.
fn is_on_secret_mount(path: &Path, mounts: &str) -> bool {
    let mounts = mounts.lines().filter_map(|line| match line.split(' ').collect::<Vec<_>>()[..] {
        [_, folder, kind, options, ..] if path.starts_with(folder) => Some((folder, kind, options)),
        _ => None,
    });
    // A later mount hides an earlier one on the same folder.
    mounts.max_by_key(|(folder, ..)| folder.len()).is_some_and(|(folder, kind, options)| {
        let is_secret = matches!(kind, "tmpfs" | "ramfs") || options.split(',').any(|option| option == "ro");
        is_secret && !SHARED.contains(&folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_for_secrets_are_recognized() {
        let mounts = "overlay / overlay rw,relatime 0 0\n\
                      /dev/sda1 /data ext4 rw 0 0\n\
                      tmpfs /etc/keys tmpfs ro,relatime,size=8k 0 0\n\
                      tmpfs /dev/shm tmpfs rw 0 0\n\
                      /dev/sdb1 /media/keys ext4 ro,noatime 0 0\n\
                      /dev/sdc1 /media/keys/own ext4 rw,errors=remount-ro 0 0";
        for (path, expected) in [
            ("/etc/keys/jwt.pem", true),
            ("/dev/shm/jwt.pem", false),
            ("/media/keys/jwt.pem", true),
            ("/media/keys/own/jwt.pem", false),
            ("/data/jwt.pem", false),
            ("/srv/jwt.pem", false),
            ("/etc/keys-of-others/jwt.pem", false),
        ] {
            assert_eq!(is_on_secret_mount(Path::new(path), mounts), expected, "{path}");
        }
        assert!(is_secret_mount(Path::new("/run/secrets/jwt")));
        assert!(!is_on_secret_mount(Path::new("/srv/jwt.pem"), ""));
    }

    #[test]
    fn public_keys_may_be_read_by_everyone() {
        for (text, expected) in [
            (r#"{"kty":"EC","x":"","y":""}"#, false),
            (r#"{"kty":"EC","d":""}"#, true),
            (r#"{"keys":[{"kty":"EC","x":""},{"kty":"oct","k":""}]}"#, true),
            (r#"{"keys":[{"kty":"RSA","n":"","e":""}]}"#, false),
            ("not JSON", false),
        ] {
            assert_eq!(is_private_jwk(text), expected, "{text}");
        }
    }
}
