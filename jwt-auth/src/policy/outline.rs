//! What a policy may say to callers, before there is one: for documents.

use super::{Requirement, StepUp};

impl<C> Requirement<C> {
    /// The scopes that there is no way around.
    pub(crate) fn indispensable_scopes(&self) -> Vec<&'static str> {
        let mut scopes = match self {
            Self::Scope(clause) => clause.scopes().collect(),
            Self::Policy(policy) => policy.requirement.indispensable_scopes(),
            Self::All(all) => all.iter().flat_map(Self::indispensable_scopes).collect(),
            Self::Any(any) => {
                let mut ways = any.iter().map(Self::indispensable_scopes);
                let first = ways.next().unwrap_or_default();
                ways.fold(first, |common, way| common.into_iter().filter(|one| way.contains(one)).collect())
            }
            Self::Authenticated
            | Self::Role(_)
            | Self::Fresh(_)
            | Self::Acr(_)
            | Self::Check(_)
            | Self::Not(_) => Vec::new(),
        };
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// Whether somebody with a valid token may be refused whom no new sign-in would help.
    pub(crate) fn may_deny(&self) -> bool {
        match self {
            Self::Authenticated | Self::Fresh(_) | Self::Acr(_) => false,
            Self::Role(_) | Self::Scope(_) | Self::Check(_) | Self::Not(_) => true,
            Self::Policy(policy) => policy.requirement.may_deny(),
            Self::All(all) => all.iter().any(Self::may_deny),
            Self::Any(any) => any.iter().all(Self::may_deny),
        }
    }

    /// The new sign-in that somebody may be asked for.
    pub(crate) fn step_up(&self) -> Option<StepUp> {
        match self {
            Self::Fresh(fresh) => {
                Some(StepUp { clause: self.to_string(), max_age: Some(fresh.max_age), acr_values: None })
            }
            Self::Acr(acr) => {
                Some(StepUp { clause: self.to_string(), max_age: None, acr_values: Some(acr.values) })
            }
            Self::Policy(policy) => policy.requirement.step_up(),
            Self::All(of) | Self::Any(of) => {
                of.iter().filter_map(Self::step_up).reduce(|first, second| StepUp {
                    clause: format!("{}, {}", first.clause, second.clause),
                    max_age: first.max_age.into_iter().chain(second.max_age).min(),
                    acr_values: first.acr_values.or(second.acr_values),
                })
            }
            Self::Authenticated | Self::Role(_) | Self::Scope(_) | Self::Check(_) | Self::Not(_) => None,
        }
    }
}

#[cfg(test)]
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

    #[test]
    fn a_scope_is_indispensable_if_every_way_in_needs_it() {
        for (requirement, expected) in [
            (R::Authenticated, &[][..]),
            (B_A, &["a", "b"]),
            (R::All(&[B_A, A, ROLE]), &["a", "b"]),
            (R::Any(&[A, ROLE]), &[]),
            (R::Any(&[B_A, R::All(&[A, ROLE])]), &["a"]),
            (R::All(&[R::Any(&[A, B]), B]), &["b"]),
            (R::Not(&A), &[]),
        ] {
            assert_eq!(requirement.indispensable_scopes(), expected, "{requirement}");
        }
    }

    #[test]
    fn who_only_has_to_sign_in_again_is_not_denied() {
        for (requirement, denies) in [
            (R::Authenticated, false),
            (FRESH, false),
            (R::All(&[FRESH, GOLD]), false),
            (R::All(&[FRESH, ROLE]), true),
            (R::Any(&[FRESH, ROLE]), false),
            (R::Any(&[A, ROLE]), true),
            (R::Not(&A), true),
        ] {
            assert_eq!(requirement.may_deny(), denies, "{requirement}");
        }
    }

    #[test]
    fn sign_ins_that_may_be_asked_for_add_up() {
        let step_up = R::All(&[ROLE, R::Any(&[FRESH, R::All(&[GOLD, FRESHER])])]).step_up();
        let step_up = step_up.expect("one may be asked for");
        assert_eq!(step_up.clause(), r#"fresh = "5m", acr = "gold", fresh = "1m""#);
        assert_eq!(step_up.max_age(), Some(Duration::from_secs(60)));
        assert_eq!(step_up.acr_values(), Some("gold"));
        assert_eq!(R::All(&[ROLE, A]).step_up(), None);
    }
}
