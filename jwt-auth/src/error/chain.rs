//! An error and its causes on one line, for logs.

use std::error::Error;
use std::fmt;

/// Displays an error followed by its sources. An error may quote what a client has sent, so characters that would begin a
/// new line or move the cursor are escaped.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let more = error.to_string();
            // Some errors already include their cause.
            if !text.ends_with(&more) {
                text = format!("{text}: {more}");
            }
            cause = error.source();
        }
        f.write_str(&escaped(&text))
    }
}

/// Escapes the characters that would begin a new line, move the cursor of a terminal or change the direction of the text.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char.is_control() || is_invisible(char) {
            true => escaped.extend(char.escape_unicode()),
            false => escaped.push(char),
        }
    }
    escaped
}

/// Returns whether a character separates lines, or changes the direction of the text.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("no user `{0}`")]
    struct NoUser(&'static str);

    #[test]
    fn what_a_client_sent_cannot_forge_a_line() {
        for (sent, shown) in [
            ("ann", "no user `ann`"),
            ("ann\nINFO signed in", "no user `ann\\u{a}INFO signed in`"),
            ("\u{1b}[2J", "no user `\\u{1b}[2J`"),
            ("\u{202e}nna\u{2028}", "no user `\\u{202e}nna\\u{2028}`"),
            ("Zoë's \"café\"", "no user `Zoë's \"café\"`"),
        ] {
            assert_eq!(Chain(&NoUser(sent)).to_string(), shown);
        }
    }
}
