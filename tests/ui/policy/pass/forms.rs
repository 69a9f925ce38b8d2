//! Named policies of every form.
#![deny(warnings)]

use std::marker::PhantomData;

use jwt_auth::{Claims, Policy, RoutePolicy, policy, require_auth};
use rocket::{State, get};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

/// A doc comment.
#[policy(User, role = "editor")]
#[derive(Debug)]
struct CanEdit;

#[policy(crate::policy::pass::forms::User, policy = CanEdit, not(role = "guest"), strict)]
struct Both {}

#[policy(User, check = |user, level: &State<u8>| user.id > u64::from(**level))]
struct Enough;

fn is_seven(user: &User) -> bool {
    user.id == 7
}

#[policy(User, check = is_seven)]
struct Seven;

mod inner {
    #[jwt_auth::policy(super::User, any(policy = super::Seven, policy = super::Enough))]
    pub(super) struct Deep;
}

struct Handwritten;

impl Policy for Handwritten {
    type Claims = User;
    const REQUIREMENT: jwt_auth::Requirement<User> = jwt_auth::Requirement::policy::<CanEdit>("CanEdit");
}

struct Either<A, B>(PhantomData<(A, B)>);

impl<A: Policy<Claims = User>, B: Policy<Claims = User>> Policy for Either<A, B> {
    type Claims = User;
    const REQUIREMENT: jwt_auth::Requirement<User> = jwt_auth::Requirement::any(&[
        jwt_auth::Requirement::policy::<A>("A"),
        jwt_auth::Requirement::policy::<B>("B"),
    ]);
}

#[require_auth(policy = Either<CanEdit, Handwritten>, role = "admin")]
#[get("/handwritten")]
fn handwritten() {}

#[require_auth(policy = CanEdit)]
#[get("/claims/of/the/policy")]
fn claims_of_the_policy() {}

#[require_auth(User, any(policy = inner::Deep, all(policy = Handwritten, not(policy = Both))))]
#[get("/combined")]
fn combined() {}

macro_rules! routes_of {
    ($policy:ty, $($name:ident at $uri:literal),*) => {$(
        #[require_auth(policy = $policy, check = |user, id| user.id == id)]
        #[get($uri)]
        fn $name(id: u64) -> String {
            id.to_string()
        }
    )*};
}

routes_of!(CanEdit, one at "/one/<id>", two at "/two/<id>");

#[test]
fn access_shows_named_policies() {
    const { assert!(Both::STRICT && !CanEdit::STRICT) };
    assert_eq!(claims_of_the_policy::access().to_string(), "policy = CanEdit { role = \"editor\" }");
    assert_eq!(
        handwritten::access().to_string(),
        "all(policy = Either<CanEdit, Handwritten> { any(policy = A { role = \"editor\" }, \
         policy = B { policy = CanEdit { role = \"editor\" } }) }, role = \"admin\")"
    );
    assert_eq!(
        one::access().to_string(),
        "all(policy = CanEdit { role = \"editor\" }, check = |user, id| user.id == id)"
    );
}
