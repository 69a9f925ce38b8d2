//! The decision: a pure function of the claims and of the conditions that were asked so far.

use rocket::Request;

use super::check::{CheckClause, Stop};
use super::{Denied, Requirement};
use crate::claims::Claims;
use crate::error::AuthError;

/// How a requirement stands. Neither [`Open`](Self::Open) nor [`Stopped`](Self::Stopped) lets anybody in.
enum Decision<'p, C: 'static> {
    Met,
    /// This clause failed.
    Unmet(&'p Requirement<C>),
    /// It hangs on a condition that nobody has asked.
    Open(&'p CheckClause<C>),
    /// It hangs on a condition that has no answer.
    Stopped(&'p CheckClause<C>),
}

/// What is known of a caller.
struct Caller<'p, 'r, C: 'static> {
    claims: &'r C,
    answers: Vec<(&'p CheckClause<C>, Result<bool, Stop>)>,
}

impl<C: Claims> Requirement<C> {
    /// Decides about the bearer of these claims.
    pub(crate) async fn permit(&self, claims: &C, request: &Request<'_>) -> Result<(), Stop> {
        let mut caller = Caller { claims, answers: Vec::new() };
        loop {
            match self.decide(&caller) {
                Decision::Met => return Ok(()),
                Decision::Unmet(clause) => return Err(self.denied(clause, &caller).into()),
                Decision::Open(check) => {
                    let answer = (check.ask)(claims, request).await;
                    caller.answers.push((check, answer));
                }
                Decision::Stopped(check) => return Err(caller.stop(check)),
            }
        }
    }

    fn decide<'p>(&'p self, caller: &Caller<'p, '_, C>) -> Decision<'p, C> {
        let met = |met| if met { Decision::Met } else { Decision::Unmet(self) };
        match self {
            Self::Authenticated => Decision::Met,
            Self::Role(role) => met((role.held)(caller.claims)),
            Self::Scope(scope) => met(scope.is_held(caller.claims)),
            Self::Check(check) => match caller.answer(check) {
                None => Decision::Open(check),
                Some(Ok(answer)) => met(*answer),
                Some(Err(_)) => Decision::Stopped(check),
            },
            Self::Any(any) => {
                let mut outcome = Decision::Unmet(self);
                for one in *any {
                    match (one.decide(caller), &outcome) {
                        (Decision::Met, _) => return Decision::Met,
                        // A condition that has no answer does not keep the others from being asked.
                        (open @ Decision::Open(_), Decision::Unmet(_) | Decision::Stopped(_)) => {
                            outcome = open
                        }
                        (stopped @ Decision::Stopped(_), Decision::Unmet(_)) => outcome = stopped,
                        _ => {}
                    }
                }
                outcome
            }
            Self::All(all) => {
                let mut outcome = Decision::Met;
                for one in *all {
                    match (one.decide(caller), &outcome) {
                        (unmet @ Decision::Unmet(_), _) => return unmet,
                        (undecided, Decision::Met) => outcome = undecided,
                        _ => {}
                    }
                }
                outcome
            }
            Self::Policy(policy) => policy.requirement.decide(caller),
            Self::Not(not) => match not.decide(caller) {
                Decision::Met => Decision::Unmet(self),
                Decision::Unmet(_) => Decision::Met,
                undecided => undecided,
            },
        }
    }

    fn denied(&self, clause: &Self, caller: &Caller<'_, '_, C>) -> AuthError {
        let mut scopes = Vec::new();
        self.wanted_scopes(caller, &mut scopes);
        AuthError::InsufficientScope(Denied::new(clause.to_string()).wanting(&scopes))
    }

    /// Collects the scopes that would satisfy this, as far as it is not satisfied, for the `scope` of
    /// a challenge (RFC 6750, section 3). Of an `any`, those of the first alternative that has some.
    fn wanted_scopes<'p>(&'p self, caller: &Caller<'p, '_, C>, scopes: &mut Vec<&'static str>) {
        if matches!(self.decide(caller), Decision::Met) {
            return;
        }
        match self {
            Self::Scope(clause) => {
                for scope in clause.scopes() {
                    if !scopes.contains(&scope) {
                        scopes.push(scope);
                    }
                }
            }
            Self::Policy(policy) => policy.requirement.wanted_scopes(caller, scopes),
            Self::All(all) => all.iter().for_each(|one| one.wanted_scopes(caller, scopes)),
            Self::Any(any) => {
                let before = scopes.len();
                for one in *any {
                    one.wanted_scopes(caller, scopes);
                    if scopes.len() > before {
                        break;
                    }
                }
            }
            Self::Authenticated | Self::Role(_) | Self::Check(_) | Self::Not(_) => {}
        }
    }
}

impl<'p, C> Caller<'p, '_, C> {
    fn answer(&self, check: &CheckClause<C>) -> Option<&Result<bool, Stop>> {
        self.answers.iter().find(|(asked, _)| std::ptr::eq(*asked, check)).map(|(_, answer)| answer)
    }

    /// Why a condition has no answer.
    fn stop(self, check: &'p CheckClause<C>) -> Stop {
        let answer = self.answers.into_iter().find(|(asked, _)| std::ptr::eq(*asked, check));
        match answer {
            Some((_, Err(stop))) => stop,
            _ => AuthError::internal("a condition was stopped for no reason").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::{BareClaims, HasScope};

    type Asks = Requirement<BareClaims>;

    impl HasScope for BareClaims {
        fn scopes(&self) -> impl Iterator<Item = &str> {
            ["held"].into_iter()
        }
    }

    const YES: Asks = Asks::role("Yes", |_| true);
    const NO: Asks = Asks::role("No", |_| false);
    /// A condition, which the test answers.
    const CHECK: Asks = Asks::check("|user| …", |_, _| Box::pin(std::future::pending()), |_| false);

    /// How the requirement stands, once its conditions have this answer.
    fn stands(requirement: &Asks, answer: Option<Result<bool, ()>>) -> String {
        let claims = BareClaims::of("alice");
        let mut caller = Caller { claims: &claims, answers: Vec::new() };
        loop {
            match (requirement.decide(&caller), answer) {
                (Decision::Open(check), Some(answer)) => {
                    caller.answers.push((check, answer.map_err(|()| AuthError::Unauthorized.into())));
                }
                (Decision::Met, _) => return "met".to_owned(),
                (Decision::Unmet(clause), _) => return format!("unmet: {clause}"),
                (Decision::Open(_), None) => return "open".to_owned(),
                (Decision::Stopped(_), _) => return "stopped".to_owned(),
            }
        }
    }

    #[test]
    fn a_condition_matters_where_the_token_does_not_decide() {
        const BOTH: Asks = Asks::All(&[CHECK, YES]);
        const EITHER: Asks = Asks::Any(&[CHECK, NO]);
        const NEITHER: Asks = Asks::Not(&EITHER);
        for (requirement, not_asked, yes, no, no_answer) in [
            (&CHECK, "open", "met", "unmet: check = |user| …", "stopped"),
            (&Asks::Not(&CHECK), "open", "unmet: not(check = |user| …)", "met", "stopped"),
            (&BOTH, "open", "met", "unmet: check = |user| …", "stopped"),
            (&EITHER, "open", "met", "unmet: any(check = |user| …, role = No)", "stopped"),
            (&NEITHER, "open", "unmet: not(any(check = |user| …, role = No))", "met", "stopped"),
            (
                &Asks::All(&[CHECK, NO]),
                "unmet: role = No",
                "unmet: role = No",
                "unmet: role = No",
                "unmet: role = No",
            ),
            (&Asks::Any(&[CHECK, YES]), "met", "met", "met", "met"),
            (&Asks::Any(&[Asks::All(&[NO, CHECK]), YES]), "met", "met", "met", "met"),
            (
                &Asks::All(&[Asks::Any(&[CHECK, YES]), NO]),
                "unmet: role = No",
                "unmet: role = No",
                "unmet: role = No",
                "unmet: role = No",
            ),
        ] {
            for (answer, expected) in
                [(None, not_asked), (Some(Ok(true)), yes), (Some(Ok(false)), no), (Some(Err(())), no_answer)]
            {
                assert_eq!(stands(requirement, answer), expected, "{requirement}, answered {answer:?}");
            }
        }
    }

    #[test]
    fn another_alternative_is_asked_when_one_has_no_answer() {
        const OTHER: Asks = Asks::check("|other| …", |_, _| Box::pin(std::future::pending()), |_| false);
        let requirement = &Asks::Any(&[CHECK, OTHER]);
        let claims = BareClaims::of("alice");
        let mut caller = Caller { claims: &claims, answers: Vec::new() };
        for (answer, source) in [(Err(AuthError::Unauthorized.into()), "|user| …"), (Ok(true), "|other| …")]
        {
            let Decision::Open(check) = requirement.decide(&caller) else { panic!("a condition is open") };
            assert_eq!(check.source, source);
            caller.answers.push((check, answer));
        }
        assert!(matches!(requirement.decide(&caller), Decision::Met));
    }

    #[test]
    fn the_scopes_that_would_do() {
        static CASES: &[(Asks, Option<&str>)] = &[
            (NO, None),
            (Asks::scope("a b"), Some("a b")),
            (Asks::scope("held"), None),
            (Asks::scope("held a"), Some("held a")),
            (Asks::All(&[Asks::scope("a"), Asks::scope("held"), Asks::scope("a b")]), Some("a b")),
            (Asks::Any(&[NO, Asks::scope("a"), Asks::scope("b")]), Some("a")),
            (Asks::All(&[NO, Asks::scope("a")]), Some("a")),
            (Asks::Not(&Asks::scope("held")), None),
        ];
        let claims = BareClaims::of("alice");
        let caller = Caller { claims: &claims, answers: Vec::new() };
        for (requirement, expected) in CASES {
            let AuthError::InsufficientScope(denied) = requirement.denied(requirement, &caller) else {
                panic!("not enough")
            };
            assert_eq!(denied.scope(), *expected, "{requirement}");
        }
    }
}
