//! The URI of a route.

use rocket::Route;

/// Returns a path and a query that the route matches.
pub(super) fn uri(route: &Route, parameters: &[(String, String)]) -> String {
    let value = |segment: &str| {
        let Some(name) = segment.strip_prefix('<').and_then(|name| name.strip_suffix('>')) else {
            return segment.to_owned();
        };
        let name = name.trim_end_matches("..");
        let given = parameters.iter().find(|(known, _)| known == name);
        given.map_or_else(|| "1".to_owned(), |(_, value)| value.clone())
    };
    let path: Vec<String> = route.uri.path().split('/').map(value).collect();
    // Fields with a fixed value select the route. Of the other fields, only those that were set are sent.
    let field = |field: &str| match field.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
        None => Some(field.to_owned()),
        Some(name) => {
            let given = parameters.iter().find(|(known, _)| known == name);
            given.map(|(name, value)| format!("{name}={value}"))
        }
    };
    let query: Vec<String> =
        route.uri.query().into_iter().flat_map(|query| query.split('&')).filter_map(field).collect();
    if query.is_empty() { path.join("/") } else { format!("{}?{}", path.join("/"), query.join("&")) }
}

/// Returns whether a path is another path or is under it.
pub(super) fn is_under(path: &str, base: &str) -> bool {
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_under;

    #[test]
    fn a_path_is_under_another_by_whole_segments() {
        for (path, base, expected) in [
            ("/raw/open", "/raw", true),
            ("/raw", "/raw", true),
            ("/rawer", "/raw", false),
            ("/", "/raw", false),
            ("/anything", "", true),
        ] {
            assert_eq!(is_under(path, base), expected, "{path} {base}");
        }
    }
}
