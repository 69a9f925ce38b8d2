//! The procedural macros of [`jwt-auth`](https://docs.rs/jwt-auth), which exports them: use them from
//! there. Their output names that crate, and requires exactly the same version.

mod claims;
mod diag;
mod exports;
mod meta;
mod pretty;
mod require_auth;
mod routes;

use proc_macro::TokenStream;

/// Makes a struct the claims of access tokens, and a request guard.
///
/// ```
/// use jwt_auth::Claims;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Claims, Serialize, Deserialize)]
/// struct User {
///     #[claims(subject)]
///     id: u64,
///     username: String,
///     #[claims(roles)]
///     roles: Vec<Role>,
///     #[claims(scope)]
///     scope: String,
/// }
///
/// #[derive(PartialEq, Serialize, Deserialize)]
/// #[serde(rename_all = "lowercase")]
/// enum Role {
///     Admin,
///     User,
/// }
///
/// #[rocket::get("/name")]
/// fn name(user: &User) -> &str {
///     &user.username
/// }
/// ```
///
/// A token of this `User` has the payload `{"sub": "7", "username": "…", "roles": ["admin"], "scope":
/// "posts:read posts:write"}` and the registered claims of RFC 7519. `Auth<User>`, `User` and `&User` are
/// request guards; all of them refuse a request without a valid token, and stop the launch if
/// `JwtAuth::fairing()` is not attached. Do **not** take an `Option<User>`: Rocket turns every failure into `None`,
/// also a forged token. `MaybeAuth<User>` distinguishes the two.
///
/// # Attributes of a field
///
/// **`#[claims(subject)]`**: the id of the user that the token is about. Required, once. Its type is anything that
/// implements `Display` and `FromStr`, such as `u64`, `String` or `Uuid`. In a token, the field is the string
/// `sub`, whatever its name. Never assign a subject to another user: see `jwt_auth::Continued`.
///
/// **`#[claims(roles)]`**: the roles for `#[require_auth(role = …)]`; implements `HasRoles`. The type of a role
/// follows from how the field's type is written: it is `T` for `Vec<T>`, `HashSet<T>`, `Option<T>` or any other
/// `X<T>`, for `[T; N]` and for `Box<[T]>`. Any other type is one role itself. A role is compared with `==`, so
/// it implements `PartialEq`.
///
/// **`#[claims(scope)]`**: the OAuth scopes for `#[require_auth(scope = "…")]`; implements `HasScope`. A `String`
/// of scopes separated by spaces (RFC 8693, section 4.2), or a list of strings.
///
/// # Attribute of the struct
///
/// **`#[claims(subject = user.id)]`**: the path to a subject in nested data. The data stays in the token as it
/// is, and `sub` is added to it. Replaces `#[claims(subject)]`.
///
/// ```
/// # use jwt_auth::Claims;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Claims, Serialize, Deserialize)]
/// #[claims(subject = user.id)]
/// struct Token {
///     user: Account,
/// }
///
/// #[derive(Serialize, Deserialize)]
/// struct Account {
///     id: u64,
///     admin: bool,
/// }
///
/// let token = Token { user: Account { id: 5, admin: true } };
/// assert_eq!(token.subject(), "5");
/// ```
///
/// **`#[claims(version = 2, upgrade(1 = from_v1))]`**: the struct has changed while tokens of its earlier form
/// are still in use. From version 2 on, tokens contain the version as `ver`; a token without `ver` has version 1.
/// A token of an earlier version is read as the earlier struct, which you keep for as long as such tokens live,
/// and converted by a function. A token of a version without an upgrade is refused; so is one whose subject the
/// upgrade would change. A new field with `#[serde(default)]` needs none of this.
/// `jwt_auth::testing::assert_readable` finds out whether a change does.
///
/// A struct without `version` ignores `ver`: while a release rolls out, its old processes read tokens of version
/// 2 as their own if the fields happen to fit. Write `#[claims(version = 1)]` a release before the first change:
/// then they refuse such tokens (401), and the tokens that they sign stay as they are.
///
/// ```
/// # use jwt_auth::Claims;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Claims, Serialize, Deserialize)]
/// #[claims(version = 2, upgrade(1 = from_v1))]
/// struct User {
///     #[claims(subject)]
///     id: u64,
///     names: Vec<String>,
/// }
///
/// #[derive(Claims, Serialize, Deserialize)]
/// struct UserV1 {
///     #[claims(subject)]
///     id: u64,
///     name: String,
/// }
///
/// fn from_v1(old: UserV1) -> User {
///     User { id: old.id, names: vec![old.name] }
/// }
/// ```
///
/// **`#[claims(audience = "devices")]`**: another kind of this app's own tokens, for an audience of its own, which is
/// signed into them and required of them. A kind also has sessions of its own: `auth.revoke_subject::<Device>(1)`
/// does not affect user 1, `max_sessions` counts devices and users separately, and a refresh token of a device
/// cannot continue the session of a user. All types without an audience of their own are of one kind. `refresh` and
/// names that begin with `refresh:` are reserved for refresh tokens.
///
/// **`#[claims(issuer = "https://partner.example", audience = "api")]`**: tokens of an issuer that the setting
/// `issuers` names. They are verified by the keys of that issuer, and this app cannot issue them; they belong to no
/// session. Without `audience`, they are for the audience of that setting.
///
/// **On an enum** whose variants each contain a claims type: a route that takes it accepts callers of each of these
/// kinds, and the `iss` and the audience of a token select the variant. No two variants may have the same.
/// `#[claims(roles)]` and `#[claims(scope)]` on the enum declare that all variants have roles, of one type, or a
/// scope, so that policies can use them. Calls that name a subject, such as `revoke_subject`, take the type of a
/// variant, since an enum of several kinds of this app does not say which sessions are meant.
///
/// ```
/// # use jwt_auth::Claims;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Claims, Serialize, Deserialize)]
/// struct User {
///     #[claims(subject)]
///     id: u64,
///     #[claims(scope)]
///     scope: String,
/// }
///
/// #[derive(Claims, Serialize, Deserialize)]
/// #[claims(issuer = "https://partner.example", audience = "api")]
/// struct Partner {
///     #[claims(subject)]
///     name: String,
///     #[claims(scope)]
///     scp: Vec<String>,
/// }
///
/// #[derive(Claims, Serialize, Deserialize)]
/// #[claims(scope)]
/// enum Caller {
///     User(User),
///     Partner(Partner),
/// }
/// ```
///
/// # Serde
///
/// Derive `Serialize` and `Deserialize` as well; `#[serde(rename)]` and `rename_all` are respected. Type parameters
/// are allowed: the impls apply where the struct itself can be serialized and deserialized.
///
/// # Errors
///
/// All mistakes of a struct are reported at once. It does not compile
/// - without a subject, or with two; with a subject that serde skips, flattens or gives two names;
/// - with a field that is called `iss`, `aud`, `exp`, `nbf`, `iat`, `jti`, `sid`, `gen`, `rev`, `auth_time` or
///   `acr` in a token: jwt-auth writes these itself, and `Auth` returns those that matter to an app; or called
///   `sub` and not the subject; or `ver`, if the struct has a `version`;
/// - with an upgrade from a version that is not an earlier one;
/// - with an `issuer` and a `version`, which only tokens of this app contain;
/// - on an enum with parameters, with fewer than two variants, or with a variant that contains anything but one
///   claims type; or with two variants of the same issuer and audience;
/// - on a union, a tuple struct, or a struct that borrows.
#[proc_macro_derive(Claims, attributes(claims))]
pub fn derive_claims(input: TokenStream) -> TokenStream {
    claims::expand(input.into()).into()
}

/// Lets only bearers of a valid access token call a route, and only those who meet its conditions.
///
/// ```
/// # use jwt_auth::Claims;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)]
/// # struct User {
/// #     #[claims(subject)]
/// #     id: u64,
/// #     #[claims(roles)]
/// #     roles: Vec<Role>,
/// #     #[claims(scope)]
/// #     scope: String,
/// # }
/// # #[derive(PartialEq, Serialize, Deserialize)]
/// # enum Role { Admin, Editor }
/// use jwt_auth::{Auth, require_auth};
/// use rocket::http::Status;
/// use rocket::{delete, get};
///
/// #[require_auth]
/// #[get("/me")]
/// fn me(user: Auth<User>) -> String {
///     user.id.to_string()
/// }
///
/// #[require_auth(User, any(role = Role::Admin, all(role = Role::Editor, scope = "posts:write")))]
/// #[delete("/posts/<id>")]
/// fn delete_post(id: u64) -> Status {
///     # let _ = id;
///     Status::NoContent
/// }
///
/// #[require_auth(User, any(role = Role::Admin, check = |user, id: u64| user.id == id))]
/// #[get("/users/<id>")]
/// fn profile(id: u64) -> String {
///     format!("the profile of {id}")
/// }
/// ```
///
/// It goes **above** the route attribute. The decision is a request guard before all others: 401 and 403 are
/// answered before the path, the query and the body are parsed, except for what a `check` needs. The handler's
/// parameters and return type are up to you; it need not take the claims.
///
/// # Arguments
///
/// First, optionally, the **claims type**. Without it, it is the `T` of an `Auth<T>` parameter, or the claims type of
/// a named policy. Without these, any valid access token of this app for its own audience is accepted, and clauses
/// are not possible (a handler with a parameter `partner: Partner`, of another issuer, must name it:
/// `#[require_auth(Partner)]`). Then clauses, separated by commas, **all** of which must hold:
///
/// | clause | holds when |
/// |---|---|
/// | `role = Role::Admin` | the claims contain this role, or one that implies it (`RoleHierarchy`): any expression of their role's type, checked by the compiler |
/// | `scope = "posts:write"` | they contain this scope; if there are several, separated by spaces, all of them |
/// | `fresh = "5m"` | the bearer signed in within that time: a login, not a refresh (claim `auth_time`) |
/// | `acr = "gold silver"` | the bearer signed in in one of these ways (claim `acr`), which `generate_tokens(…).acr("gold")` recorded |
/// | `check = \|user, id: u64\| user.id == id` | this condition is true: see below |
/// | `policy = CanEditPosts` | this named policy, a type with [`#[policy(…)]`](macro@policy), is met |
/// | `any(…, …)` | one of the clauses inside holds |
/// | `all(…, …)` | all of them hold |
/// | `not(…)` | the clause inside does not hold |
///
/// The word **`strict`** can be added: the store is asked on each request whether the session of the token is alive.
/// Use it for what must not happen in the moment before a logout is heard everywhere; while the store is
/// unavailable, the route answers 503. A token that belongs to no session, such as one that `create_access_token`
/// issued for a program, is answered with 401 `invalid_token`, not with 403: whatever it permits, it is the wrong
/// token, and one from a login would be accepted (RFC 6750, section 3.1).
///
/// The word **`optional`** can replace the clauses: callers without a token are accepted as well, and an invalid
/// token is refused with 401. The handler learns who the caller is from `MaybeAuth<User>`.
///
/// # Conditions
///
/// A `check` is a closure over the claims, which come first and are borrowed, and over any of
/// - the **parameters of the route's path and query**, by name. Their type is the one that the handler
///   declares, and need not be repeated;
/// - **request guards**, with their type, such as managed state: `db: &State<Db>`. A guard that the handler
///   also declares needs no type.
///
/// It returns a `bool`, a `Result<bool, E>`, or a future of one of these: it may be `async`, or call an `async`
/// function.
///
/// ```
/// # use jwt_auth::Claims;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)]
/// # struct User {
/// #     #[claims(subject)]
/// #     id: u64,
/// # }
/// # struct Db;
/// # impl Db { async fn owns(&self, _: u64, _: u64) -> Result<bool, std::io::Error> { Ok(true) } }
/// use jwt_auth::require_auth;
/// use rocket::{State, put};
///
/// #[require_auth(User, check = |user, id, db: &State<Db>| db.owns(user.id, id))]
/// #[put("/posts/<id>", data = "<text>")]
/// fn edit(id: u64, text: String) -> String {
///     format!("{id} is now {text}")
/// }
/// ```
///
/// Or it is the path of a function that takes the claims, and then managed state or other guards that
/// implement `Sentinel`: `check = is_verified`.
///
/// Other clauses are decided first, and conditions in the order in which they are written, as long as they can
/// change the outcome: in `any(check = …, role = Role::Admin)`, no admin costs a query. If the outcome depends on a
/// condition that cannot be decided, access is refused, and the caller (who has a valid token) gets the same
/// response as without the policy:
/// - a **parameter that does not parse** forwards, so that Rocket tries other routes or answers 422;
/// - a **guard that fails** is answered as if the handler had taken it. If it is known to fail, such as state that is
///   not managed, the launch stops;
/// - an **error** is answered 503, and an `AuthError` with its own status.
///
/// # Responses
///
/// No token: 401 without an error code. An invalid token: 401 `invalid_token`. A clause that is not met: 403
/// `insufficient_scope`, with the required scope in the challenge and in the body. If only a new sign-in is missing:
/// 401 `insufficient_user_authentication` with `max_age` and `acr_values` (RFC 9470); the client lets its user sign
/// in and tries again. The log names the clause that failed, and in the debug profile so does the body.
///
/// # Errors
///
/// All mistakes of a route are reported at once. It does not compile
/// - below the route attribute, on a function without one, on a method, twice, or together with `#[public]`;
/// - with an unknown clause, an empty `any()`, `all()` or `not()`, or a scope outside RFC 6749, section 3.3;
/// - with a duplicate clause in a list, or a clause together with its `not(…)`;
/// - with a `check` over a parameter that the route does not have, or over the body;
/// - with clauses and no claims type, or one that lacks `#[claims(roles)]` or `#[claims(scope)]`;
/// - with an invalid duration for `fresh`, or `fresh` and `acr` in `not(…)`;
/// - with `optional` together with a clause or with a parameter `Auth<_>`;
/// - with a parameter `MaybeAuth<_>` and no `optional`: there always is a token;
/// - with an `Option`, `Result` or `Outcome` of `Auth<_>`, `MaybeAuth<_>` or claims, under any name: a forged
///   token would pass for an anonymous visitor;
/// - with parameters for claims of two types that no token can be read as, since their issuers or audiences
///   differ.
#[proc_macro_attribute]
pub fn require_auth(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::require_auth(args.into(), item.into()).into()
}

/// Gives a policy a name, so that many routes can require it.
///
/// ```
/// # use jwt_auth::Claims;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)]
/// # struct User {
/// #     #[claims(subject)]
/// #     id: u64,
/// #     #[claims(roles)]
/// #     roles: Vec<Role>,
/// #     #[claims(scope)]
/// #     scope: String,
/// #     suspended: bool,
/// # }
/// # #[derive(PartialEq, Serialize, Deserialize)]
/// # enum Role { Admin, Editor }
/// use jwt_auth::{policy, require_auth};
/// use rocket::{delete, put};
///
/// /// Editors who are not suspended.
/// #[policy(User, any(role = Role::Editor, scope = "posts:write"), not(check = |user| user.suspended))]
/// struct CanEditPosts;
///
/// #[policy(User, any(role = Role::Admin, all(policy = CanEditPosts, scope = "posts:delete")))]
/// struct CanDeletePosts;
///
/// #[require_auth(policy = CanEditPosts)]
/// #[put("/posts/<id>")]
/// fn edit(id: u64) -> String {
///     format!("edited {id}")
/// }
///
/// #[require_auth(policy = CanDeletePosts, check = |user, id| user.id != id)]
/// #[delete("/posts/<id>")]
/// fn delete(id: u64) -> String {
///     format!("deleted {id}")
/// }
/// ```
///
/// The arguments are those of [`#[require_auth]`](macro@require_auth): the claims type, clauses that must all
/// hold, and optionally `strict`, which makes every route strict that uses the policy. The name is a type like any
/// other: it has docs, a path and a visibility, and implements `Policy`. Conditions take the claims and request
/// guards, but no parameters of a route, since each route has its own: write a condition over them in the route's
/// attribute, together with the policy.
///
/// # Errors
///
/// It does not compile on anything but a struct without parameters, without a claims type or without
/// clauses, or with the mistakes in clauses that `#[require_auth]` refuses.
#[proc_macro_attribute]
pub fn policy(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::policy(args.into(), item.into()).into()
}

/// Lets everyone call a route, on purpose: [`routes!`] accepts no route without an access rule.
///
/// ```
/// # use jwt_auth::Claims;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)]
/// # struct User {
/// #     #[claims(subject)]
/// #     name: String,
/// # }
/// use jwt_auth::{MaybeAuth, public};
/// use rocket::get;
///
/// #[public]
/// #[get("/")]
/// fn index(user: MaybeAuth<User>) -> String {
///     match user.as_ref() {
///         Some(user) => format!("Hello, {}!", user.name),
///         None => "Hello!".to_owned(),
///     }
/// }
/// ```
///
/// It goes **above** the route attribute and takes no arguments. The handler's guards decide as usual.
///
/// # Errors
///
/// It does not compile below the route attribute, on a function without one, twice, together with
/// [`#[require_auth]`](macro@require_auth), or with a parameter `Auth<_>`, which would reject every caller
/// without a token. An `Option`, `Result` or `Outcome` of `Auth<_>`, `MaybeAuth<_>`, `Authorized<_>` or claims
/// does not compile either, under any name: a forged token would pass for an anonymous visitor. Nor do
/// parameters for claims of two types that no token can be read as.
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::public(args.into(), item.into()).into()
}

/// Collects routes to mount, like `rocket::routes!`, and accepts none without an access rule.
///
/// ```
/// use jwt_auth::{public, require_auth};
/// use rocket::get;
///
/// #[public]
/// #[get("/")]
/// fn index() {}
///
/// mod posts {
///     #[jwt_auth::require_auth]
///     #[rocket::get("/posts")]
///     pub fn all() {}
/// }
///
/// let routes = jwt_auth::routes![index, posts::all];
/// assert_eq!(routes[0].name.as_deref(), Some("index → public"));
/// ```
///
/// A handler with neither [`#[require_auth]`](macro@require_auth) nor [`#[public]`](macro@public) does not compile
/// here:
///
/// ```compile_fail,E0277
/// #[rocket::get("/secret")]
/// fn secret() {}
///
/// jwt_auth::routes![secret];
/// ```
///
/// A handler can have a `#[cfg(…)]` here, the same as its own:
///
/// ```
/// # use jwt_auth::public;
/// # use rocket::get;
/// # #[public]
/// # #[get("/")]
/// # fn index() {}
/// #[cfg(feature = "metrics")]
/// #[public]
/// #[get("/metrics")]
/// fn metrics() {}
///
/// let routes = jwt_auth::routes![index, #[cfg(feature = "metrics")] metrics];
/// ```
///
/// Each route's access rule is appended to its name, where Rocket shows it at launch.
#[proc_macro]
pub fn routes(input: TokenStream) -> TokenStream {
    routes::expand(input.into()).into()
}
