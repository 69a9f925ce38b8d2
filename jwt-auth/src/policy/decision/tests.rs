use std::sync::LazyLock;

use super::*;
use crate::claims::{HasScope, SubjectClaims};

type Asks = Requirement<SubjectClaims>;

impl HasScope for SubjectClaims {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        ["held"].into_iter()
    }
}

const BEGIN: fn() -> Timestamp = || Timestamp::from_secs(1_000);
const YES: Asks = Asks::role("Yes", |_| true);
const NO: Asks = Asks::role("No", |_| false);
/// A condition whose verdict the test sets.
const CHECK: Asks = Asks::check("|user| …", |_, _| Box::pin(std::future::pending()), |_| false);

/// Returns a caller who signed in at 1000.
fn alice<'p>(now: Now<'_>) -> Caller<'p, '_, SubjectClaims> {
    static CLAIMS: LazyLock<SubjectClaims> = LazyLock::new(|| SubjectClaims::new("alice"));
    static SIGN_IN: LazyLock<SignInClaims> = LazyLock::new(|| SignInClaims {
        acr: Some("silver".into()),
        ..SignInClaims::at(Timestamp::from_secs(1_000))
    });

    let leeway = Duration::ZERO;
    Caller { claims: &CLAIMS, sign_in: &SIGN_IN, now, leeway, verdicts: Vec::new() }
}

/// Returns the state of a requirement once its conditions have this verdict.
fn state(requirement: &Asks, answer: Option<Result<bool, ()>>) -> String {
    let mut caller = alice(&BEGIN);
    loop {
        match (requirement.decide(&caller), answer) {
            (Decision::Open(check), Some(answer)) => {
                caller.verdicts.push((check, answer.map_err(|()| AuthError::Unauthorized.into())));
            }
            (Decision::Met, _) => return "met".to_owned(),
            (Decision::Unmet(clause), _) => return format!("unmet: {clause}"),
            (Decision::Open(_), None) => return "open".to_owned(),
            (Decision::Failed(_), _) => return "failed".to_owned(),
        }
    }
}

#[test]
fn a_condition_is_open_only_if_the_token_does_not_decide() {
    const BOTH: Asks = Asks::all(&[CHECK, YES]);
    const EITHER: Asks = Asks::any(&[CHECK, NO]);
    const NEITHER: Asks = Asks::not(&EITHER);
    const EITHER_WAY: Asks = Asks::any(&[Asks::all(&[NO, CHECK]), YES]);
    const HOPELESS: Asks = Asks::all(&[Asks::any(&[CHECK, YES]), NO]);
    for (requirement, not_asked, yes, no, no_answer) in [
        (&CHECK, "open", "met", "unmet: check = |user| …", "failed"),
        (&Asks::not(&CHECK), "open", "unmet: not(check = |user| …)", "met", "failed"),
        (&BOTH, "open", "met", "unmet: check = |user| …", "failed"),
        (&EITHER, "open", "met", "unmet: any(check = |user| …, role = No)", "failed"),
        (&NEITHER, "open", "unmet: not(any(check = |user| …, role = No))", "met", "failed"),
        (
            &Asks::all(&[CHECK, NO]),
            "unmet: role = No",
            "unmet: role = No",
            "unmet: role = No",
            "unmet: role = No",
        ),
        (&Asks::any(&[CHECK, YES]), "met", "met", "met", "met"),
        (&EITHER_WAY, "met", "met", "met", "met"),
        (&HOPELESS, "unmet: role = No", "unmet: role = No", "unmet: role = No", "unmet: role = No"),
    ] {
        for (answer, expected) in
            [(None, not_asked), (Some(Ok(true)), yes), (Some(Ok(false)), no), (Some(Err(())), no_answer)]
        {
            assert_eq!(state(requirement, answer), expected, "{requirement}, answered {answer:?}");
        }
    }
}

#[test]
fn a_role_that_cannot_be_determined_lets_no_caller_in() {
    const ENDLESS: Asks = Asks::ranked_role("Endless", |_| None);
    const NEITHER: Asks = Asks::not(&Asks::any(&[ENDLESS, NO]));
    for (requirement, expected) in [
        (&ENDLESS, "failed"),
        (&Asks::not(&ENDLESS), "failed"),
        (&NEITHER, "failed"),
        (&Asks::any(&[ENDLESS, YES]), "met"),
        (&Asks::all(&[ENDLESS, NO]), "unmet: role = No"),
    ] {
        assert_eq!(state(requirement, None), expected, "{requirement}");
    }
    let CheckFailure::Guard(status, error) = alice(&BEGIN).failure(&ENDLESS) else {
        panic!("the guard does not fail")
    };
    assert_eq!(status, Status::InternalServerError);
    assert!(error.to_string().contains("role = Endless"), "{error}");
}

#[test]
fn another_alternative_is_evaluated_when_one_failed() {
    const OTHER: Asks = Asks::check("|other| …", |_, _| Box::pin(std::future::pending()), |_| false);
    let requirement = &Asks::any(&[CHECK, OTHER]);
    let mut caller = alice(&BEGIN);
    for (answer, source) in [(Err(AuthError::Unauthorized.into()), "|user| …"), (Ok(true), "|other| …")] {
        let Decision::Open(check) = requirement.decide(&caller) else { panic!("no condition is open") };
        assert_eq!(check.source, source);
        caller.verdicts.push((check, answer));
    }
    assert!(matches!(requirement.decide(&caller), Decision::Met));
}

#[test]
fn a_denial_lists_the_scopes_that_would_be_enough() {
    static CASES: &[(Asks, Option<&str>)] = &[
        (NO, None),
        (Asks::scope("a b"), Some("a b")),
        (Asks::scope("held"), None),
        (Asks::scope("held a"), Some("held a")),
        (Asks::all(&[Asks::scope("a"), Asks::scope("held"), Asks::scope("a b")]), Some("a b")),
        (Asks::any(&[NO, Asks::scope("a"), Asks::scope("b")]), Some("a")),
        (Asks::all(&[NO, Asks::scope("a")]), Some("a")),
        (Asks::not(&Asks::scope("held")), None),
        // These would not be enough.
        (Asks::any(&[Asks::all(&[NO, Asks::scope("a")]), Asks::scope("b")]), Some("b")),
        (Asks::any(&[Asks::all(&[NO, Asks::scope("a")]), NO]), None),
        (
            Asks::any(&[Asks::all(&[Asks::not(&Asks::scope("held")), Asks::scope("a")]), Asks::scope("b")]),
            Some("b"),
        ),
        // These may be enough.
        (Asks::any(&[Asks::all(&[CHECK, Asks::scope("a")]), Asks::scope("b")]), Some("a")),
        (
            Asks::any(&[Asks::all(&[Asks::not(&Asks::scope("c")), Asks::scope("a")]), Asks::scope("b")]),
            Some("a"),
        ),
    ];
    for (requirement, expected) in CASES {
        let mut scopes = Vec::new();
        requirement.wanted_scopes(&alice(&BEGIN), &mut scopes);
        assert_eq!(Denial::new("").with_scopes(&scopes).scope(), *expected, "{requirement}");
    }
}

#[test]
fn a_new_sign_in_is_required_if_it_would_help() {
    const MINUTE: Asks = Asks::fresh("1m", Duration::from_secs(60));
    const HOUR: Asks = Asks::fresh("1h", Duration::from_secs(3_600));
    const GOLD: Asks = Asks::acr("gold");
    static CASES: &[(Asks, u64, &str)] = &[
        (MINUTE, 1_060, "met"),
        (MINUTE, 1_061, "max_age 60"),
        (Asks::all(&[MINUTE, HOUR]), 9_000, "max_age 60"),
        (Asks::all(&[MINUTE, HOUR]), 2_000, "max_age 60"),
        (Asks::all(&[GOLD, MINUTE]), 1_000, "acr_values gold"),
        (Asks::all(&[GOLD, MINUTE]), 2_000, "max_age 60 acr_values gold"),
        (Asks::acr("gold silver"), 1_000, "met"),
        // It would not help.
        (Asks::all(&[MINUTE, NO]), 2_000, "denied"),
        (Asks::all(&[NO, MINUTE]), 2_000, "denied"),
        (Asks::any(&[NO, Asks::scope("a")]), 2_000, "denied"),
        (Asks::not(&YES), 2_000, "denied"),
        // It may.
        (Asks::all(&[MINUTE, CHECK]), 2_000, "max_age 60"),
        (Asks::any(&[NO, MINUTE]), 2_000, "max_age 60"),
        (Asks::any(&[Asks::all(&[MINUTE, NO]), HOUR]), 9_000, "max_age 3600"),
        (Asks::all(&[YES, Asks::any(&[MINUTE, GOLD])]), 2_000, "max_age 60"),
        (Asks::any(&[MINUTE, YES]), 2_000, "met"),
    ];
    for (requirement, now, expected) in CASES {
        let clock = || Timestamp::from_secs(*now);
        let told = match requirement.decide(&alice(&clock)) {
            Decision::Met => "met".to_owned(),
            Decision::Unmet(clause) => match requirement.denied(clause, &alice(&clock)) {
                AuthError::InsufficientUserAuthentication(step_up) => {
                    let max_age = step_up.max_age().map(|age| format!("max_age {}", age.as_secs()));
                    let acr_values = step_up.acr_values().map(|values| format!("acr_values {values}"));
                    max_age.into_iter().chain(acr_values).collect::<Vec<_>>().join(" ")
                }
                AuthError::InsufficientScope(_) => "denied".to_owned(),
                other => panic!("{other:?}"),
            },
            Decision::Open(_) | Decision::Failed(_) => "open".to_owned(),
        };
        assert_eq!(told, *expected, "{requirement} at {now}");
    }
}
