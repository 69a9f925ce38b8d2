//! Functions as conditions, given by their paths.

use rocket::{Ignite, Request, Rocket, Sentinel};

use super::check::Evaluation;
use super::parameters::{Guard, guard};
use super::verdict::{IntoVerdict, verdict};

/// A function that takes the claims, followed by request guards. The guards must implement `Sentinel`, so that a guard
/// that cannot work is found at launch.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `check` on `{C}`",
    label = "not a valid `check` on `{C}`",
    note = "the first parameter must be `&{C}`; up to three more can be request guards that implement `Sentinel`, such as `&State<Db>`",
    note = "the function must return `bool` or `Result<bool, E>`, or be an `async fn` that does",
    note = "to pass parameters of the route, call the function in a closure: `check = |user, id| …`"
)]
pub trait Function<'r, C: 'static, Guards, Timing> {
    /// Reads the guards, and calls the function.
    fn ask(self, claims: &'r C, request: &'r Request<'_>) -> Evaluation<'r>;

    /// Returns whether one of the guards stops the launch.
    fn abort(&self, rocket: &Rocket<Ignite>) -> bool;
}

macro_rules! functions {
    ($($($guard:ident)*;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'r, C, F, A, Timing, $($guard),*> Function<'r, C, ($($guard,)*), Timing> for F
        where
            C: Sync + 'static,
            F: FnOnce(&'r C, $($guard),*) -> A + Send + 'r,
            A: IntoVerdict<Timing> + Send + 'r,
            $($guard: Guard<'r> + Sentinel + Send + 'r,)*
        {
            #[allow(non_snake_case)]
            fn ask(self, claims: &'r C, request: &'r Request<'_>) -> Evaluation<'r> {
                let _ = request;
                Box::pin(async move {
                    $(let $guard = guard::<$guard>(request).await?;)*
                    verdict(self(claims, $($guard),*)).await
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

/// Calls a function.
pub fn ask_function<'r, C: 'static, G, K>(
    claims: &'r C,
    request: &'r Request<'_>,
    function: impl Function<'r, C, G, K>,
) -> Evaluation<'r> {
    function.ask(claims, request)
}

/// Returns whether the launch must stop because of a guard that the function takes.
pub fn abort_function<'r, C: 'static, G, K>(
    function: impl Function<'r, C, G, K>,
    rocket: &Rocket<Ignite>,
) -> bool {
    function.abort(rocket)
}
