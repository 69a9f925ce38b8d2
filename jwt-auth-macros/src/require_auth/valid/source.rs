//! The sources of the tokens that a route accepts, and the sites that may call it.

use crate::diag::Diag;
use crate::require_auth::attr::Args;

/// The only source of tokens that a route accepts.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Header,
    Cookie,
}

/// Checks the flags of a route.
pub(super) fn of(args: &Args, diag: &mut Diag) -> Option<Source> {
    if let (Some(_), Some(flag)) = (&args.header, &args.cookie) {
        diag.error(
            flag,
            "`header` and `cookie` contradict each other: remove one of them, or both to accept a token from either source",
        );
    }
    if let (Some(_), Some(flag)) = (&args.header, &args.cross_origin) {
        diag.error(
            flag,
            "`cross_origin` has no effect with `header`, because the route reads no cookies: remove one of them",
        );
    }
    match (&args.header, &args.cookie) {
        (Some(_), _) => Some(Source::Header),
        (None, Some(_)) => Some(Source::Cookie),
        (None, None) => None,
    }
}

/// Rejects the flags on a named policy.
pub(super) fn refuse(args: &Args, diag: &mut Diag) {
    for flag in [&args.header, &args.cookie, &args.cross_origin].into_iter().flatten() {
        diag.error(
            flag,
            format!("`{flag}` applies to a route, not to a policy: move it to `#[require_auth({flag})]`"),
        );
    }
}
