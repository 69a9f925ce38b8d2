//! Where the tokens of a route come from.

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
            "`header` and `cookie` exclude each other: to accept tokens from both, remove both words",
        );
    }
    if let (Some(_), Some(flag)) = (&args.header, &args.cross_origin) {
        diag.error(
            flag,
            "`cross_origin` has no effect on a route that reads no cookies: remove it, or remove `header`",
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
            format!("`{flag}` applies to a route, not to a policy: write it in `#[require_auth]`"),
        );
    }
}
