//! The registry of routes: the access rule of each route that was created by `routes![]`.
//!
//! A Rocket route has no room for data other than a name, so the name is the key. It also shows the access rule in
//! Rocket's own list of routes.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use rocket::Route;

use super::access::{Access, RoutePolicy};
#[cfg(feature = "utoipa")]
use super::operation::Operation;

/// The entry of a route.
struct Entry {
    handler: TypeId,
    access: Access,
    #[cfg(feature = "utoipa")]
    operation: fn() -> Option<Operation>,
}

static REGISTRY: LazyLock<Mutex<HashMap<String, Entry>>> = LazyLock::new(Mutex::default);

/// Creates the route of a handler, and registers it. The route can be looked up wherever it is mounted.
pub fn with_policy<R: RoutePolicy>(handler: R, into_route: fn(R) -> Route) -> Route {
    let mut route = into_route(handler);
    let access = R::access();
    let name = format!("{} → {access}", route.name.take().unwrap_or_default());
    route.name = Some(register::<R>(name, access).into());
    route
}

/// Returns the access rule of a route, if it is registered.
pub(crate) fn access(route: &Route) -> Option<Access> {
    Some(registry().get(route.name.as_deref()?)?.access.clone())
}

/// Returns the operation of a route, if it is registered and has one.
#[cfg(feature = "utoipa")]
pub(crate) fn operation(route: &Route) -> Option<Operation> {
    let operation = registry().get(route.name.as_deref()?)?.operation;
    operation()
}

/// Registers a handler under this name. If another handler already has the name, prepends the type of this handler.
/// Returns the final name.
fn register<R: RoutePolicy>(name: String, access: Access) -> String {
    let handler = TypeId::of::<R>();
    let mut registry = registry();
    let candidates = std::iter::once(name.clone())
        .chain(std::iter::once(format!("{}: {name}", type_name::<R>())))
        .chain((2..).map(|number| format!("{} ({number}): {name}", type_name::<R>())));
    for name in candidates {
        match registry.get(&name) {
            Some(entry) if entry.handler != handler => {}
            _ => {
                let entry = Entry {
                    handler,
                    access,
                    #[cfg(feature = "utoipa")]
                    operation: R::operation,
                };
                registry.insert(name.clone(), entry);
                return name;
            }
        }
    }
    unreachable!("there is a free name for each handler")
}

fn registry() -> MutexGuard<'static, HashMap<String, Entry>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}
