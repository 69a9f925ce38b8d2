//! Which mounted route is which handler.

use std::any::TypeId;
use std::collections::HashMap;
use std::ptr;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use rocket::Route;

use super::described::Described;
use crate::policy::RoutePolicy;

/// A handler that came through `routes![]`.
struct Declared {
    name: &'static str,
    described: fn() -> Option<Described>,
}

/// The handlers, by the type that Rocket makes for each.
static DECLARED: LazyLock<Mutex<HashMap<TypeId, Declared>>> = LazyLock::new(Mutex::default);

/// Makes the route of the handler `R` one that [`described`] finds again, wherever it is mounted. Rocket's routes
/// have no room for more than a name, and two of them may be called the same: so a route is known by where its name
/// lies in memory, which is the same place for all its clones. The name is kept for good, once for each handler.
pub(crate) fn declare<R: RoutePolicy>(route: &mut Route) {
    let name = route.name.take().unwrap_or_default();
    let declare = || Declared { name: name.into_owned().leak(), described: R::described };
    route.name = Some(declared().entry(TypeId::of::<R>()).or_insert_with(declare).name.into());
}

/// The operation of a route, if it came through `routes![]` and has one.
pub(super) fn described(route: &Route) -> Option<Described> {
    let name = route.name.as_deref()?;
    let described = declared().values().find(|declared| ptr::eq(declared.name, name))?.described;
    described()
}

fn declared() -> MutexGuard<'static, HashMap<TypeId, Declared>> {
    DECLARED.lock().unwrap_or_else(PoisonError::into_inner)
}
