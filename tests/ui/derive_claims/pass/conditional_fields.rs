//! Fields and attributes behind `cfg`.
#![deny(warnings)]

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[cfg_attr(any(), claims(subject = nothing))]
struct User {
    #[cfg(any())]
    #[claims(subject)]
    id: Nothing,
    #[cfg(any(windows, not(windows)))]
    #[cfg_attr(all(), claims(subject), serde(rename = "sub"))]
    id: u64,
    #[cfg_attr(any(), claims(roles))]
    roles: Vec<String>,
}

#[test]
fn fields_behind_cfg_are_skipped() {
    let user = User { id: 7, roles: vec![] };
    assert_eq!((User::SUBJECT_FIELD, user.subject().as_str()), (Some("sub"), "7"));
}
