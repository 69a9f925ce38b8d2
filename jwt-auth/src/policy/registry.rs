//! The registry of routes: who may call each route that came through `routes![]`.
//!
//! Rocket's routes have no room for data other than a name, so the name is the key. It also shows the access in Rocket's
//! own list of routes.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use rocket::Route;

use super::access::{Access, RoutePolicy};
#[cfg(feature = "utoipa")]
use super::operation::Operation;

/// What is known about a route.
struct Entry {
    handler: TypeId,
    access: Access,
    #[cfg(feature = "utoipa")]
    operation: fn() -> Option<Operation>,
}

static REGISTRY: LazyLock<Mutex<HashMap<String, Entry>>> = LazyLock::new(Mutex::default);

/// Makes a route of a handler, and registers it. The route is found again wherever it is mounted.
pub fn with_policy<R: RoutePolicy>(handler: R, into_route: fn(R) -> Route) -> Route {
    let mut route = into_route(handler);
    let access = R::access();
    let name = format!("{} → {access}", route.name.take().unwrap_or_default());
    route.name = Some(register::<R>(name, access).into());
    route
}

/// Returns who may call a route, if it is registered.
pub(crate) fn access(route: &Route) -> Option<Access> {
    Some(registry().get(route.name.as_deref()?)?.access.clone())
}

/// Returns the operation of a route, if it is registered and has one.
#[cfg(feature = "utoipa")]
pub(crate) fn operation(route: &Route) -> Option<Operation> {
    let operation = registry().get(route.name.as_deref()?)?.operation;
    operation()
}

/// Registers a handler under this name. If another handler has the name, the type of this one is put in front.
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
