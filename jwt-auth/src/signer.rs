//! Signs the tokens of the app.

use std::sync::Arc;

use uuid::Uuid;

use crate::claims::{Body, Claims, OneOrMany, SignInClaims, Stamp, read_back};
use crate::clock::Timestamp;
use crate::config::TokenSettings;
use crate::error::AuthError;
use crate::jws::{MAX_LENGTH, TokenType};
use crate::keyring::Keyring;
use crate::owner::{Owner, Revision};

/// Signs access and refresh tokens.
pub(crate) struct Signer {
    keyring: Arc<Keyring>,
    issuer: Option<String>,
    audience: Vec<String>,
    refresh_audience: Vec<String>,
    /// Whether claims are read back before they are signed.
    reads_back: bool,
}

/// The properties of one token.
pub(crate) struct TokenSpec {
    pub(crate) token_type: TokenType,
    pub(crate) token_id: Uuid,
    pub(crate) session_id: Option<Uuid>,
    pub(crate) generation: Option<u32>,
    pub(crate) revision: Revision,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) sign_in: SignInClaims,
}

impl Signer {
    pub(crate) fn new(keyring: Arc<Keyring>, settings: &TokenSettings, reads_back: bool) -> Self {
        Self {
            keyring,
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            refresh_audience: settings.refresh_audience(),
            reads_back,
        }
    }

    /// Returns the app: the setting `issuer`.
    pub(crate) fn app(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Returns the owner of a subject's sessions in this app.
    pub(crate) fn owner(&self, kind: Option<&str>, subject: &str) -> Owner {
        Owner::new(self.issuer.as_deref(), kind, subject)
    }

    /// Writes claims, and checks that they can be signed and, in the debug profile, that they can be read back.
    ///
    /// # Errors
    ///
    /// The claims cannot be written or read back, the app has no key that signs, or the claims belong to a trusted
    /// issuer.
    pub(crate) fn prepare<C: Claims>(&self, claims: &C) -> Result<Body, AuthError> {
        let body = C::CODEC.write(claims)?;
        self.check(&body)?;
        self.read_back::<C>(&body)?;
        Ok(body)
    }

    /// Checks that claims can be read back, in the debug profile.
    pub(crate) fn read_back<C: Claims>(&self, body: &Body) -> Result<(), AuthError> {
        if self.reads_back { read_back::<C>(body) } else { Ok(()) }
    }

    /// Checks that these claims can be signed.
    ///
    /// # Errors
    ///
    /// The app has no key that signs, or the claims belong to a trusted issuer.
    pub(crate) fn check(&self, body: &Body) -> Result<(), AuthError> {
        check_issuer(body)?;
        let keys = self.keyring.own.load();
        match keys.signing(self.keyring.own.clock().now()) {
            Some(_) => Ok(()),
            None => Err(no_key(keys.can_sign())),
        }
    }

    /// Signs a token.
    ///
    /// # Errors
    ///
    /// The app has no key that signs, the claims belong to a trusted issuer, or the token is longer than the verifier
    /// accepts.
    pub(crate) fn sign(&self, body: &Body, spec: &TokenSpec) -> Result<String, AuthError> {
        check_issuer(body)?;
        let payload = body.stamp(&Stamp {
            iss: self.issuer.as_deref(),
            aud: match (spec.token_type, body.profile.audience) {
                (TokenType::Refresh, _) => OneOrMany::new(&self.refresh_audience),
                (_, Some(own)) => Some(OneOrMany::One(own)),
                (_, None) => OneOrMany::new(&self.audience),
            },
            iat: spec.issued_at,
            exp: spec.expires_at,
            jti: spec.token_id,
            sid: spec.session_id,
            generation: spec.generation,
            revision: Some(spec.revision.as_u64()),
            auth_time: spec.sign_in.auth_time,
            acr: spec.sign_in.acr.as_deref(),
        });
        self.sign_payload(Header::Of(spec.token_type), &payload)
    }

    /// Signs any payload.
    ///
    /// # Errors
    ///
    /// The app has no key that signs, or the token is longer than the verifier accepts.
    pub(crate) fn sign_payload(&self, header: Header<'_>, payload: &[u8]) -> Result<String, AuthError> {
        let keys = self.keyring.own.load();
        let key = keys.signing(self.keyring.own.clock().now()).ok_or_else(|| no_key(keys.can_sign()))?;
        let header = match header {
            Header::Of(token_type) => key.header(token_type),
            Header::Encoded(header) => header,
        };
        let token = key.sign(header, payload).map_err(|_| AuthError::internal("signing failed"))?;
        match token.len() {
            ..=MAX_LENGTH => Ok(token),
            length => Err(AuthError::internal(format!(
                "a token of {length} bytes would be rejected; the maximum is {MAX_LENGTH}. Shorten the claims"
            ))),
        }
    }
}

/// Checks that claims do not belong to a trusted issuer.
fn check_issuer(body: &Body) -> Result<(), AuthError> {
    match body.profile.issuer {
        None => Ok(()),
        Some(issuer) => Err(AuthError::internal(format!(
            "`{}` are claims of {issuer}, so this app cannot issue them: for tokens of this app, use a type without \
             `#[claims(issuer = …)]`",
            body.profile.name()
        ))),
    }
}

fn no_key(can_sign: bool) -> AuthError {
    AuthError::internal(match can_sign {
        true => {
            "no key that signs is in force: add one whose `not_before` has passed and whose `retire_at` has not"
        }
        false => "this app has no key that signs: to issue tokens, set `private_key` or `secret`",
    })
}

/// The header of a token.
#[derive(Clone, Copy)]
pub(crate) enum Header<'a> {
    /// The key's own header for this type of token.
    Of(TokenType),
    /// A different header, encoded.
    Encoded(&'a str),
}
