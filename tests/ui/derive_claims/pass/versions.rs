//! Claims that changed twice. Upgrade functions can be in any module.
#![deny(warnings)]

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 3, upgrade(1 = v1::upgrade, 2 = User::from_v2))]
struct User {
    #[claims(subject)]
    id: u64,
    names: Vec<String>,
    r#type: Option<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 2)]
struct UserV2 {
    #[claims(subject)]
    id: u64,
    names: Vec<String>,
}

impl User {
    fn from_v2(old: UserV2) -> Self {
        Self { id: old.id, names: old.names, r#type: None }
    }
}

mod v1 {
    use super::*;

    #[derive(Claims, Serialize, Deserialize)]
    pub(super) struct UserV1 {
        #[claims(subject)]
        id: u64,
        name: String,
    }

    pub(super) fn upgrade(old: UserV1) -> User {
        User { id: old.id, names: vec![old.name], r#type: None }
    }
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 1)]
struct NotChangedYet<T> {
    #[claims(subject)]
    id: T,
}

#[test]
fn versioned_structs_are_claims() {
    let user = User { id: 7, names: vec![], r#type: None };
    assert_eq!(user.subject(), "7");
    assert_eq!(NotChangedYet { id: "a".to_owned() }.subject(), "a");
}
