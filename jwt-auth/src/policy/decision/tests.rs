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
    static SIGN_IN: LazyLock<SignIn> =
        LazyLock::new(|| SignIn { acr: Some("silver".into()), ..SignIn::at(Timestamp::from_secs(1_000)) });

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
    for (answer, source) in [(Err(AuthError::Unauthorized.into()), "|user| …"), (Ok(true), "|other| …")] {
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
            Asks::Any(&[Asks::All(&[Asks::Not(&Asks::scope("held")), Asks::scope("a")]), Asks::scope("b")]),
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
