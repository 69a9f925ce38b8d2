//! A function as a condition, by its path.

use rocket::{Ignite, Request, Rocket, Sentinel};

use super::check::Asked;
use super::parameters::{Guard, guard};
use super::verdict::{Answer, answer};

/// A function that takes the claims and then request guards: those that can stop a launch, so that what is
/// missing is found there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a condition over `{C}`",
    label = "not a condition over `{C}`",
    note = "its first parameter is `&{C}`, up to three others are managed state, such as `&State<Db>`, or other guards that implement `Sentinel`",
    note = "it answers with `bool` or `Result<bool, E>`, or is an `async fn` that does",
    note = "parameters of the route have names, which a function's path does not tell: call it in a closure, `check = |user, id| …`"
)]
pub trait Function<'r, C: 'static, Guards, Kind> {
    /// Reads the guards, and calls it.
    fn ask(self, claims: &'r C, request: &'r Request<'_>) -> Asked<'r>;

    /// Whether one of the guards stops the launch.
    fn abort(&self, rocket: &Rocket<Ignite>) -> bool;
}

macro_rules! functions {
    ($($($guard:ident)*;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'r, C, F, A, Kind, $($guard),*> Function<'r, C, ($($guard,)*), Kind> for F
        where
            C: Sync + 'static,
            F: FnOnce(&'r C, $($guard),*) -> A + Send + 'r,
            A: Answer<Kind> + Send + 'r,
            $($guard: Guard<'r> + Sentinel + Send + 'r,)*
        {
            #[allow(non_snake_case)]
            fn ask(self, claims: &'r C, request: &'r Request<'_>) -> Asked<'r> {
                let _ = request;
                Box::pin(async move {
                    $(let $guard = guard::<$guard>(request).await?;)*
                    answer(self(claims, $($guard),*)).await
                })
            }

            fn abort(&self, rocket: &Rocket<Ignite>) -> bool {
                let _ = rocket;
                $($guard::abort(rocket) ||)* false
            }
        }
    )*};
}

functions! {
    ;
    A1;
    A1 A2;
    A1 A2 A3;
}

/// Asks a function.
pub fn ask_function<'r, C: 'static, G, K>(
    claims: &'r C,
    request: &'r Request<'_>,
    function: impl Function<'r, C, G, K>,
) -> Asked<'r> {
    function.ask(claims, request)
}

/// Whether the launch must stop because of a guard that a function takes.
pub fn abort_function<'r, C: 'static, G, K>(
    function: impl Function<'r, C, G, K>,
    rocket: &Rocket<Ignite>,
) -> bool {
    function.abort(rocket)
}
