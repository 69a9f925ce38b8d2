//! Refresh tokens of the other service: `{user_id, exp}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::token_set::{Member, SubjectDigest};
use crate::claims::NumericDate;
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::jws::{TokenType, digest_id};
use crate::signer::{Header, Signer};

/// A refresh token whose signature is valid. Nothing else has been checked yet.
pub(crate) struct RefreshToken<'t> {
    pub(super) text: &'t str,
    pub(super) user_id: UserId,
    pub(super) exp: u64,
}

/// The user of a token: an integer or a string in its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UserId {
    text: String,
    json: String,
}

impl<'t> RefreshToken<'t> {
    /// Reads a payload that consists of exactly `user_id` and `exp`. Returns `None` for any other payload, which cannot
    /// be that of a refresh token.
    pub(super) fn read(text: &'t str, payload: &str) -> Option<Self> {
        let (user_id, exp) = payload_of::<u128>(payload, UserId::number)
            .or_else(|| payload_of::<i128>(payload, UserId::number))
            .or_else(|| payload_of::<String>(payload, UserId::string))?;
        (!user_id.text.is_empty()).then_some(Self { text, user_id, exp })
    }

    pub(super) fn subject(&self) -> &str {
        &self.user_id.text
    }

    pub(super) fn expires_at(&self) -> Timestamp {
        Timestamp::from_secs(self.exp)
    }

    pub(super) fn member(&self) -> Member<'_> {
        Member { token: self.text, subject: SubjectDigest::of(self.subject()), exp: self.exp }
    }

    /// Returns an id for the token, which does not contain one.
    pub(super) fn id(&self) -> Uuid {
        digest_id(self.text)
    }
}

impl UserId {
    /// Converts a subject as the other service does: an integer becomes a number.
    pub(super) fn of(subject: &str) -> Self {
        match (subject.parse::<u128>(), subject.parse::<i128>()) {
            (Ok(number), _) if number.to_string() == subject => Self::number(number),
            (_, Ok(number)) if number.to_string() == subject => Self::number(number),
            _ => Self::string(subject.to_owned()),
        }
    }

    fn number(number: impl ToString) -> Self {
        let text = number.to_string();
        Self { json: text.clone(), text }
    }

    fn string(text: String) -> Self {
        Self { json: json!(text).to_string(), text }
    }
}

/// Signs a refresh token, which a `nonce` makes unique. Without it, a user who signs in twice within a second would get
/// the same token twice, as in the other service, and both devices would share one member of the SET. The other service
/// ignores the `nonce`.
pub(super) fn sign(signer: &Signer, user_id: &UserId, exp: u64) -> Result<String, AuthError> {
    #[derive(Serialize)]
    struct JoseHeader {
        alg: &'static str,
        nonce: String,
        typ: &'static str,
    }

    let nonce = URL_SAFE_NO_PAD.encode(Uuid::new_v4());
    let header = JoseHeader { alg: "HS256", nonce, typ: TokenType::Jwt.typ() };
    let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).expect("three strings serialize"));
    let payload = format!(r#"{{"user_id":{},"exp":{exp}}}"#, user_id.json);
    signer.sign_payload(Header::Encoded(&header), payload.as_bytes())
}

fn payload_of<'de, I: Deserialize<'de>>(
    payload: &'de str,
    user_id: fn(I) -> UserId,
) -> Option<(UserId, u64)> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Payload<I> {
        user_id: I,
        exp: NumericDate,
    }

    let payload: Payload<I> = serde_json::from_str(payload).ok()?;
    Some((user_id(payload.user_id), payload.exp.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &str) -> Option<(String, String, u64)> {
        RefreshToken::read("", payload).map(|token| (token.user_id.text, token.user_id.json, token.exp))
    }

    #[test]
    fn a_user_id_is_a_whole_number_or_a_string() {
        let id = u128::MAX;
        for (written, text) in [
            ("5", "5"),
            ("0", "0"),
            ("-5", "-5"),
            (r#""5""#, "5"),
            (r#""ann""#, "ann"),
            (r#""\u00e4nn""#, "änn"),
            (&id.to_string(), &id.to_string()),
        ] {
            let (subject, json, exp) = read(&format!(r#"{{"user_id":{written},"exp":100}}"#)).expect(written);
            assert_eq!((subject.as_str(), exp), (text, 100));
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&json).ok(),
                serde_json::from_str(written).ok()
            );
        }
        for wrong in ["null", "true", "5.0", "5.5", "[5]", "{}", r#""""#, "1e3"] {
            assert_eq!(read(&format!(r#"{{"user_id":{wrong},"exp":100}}"#)), None, "{wrong}");
        }
    }

    #[test]
    fn a_subject_is_written_as_in_python() {
        for (subject, json) in [
            ("5", "5"),
            ("-5", "-5"),
            ("0", "0"),
            ("18446744073709551616", "18446744073709551616"),
            ("05", r#""05""#),
            ("+5", r#""+5""#),
            ("-0", r#""-0""#),
            ("5 ", r#""5 ""#),
            ("ann\"", r#""ann\"""#),
        ] {
            let user_id = UserId::of(subject);
            assert_eq!((user_id.text.as_str(), user_id.json.as_str()), (subject, json));
        }
    }

    #[test]
    fn other_payloads_are_not_refresh_tokens() {
        for payload in [
            "",
            "5",
            r#"{"exp":100}"#,
            r#"{"user_id":5}"#,
            r#"{"user_id":5,"exp":100,"name":"ann"}"#,
            r#"{"user_id":5,"exp":100,"user_id":5}"#,
            r#"{"user_id":5,"exp":100,"exp":200}"#,
            r#"{"user_id":5,"exp":100,"\u0065xp":200}"#,
            r#"{"user_id":5,"exp":"100"}"#,
            r#"{"user_id":5,"exp":null}"#,
            r#"{"user_id":5,"exp":-1}"#,
            r#"{"user_id":5,"exp":100} x"#,
        ] {
            assert_eq!(read(payload), None, "{payload}");
        }
    }
}
