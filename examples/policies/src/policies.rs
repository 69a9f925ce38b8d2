//! Named policies.

use jwt_auth::policy;

use crate::accounts::{Member, Role};

/// The members of a team, which is in the path of the route. No one else may learn which teams and pages exist.
#[policy(Member, or_not_found, check = |member, team| member.is_in(team))]
pub struct InTeam {
    team: &str,
}

/// People with any role, and programs that may read.
#[policy(Member, any(role = Role::Reader, scope = "pages:read"))]
pub struct CanRead;

/// Owners who signed in less than five minutes ago and whose session is still alive: for actions that cannot be undone.
#[policy(Member, role = Role::Owner, fresh = "5m", strict)]
pub struct CanDestroy;
