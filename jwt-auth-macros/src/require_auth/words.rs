//! The words that policies are written in, and what is said to those who write others.

use syn::{Error, Ident};

use crate::meta;

/// The clauses: their form in short, and an example of each.
const CLAUSES: [(&str, &str, &str); 9] = [
    ("role", "role = …", "role = Role::Admin"),
    ("scope", "scope = \"…\"", "scope = \"posts:write\""),
    ("fresh", "fresh = \"…\"", "fresh = \"5m\""),
    ("acr", "acr = \"…\"", "acr = \"phr\""),
    ("check", "check = |user| …", "check = |user, id: u64| user.id == id"),
    ("policy", "policy = …", "policy = CanEditPosts"),
    ("any", "any(…)", "any(role = Role::Admin, scope = \"posts:write\")"),
    ("all", "all(…)", "all(role = Role::Admin, scope = \"posts:write\")"),
    ("not", "not(…)", "not(role = Role::Guest)"),
];

/// Words that are no clauses, and stand beside them.
pub(super) const WORDS: [&str; 2] = ["strict", "optional"];

/// The word that a misspelled one was meant to be.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    let words: Vec<_> = CLAUSES.iter().map(|(name, ..)| *name).chain(WORDS).collect();
    meta::suggestion(word, &words)
}

/// The forms of all clauses, for people who wrote something else.
pub(super) fn list(conjunction: &str) -> String {
    let forms: Vec<_> = CLAUSES.iter().map(|(_, form, _)| format!("`{form}`")).collect();
    let (last, others) = forms.split_last().expect("there are clauses");
    format!("{} {conjunction} {last}", others.join(", "))
}

/// A clause without its value, or with another than it takes.
pub(super) fn misshaped(key: &Ident) -> Error {
    let example = CLAUSES.iter().find(|(name, ..)| key == name).map_or("", |(_, _, example)| *example);
    let takes = match key.to_string().as_str() {
        "any" | "all" => "a list of clauses",
        "not" => "a clause",
        _ => "its value after a `=`",
    };
    Error::new_spanned(key, format!("`{key}` takes {takes}: write `{example}`"))
}

/// A list of no clauses.
pub(super) fn empty(key: &Ident) -> Error {
    let message = match key.to_string().as_str() {
        "any" => {
            "`any()` of nothing would let nobody in: write the clauses of which one is enough".to_owned()
        }
        "not" => {
            "`not()` of nothing asks for nothing: write the one clause that must not hold: `not(role = …)`"
                .to_owned()
        }
        _ => format!("`{key}()` of nothing asks for nothing: write its clauses, or remove it"),
    };
    Error::new_spanned(key, message)
}

/// A word that is none of these.
pub(super) fn unknown(key: &Ident) -> Error {
    let message = match meant(&key.to_string()) {
        Some(meant) => format!("unknown clause `{key}`: did you mean `{meant}`?"),
        None => {
            let words: Vec<_> = WORDS.iter().map(|word| format!("`{word}`")).collect();
            format!(
                "unknown clause `{key}`: there are {}, and the words {}",
                list("and"),
                words.join(" and ")
            )
        }
    };
    Error::new_spanned(key, message)
}
