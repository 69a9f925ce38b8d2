//! The macros do not parse the bodies of handlers, so these can contain local macros, items, and syntax that is newer
//! than the macros' parser.
#![deny(warnings)]

use jwt_auth::{public, require_auth};
use rocket::get;

macro_rules! strange {
    ($($tokens:tt)*) => { stringify!($($tokens)*).len() };
}

#[require_auth]
#[get("/strange")]
fn strange() -> String {
    let length = strange!(user . -> ; if else $ @ ' ' 0x1_ #);
    length.to_string()
}

#[require_auth]
#[get("/items")]
fn items() -> &'static str {
    #![allow(unused_variables)]
    struct Local;
    impl Local {
        const TEXT: &str = "local";
    }
    fn claims() -> &'static str {
        Local::TEXT
    }
    let unused = 1;
    claims()
}

#[public]
#[get("/new")]
async fn new() -> String {
    let double = async |n: u8| n * 2;
    let Some(n) = Some(double(4).await) else { return String::new() };
    let text = c"a";
    let raw = &raw const n;
    if let Some(m) = n.checked_add(1)
        && m > 8
        && !raw.is_null()
    {
        return format!("{m}{}", text.count_bytes());
    }
    'block: {
        if n == 1 {
            break 'block;
        }
    }
    String::new()
}

#[test]
fn bodies_can_contain_anything() {
    assert_eq!(jwt_auth::routes![strange, items, new].len(), 3);
}
