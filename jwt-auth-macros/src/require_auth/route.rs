//! The route attribute below: which parameters its URI has, and where Rocket reads them.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, Meta, Token};

/// The parameters of a route.
#[derive(Clone, Default)]
pub(crate) struct Route {
    parameters: Vec<(String, Source)>,
    /// Names and values in the query that the URI fixes.
    pub(crate) fixed: Vec<(String, String)>,
    /// The parameter that the body is.
    pub(crate) body: Option<String>,
    /// Whether the URI could be read; if not, Rocket says why.
    pub(crate) is_read: bool,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Source {
    /// `/<id>`: the segment behind the mount point that is counted so.
    Segment(usize),
    /// `/<path..>`: the segments from there on.
    Segments(usize),
    /// `?<page>`
    Query,
    /// `?<rest..>`
    QueryRest,
}

impl Route {
    pub(crate) fn of(attr: &Attribute) -> Self {
        let Meta::List(list) = &attr.meta else { return Self::default() };
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(arguments) = parser.parse2(list.tokens.clone()) else { return Self::default() };
        let naked = arguments.iter().find_map(text);
        let Some(uri) = naked.or_else(|| arguments.iter().find_map(|argument| value("uri", argument))) else {
            return Self::default();
        };
        let (path, query) = uri.split_once('?').unwrap_or((&uri, ""));
        let segments = path.split('/').filter(|segment| !segment.is_empty()).enumerate();
        let path = segments.filter_map(|(n, segment)| match dynamic(segment)? {
            (name, true) => Some((name, Source::Segments(n))),
            (name, false) => Some((name, Source::Segment(n))),
        });
        let fields = query.split('&').filter(|field| !field.is_empty());
        let query = fields.clone().filter_map(|field| match dynamic(field)? {
            (name, true) => Some((name, Source::QueryRest)),
            (name, false) => Some((name, Source::Query)),
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
            is_read: true,
        }
    }

    pub(crate) fn source(&self, name: &str) -> Option<Source> {
        self.parameters.iter().find(|(parameter, _)| parameter == name).map(|(_, source)| *source)
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.parameters.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The names in the query that have a parameter of their own.
    pub(crate) fn query_names(&self) -> impl Iterator<Item = &str> {
        let fields = self.parameters.iter().filter(|(_, source)| *source == Source::Query);
        fields.map(|(name, _)| name.as_str())
    }
}

/// The name in `<name>` or `<name..>`, and whether it takes all that follows.
fn dynamic(part: &str) -> Option<(String, bool)> {
    let name = part.strip_prefix('<')?.strip_suffix('>')?;
    match name.strip_suffix("..") {
        Some(name) => Some((name.to_owned(), true)),
        None => Some((name.to_owned(), false)),
    }
}

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

    fn sources(attr: Attribute) -> Vec<(String, Source)> {
        Route::of(&attr).parameters
    }

    #[test]
    fn positions_are_rockets() {
        let is = |name: &str, source| (name.to_owned(), source);
        assert_eq!(
            sources(
                syn::parse_quote!(#[get("/a/<id>/<_>/b/<path..>?<page>&kind=a&<rest..>", data = "<body>")])
            ),
            [
                is("id", Source::Segment(1)),
                is("path", Source::Segments(4)),
                is("page", Source::Query),
                is("rest", Source::QueryRest)
            ]
        );
        let id = [is("id", Source::Segment(0))];
        assert_eq!(sources(syn::parse_quote!(#[rocket::get("/<id>", rank = 2, format = "json")])), id);
        assert_eq!(sources(syn::parse_quote!(#[route(GET, uri = "/<id>")])), id);
        assert_eq!(sources(syn::parse_quote!(#[get("/")])), []);
    }

    #[test]
    fn what_the_query_fixes() {
        let route = Route::of(&syn::parse_quote!(#[get("/?a=b&c&<d>", data = "<body>")]));
        let is = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(route.fixed, [is("a", "b"), is("c", "")]);
        assert_eq!(route.body.as_deref(), Some("body"));
    }

    #[test]
    fn a_half_typed_attribute_is_left_to_rocket() {
        for attr in [syn::parse_quote!(#[get]), syn::parse_quote!(#[get(/)]), syn::parse_quote!(#[get()])] {
            assert!(!Route::of(&attr).is_read);
        }
    }
}
