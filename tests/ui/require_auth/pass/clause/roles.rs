//! Roles of many types, written as any expression.
#![deny(warnings)]

use std::borrow::Cow;

use jwt_auth::{Claims, RoleHierarchy, RoutePolicy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Role {
    Owner { team: u64 },
    Member(u64),
    Guest,
}

impl RoleHierarchy for Role {
    fn implies(&self) -> Vec<Self> {
        match *self {
            Role::Owner { team } => vec![Role::Member(team)],
            Role::Member(_) => vec![Role::Guest],
            Role::Guest => vec![],
        }
    }
}

impl Role {
    const FIRST: Self = Self::Member(1);

    fn of(team: u64) -> Self {
        Self::Owner { team }
    }
}

macro_rules! claims {
    ($($name:ident { $role:ty })*) => {$(
        #[derive(Claims, Serialize, Deserialize)]
        struct $name {
            #[claims(subject)]
            id: u64,
            #[claims(roles)]
            roles: $role,
        }
    )*};
}

claims!(User { Vec<Role> } Texts { Vec<String> } Borrowed { Option<Cow<'static, str>> } Bits { u8 } Pair { Vec<(String, u8)> });

#[require_auth(User, any(role = Role::FIRST, role = Role::of(2), role = Role::Owner { team: 3 }))]
#[get("/expressions")]
fn expressions() {}

#[require_auth(User, role = if cfg!(debug_assertions) { Role::Guest } else { Role::Member(1) })]
#[get("/if")]
fn by_if() {}

#[require_auth(User, role = { let team = 1; Role::Member(team + 1) }, not(role = Role::Member(3)))]
#[get("/block")]
fn by_block() {}

#[require_auth(Texts, role = "admin", role = String::from("editor"), not(role = ["guest"].concat()))]
#[get("/texts")]
fn texts() {}

#[require_auth(Borrowed, any(role = "admin", role = Cow::Borrowed("editor")))]
#[get("/borrowed")]
fn borrowed() {}

#[require_auth(Bits, role = 0b01 | 0b10)]
#[get("/bits")]
fn bits() {}

#[require_auth(Pair, role = ("team".to_owned(), 7))]
#[get("/pair")]
fn pair() {}

// A constant whose value has a destructor, and statics.
const NO_NAME: String = String::new();
static EDITOR: &str = "editor";
static FIRST: Role = Role::FIRST;

#[require_auth(Texts, any(role = NO_NAME, role = EDITOR))]
#[get("/constants")]
fn constants() {}

macro_rules! only {
    ($role:expr) => {
        #[require_auth(User, any(role = $role, role = FIRST))]
        #[get("/fragments")]
        fn fragments() {}
    };
}

only!(Role::Guest);

#[test]
fn roles_can_be_of_any_type() {
    assert_eq!(jwt_auth::routes![expressions, by_if, by_block, texts, borrowed, bits, pair].len(), 7);
    assert_eq!(jwt_auth::routes![constants, fragments].len(), 2);
    assert_eq!(bits::access().to_string(), "role = 0b01 | 0b10");
}
