//! Writes the app's data into the payload of a token.

use std::any::type_name;
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use super::Claims;
use super::codec::Payload;
use super::data::to_json;
use super::profile::Profile;
use super::registered::{NAMES, RESERVED};
use super::sign_in::SignInClaims;
use super::split::{Dialect, VERSION};
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

/// The members of a JSON object, in order of their names.
type Members<'a> = BTreeMap<Cow<'a, str>, Cow<'a, RawValue>>;

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
        let text = to_json(claims).map_err(|error| fault(error.to_string()))?;
        // The values stay text, because `Value` has no numbers of more than 64 bits.
        let mut data: Members<'_> = serde_json::from_str(&text)
            .map_err(|_| fault("it does not serialize as an object".to_owned()))?;
        if let Some(version) = C::VERSION {
            if data.contains_key(VERSION) {
                return Err(fault(format!("it has a field `{VERSION}`, which is the claim for the version")));
            }
            if version != FIRST {
                data.insert(VERSION.into(), Cow::Owned(to_raw_value(&version).expect("a number serializes")));
            }
        }
        if C::ISSUER.is_none()
            && let Some(name) = RESERVED.iter().find(|name| data.contains_key(**name))
        {
            return Err(fault(format!("it has a field `{name}`, which has a standard meaning in tokens")));
        }
        let json = with_subject::<C>(data, claims.subject()).map_err(fault)?;
        match json.len() {
            ..=MAX_LENGTH => Ok(Self { json, profile: Profile::of::<C>() }),
            length => {
                Err(fault(format!("it serializes to {length} bytes of JSON; the maximum is {MAX_LENGTH}")))
            }
        }
    }

    /// Returns the payload without the claims of a stamp.
    pub(crate) fn json(&self) -> &str {
        str::from_utf8(&self.json).expect("it was written as JSON")
    }

    /// Writes the claims of a refresh token: the subject, the kind of claims that it continues, and what the login has set
    /// for the session.
    pub(crate) fn refresh(
        subject: &str,
        kind: Option<&str>,
        sign_in: &SignInClaims,
    ) -> Result<Self, AuthError> {
        #[derive(Serialize)]
        struct Refresh<'a> {
            sub: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            kind: Option<&'a str>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            remember: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            idle: Option<u64>,
        }

        if subject.is_empty() {
            return Err(AuthError::internal("cannot issue a token: the subject is empty"));
        }
        let idle = sign_in.idle.map(|idle| idle.as_secs());
        let claims = Refresh { sub: subject, kind, remember: sign_in.remember, idle };
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
fn with_subject<C: Claims>(mut data: Members<'_>, subject: String) -> Result<Vec<u8>, String> {
    let own = data.remove(C::SUBJECT_FIELD.unwrap_or("sub"));
    match (&own, C::SUBJECT_FIELD) {
        (None, None) | (Some(_), Some(_)) => {}
        (Some(_), None) => {
            return Err("it has a field `sub`: set `SUBJECT_FIELD` to `Some(\"sub\")`".to_owned());
        }
        (None, Some(field)) => return Err(format!("its subject field `{field}` is not serialized")),
    }
    if subject.is_empty() {
        return Err("the subject is empty".to_owned());
    }
    if let Some(name) = NAMES.iter().find(|name| data.contains_key(**name)) {
        return Err(format!("it has a field `{name}`, which is a registered claim"));
    }
    let text = to_raw_value(&subject).expect("a string serializes");
    data.insert("sub".into(), Cow::Owned(text));
    let json = serde_json::to_vec(&data).expect("JSON values serialize");
    match own {
        Some(own) if scalar(&own) != Some(subject) => check_subject::<C>(&json, &own).map(|()| json),
        _ => Ok(json),
    }
}

/// Checks that a subject is read back from its text as the value that it was, because it serializes as something else: an
/// `ObjectId` of MongoDB is an object in JSON.
fn check_subject<C: Claims>(json: &[u8], own: &RawValue) -> Result<(), String> {
    let field = C::SUBJECT_FIELD.unwrap_or("sub");
    let changed = || format!("`{field}` serializes as something other than its `Display` text");
    let json = str::from_utf8(json).map_err(|_| changed())?;
    let payload = Payload::new(json, Dialect::Own);
    let read = C::CODEC
        .read(&payload, 0)
        .map_err(|error| format!("{}, and the claims cannot be read back: {error}", changed()))?;
    let again = to_json(&read.claims).map_err(|error| error.to_string())?;
    let again: Members<'_> = serde_json::from_str(&again).map_err(|error| error.to_string())?;
    match again.get(field).is_some_and(|again| again.get() == own.get()) {
        true => Ok(()),
        false => Err(changed()),
    }
}

/// Returns a scalar as text for `sub`.
fn scalar(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str(value.get()).ok(),
        None | Some(b'n' | b'[' | b'{') => None,
        Some(_) => Some(value.get().to_owned()),
    }
}
