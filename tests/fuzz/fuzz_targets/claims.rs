//! Any payload, signed as it should be, read as claims of several forms. What is read is what serde reads where no
//! claim is registered; and, written to a token, it is read again as the same.
//!
//! A seed is a payload.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::LazyLock;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth::claims::{HasRoles, HasScope};
use jwt_auth::{Auth, Claims, JwtAuth};
use jwt_auth_fuzz::{Signer, User, block_on, launch, settings};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

fuzz_target!(|payload: &[u8]| {
    let token = SIGNER.sign(br#"{"alg":"HS256","typ":"at+jwt"}"#, payload);
    if let Some(user) = check(&token, payload, plain::<User>) {
        assert!(user.scopes().all(|scope| !scope.is_empty() && !scope.contains(' ')), "{user:?}");
        assert_eq!(user.roles().count(), user.roles.len());
    }
    check(&token, payload, plain::<Account>);
    check(&token, payload, plain::<Device>);
    check(&token, payload, plain::<Open>);
    check(&token, payload, |mut claims| match claims.remove("ver").is_none_or(|version| version == 1) {
        true => plain::<Young>(claims).grow(),
        false => plain::<Grown>(claims),
    });
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jwt_auth_fuzz::mutate(data, size, max_size, seed)
});

static AUTH: LazyLock<JwtAuth> = LazyLock::new(|| launch(&settings(HS256)));
static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::new(HS256));

/// A subject that is a number, and values of many types.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Account {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    #[serde(default)]
    roles: BTreeSet<Role>,
    #[claims(scope)]
    #[serde(default)]
    scope: Vec<String>,
    name: Option<String>,
    #[serde(default)]
    limits: BTreeMap<String, i64>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Admin,
    Editor,
    Guest { of: u8 },
}

/// A subject of a type of its own, under a name of its own.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Device {
    #[claims(subject)]
    #[serde(rename = "device")]
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<bool>,
}

/// Whatever else is in a token.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    #[claims(subject)]
    name: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// Claims of a second version.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
#[claims(version = 2, upgrade(1 = Young::grow))]
struct Grown {
    #[claims(subject)]
    name: String,
    roles: Vec<String>,
}

#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Young {
    #[claims(subject)]
    name: String,
    role: String,
}

impl Young {
    fn grow(self) -> Grown {
        Grown { name: self.name, roles: vec![self.role] }
    }
}

/// The claims of a token, unless it is refused; sees that they are what a plain reading gives.
fn check<C: Claims + Debug + PartialEq>(
    token: &str,
    payload: &[u8],
    plain: impl FnOnce(Map<String, Value>) -> C,
) -> Option<Auth<C>> {
    let claims = AUTH.verify::<C>(token).ok()?;
    serde_json::from_slice::<IgnoredAny>(payload).expect("an accepted payload is JSON");
    // An unknown claim may be a number that no type can hold.
    if let Ok(all) = serde_json::from_slice(payload) {
        assert_eq!(*claims, plain(all));
    }
    match block_on(AUTH.create_access_token(&*claims)) {
        Ok(token) => assert_eq!(*AUTH.verify::<C>(&token).expect("a token of ours"), *claims),
        Err(error) => {
            let length = serde_json::to_vec(&*claims).expect("claims serialize").len();
            assert!(length > LONG, "{error:?}: {claims:?}");
        }
    }
    Some(claims)
}

/// Claims that may be too long for a token of ours, with what is added to them, in bytes of JSON.
const LONG: usize = 3_900;

/// The claims of a valid payload, read by serde alone.
fn plain<C: Claims>(mut claims: Map<String, Value>) -> C {
    let subject = claims.remove("sub").expect("a subject");
    for name in ["iss", "aud", "exp", "nbf", "iat", "jti", "sid", "auth_time", "acr"] {
        claims.remove(name);
    }
    let field = C::SUBJECT_FIELD.expect("each type here has one");
    // Text, or a number that is written as text.
    let number = subject.as_str().and_then(|subject| serde_json::from_str(subject).ok());
    let read = [Some(subject), number].into_iter().flatten().find_map(|subject| {
        claims.insert(field.to_owned(), subject);
        serde_json::from_value(Value::Object(claims.clone())).ok()
    });
    read.unwrap_or_else(|| panic!("serde does not read {claims:?}"))
}
