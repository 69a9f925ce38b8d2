//! Clauses that cannot be intended: duplicates, contradictions, double negations and negated sign-ins.

use crate::diag::Diag;
use crate::require_auth::clause::{Clause, ClauseKind};

pub(super) fn check(clauses: &[Clause], diag: &mut Diag) {
    check_list(clauses, Operator::All, diag);
}

/// The operator that combines the clauses of a list.
#[derive(Clone, Copy)]
enum Operator {
    Any,
    All,
}

fn check_list(clauses: &[Clause], operator: Operator, diag: &mut Diag) {
    for (n, clause) in clauses.iter().enumerate() {
        let text = clause.text();
        for earlier in &clauses[..n] {
            if earlier.text() == text {
                diag.duplicate(&clause.key, &text);
            } else if clause.negates(earlier) || earlier.negates(clause) {
                let earlier = earlier.text();
                let outcome = match operator {
                    Operator::All => format!("no caller can meet both `{earlier}` and `{text}`"),
                    Operator::Any => format!("every caller meets `{earlier}` or `{text}`"),
                };
                diag.error(&clause.key, format!("{outcome}: remove one of the two"));
            }
        }
        match &clause.kind {
            ClauseKind::Any(clauses) => check_list(clauses, Operator::Any, diag),
            ClauseKind::All(clauses) => check_list(clauses, Operator::All, diag),
            ClauseKind::Not(inner) => {
                if let ClauseKind::Not(innermost) = &inner.kind {
                    let innermost = innermost.text();
                    diag.error(&clause.key, format!("double negation: write `{innermost}`"));
                }
                if let ClauseKind::Fresh(..) | ClauseKind::Acr(_) = &inner.kind {
                    let key = &inner.key;
                    diag.error(
                        &clause.key,
                        format!("`{key}` asks the user to sign in again, so it cannot be negated: remove the `not`"),
                    );
                }
                check_list(std::slice::from_ref(inner), Operator::All, diag);
            }
            _ => {}
        }
    }
}
