use jwt_auth::{Auth, AuthError, Authorized, Claims, MaybeAuth, policy, public};
use rocket::get;
use rocket::request::Outcome;
use serde::{Deserialize, Serialize};

use self::Claimed as Renamed;

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, fresh = "5m")]
struct SignedInRecently;

type Visitor = Option<Auth<User>>;
type Tried<T> = Result<T, AuthError>;
type Claimed<'r> = Option<&'r User>;

#[public]
#[get("/alias")]
fn alias(_visitor: Visitor) {}

#[public]
#[get("/generic_alias")]
fn generic_alias(_visitor: Tried<Auth<User>>) {}

#[public]
#[get("/renamed")]
fn renamed<'r>(_visitor: Renamed<'r>) {}

#[public]
#[get("/value")]
fn value(_visitor: Option<User>) {}

#[public]
#[get("/reference")]
fn reference(_visitor: ::core::option::Option<&User>) {}

#[public]
#[get("/nested")]
fn nested(_visitor: Option<Option<Auth<User>>>) {}

#[public]
#[get("/maybe")]
fn maybe(_visitor: Result<MaybeAuth<User>, AuthError>) {}

#[public]
#[get("/outcome")]
fn outcome(_visitor: Outcome<User, AuthError>) {}

#[public]
#[get("/policy")]
fn policy_as_proof(_proof: Option<Authorized<SignedInRecently>>) {}

fn main() {}
