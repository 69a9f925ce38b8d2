//! The decision, which is a pure function of the claims and of the conditions that have been evaluated so far.

use std::time::Duration;

use rocket::Request;
use rocket::http::Status;

use super::check::{CheckClause, CheckFailure};
use super::requirement::{Clause, Requirement};
use super::step_up::FreshClause;
use crate::auth::AnyAuth;
use crate::claims::{Claims, SignInClaims};
use crate::clock::Timestamp;
use crate::error::{AuthError, Denial, StepUp};

/// The state of a requirement. Neither [`Open`](Self::Open) nor [`Failed`](Self::Failed) lets a caller in.
enum Decision<'p, C: 'static> {
    Met,
    /// This clause is not met.
    Unmet(&'p Requirement<C>),
    /// The requirement depends on a condition that has not been evaluated yet.
    Open(&'p CheckClause<C>),
    /// The requirement depends on this clause: a condition that failed, or a role in an infinite hierarchy.
    Failed(&'p Requirement<C>),
}

const SIGNED_IN: Supposed = Supposed { signed_in: true, scopes: false };
const GRANTED: Supposed = Supposed { signed_in: true, scopes: true };

/// The clock, which is read only for policies that need the time.
type Now<'r> = &'r (dyn Fn() -> Timestamp + Sync);

/// The known facts about a caller.
struct Caller<'p, 'r, C: 'static> {
    claims: &'r C,
    sign_in: &'r SignInClaims,
    now: Now<'r>,
    leeway: Duration,
    verdicts: Vec<(&'p CheckClause<C>, Result<bool, CheckFailure>)>,
}

/// Assumptions about a caller, to find out whether they would help.
#[derive(Clone, Copy, Default)]
struct Supposed {
    /// A sign-in at this moment, with any required context.
    signed_in: bool,
    /// All required scopes.
    scopes: bool,
}

impl<C: Claims> Requirement<C> {
    /// Decides whether to let the bearer of a token in.
    pub(crate) async fn permit(
        &self,
        auth: &AnyAuth,
        now: Now<'_>,
        leeway: Duration,
        request: &Request<'_>,
    ) -> Result<(), CheckFailure> {
        let (claims, sign_in) = (auth.claims(), &auth.token().sign_in);
        let mut caller = Caller { claims, sign_in, now, leeway, verdicts: Vec::new() };
        loop {
            match self.decide(&caller) {
                Decision::Met => return Ok(()),
                Decision::Unmet(clause) => return Err(self.denied(clause, &caller).into()),
                Decision::Open(check) => {
                    let verdict = (check.ask)(claims, request).await;
                    caller.verdicts.push((check, verdict));
                }
                Decision::Failed(clause) => return Err(caller.failure(clause)),
            }
        }
    }

    fn decide<'p>(&'p self, caller: &Caller<'p, '_, C>) -> Decision<'p, C> {
        self.suppose(Supposed::default(), caller)
    }

    fn suppose<'p>(&'p self, supposed: Supposed, caller: &Caller<'p, '_, C>) -> Decision<'p, C> {
        let met = |met| if met { Decision::Met } else { Decision::Unmet(self) };
        match &self.0 {
            Clause::Authenticated => Decision::Met,
            Clause::Role(role) => role.is_held(caller.claims).map_or(Decision::Failed(self), met),
            Clause::Scope(scope) => met(supposed.scopes || scope.is_held(caller.claims)),
            Clause::Fresh(fresh) => met(supposed.signed_in || caller.is_fresh(fresh)),
            Clause::Acr(acr) => met(supposed.signed_in || acr.is_met(caller.sign_in)),
            Clause::Check(check) => match caller.verdict(check) {
                None => Decision::Open(check),
                Some(Ok(verdict)) => met(*verdict),
                Some(Err(_)) => Decision::Failed(self),
            },
            Clause::Any(any) => {
                let mut outcome = Decision::Unmet(self);
                for one in *any {
                    match (one.suppose(supposed, caller), &outcome) {
                        (Decision::Met, _) => return Decision::Met,
                        // A condition that failed does not prevent the evaluation of the others.
                        (open @ Decision::Open(_), Decision::Unmet(_) | Decision::Failed(_)) => {
                            outcome = open
                        }
                        (failed @ Decision::Failed(_), Decision::Unmet(_)) => outcome = failed,
                        _ => {}
                    }
                }
                outcome
            }
            Clause::All(all) => {
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
            Clause::Policy(policy) => policy.requirement.suppose(supposed, caller),
            // Scopes inside a `not` are not granted.
            Clause::Not(not) => match not.suppose(Supposed { scopes: false, ..supposed }, caller) {
                Decision::Met => Decision::Unmet(self),
                Decision::Unmet(_) => Decision::Met,
                undecided => undecided,
            },
        }
    }

    /// Returns the error for a caller who does not meet `clause`, which is part of this requirement.
    fn denied<'p>(&'p self, clause: &'p Self, caller: &Caller<'p, '_, C>) -> AuthError {
        let clause = clause.to_string();
        if self.would_do(SIGNED_IN, caller) {
            let mut step_up = StepUp::new(clause, None, None);
            self.wanted_sign_in(caller, &mut step_up);
            return AuthError::InsufficientUserAuthentication(step_up);
        }
        let mut scopes = Vec::new();
        self.wanted_scopes(caller, &mut scopes);
        AuthError::InsufficientScope(Denial::new(clause).with_scopes(&scopes))
    }

    /// Returns whether this requirement may be met under these assumptions.
    fn would_do<'p>(&'p self, supposed: Supposed, caller: &Caller<'p, '_, C>) -> bool {
        !matches!(self.suppose(supposed, caller), Decision::Unmet(_))
    }

    /// Collects the properties that a new sign-in must have to meet this requirement (RFC 9470, section 3). In an
    /// `any`, only the first alternative that it could help to meet counts.
    fn wanted_sign_in<'p>(&'p self, caller: &Caller<'p, '_, C>, wanted: &mut StepUp) {
        match &self.0 {
            Clause::Fresh(fresh) if !fresh.is_met(caller.sign_in, (caller.now)(), caller.leeway) => {
                wanted.require(Some(fresh.max_age), None);
            }
            Clause::Acr(acr) if !acr.is_met(caller.sign_in) => {
                wanted.require(None, Some(acr.values));
            }
            Clause::All(all) => all.iter().for_each(|one| one.wanted_sign_in(caller, wanted)),
            Clause::Any(any) => {
                if let Some(one) = any.iter().find(|one| one.would_do(SIGNED_IN, caller)) {
                    one.wanted_sign_in(caller, wanted);
                }
            }
            Clause::Policy(policy) => policy.requirement.wanted_sign_in(caller, wanted),
            _ => {}
        }
    }

    /// Collects the missing scopes that would meet this requirement, for the `scope` of a challenge (RFC 6750, section
    /// 3). In an `any`, only the first alternative that lacks scopes and may be met with them counts.
    fn wanted_scopes<'p>(&'p self, caller: &Caller<'p, '_, C>, scopes: &mut Vec<&'static str>) {
        if matches!(self.suppose(SIGNED_IN, caller), Decision::Met) {
            return;
        }
        match &self.0 {
            Clause::Scope(clause) => {
                for scope in clause.scopes() {
                    if !scopes.contains(&scope) {
                        scopes.push(scope);
                    }
                }
            }
            Clause::Policy(policy) => policy.requirement.wanted_scopes(caller, scopes),
            Clause::All(all) => all.iter().for_each(|one| one.wanted_scopes(caller, scopes)),
            Clause::Any(any) => {
                let before = scopes.len();
                for one in any.iter().filter(|one| one.would_do(GRANTED, caller)) {
                    one.wanted_scopes(caller, scopes);
                    if scopes.len() > before {
                        break;
                    }
                }
            }
            Clause::Authenticated
            | Clause::Role(_)
            | Clause::Fresh(_)
            | Clause::Acr(_)
            | Clause::Check(_)
            | Clause::Not(_) => {}
        }
    }
}

impl<'p, C> Caller<'p, '_, C> {
    fn is_fresh(&self, fresh: &FreshClause) -> bool {
        fresh.is_met(self.sign_in, (self.now)(), self.leeway)
    }

    fn verdict(&self, check: &CheckClause<C>) -> Option<&Result<bool, CheckFailure>> {
        self.verdicts.iter().find(|(known, _)| std::ptr::eq(*known, check)).map(|(_, verdict)| verdict)
    }

    /// Returns the reason why a clause failed.
    fn failure(self, clause: &Requirement<C>) -> CheckFailure {
        let is_it =
            |check: &CheckClause<C>| matches!(&clause.0, Clause::Check(this) if std::ptr::eq(this, check));
        match self.verdicts.into_iter().find(|(check, _)| is_it(check)) {
            Some((_, Err(failure))) => failure,
            _ => {
                let error = format!("`{clause}` cannot be decided: a role implies infinitely many others");
                CheckFailure::Guard(Status::InternalServerError, AuthError::internal(error))
            }
        }
    }
}

#[cfg(test)]
mod tests;
