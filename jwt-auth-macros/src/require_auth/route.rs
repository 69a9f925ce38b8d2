//! The route attribute: the parameters in its URI, and where Rocket finds them.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, Meta, Token};

/// The parameters of a route.
#[derive(Default)]
pub(crate) struct Route {
    parameters: Vec<(String, UriPart)>,
    /// The static fields of the query: names and values.
    pub(crate) fixed: Vec<(String, String)>,
    /// The name of the parameter that takes the body.
    pub(crate) body: Option<String>,
    /// Whether the URI was parsed. If not, Rocket reports the error.
    pub(crate) is_parsed: bool,
}

/// The part of a URI that a parameter matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum UriPart {
    /// `/<id>`: the segment with this index, counted from the mount point.
    Segment(usize),
    /// `/<path..>`: the segments from this index on.
    Segments(usize),
    /// `?<page>`
    Query,
    /// `?<rest..>`
    QueryRest,
}

/// The argument for a parameter of a condition or of a named policy, with its type.
pub(crate) enum Argument<'a> {
    /// A parameter of this route.
    Uri(&'a Route, UriPart, TokenStream),
    /// The parameter with this index of the named policy itself.
    Own(usize, TokenStream),
    /// A request guard.
    Guard(TokenStream),
}

impl Route {
    pub(crate) fn of(attr: &Attribute) -> Self {
        let Meta::List(list) = &attr.meta else { return Self::default() };
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(arguments) = parser.parse2(list.tokens.clone()) else { return Self::default() };
        let bare = arguments.iter().find_map(text);
        let Some(uri) = bare.or_else(|| arguments.iter().find_map(|argument| value("uri", argument))) else {
            return Self::default();
        };
        let (path, query) = uri.split_once('?').unwrap_or((&uri, ""));
        let segments = path.split('/').filter(|segment| !segment.is_empty()).enumerate();
        let path = segments.filter_map(|(n, segment)| match dynamic(segment)? {
            (name, true) => Some((name, UriPart::Segments(n))),
            (name, false) => Some((name, UriPart::Segment(n))),
        });
        let fields = query.split('&').filter(|field| !field.is_empty());
        let query = fields.clone().filter_map(|field| match dynamic(field)? {
            (name, true) => Some((name, UriPart::QueryRest)),
            (name, false) => Some((name, UriPart::Query)),
        });
        let fixed = fields.filter(|field| dynamic(field).is_none()).map(|field| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            (name.to_owned(), value.to_owned())
        });
        let data = arguments.iter().find_map(|argument| value("data", argument));
        Self {
            parameters: path.chain(query).filter(|(name, _)| name != "_").collect(),
            fixed: fixed.collect(),
            body: data.and_then(|data| Some(dynamic(&data)?.0)),
            is_parsed: true,
        }
    }

    /// The part of the URI that the parameter of this name matches.
    pub(crate) fn part(&self, name: &str) -> Option<UriPart> {
        self.parameters.iter().find(|(parameter, _)| parameter == name).map(|(_, part)| *part)
    }

    /// The names of all parameters.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.parameters.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The names of the parameters that each match one field of the query.
    pub(crate) fn query_names(&self) -> impl Iterator<Item = &str> {
        let fields = self.parameters.iter().filter(|(_, part)| *part == UriPart::Query);
        fields.map(|(name, _)| name.as_str())
    }
}

/// The name in `<name>` or `<name..>`, and whether it is the latter, which matches everything that follows.
fn dynamic(part: &str) -> Option<(String, bool)> {
    let name = part.strip_prefix('<')?.strip_suffix('>')?;
    match name.strip_suffix("..") {
        Some(name) => Some((name.to_owned(), true)),
        None => Some((name.to_owned(), false)),
    }
}

/// The text of a string literal.
fn text(argument: &Expr) -> Option<String> {
    match argument {
        Expr::Group(group) => text(&group.expr),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The text in `key = "text"`.
fn value(key: &str, argument: &Expr) -> Option<String> {
    let Expr::Assign(assignment) = argument else { return None };
    let Expr::Path(left) = &*assignment.left else { return None };
    if left.path.is_ident(key) { text(&assignment.right) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(attr: Attribute) -> Vec<(String, UriPart)> {
        Route::of(&attr).parameters
    }

    #[test]
    fn segments_are_counted_as_rocket_counts_them() {
        let is = |name: &str, part| (name.to_owned(), part);
        assert_eq!(
            parameters(
                syn::parse_quote!(#[get("/a/<id>/<_>/b/<path..>?<page>&kind=a&<rest..>", data = "<body>")])
            ),
            [
                is("id", UriPart::Segment(1)),
                is("path", UriPart::Segments(4)),
                is("page", UriPart::Query),
                is("rest", UriPart::QueryRest)
            ]
        );
        let id = [is("id", UriPart::Segment(0))];
        assert_eq!(parameters(syn::parse_quote!(#[rocket::get("/<id>", rank = 2, format = "json")])), id);
        assert_eq!(parameters(syn::parse_quote!(#[route(GET, uri = "/<id>")])), id);
        assert_eq!(parameters(syn::parse_quote!(#[get("/")])), []);
    }

    #[test]
    fn static_query_fields() {
        let route = Route::of(&syn::parse_quote!(#[get("/?a=b&c&<d>", data = "<body>")]));
        let is = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(route.fixed, [is("a", "b"), is("c", "")]);
        assert_eq!(route.body.as_deref(), Some("body"));
    }

    #[test]
    fn an_incomplete_attribute_is_left_to_rocket() {
        for attr in [syn::parse_quote!(#[get]), syn::parse_quote!(#[get(/)]), syn::parse_quote!(#[get()])] {
            assert!(!Route::of(&attr).is_parsed);
        }
    }
}
