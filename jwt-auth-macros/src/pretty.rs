//! Prints tokens as people write them: `Role::Admin`, not `Role :: Admin`.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

pub(crate) fn text(tokens: impl ToTokens) -> String {
    let mut writer = Writer::default();
    writer.write(tokens.into_token_stream());
    writer.text.trim().to_owned()
}

#[derive(Default)]
struct Writer {
    text: String,
    last: Last,
    /// The number of open `<` of generics.
    angles: usize,
    /// Whether the parameter list of a closure is open.
    pipes: bool,
}

/// The class of the last token.
#[derive(Clone, Copy, Default, PartialEq)]
enum Last {
    /// A token without a space after it, like `&` in `&x`.
    #[default]
    Tight,
    /// The first part of a longer operator.
    Joint,
    /// An operator with a space after it.
    Operator,
    /// A value or a type.
    Operand,
}

impl Writer {
    fn write(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Punct(punct) => self.punct(&punct),
                token => {
                    self.space(matches!(self.last, Last::Operand | Last::Operator));
                    self.text.push_str(&token.to_string());
                    self.last = Last::Operand;
                }
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace if group.stream().is_empty() => (" {", "}"),
            Delimiter::Brace => (" { ", " }"),
            Delimiter::None => return self.write(group.stream()),
        };
        self.space(self.last == Last::Operator && !open.starts_with(' '));
        self.text.push_str(open);
        let outside = (std::mem::take(&mut self.angles), std::mem::take(&mut self.pipes));
        self.last = Last::Tight;
        self.write(group.stream());
        (self.angles, self.pipes) = outside;
        self.text.push_str(close);
        self.last = Last::Operand;
    }

    fn punct(&mut self, punct: &Punct) {
        let char = punct.as_char();
        let joint = punct.spacing() == Spacing::Joint;
        let (before, after) = match (char, self.last) {
            ('?', _) => (false, Last::Operand),
            ('.', _) if !joint => (false, Last::Tight),
            (',' | ';', _) => (false, Last::Operator),
            ('\'', last) => (last != Last::Tight && last != Last::Joint, Last::Tight),
            (':', Last::Joint) => (false, Last::Tight),
            (':', last) => (
                false,
                if joint {
                    Last::Joint
                } else if last == Last::Tight {
                    last
                } else {
                    Last::Operator
                },
            ),
            ('<', last) if self.opens_generics() => {
                self.angles += 1;
                (last == Last::Operator, Last::Tight)
            }
            ('>', last) if self.angles > 0 && last != Last::Joint => {
                self.angles -= 1;
                (false, Last::Operand)
            }
            ('|', _) if self.pipes => {
                self.pipes = false;
                (false, Last::Operator)
            }
            ('|', last) if last != Last::Operand && last != Last::Joint => {
                self.pipes = true;
                (last == Last::Operator, Last::Tight)
            }
            ('!', Last::Operand) if !joint => (false, Last::Tight),
            (_, Last::Joint) => (false, if joint { Last::Joint } else { Last::Operator }),
            (_, last @ (Last::Tight | Last::Operator)) => (last == Last::Operator, Last::Tight),
            (_, Last::Operand) => (true, if joint { Last::Joint } else { Last::Operator }),
        };
        self.space(before);
        self.text.push(char);
        self.last = after;
    }

    /// Returns whether a `<` at this point opens generics: after `::` or the name of a type.
    fn opens_generics(&self) -> bool {
        let word = self.text.rsplit(|char: char| !char.is_alphanumeric() && char != '_').next();
        self.last != Last::Joint
            && (self.last != Last::Operand || word.is_some_and(|word| word.starts_with(char::is_uppercase)))
    }

    fn space(&mut self, wanted: bool) {
        if wanted && !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_printed_as_written() {
        for source in [
            "Role::Admin",
            "crate::roles::Role::Admin",
            "\"admin\"",
            "Role::Tenant(1, \"a\")",
            "Role::of::<User>(7)",
            "roles::ADMIN.clone()",
            "&Role::Admin",
            "Auth<User>",
            "Auth<Session<User, Web>>",
            "Role { name: \"admin\", level: 3 }",
            "|user, id: u64| user.id == id",
            "|user, db: &State<Db>| db.owns(user.id, &user.name)",
            "|user| async move { user.level >= 3 && user.age < 7 }",
            "user.ids.iter().any(|id| *id == 5 || -id != !0)",
            "|user, path: PathBuf| path.starts_with(&user.home)",
            "&'static str",
            "Option<&'_ str>",
            "matches!(user.kind, Kind::A | Kind::B)",
            "check(user, id).await?",
            "a - b * (c + d)",
            "x[0] == y[1]",
            "async move { let a = f(user)?; a.b }",
        ] {
            let tokens: proc_macro2::TokenStream = source.parse().expect("the cases are tokens");
            assert_eq!(super::text(tokens), source);
        }
    }
}
