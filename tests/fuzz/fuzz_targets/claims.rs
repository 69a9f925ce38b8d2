//! Reads any correctly signed payload as several types of claims. The claims must equal those that plain serde reads from
//! the payload without the registered claims, and they must survive a round trip through a new token.
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
use serde::de::{DeserializeOwned, IgnoredAny};
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
        true => plain::<V1>(claims).upgrade(),
        false => plain::<V2>(claims),
    });
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jwt_auth_fuzz::mutate(data, size, max_size, seed)
});

static AUTH: LazyLock<JwtAuth> = LazyLock::new(|| launch(&settings(HS256)));
static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::new(HS256));

/// Claims with a number as the subject, and with values of many types.
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

/// Claims whose subject has its own type and its own name.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Device {
    #[claims(subject)]
    #[serde(rename = "device")]
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<bool>,
}

/// Claims that collect all other claims of the token.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    #[claims(subject)]
    name: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// The second version of claims.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
#[claims(version = 2, upgrade(1 = V1::upgrade))]
struct V2 {
    #[claims(subject)]
    name: String,
    roles: Vec<String>,
}

#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct V1 {
    #[claims(subject)]
    name: String,
    role: String,
}

impl V1 {
    fn upgrade(self) -> V2 {
        V2 { name: self.name, roles: vec![self.role] }
    }
}

/// Returns the claims of a token if it is accepted. Asserts that they equal the plain reading.
fn check<C: Claims + Serialize + Debug + PartialEq>(
    token: &str,
    payload: &[u8],
    plain: impl FnOnce(Map<String, Value>) -> C,
) -> Option<Auth<C>> {
    let claims = AUTH.verify::<C>(token).ok()?;
    serde_json::from_slice::<IgnoredAny>(payload).expect("an accepted payload is JSON");
    // An unknown claim may be a number that fits into no type.
    if let Ok(all) = serde_json::from_slice(payload) {
        assert_eq!(*claims, plain(all));
    }
    match block_on(AUTH.create_access_token(&*claims).into_future()) {
        Ok(token) => assert_eq!(*AUTH.verify::<C>(&token).expect("the app's own token"), *claims),
        Err(error) => {
            let length = serde_json::to_vec(&*claims).expect("claims serialize").len();
            assert!(length > LONG, "{error:?}: {claims:?}");
        }
    }
    Some(claims)
}

/// Claims with more bytes of JSON than this may be too long for a token, together with the registered claims.
const LONG: usize = 3_900;

/// Reads the claims of a valid payload with plain serde.
fn plain<C: Claims + DeserializeOwned>(mut claims: Map<String, Value>) -> C {
    let subject = claims.remove("sub").expect("a subject");
    for name in ["iss", "aud", "exp", "nbf", "iat", "jti", "sid", "auth_time", "acr"] {
        claims.remove(name);
    }
    let field = C::SUBJECT_FIELD.expect("each of these types has a subject");
    // The subject is text, or a number that is written as text.
    let number = subject.as_str().and_then(|subject| serde_json::from_str(subject).ok());
    let read = [Some(subject), number].into_iter().flatten().find_map(|subject| {
        claims.insert(field.to_owned(), subject);
        serde_json::from_value(Value::Object(claims.clone())).ok()
    });
    read.unwrap_or_else(|| panic!("serde cannot read {claims:?}"))
}
