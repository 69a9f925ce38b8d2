//! The decision: a pure function of the claims and of the conditions that were asked so far.

use std::time::Duration;

use rocket::Request;
use rocket::http::Status;

use super::check::{CheckClause, Stop};
use super::step_up::FreshClause;
use super::{Denied, Requirement, StepUp};
use crate::auth::Auth;
use crate::claims::{Claims, SignIn};
use crate::clock::Timestamp;
use crate::error::AuthError;

/// How a requirement stands. Neither [`Open`](Self::Open) nor [`Stopped`](Self::Stopped) lets anybody in.
enum Decision<'p, C: 'static> {
    Met,
    /// This clause failed.
    Unmet(&'p Requirement<C>),
    /// It hangs on a condition that nobody has asked.
    Open(&'p CheckClause<C>),
    /// It hangs on this clause, a condition that has no answer or a role of a hierarchy without end.
    Stopped(&'p Requirement<C>),
}

const SIGNED_IN: Supposed = Supposed { signed_in: true, scopes: false };
const GRANTED: Supposed = Supposed { signed_in: true, scopes: true };

/// The clock, which is read for policies alone that ask for the time.
type Now<'r> = &'r (dyn Fn() -> Timestamp + Sync);

/// What is known of a caller.
struct Caller<'p, 'r, C: 'static> {
    claims: &'r C,
    sign_in: &'r SignIn,
    now: Now<'r>,
    leeway: Duration,
    answers: Vec<(&'p CheckClause<C>, Result<bool, Stop>)>,
}

/// What a caller is taken to have, to find out whether it would help.
#[derive(Clone, Copy, Default)]
struct Supposed {
    /// Signed in just now, by whatever way is asked for.
    signed_in: bool,
    /// Been granted all scopes that are asked for.
    scopes: bool,
}

impl<C: Claims> Requirement<C> {
    /// Decides about the bearer of a token.
    pub(crate) async fn permit(
        &self,
        auth: &Auth<C>,
        now: Now<'_>,
        leeway: Duration,
        request: &Request<'_>,
    ) -> Result<(), Stop> {
        let (claims, sign_in) = (&**auth, auth.sign_in());
        let mut caller = Caller { claims, sign_in, now, leeway, answers: Vec::new() };
        loop {
            match self.decide(&caller) {
                Decision::Met => return Ok(()),
                Decision::Unmet(clause) => return Err(self.denied(clause, &caller).into()),
                Decision::Open(check) => {
                    let answer = (check.ask)(claims, request).await;
                    caller.answers.push((check, answer));
                }
                Decision::Stopped(clause) => return Err(caller.stop(clause)),
            }
        }
    }

    fn decide<'p>(&'p self, caller: &Caller<'p, '_, C>) -> Decision<'p, C> {
        self.suppose(Supposed::default(), caller)
    }

    fn suppose<'p>(&'p self, supposed: Supposed, caller: &Caller<'p, '_, C>) -> Decision<'p, C> {
        let met = |met| if met { Decision::Met } else { Decision::Unmet(self) };
        match self {
            Self::Authenticated => Decision::Met,
            Self::Role(role) => role.is_held(caller.claims).map_or(Decision::Stopped(self), met),
            Self::Scope(scope) => met(supposed.scopes || scope.is_held(caller.claims)),
            Self::Fresh(fresh) => met(supposed.signed_in || caller.is_fresh(fresh)),
            Self::Acr(acr) => met(supposed.signed_in || acr.is_met(caller.sign_in)),
            Self::Check(check) => match caller.answer(check) {
                None => Decision::Open(check),
                Some(Ok(answer)) => met(*answer),
                Some(Err(_)) => Decision::Stopped(self),
            },
            Self::Any(any) => {
                let mut outcome = Decision::Unmet(self);
                for one in *any {
                    match (one.suppose(supposed, caller), &outcome) {
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
                    match (one.suppose(supposed, caller), &outcome) {
                        (unmet @ Decision::Unmet(_), _) => return unmet,
                        (undecided, Decision::Met) => outcome = undecided,
                        _ => {}
                    }
                }
                outcome
            }
            Self::Policy(policy) => policy.requirement.suppose(supposed, caller),
            // Scopes that are not wanted are not granted.
            Self::Not(not) => match not.suppose(Supposed { scopes: false, ..supposed }, caller) {
                Decision::Met => Decision::Unmet(self),
                Decision::Unmet(_) => Decision::Met,
                undecided => undecided,
            },
        }
    }

    /// What a caller is told who did not meet `clause`, a part of this.
    fn denied<'p>(&'p self, clause: &'p Self, caller: &Caller<'p, '_, C>) -> AuthError {
        let clause = clause.to_string();
        if self.would_do(SIGNED_IN, caller) {
            let mut step_up = StepUp { clause, max_age: None, acr_values: None };
            self.wanted_sign_in(caller, &mut step_up);
            return AuthError::InsufficientUserAuthentication(step_up);
        }
        let mut scopes = Vec::new();
        self.wanted_scopes(caller, &mut scopes);
        AuthError::InsufficientScope(Denied::new(clause).wanting(&scopes))
    }

    /// Whether this may be met then.
    fn would_do<'p>(&'p self, supposed: Supposed, caller: &Caller<'p, '_, C>) -> bool {
        !matches!(self.suppose(supposed, caller), Decision::Unmet(_))
    }

    /// Collects what a new sign-in has to be like for this to be met (RFC 9470, section 3). Of an `any`, for
    /// the first alternative that it could help to meet.
    fn wanted_sign_in<'p>(&'p self, caller: &Caller<'p, '_, C>, step_up: &mut StepUp) {
        match self {
            Self::Fresh(fresh) if !fresh.is_met(caller.sign_in, (caller.now)(), caller.leeway) => {
                let max_age = step_up.max_age.map_or(fresh.max_age, |other| other.min(fresh.max_age));
                step_up.max_age = Some(max_age);
            }
            Self::Acr(acr) if !acr.is_met(caller.sign_in) => {
                step_up.acr_values.get_or_insert(acr.values);
            }
            Self::All(all) => all.iter().for_each(|one| one.wanted_sign_in(caller, step_up)),
            Self::Any(any) => {
                if let Some(one) = any.iter().find(|one| one.would_do(SIGNED_IN, caller)) {
                    one.wanted_sign_in(caller, step_up);
                }
            }
            Self::Policy(policy) => policy.requirement.wanted_sign_in(caller, step_up),
            _ => {}
        }
    }

    /// Collects the scopes that would satisfy this, as far as it is not satisfied, for the `scope` of
    /// a challenge (RFC 6750, section 3). Of an `any`, those of the first alternative that has some and may be
    /// met with them.
    fn wanted_scopes<'p>(&'p self, caller: &Caller<'p, '_, C>, scopes: &mut Vec<&'static str>) {
        if matches!(self.suppose(SIGNED_IN, caller), Decision::Met) {
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
                for one in any.iter().filter(|one| one.would_do(GRANTED, caller)) {
                    one.wanted_scopes(caller, scopes);
                    if scopes.len() > before {
                        break;
                    }
                }
            }
            Self::Authenticated
            | Self::Role(_)
            | Self::Fresh(_)
            | Self::Acr(_)
            | Self::Check(_)
            | Self::Not(_) => {}
        }
    }
}

impl<'p, C> Caller<'p, '_, C> {
    fn is_fresh(&self, fresh: &FreshClause) -> bool {
        fresh.is_met(self.sign_in, (self.now)(), self.leeway)
    }

    fn answer(&self, check: &CheckClause<C>) -> Option<&Result<bool, Stop>> {
        self.answers.iter().find(|(asked, _)| std::ptr::eq(*asked, check)).map(|(_, answer)| answer)
    }

    /// Why a clause has no answer.
    fn stop(self, clause: &Requirement<C>) -> Stop {
        let asked =
            |check: &CheckClause<C>| matches!(clause, Requirement::Check(this) if std::ptr::eq(this, check));
        match self.answers.into_iter().find(|(check, _)| asked(check)) {
            Some((_, Err(stop))) => stop,
            _ => {
                let error = format!("`{clause}` cannot be decided: a role implies others without end");
                Stop::Guard(Status::InternalServerError, AuthError::internal(error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::claims::{BareClaims, HasScope};

    type Asks = Requirement<BareClaims>;

    impl HasScope for BareClaims {
        fn scopes(&self) -> impl Iterator<Item = &str> {
            ["held"].into_iter()
        }
    }

    const BEGIN: fn() -> Timestamp = || Timestamp::from_secs(1_000);
    const YES: Asks = Asks::role("Yes", |_| true);
    const NO: Asks = Asks::role("No", |_| false);
    /// A condition, which the test answers.
    const CHECK: Asks = Asks::check("|user| …", |_, _| Box::pin(std::future::pending()), |_| false);

    /// A caller who signed in at 1000, at this time.
    fn alice<'p>(now: Now<'_>) -> Caller<'p, '_, BareClaims> {
        static CLAIMS: LazyLock<BareClaims> = LazyLock::new(|| BareClaims::of("alice"));
        static SIGN_IN: LazyLock<SignIn> = LazyLock::new(|| SignIn {
            acr: Some("silver".into()),
            ..SignIn::at(Timestamp::from_secs(1_000))
        });

        let leeway = Duration::ZERO;
        Caller { claims: &CLAIMS, sign_in: &SIGN_IN, now, leeway, answers: Vec::new() }
    }

    /// How the requirement stands, once its conditions have this answer.
    fn stands(requirement: &Asks, answer: Option<Result<bool, ()>>) -> String {
        let mut caller = alice(&BEGIN);
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
    fn a_role_that_cannot_be_told_lets_nobody_in() {
        const ENDLESS: Asks = Asks::ranked_role("Endless", |_| None);
        for (requirement, expected) in [
            (&ENDLESS, "stopped"),
            (&Asks::Not(&ENDLESS), "stopped"),
            (&Asks::Not(&Asks::Any(&[ENDLESS, NO])), "stopped"),
            (&Asks::Any(&[ENDLESS, YES]), "met"),
            (&Asks::All(&[ENDLESS, NO]), "unmet: role = No"),
        ] {
            assert_eq!(stands(requirement, None), expected, "{requirement}");
        }
        let Stop::Guard(status, error) = alice(&BEGIN).stop(&ENDLESS) else { panic!("it is a fault") };
        assert_eq!(status, Status::InternalServerError);
        assert!(error.to_string().contains("role = Endless"), "{error}");
    }

    #[test]
    fn another_alternative_is_asked_when_one_has_no_answer() {
        const OTHER: Asks = Asks::check("|other| …", |_, _| Box::pin(std::future::pending()), |_| false);
        let requirement = &Asks::Any(&[CHECK, OTHER]);
        let mut caller = alice(&BEGIN);
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
            // These would not do.
            (Asks::Any(&[Asks::All(&[NO, Asks::scope("a")]), Asks::scope("b")]), Some("b")),
            (Asks::Any(&[Asks::All(&[NO, Asks::scope("a")]), NO]), None),
            (
                Asks::Any(&[
                    Asks::All(&[Asks::Not(&Asks::scope("held")), Asks::scope("a")]),
                    Asks::scope("b"),
                ]),
                Some("b"),
            ),
            // These may.
            (Asks::Any(&[Asks::All(&[CHECK, Asks::scope("a")]), Asks::scope("b")]), Some("a")),
            (
                Asks::Any(&[Asks::All(&[Asks::Not(&Asks::scope("c")), Asks::scope("a")]), Asks::scope("b")]),
                Some("a"),
            ),
        ];
        for (requirement, expected) in CASES {
            let mut scopes = Vec::new();
            requirement.wanted_scopes(&alice(&BEGIN), &mut scopes);
            assert_eq!(Denied::new("").wanting(&scopes).scope(), *expected, "{requirement}");
        }
    }

    #[test]
    fn a_new_sign_in_is_asked_for_where_it_would_help() {
        const MINUTE: Asks = Asks::fresh("1m", Duration::from_secs(60));
        const HOUR: Asks = Asks::fresh("1h", Duration::from_secs(3_600));
        const GOLD: Asks = Asks::acr("gold");
        static CASES: &[(Asks, u64, &str)] = &[
            (MINUTE, 1_060, "met"),
            (MINUTE, 1_061, "max_age 60"),
            (Asks::All(&[MINUTE, HOUR]), 9_000, "max_age 60"),
            (Asks::All(&[MINUTE, HOUR]), 2_000, "max_age 60"),
            (Asks::All(&[GOLD, MINUTE]), 1_000, "acr_values gold"),
            (Asks::All(&[GOLD, MINUTE]), 2_000, "max_age 60 acr_values gold"),
            (Asks::acr("gold silver"), 1_000, "met"),
            // It would not help.
            (Asks::All(&[MINUTE, NO]), 2_000, "denied"),
            (Asks::All(&[NO, MINUTE]), 2_000, "denied"),
            (Asks::Any(&[NO, Asks::scope("a")]), 2_000, "denied"),
            (Asks::Not(&YES), 2_000, "denied"),
            // It may.
            (Asks::All(&[MINUTE, CHECK]), 2_000, "max_age 60"),
            (Asks::Any(&[NO, MINUTE]), 2_000, "max_age 60"),
            (Asks::Any(&[Asks::All(&[MINUTE, NO]), HOUR]), 9_000, "max_age 3600"),
            (Asks::All(&[YES, Asks::Any(&[MINUTE, GOLD])]), 2_000, "max_age 60"),
            (Asks::Any(&[MINUTE, YES]), 2_000, "met"),
        ];
        for (requirement, now, expected) in CASES {
            let clock = || Timestamp::from_secs(*now);
            let told = match requirement.decide(&alice(&clock)) {
                Decision::Met => "met".to_owned(),
                Decision::Unmet(clause) => match requirement.denied(clause, &alice(&clock)) {
                    AuthError::InsufficientUserAuthentication(step_up) => {
                        let max_age = step_up.max_age.map(|age| format!("max_age {}", age.as_secs()));
                        let acr_values = step_up.acr_values.map(|values| format!("acr_values {values}"));
                        max_age.into_iter().chain(acr_values).collect::<Vec<_>>().join(" ")
                    }
                    AuthError::InsufficientScope(_) => "denied".to_owned(),
                    other => panic!("{other:?}"),
                },
                Decision::Open(_) | Decision::Stopped(_) => "open".to_owned(),
            };
            assert_eq!(told, *expected, "{requirement} at {now}");
        }
    }
}
