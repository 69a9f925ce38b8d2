//! Subjects of many types: any type that implements `Display` and `FromStr`.
#![deny(warnings)]

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Id(u64);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user-{}", self.0)
    }
}

impl FromStr for Id {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.strip_prefix("user-").and_then(|number| number.parse().ok());
        number.map(Self).ok_or("not the id of a user")
    }
}

macro_rules! subjects {
    ($($name:ident: $ty:ty = $value:expr => $shown:expr;)*) => {$({
        #[derive(Claims, Serialize, Deserialize)]
        struct $name {
            #[claims(subject)]
            id: $ty,
        }

        assert_eq!($name { id: $value }.subject(), $shown, stringify!($ty));
    })*};
}

#[test]
fn subjects_are_displayed() {
    subjects! {
        Own: Id = Id(7) => "user-7";
        Number: i128 = -7 => "-7";
        Letter: char = 'é' => "é";
        Text: String = "a b".to_owned() => "a b";
        Unique: Uuid = Uuid::nil() => "00000000-0000-0000-0000-000000000000";
        Address: IpAddr = IpAddr::from([127, 0, 0, 1]) => "127.0.0.1";
    }
}
