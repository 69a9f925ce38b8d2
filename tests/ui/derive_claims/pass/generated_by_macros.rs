//! Structs that declarative macros define, with types and attributes from their arguments.
#![deny(warnings)]

use jwt_auth::Claims;
use jwt_auth::claims::HasRoles;
use serde::{Deserialize, Serialize};

macro_rules! claims {
    ($(#[$attr:meta])* $vis:vis struct $name:ident { $subject:ident: $id:ty, $($field:ident: $ty:ty,)* }) => {
        #[derive(Claims, Serialize, Deserialize)]
        $(#[$attr])*
        $vis struct $name {
            #[claims(subject)]
            $subject: $id,
            #[claims(roles)]
            roles: Vec<$id>,
            $($field: $ty,)*
        }
    };
}

claims! {
    /// A doc comment.
    #[derive(Debug, Default)]
    #[serde(rename_all = "camelCase")]
    pub struct User { user_id: String, full_name: Option<String>, }
}
claims!(
    struct Service {
        name: u16,
    }
);

#[test]
fn structs_generated_by_macros_are_claims() {
    let user = User { user_id: "a".to_owned(), roles: vec!["b".to_owned()], ..User::default() };
    assert_eq!((User::SUBJECT_FIELD, user.subject().as_str()), (Some("userId"), "a"));
    assert_eq!(user.roles().count() + usize::from(user.full_name.is_some()), 1);
    assert_eq!(Service { name: 7, roles: vec![] }.subject(), "7");
}
