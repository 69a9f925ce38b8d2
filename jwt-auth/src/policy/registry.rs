//! The registry of routes: the access rule of each route that was created by `routes![]`.
//!
//! A Rocket route has no room for data other than a name, so the name is the key. It also shows the access rule in
//! Rocket's own list of routes.

use std::any::{TypeId, type_name};
use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use rocket::Route;

use super::access::{Access, RoutePolicy};
#[cfg(feature = "utoipa")]
use super::operation::Operation;

/// The entry of a route.
pub(crate) struct Entry {
    pub(crate) handler: TypeId,
    pub(crate) access: Access,
    #[cfg(feature = "utoipa")]
    pub(crate) operation: fn() -> Option<Operation>,
}

/// The type of a handler, as a value: an app has many handlers, so little code is compiled for each of them.
struct HandlerType {
    id: fn() -> TypeId,
    name: fn() -> &'static str,
    access: fn() -> Access,
    #[cfg(feature = "utoipa")]
    operation: fn() -> Option<Operation>,
}

/// The names of the handlers that have a policy, wherever their routes come from.
static GUARDED: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);

static REGISTRY: LazyLock<Mutex<HashMap<String, Entry>>> = LazyLock::new(Mutex::default);

/// Registers the route of a handler of type `R`. It can be looked up wherever it is mounted.
pub fn with_policy<R: RoutePolicy>(_: &R, route: Route) -> Route {
    let handler_type = const {
        &HandlerType {
            id: TypeId::of::<R>,
            name: type_name::<R>,
            access: R::access,
            #[cfg(feature = "utoipa")]
            operation: R::operation,
        }
    };
    register_type(route, handler_type)
}

fn register_type(route: Route, handler: &HandlerType) -> Route {
    let entry = Entry {
        handler: (handler.id)(),
        access: (handler.access)(),
        #[cfg(feature = "utoipa")]
        operation: handler.operation,
    };
    register(route, entry, (handler.name)())
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

/// Records that the handler with this type name has a policy. This is called at launch, even if its route is not
/// registered.
pub(crate) fn record_guarded(handler: &'static str) {
    let name = handler.rsplit("::").next().unwrap_or_default();
    GUARDED.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
}

/// Returns whether a handler with the name of this route has a policy. Another handler may have the same name.
pub(crate) fn may_be_guarded(route: &Route) -> bool {
    let guarded = GUARDED.lock().unwrap_or_else(PoisonError::into_inner);
    route.name.as_deref().is_some_and(|name| guarded.contains(name))
}

/// Registers a route under its name and its access rule. If another handler already has that name, prepends the type of
/// this handler. The result has the final name.
pub(crate) fn register(mut route: Route, entry: Entry, handler: &str) -> Route {
    let name = format!("{} → {}", route.name.take().unwrap_or_default(), entry.access);
    let mut registry = registry();
    let mut candidates = std::iter::once(name.clone())
        .chain(std::iter::once(format!("{handler}: {name}")))
        .chain((2..).map(|number| format!("{handler} ({number}): {name}")));
    let is_free = |name: &String| registry.get(name).is_none_or(|other| other.handler == entry.handler);
    let name = candidates.find(is_free).expect("there is a free name for each handler");
    registry.insert(name.clone(), entry);
    route.name = Some(name.into());
    route
}

fn registry() -> MutexGuard<'static, HashMap<String, Entry>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}
