//! Named policies. Their routes also check the team, which is in the path.

use jwt_auth::policy;

use crate::accounts::{Member, Role};

/// People with any role, and programs that may read.
#[policy(Member, any(role = Role::Reader, scope = "pages:read"))]
pub struct CanRead;

/// Owners who signed in less than five minutes ago and whose session is still alive: for actions that cannot be undone.
#[policy(Member, role = Role::Owner, fresh = "5m", strict)]
pub struct CanDestroy;
