//! The rules for `or_not_found`, which needs a denial that it can hide.

use crate::diag::Diag;
use crate::require_auth::attr::Args;
use crate::require_auth::clause::{Clause, ClauseKind};

/// Checks the flag. `clauses_are_fine`: all clauses were parsed.
pub(super) fn check(args: &Args, clauses_are_fine: bool, diag: &mut Diag) {
    let Some(flag) = &args.or_not_found else { return };
    if args.optional.is_some() {
        diag.error(
            flag,
            "`or_not_found` contradicts `optional`, which lets in callers without a token: remove one of the two",
        );
    } else if clauses_are_fine && !args.clauses.iter().any(may_deny) {
        diag.error(
            flag,
            "`or_not_found` responds with 404 instead of 403, but this rule never responds with 403: add a clause, \
             such as `role = …`, or remove `or_not_found`",
        );
    }
}

/// Returns whether a clause may deny a caller with a valid token, and not only ask for another sign-in.
fn may_deny(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Fresh(..) | ClauseKind::Acr(_) => false,
        ClauseKind::Any(any) => any.iter().all(may_deny),
        ClauseKind::All(all) => all.iter().any(may_deny),
        // What a named policy requires is not known here.
        ClauseKind::Policy(_)
        | ClauseKind::Role(_)
        | ClauseKind::Scope(_)
        | ClauseKind::Check(_)
        | ClauseKind::Not(_) => true,
    }
}
