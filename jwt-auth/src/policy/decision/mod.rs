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
mod tests;
