//! The name of an account, as a digest.

use any_ascii::any_ascii;

use crate::jws::half_sha256_of;

/// An account, by the name that was typed. There may be no such account.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    digest: AccountDigest,
    name: [u8; 8],
}

/// A digest that identifies an account.
///
/// Spellings that differ only in case, accents, width, script or invisible characters have the same digest, because a
/// database may treat them as equal. Otherwise, each spelling would have budgets of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountDigest([u8; 16]);

impl Account {
    /// Creates an account. `app` is the setting `issuer`. `kind` separates accounts of different kinds with the same names.
    pub fn new(app: Option<&str>, kind: Option<&str>, name: &str) -> Self {
        let length = |part: Option<&str>| part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes();
        let [app_length, kind_length] = [length(app), length(kind)];
        let [app, kind] = [app, kind].map(|part| part.unwrap_or_default().as_bytes());
        let digest =
            |name: &str| half_sha256_of(&[b"account", &app_length, app, &kind_length, kind, name.as_bytes()]);
        let [a, b, c, d, e, f, g, h, ..] = digest(name);
        Self { digest: AccountDigest(digest(&skeleton(name))), name: [a, b, c, d, e, f, g, h] }
    }

    /// Returns the digest, under which a store keeps the attempts.
    pub const fn digest(&self) -> AccountDigest {
        self.digest
    }

    /// Returns bytes that identify the exact name. A network is known only to the name that signed in from it, because
    /// another spelling may be another user.
    pub const fn name(&self) -> &[u8; 8] {
        &self.name
    }
}

impl AccountDigest {
    /// Returns the bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Returns a name in ASCII letters, without everything that a collation may ignore.
fn skeleton(name: &str) -> String {
    let ascii = any_ascii(name);
    let graphic = |c: &char| c.is_ascii_graphic() || *c == ' ';
    let skeleton: String = ascii.trim().chars().filter(graphic).map(|c| c.to_ascii_lowercase()).collect();
    // Such as characters for private use.
    if skeleton.is_empty() { name.trim().to_owned() } else { skeleton }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_are_one_account() {
        for (name, spellings) in [
            (
                "ann",
                &[
                    "Ann",
                    "ANN",
                    " ann ",
                    "ann\0",
                    "a\u{200b}n\u{ad}n",
                    "\u{e4}nn",
                    "a\u{308}nn",
                    "\u{ff41}\u{ff4e}\u{ff4e}",
                    "ann\u{feff}",
                    "\u{ff41}\u{301}\u{ff2e}N\t",
                ][..],
            ),
            ("user1", &["user\u{661}", "user\u{967}", "user\u{ff11}", "u\u{17f}er1"]),
            ("bob", &["b\u{f8}b", "b\u{f6}b"]),
            ("lodz", &["\u{142}\u{f3}d\u{17a}"]),
            ("strasse", &["stra\u{df}e"]),
            ("\u{3c3}", &["\u{3c2}", "\u{3a3}"]),
            ("\u{3042}", &["\u{30a2}", "\u{3041}"]),
        ] {
            for spelling in spellings {
                let [one, other] = [name, spelling].map(|name| Account::new(None, None, name).digest());
                assert_eq!(one, other, "{name:?} {spelling:?}");
            }
        }
    }

    #[test]
    fn different_names_are_different_accounts() {
        let names =
            ["ann", "anne", "an", "ann@example.com", "ann+1", "ann.", "a nn", "\u{1f511}", "\u{1f512}", ""];
        let parts = [None, Some(""), Some("a"), Some("ann")];
        let mut seen = Vec::new();
        for (app, kind) in parts.into_iter().flat_map(|app| parts.map(|kind| (app, kind))) {
            for name in names {
                let account = Account::new(app, kind, name);
                let new = |old: &Account| old.digest() != account.digest() && old.name() != account.name();
                assert!(seen.iter().all(new), "{app:?} {kind:?} {name:?}");
                seen.push(account);
            }
        }
    }

    #[test]
    fn each_spelling_has_its_own_name() {
        let names = ["ann", "Ann", "\u{e4}nn", " ann"].map(|name| *Account::new(None, None, name).name());
        assert!(names.iter().enumerate().all(|(i, name)| !names[..i].contains(name)));
    }
}
