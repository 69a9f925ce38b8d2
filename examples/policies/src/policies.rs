//! Named policies. The routes check the team, since it is in their paths.

use jwt_auth::policy;

use crate::accounts::{Member, Role};

/// People of any role, and programs that were allowed to read.
#[policy(Member, any(role = Role::Reader, scope = "pages:read"))]
pub struct CanRead;

/// Owners who signed in within five minutes, and whose session is alive at this moment: for what cannot be
/// undone.
#[policy(Member, role = Role::Owner, fresh = "5m", strict)]
pub struct CanDestroy;
