//! The name of an account, as a digest.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::jws::half_sha256_of;

/// A digest that identifies an account by the name that was typed. There may be no such account.
///
/// Names that a database may take for the same have the same digest: `Ann`, `ann` and `änn `. Otherwise, each spelling
/// would have a budget of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountDigest([u8; 16]);

impl AccountDigest {
    /// Returns the digest of an account. `app` is the setting `issuer`.
    pub fn of(app: Option<&str>, name: &str) -> Self {
        let length = app.map_or(u64::MAX, |app| app.len() as u64).to_be_bytes();
        let app = app.unwrap_or_default().as_bytes();
        Self(half_sha256_of(&[b"account", &length, app, skeleton(name).as_bytes()]))
    }

    /// Returns the bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Returns a name without everything that a collation may ignore: case, accents, compatibility forms, white space,
/// control characters and characters that are invisible. Names that differ only in these share a budget, which does no
/// harm if they are different accounts.
fn skeleton(name: &str) -> String {
    let visible = |c: &char| (c.is_alphanumeric() && !is_combining_mark(*c)) || c.is_ascii_graphic();
    let skeleton: String = name.nfkd().flat_map(char::to_lowercase).nfkd().filter(visible).collect();
    // Such as emoji.
    if skeleton.is_empty() { name.to_owned() } else { skeleton }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_are_one_account() {
        for spelling in [
            "Ann",
            "ANN",
            " ann ",
            "ann\0",
            "a\u{200b}n\u{ad}n",
            "änn",
            "a\u{308}nn",
            "ａｎｎ",
            "ann\u{feff}",
            "ａ\u{301}ＮN\t",
        ] {
            let [one, other] = ["ann", spelling].map(|name| AccountDigest::of(None, name));
            assert_eq!(one, other, "{spelling:?}");
        }
        // Lower case has two characters.
        assert_eq!(skeleton("İ"), "i");
        assert_eq!(skeleton("ﬀ"), "ff");
    }

    #[test]
    fn different_names_are_different_accounts() {
        let names = ["ann", "anne", "an", "ann@example.com", "ann+1", "ann.", "🔑", "🔒", "", "安"];
        let mut seen = Vec::new();
        for app in [None, Some(""), Some("a"), Some("ann")] {
            for name in names {
                let digest = AccountDigest::of(app, name);
                assert!(!seen.contains(&digest), "{app:?} {name:?}");
                seen.push(digest);
            }
        }
    }
}
