//! Headers for shared caches (RFC 9110, section 12.5.5; RFC 9111, sections 3.5 and 4.1).

use jwt_auth::{Auth, MaybeAuth, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::Responder;
use rocket::get;
use rocket::http::Header;
use rocket::local::blocking::LocalResponse;

use crate::app::{client, client_of, get, login_as, mount};

#[derive(Responder)]
struct Page {
    text: String,
    vary: Header<'static>,
    cache_control: Header<'static>,
}

#[require_auth(optional)]
#[get("/news")]
fn news(user: MaybeAuth<User>) -> Page {
    Page {
        text: user.as_ref().map_or("for everyone".to_owned(), |user| format!("for {}", user.name)),
        vary: Header::new("Vary", "Accept-Language"),
        cache_control: Header::new("Cache-Control", "max-age=60"),
    }
}

/// `must-revalidate` permits a shared cache to store the response.
#[require_auth]
#[get("/inbox")]
fn inbox(user: Auth<User>) -> Page {
    Page {
        text: format!("of {}", user.name),
        vary: Header::new("Vary", "*"),
        cache_control: Header::new("Cache-Control", "max-age=60, must-revalidate"),
    }
}

#[test]
fn responses_that_depend_on_the_token_vary_by_authorization() {
    let setup = Setup::memory();
    let client = client(&setup);
    let token = [format!("Bearer {}", login_as(&client, &user("alice")).access_token)];
    for path in ["/maybe", "/me", "/bearer", "/admin", "/ranked"] {
        assert_eq!(vary(&get(&client, path, &[])), ["Authorization"], "{path}, without a token");
        assert_eq!(vary(&get(&client, path, &token)), ["Authorization"], "{path}");
    }
    for path in ["/.well-known/jwks.json", "/nowhere"] {
        assert_eq!(vary(&get(&client, path, &token)), [] as [&str; 0], "{path}: the token was not read");
    }
}

#[test]
fn the_handlers_own_cache_headers_are_kept() {
    let setup = Setup::memory();
    let client = client_of(mount(setup.rocket()).mount("/", jwt_auth::routes![news, inbox]));
    let token = [format!("Bearer {}", login_as(&client, &user("alice")).access_token)];
    for (path, expected) in [("/news", "Accept-Language, Authorization"), ("/inbox", "*")] {
        let response = get(&client, path, &token);
        assert_eq!(vary(&response), [expected], "{path}");
        let cache_control = response.headers().get_one("Cache-Control").expect("the handler's");
        assert!(cache_control.starts_with("max-age=60"), "{path}: {cache_control}");
    }
}

fn vary<'c>(response: &'c LocalResponse<'_>) -> Vec<&'c str> {
    response.headers().get("Vary").collect()
}
