//! Public handlers that declarative macros define, some with conditional attributes.
#![deny(warnings)]

use jwt_auth::public;
use rocket::{catch, catchers, get};

macro_rules! pages {
    ($($name:ident at $uri:literal $(is $text:expr)?;)*) => {$(
        #[public]
        #[get($uri)]
        #[allow(clippy::missing_const_for_fn)]
        $(#[doc = $text])?
        pub fn $name() -> &'static str {
            concat!($uri $(, $text)?)
        }
    )*};
}

pages! {
    index at "/";
    about at "/about" is "This is us.";
}

#[cfg_attr(all(), public)]
#[cfg_attr(any(), jwt_auth::require_auth)]
#[get("/conditional")]
fn conditional() {}

// Rocket's own catchers are not affected.
#[catch(404)]
fn not_found() -> &'static str {
    "nothing"
}

#[test]
fn handlers_generated_by_macros_are_public() {
    assert_eq!((index(), about()), ("/", "/aboutThis is us."));
    assert_eq!(jwt_auth::routes![index, about, conditional].len(), 3);
    assert_eq!(catchers![not_found].len(), 1);
}
