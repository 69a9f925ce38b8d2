//! The return types of a check: a `bool`, a `Result` with any error, or a future of either.
#![deny(warnings)]

use std::future::{Future, ready};
use std::pin::Pin;

use jwt_auth::{AuthError, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

fn boxed(user: &User) -> Boxed<'_, bool> {
    Box::pin(async { user.id == 7 })
}

fn hidden(user: &User) -> impl Future<Output = Result<bool, Box<dyn std::error::Error + Send + Sync>>> {
    ready(if user.id == 0 { Err("no user".into()) } else { Ok(true) })
}

macro_rules! routes {
    ($($name:ident at $uri:literal if $check:expr;)*) => {
        $(
            #[require_auth(User, check = $check)]
            #[get($uri)]
            fn $name() -> &'static str {
                $uri
            }
        )*

        #[test]
        fn checks_can_return_any_supported_type() {
            assert_eq!(jwt_auth::routes![$($name),*].len(), 9);
        }
    };
}

routes! {
    now at "/1" if |user| user.id == 7;
    result at "/2" if |user| u8::try_from(user.id).map(|id| id == 7);
    denied at "/3" if |user| if user.id == 7 { Ok(true) } else { Err(AuthError::InvalidCredentials) };
    text at "/4" if |user| user.id.checked_sub(1).map(|id| id == 6).ok_or("too small");
    later at "/5" if |user| ready(user.id == 7);
    by_block at "/6" if |user| async move { user.id == 7 };
    by_async at "/7" if async |user| Ok::<_, std::io::Error>(user.id == 7);
    by_box at "/8" if boxed;
    by_impl at "/9" if hidden;
}
