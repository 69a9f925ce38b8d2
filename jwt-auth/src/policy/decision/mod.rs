//! The decision: a pure function of the claims and of the conditions that were asked so far.

use std::time::Duration;

use rocket::Request;

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
    /// It hangs on a condition that has no answer.
    Stopped(&'p CheckClause<C>),
}

/// The clock, which is read for policies alone that ask for the time.
type Now<'r> = &'r (dyn Fn() -> Timestamp + Sync);

/// What is known of a caller.
struct Caller<'p, 'r, C: 'static> {
    claims: &'r C,
    sign_in: &'r SignIn,
    now: Now<'r>,
    leeway: Duration,
    /// Whether they are taken to have signed in just now, by whatever way is asked for.
    signed_in: bool,
    answers: Vec<(&'p CheckClause<C>, Result<bool, Stop>)>,
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
        let mut caller = Caller { claims, sign_in, now, leeway, signed_in: false, answers: Vec::new() };
        loop {
            match self.decide(&caller) {
                Decision::Met => return Ok(()),
                Decision::Unmet(clause) => return Err(self.denied(clause, caller).into()),
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
            Self::Fresh(fresh) => met(caller.is_fresh(fresh)),
            Self::Acr(acr) => met(caller.signed_in || acr.is_met(caller.sign_in)),
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

    /// What a caller is told who did not meet `clause`, a part of this.
    fn denied<'p>(&'p self, clause: &'p Self, mut caller: Caller<'p, '_, C>) -> AuthError {
        let clause = clause.to_string();
        caller.signed_in = true;
        if !matches!(self.decide(&caller), Decision::Unmet(_)) {
            let mut step_up = StepUp { clause, max_age: None, acr_values: None };
            self.wanted_sign_in(&caller, &mut step_up);
            return AuthError::InsufficientUserAuthentication(step_up);
        }
        let mut scopes = Vec::new();
        self.wanted_scopes(&caller, &mut scopes);
        AuthError::InsufficientScope(Denied::new(clause).wanting(&scopes))
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
                let helped = |one: &&Self| !matches!(one.decide(caller), Decision::Unmet(_));
                if let Some(one) = any.iter().find(helped) {
                    one.wanted_sign_in(caller, step_up);
                }
            }
            Self::Policy(policy) => policy.requirement.wanted_sign_in(caller, step_up),
            _ => {}
        }
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
        self.signed_in || fresh.is_met(self.sign_in, (self.now)(), self.leeway)
    }

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
mod tests;
