//! The id of an access token.

use uuid::Uuid;

use super::Auth;
use crate::claims::Claims;

/// The id of an access token for [`revoke_access_token`](crate::JwtAuth::revoke_access_token). It can be converted from
/// an `&Auth<C>` or from the bare id.
#[derive(Clone, Debug)]
pub struct AccessTokenId {
    pub(crate) id: Uuid,
    /// Whether this app issued the token. Other issuers have their own ids.
    pub(crate) is_own: bool,
    /// The session that ends with the token, if it is the only one of its session.
    pub(crate) session: Option<OnlyTokenOf>,
}

/// The session of a long-lived token.
#[derive(Clone, Debug)]
pub(crate) struct OnlyTokenOf {
    pub(crate) kind: Option<&'static str>,
    pub(crate) subject: String,
    pub(crate) sid: Uuid,
}

impl<C: Claims> From<&Auth<C>> for AccessTokenId {
    fn from(auth: &Auth<C>) -> Self {
        let token = auth.token();
        let session = token.session_id.filter(|_| token.is_long_lived());
        let session = session.map(|sid| OnlyTokenOf { kind: token.kind, subject: auth.subject(), sid });
        Self { id: token.token_id, is_own: token.is_own, session }
    }
}

impl From<Uuid> for AccessTokenId {
    fn from(id: Uuid) -> Self {
        Self { id, is_own: true, session: None }
    }
}
