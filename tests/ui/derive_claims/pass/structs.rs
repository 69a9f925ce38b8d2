//! Claims structs of every form.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jwt_auth::Claims;
use jwt_auth::claims::{HasRoles, HasScope};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    Admin,
    User,
}

#[derive(Claims, Serialize, Deserialize)]
pub struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<Role>,
    #[claims(scope)]
    scope: String,
    pub name: Option<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Renamed {
    #[claims(subject, roles)]
    user_id: String,
    #[claims(scope)]
    scopes: Vec<String>,
    #[serde(skip)]
    exp: u64,
    r#type: u8,
}

#[derive(Claims, Serialize, Deserialize)]
struct Sub {
    #[claims(subject)]
    sub: String,
}

#[derive(Claims, Serialize, Deserialize)]
struct RenamedToSub {
    #[claims(subject)]
    #[serde(rename = "sub")]
    id: i32,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject = user.id)]
struct Nested {
    user: Inner,
}

#[derive(Serialize, Deserialize)]
struct Inner {
    id: u64,
    admin: bool,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject = pair.0)]
struct Tuple {
    pair: (u64, String),
    #[serde(flatten)]
    rest: Inner,
}

#[derive(Claims, Serialize, Deserialize)]
struct Generic<T, const N: u8>
where
    T: Clone,
{
    #[claims(subject)]
    id: T,
    #[claims(roles)]
    roles: Vec<T>,
    #[claims(scope)]
    scope: T,
}

macro_rules! roles {
    ($($name:ident: $ty:ty = $value:expr, [$($expected:expr),*];)*) => {$({
        #[derive(Claims, Serialize, Deserialize)]
        struct $name {
            #[claims(subject)]
            id: u64,
            #[claims(roles)]
            held: $ty,
        }

        let claims = $name { id: 1, held: $value };
        let held: Vec<&Role> = claims.roles().collect();
        let expected: &[Role] = &[$($expected),*];
        assert_eq!(held, expected.iter().collect::<Vec<_>>(), stringify!($ty));
    })*};
}

#[test]
fn subjects_roles_and_scopes_are_found() {
    use Role::{Admin, User as Member};
    roles! {
        One: Role = Admin, [Admin];
        Perhaps: Option<Role> = None, [];
        List: Vec<Role> = vec![Admin, Member], [Admin, Member];
        Qualified: std::vec::Vec<self::Role> = vec![Member], [Member];
        Set: HashSet<Role> = HashSet::from([Admin]), [Admin];
        Ordered: BTreeSet<Role> = BTreeSet::from([Member, Admin]), [Admin, Member];
        Array: [Role; 2] = [Member, Admin], [Member, Admin];
        Boxed: Box<[Role]> = Box::new([Member]), [Member];
    }
    let _: Option<Arc<[Role]>> = None;

    let user = User { id: 7, roles: vec![], scope: "read write".to_owned(), name: None };
    assert_eq!((User::SUBJECT_FIELD, user.subject().as_str()), (Some("id"), "7"));
    assert_eq!(user.scopes().collect::<Vec<_>>(), ["read", "write"]);

    let renamed = Renamed { user_id: "a".into(), scopes: vec!["b".into(), "c".into()], exp: 0, r#type: 0 };
    assert_eq!(Renamed::SUBJECT_FIELD, Some("userId"));
    assert_eq!(renamed.roles().collect::<Vec<_>>(), ["a"]);
    assert_eq!(renamed.scopes().collect::<Vec<_>>(), ["b", "c"]);

    assert_eq!(Sub::SUBJECT_FIELD, Some("sub"));
    assert_eq!(RenamedToSub::SUBJECT_FIELD, Some("sub"));

    let nested = Nested { user: Inner { id: 5, admin: false } };
    assert_eq!((Nested::SUBJECT_FIELD, nested.subject().as_str()), (None, "5"));
    let tuple = Tuple { pair: (9, String::new()), rest: Inner { id: 0, admin: true } };
    assert_eq!(tuple.subject(), "9");

    let generic = Generic::<String, 3> { id: "x".into(), roles: vec!["y".into()], scope: "z".into() };
    assert_eq!(generic.subject(), "x");
    assert_eq!(generic.roles().collect::<Vec<_>>(), ["y"]);
    assert_eq!(generic.scopes().collect::<Vec<_>>(), ["z"]);
}
