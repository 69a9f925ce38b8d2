//! Writes the app's data into the payload of a token.

use std::any::type_name;

use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Claims;
use super::profile::Profile;
use super::registered::{NAMES, RESERVED};
use super::split::VERSION;
use super::subject_claims::SubjectClaims;
use super::version::FIRST;
use crate::clock::Timestamp;
use crate::error::AuthError;

/// The maximum length of the JSON of claims. With the rest of a token, it stays within the length that the verifier
/// accepts. It is checked before a refresh token is used up.
const MAX_LENGTH: usize = 4 * 1024;

/// A payload without the claims of a `Stamp`: a JSON object that contains at least `sub`.
pub struct Body {
    json: Vec<u8>,
    /// The profile of the token.
    pub(crate) profile: Profile,
}

/// The claims that are known only when a token is signed (RFC 9068, section 2.2).
#[derive(Serialize)]
pub(crate) struct Stamp<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aud: Option<OneOrMany<'a>>,
    pub(crate) iat: Timestamp,
    pub(crate) exp: Timestamp,
    pub(crate) jti: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sid: Option<Uuid>,
    #[serde(rename = "gen", skip_serializing_if = "Option::is_none")]
    pub(crate) generation: Option<u32>,
    #[serde(rename = "rev", skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acr: Option<&'a str>,
}

/// The `aud` claim as written: a single audience is a string (RFC 7519, section 4.1.3).
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany<'a> {
    One(&'a str),
    Many(&'a [String]),
}

impl<'a> OneOrMany<'a> {
    pub(crate) fn new(audience: &'a [String]) -> Option<Self> {
        match audience {
            [] => None,
            [one] => Some(Self::One(one)),
            many => Some(Self::Many(many)),
        }
    }
}

impl Body {
    /// Writes the data of a claims struct, with its subject as `sub`.
    ///
    /// # Errors
    ///
    /// The data could not be read back from a token, which is a bug in the claims type.
    pub fn of<C: Claims>(claims: &C) -> Result<Self, AuthError> {
        let fault = |problem: String| {
            AuthError::internal(format!("{} cannot be put into a token: {problem}", type_name::<C>()))
        };
        let mut data = match serde_json::to_value(claims) {
            Ok(Value::Object(data)) => data,
            Ok(_) => return Err(fault("it does not serialize as an object".to_owned())),
            Err(error) => return Err(fault(error.to_string())),
        };
        if let Some(version) = C::VERSION {
            if data.contains_key(VERSION) {
                return Err(fault(format!("it has a field `{VERSION}`, which is the claim for the version")));
            }
            if version != FIRST {
                data.insert(VERSION.to_owned(), version.into());
            }
        }
        if C::ISSUER.is_none()
            && let Some(name) = RESERVED.iter().find(|name| data.contains_key(**name))
        {
            return Err(fault(format!("it has a field `{name}`, which has a standard meaning in tokens")));
        }
        let json = with_subject(data, C::SUBJECT_FIELD, claims.subject()).map_err(fault)?;
        match json.len() {
            ..=MAX_LENGTH => Ok(Self { json, profile: Profile::of::<C>() }),
            length => {
                Err(fault(format!("it serializes to {length} bytes of JSON; the maximum is {MAX_LENGTH}")))
            }
        }
    }

    /// Returns the claims as they appear in a token.
    #[cfg(feature = "testing")]
    pub(crate) fn claims(&self) -> Value {
        serde_json::from_slice(&self.json).expect("it was written as JSON")
    }

    /// Writes the claims of a refresh token: the subject, the kind of claims that it continues, and whether a browser
    /// remembers the session.
    pub(crate) fn refresh(subject: &str, kind: Option<&str>, remember: bool) -> Result<Self, AuthError> {
        #[derive(Serialize)]
        struct Refresh<'a> {
            sub: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            kind: Option<&'a str>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            remember: bool,
        }

        if subject.is_empty() {
            return Err(AuthError::internal("cannot issue a token: the subject is empty"));
        }
        let claims = Refresh { sub: subject, kind, remember };
        let json = serde_json::to_vec(&claims).expect("strings serialize");
        Ok(Self { json, profile: Profile::of::<SubjectClaims>() })
    }

    /// Returns the whole payload: one object with the members of `self` and of the stamp, neither of which is empty.
    pub(crate) fn stamp(&self, stamp: &Stamp<'_>) -> Vec<u8> {
        let mut payload = Vec::with_capacity(256 + self.json.len());
        serde_json::to_writer(&mut payload, stamp).expect("strings and numbers serialize");
        payload.pop();
        payload.push(b',');
        payload.extend_from_slice(&self.json[1..]);
        payload
    }
}

/// Returns the data as JSON, with its subject as `sub`, or why it could not be read back from a token.
fn with_subject(
    mut data: Map<String, Value>,
    field: Option<&str>,
    subject: String,
) -> Result<Vec<u8>, String> {
    let own = data.remove(field.unwrap_or("sub"));
    match (own.as_ref().map(scalar), field) {
        (None, None) => {}
        (Some(_), None) => {
            return Err("it has a field `sub`: set `SUBJECT_FIELD` to `Some(\"sub\")`".to_owned());
        }
        (Some(Some(own)), Some(_)) if own == subject => {}
        (None, Some(field)) => return Err(format!("its subject field `{field}` is not serialized")),
        (Some(_), Some(field)) => {
            return Err(format!("`{field}` serializes as something other than its `Display` text"));
        }
    }
    if subject.is_empty() {
        return Err("the subject is empty".to_owned());
    }
    if let Some(name) = NAMES.iter().find(|name| data.contains_key(**name)) {
        return Err(format!("it has a field `{name}`, which is a registered claim"));
    }
    data.insert("sub".to_owned(), subject.into());
    Ok(serde_json::to_vec(&data).expect("JSON values serialize"))
}

/// Returns a scalar as text for `sub`.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
