//! `routes![]` works wherever an expression does.
#![deny(warnings)]

use jwt_auth::{public, require_auth, routes};
use rocket::{Route, get};

#[public]
#[get("/")]
fn index() {}

#[require_auth]
#[get("/me")]
fn me() {}

// It needs no macro from the user's scope.
#[allow(unused_macros)]
macro_rules! vec {
    () => {};
}

type Mounted = (&'static str, Vec<Route>);

fn mounted<R: FromIterator<Mounted>>() -> R {
    [("/", routes![index]), ("/api", routes![me])].into_iter().collect()
}

#[test]
fn routes_is_an_expression() {
    let of_one: fn() -> Vec<Route> = || routes![index];
    let [first, second] = [of_one(), if of_one().is_empty() { routes![] } else { routes![me] }];
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_eq!(routes![index].into_iter().chain(routes!(me)).count(), 2);
    assert_eq!(mounted::<Vec<_>>().len(), 2);
    let rocket = rocket::build().mount("/", routes! { index, me });
    assert_eq!(rocket.routes().count(), 2);
}
