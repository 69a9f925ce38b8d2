//! Summaries of policies, for lists of routes and for documents.

#[cfg(any(feature = "testing", feature = "utoipa"))]
use rocket::http::Method;

use super::Rules;
#[cfg(any(feature = "testing", feature = "utoipa"))]
use super::requirement::{Clause, Requirement};
use crate::auth::Source;
#[cfg(any(feature = "testing", feature = "utoipa"))]
use crate::cookies::is_safe;
#[cfg(feature = "utoipa")]
use crate::error::StepUp;

/// A summary of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    requirement: String,
    strict: bool,
    or_not_found: bool,
    source: Option<Source>,
    cross_origin: bool,
    /// Whether any valid token meets the policy.
    #[cfg(feature = "testing")]
    pub(crate) is_authentication_only: bool,
    /// The scopes that every caller needs.
    #[cfg(feature = "utoipa")]
    pub(crate) scopes: Vec<&'static str>,
    /// Whether the policy may reject a caller with a valid token even after a new sign-in.
    #[cfg(any(feature = "testing", feature = "utoipa"))]
    pub(crate) may_deny: bool,
    /// The authentication contexts that the policy may ask a caller for, the preferred one of each clause. `None` if it
    /// does not depend on the sign-in.
    #[cfg(feature = "testing")]
    pub(crate) contexts: Option<Vec<&'static str>>,
    /// The sign-in that the policy may ask a caller for.
    #[cfg(feature = "utoipa")]
    pub(crate) step_up: Option<StepUp>,
}

impl Summary {
    pub(super) fn of<C>(rules: &Rules<C>) -> Self {
        let requirement = &rules.requirement;
        Self {
            requirement: requirement.to_string(),
            strict: rules.strict,
            or_not_found: rules.or_not_found,
            source: rules.source,
            cross_origin: rules.cross_origin,
            #[cfg(feature = "testing")]
            is_authentication_only: requirement.is_authentication_only(),
            #[cfg(feature = "utoipa")]
            scopes: requirement.indispensable_scopes(),
            #[cfg(any(feature = "testing", feature = "utoipa"))]
            may_deny: requirement.may_deny(),
            #[cfg(feature = "testing")]
            contexts: requirement.contexts(),
            #[cfg(feature = "utoipa")]
            step_up: requirement.step_up(),
        }
    }

    /// Returns the requirement of the policy, as it is written in the source.
    pub fn requirement(&self) -> &str {
        &self.requirement
    }

    /// Returns `true` if the store is asked about the session.
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// Returns `true` if a caller who does not meet the requirement gets 404 instead of 403.
    pub fn is_or_not_found(&self) -> bool {
        self.or_not_found
    }

    /// Returns the only source from which a token is accepted, or `None` if all are.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// Returns whether requests of other sites may use the browser's session cookie.
    pub fn is_cross_origin(&self) -> bool {
        self.cross_origin
    }

    /// Returns whether a request with this method that has a session cookie may change something, so that it matters which
    /// site caused it.
    #[cfg(any(feature = "testing", feature = "utoipa"))]
    pub(crate) fn may_change_by_cookie(&self, method: Method) -> bool {
        self.source != Some(Source::Header) && !is_safe(method)
    }
}

#[cfg(any(feature = "testing", feature = "utoipa"))]
impl<C> Requirement<C> {
    /// Returns whether the requirement may reject a caller with a valid token even after a new sign-in.
    fn may_deny(&self) -> bool {
        match &self.0 {
            Clause::Authenticated | Clause::Fresh(_) | Clause::Acr(_) => false,
            Clause::Role(_) | Clause::Scope(_) | Clause::Check(_) | Clause::Not(_) => true,
            Clause::Policy(policy) => policy.requirement.may_deny(),
            Clause::All(all) => all.iter().any(Self::may_deny),
            Clause::Any(any) => any.iter().all(Self::may_deny),
        }
    }
}

#[cfg(feature = "testing")]
impl<C> Requirement<C> {
    /// Returns the preferred authentication context of each clause, or `None` if the requirement does not depend on the
    /// sign-in.
    fn contexts(&self) -> Option<Vec<&'static str>> {
        match &self.0 {
            Clause::Fresh(_) => Some(Vec::new()),
            Clause::Acr(acr) => Some(acr.values.split_ascii_whitespace().take(1).collect()),
            Clause::Policy(policy) => policy.requirement.contexts(),
            Clause::All(of) | Clause::Any(of) => {
                of.iter().filter_map(Self::contexts).reduce(|one, other| [one, other].concat())
            }
            Clause::Authenticated
            | Clause::Role(_)
            | Clause::Scope(_)
            | Clause::Check(_)
            | Clause::Not(_) => None,
        }
    }
}

#[cfg(feature = "utoipa")]
impl<C> Requirement<C> {
    /// Returns the scopes that are needed in every way to meet the requirement.
    fn indispensable_scopes(&self) -> Vec<&'static str> {
        let mut scopes = match &self.0 {
            Clause::Scope(clause) => clause.scopes().collect(),
            Clause::Policy(policy) => policy.requirement.indispensable_scopes(),
            Clause::All(all) => all.iter().flat_map(Self::indispensable_scopes).collect(),
            Clause::Any(any) => {
                let mut ways = any.iter().map(Self::indispensable_scopes);
                let first = ways.next().unwrap_or_default();
                ways.fold(first, |common, way| common.into_iter().filter(|one| way.contains(one)).collect())
            }
            Clause::Authenticated
            | Clause::Role(_)
            | Clause::Fresh(_)
            | Clause::Acr(_)
            | Clause::Check(_)
            | Clause::Not(_) => Vec::new(),
        };
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// Returns the sign-in that the requirement may ask a caller for.
    fn step_up(&self) -> Option<StepUp> {
        match &self.0 {
            Clause::Fresh(fresh) => Some(StepUp::new(self.to_string(), Some(fresh.max_age), None)),
            Clause::Acr(acr) => Some(StepUp::new(self.to_string(), None, Some(acr.values))),
            Clause::Policy(policy) => policy.requirement.step_up(),
            Clause::All(of) | Clause::Any(of) => of.iter().filter_map(Self::step_up).reduce(StepUp::merge),
            Clause::Authenticated
            | Clause::Role(_)
            | Clause::Scope(_)
            | Clause::Check(_)
            | Clause::Not(_) => None,
        }
    }
}

#[cfg(all(test, feature = "utoipa"))]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::claims::{Claims, HasScope};

    #[derive(serde::Serialize, serde::Deserialize)]
    struct User;

    impl Claims for User {
        fn subject(&self) -> String {
            String::new()
        }
    }

    impl HasScope for User {
        fn scopes(&self) -> impl Iterator<Item = &str> {
            std::iter::empty()
        }
    }

    type R = Requirement<User>;

    const A: R = R::scope("a");
    const B: R = R::scope("b");
    const B_A: R = R::scope("b a");
    const ROLE: R = R::role("admin", |_| false);
    const FRESH: R = R::fresh("5m", Duration::from_secs(300));
    const FRESHER: R = R::fresh("1m", Duration::from_secs(60));
    const GOLD: R = R::acr("gold");
    const A_OR_MORE: R = R::any(&[B_A, R::all(&[A, ROLE])]);
    const B_ANYWAY: R = R::all(&[R::any(&[A, B]), B]);
    const STEP_UPS: R = R::all(&[ROLE, R::any(&[FRESH, R::all(&[GOLD, FRESHER])])]);

    #[test]
    fn a_scope_is_indispensable_if_every_way_in_needs_it() {
        for (requirement, expected) in [
            (R::authenticated(), &[][..]),
            (B_A, &["a", "b"]),
            (R::all(&[B_A, A, ROLE]), &["a", "b"]),
            (R::any(&[A, ROLE]), &[]),
            (A_OR_MORE, &["a"]),
            (B_ANYWAY, &["b"]),
            (R::not(&A), &[]),
        ] {
            assert_eq!(requirement.indispensable_scopes(), expected, "{requirement}");
        }
    }

    #[test]
    fn a_caller_who_only_has_to_sign_in_again_is_not_denied() {
        for (requirement, denies) in [
            (R::authenticated(), false),
            (FRESH, false),
            (R::all(&[FRESH, GOLD]), false),
            (R::all(&[FRESH, ROLE]), true),
            (R::any(&[FRESH, ROLE]), false),
            (R::any(&[A, ROLE]), true),
            (R::not(&A), true),
        ] {
            assert_eq!(requirement.may_deny(), denies, "{requirement}");
        }
    }

    #[test]
    fn required_sign_ins_are_merged() {
        let step_up = STEP_UPS.step_up();
        let step_up = step_up.expect("a sign-in may be required");
        assert_eq!(step_up.clause(), r#"fresh = "5m", acr = "gold", fresh = "1m""#);
        assert_eq!(step_up.max_age(), Some(Duration::from_secs(60)));
        assert_eq!(step_up.acr_values(), Some("gold"));
        assert_eq!(R::all(&[ROLE, A]).step_up(), None);
    }
}
