//! Roles and scopes in nested data, as identity providers write them.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Debug;

use jwt_auth::claims::{HasRoles, HasScope, RolesValue};
use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Keycloak: the roles of the realm, which are absent for a user without any.
#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = realm_access.roles)]
struct OfRealm {
    #[claims(subject)]
    id: String,
    realm_access: Option<RealmAccess>,
}

#[derive(Serialize, Deserialize)]
struct RealmAccess {
    roles: Vec<String>,
}

/// Keycloak: the roles of one client, by its id.
#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = resource_access["my-client"].roles, role_type = Role)]
struct OfClient {
    #[claims(subject)]
    id: String,
    #[serde(default)]
    resource_access: HashMap<String, ClientAccess>,
}

#[derive(Serialize, Deserialize)]
struct ClientAccess {
    roles: Option<Vec<Role>>,
}

#[derive(Debug, PartialEq, PartialOrd, Eq, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Admin,
    Editor,
    #[serde(other)]
    Unknown,
}

/// Clerk: a single role, in the organization that is active, if any.
#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = o.rol, role_type = Role, scope = o.permissions)]
struct OfOrganization<T> {
    #[claims(subject)]
    id: String,
    o: Option<Organization>,
    other: T,
}

#[derive(Serialize, Deserialize)]
struct Organization {
    rol: Role,
    permissions: Option<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject = user.0, scope = user.1.1, roles = user.1.0, role_type = u8)]
struct InTuples {
    user: User,
}

#[derive(Serialize, Deserialize)]
struct User(u64, (BTreeSet<u8>, Vec<String>));

/// A list that the standard library does not have.
#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = groups, role_type = Role)]
struct OwnList {
    #[claims(subject)]
    id: String,
    groups: Groups,
}

#[derive(Serialize, Deserialize)]
struct Groups {
    first: Role,
    others: Box<[Role]>,
}

impl RolesValue<Role> for Groups {
    fn roles(&self) -> impl Iterator<Item = &Role> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// Paths can come from another macro.
macro_rules! claims {
    ($name:ident, $roles:ident, $key:literal, $scope:expr) => {
        #[derive(Claims, Serialize, Deserialize)]
        #[claims(roles = realm_access[$key].$roles, scope = $scope)]
        struct $name {
            #[claims(subject)]
            id: String,
            #[serde(default)]
            scp: Option<Box<Scopes>>,
            realm_access: HashMap<String, RealmAccess>,
        }
    };
}

claims!(OfMacro, roles, "web", scp.list);

/// Methods of the app's own traits do not interfere.
trait Value {
    fn value(&self) {}
    fn get(&self, _: &str) {}
}

impl<T> Value for T {}

#[derive(Serialize, Deserialize)]
struct Scopes {
    list: Vec<String>,
}

#[require_auth(OfRealm, role = "admin")]
#[get("/realm")]
fn realm() {}

#[require_auth(OfClient, any(role = Role::Admin, role = Role::Editor))]
#[get("/client")]
fn client() {}

fn read<C: DeserializeOwned>(json: &str) -> C {
    serde_json::from_str(json).expect("claims")
}

fn roles<C: HasRoles<Role: Debug>>(claims: &C) -> String {
    format!("{:?}", claims.roles().collect::<Vec<_>>())
}

fn scopes<C: HasScope>(claims: &C) -> Vec<&str> {
    claims.scopes().collect()
}

#[test]
fn roles_of_a_realm() {
    let claims: OfRealm = read(r#"{"id":"ann","realm_access":{"roles":["admin","offline_access"]}}"#);
    assert_eq!(roles(&claims), r#"["admin", "offline_access"]"#);
    for absent in [r#"{"id":"ann"}"#, r#"{"id":"ann","realm_access":null}"#] {
        assert_eq!(roles(&read::<OfRealm>(absent)), "[]");
    }
}

#[test]
fn roles_of_a_client() {
    let claims: OfClient = read(
        r#"{"id":"ann","resource_access":{"other":{"roles":["editor"]},"my-client":{"roles":["admin","new"]}}}"#,
    );
    assert_eq!(roles(&claims), "[Admin, Unknown]");
    for absent in [
        r#"{"id":"ann"}"#,
        r#"{"id":"ann","resource_access":{"other":{"roles":["admin"]}}}"#,
        r#"{"id":"ann","resource_access":{"my-client":{}}}"#,
    ] {
        assert_eq!(roles(&read::<OfClient>(absent)), "[]");
    }
}

#[test]
fn one_role_and_a_scope_in_an_optional_object() {
    let claims: OfOrganization<u8> =
        read(r#"{"id":"ann","o":{"rol":"admin","permissions":"read write"},"other":1}"#);
    assert_eq!((roles(&claims).as_str(), scopes(&claims)), ("[Admin]", vec!["read", "write"]));
    let claims: OfOrganization<u8> = read(r#"{"id":"ann","o":{"rol":"admin"},"other":1}"#);
    assert_eq!((roles(&claims).as_str(), scopes(&claims)), ("[Admin]", vec![]));
    let claims: OfOrganization<u8> = read(r#"{"id":"ann","other":1}"#);
    assert_eq!((roles(&claims).as_str(), scopes(&claims)), ("[]", vec![]));
}

#[test]
fn unnamed_fields_and_other_lists() {
    let claims: InTuples = read(r#"{"user":[7,[[2,1],["a b","c"]]]}"#);
    assert_eq!(claims.subject(), "7");
    assert_eq!((roles(&claims).as_str(), scopes(&claims)), ("[1, 2]", vec!["a", "b", "c"]));
    let claims: OwnList = read(r#"{"id":"ann","groups":{"first":"editor","others":["admin"]}}"#);
    assert_eq!(roles(&claims), "[Editor, Admin]");
    let claims: OfMacro =
        read(r#"{"id":"ann","realm_access":{"web":{"roles":["a"]}},"scp":{"list":["x y"]}}"#);
    assert_eq!((roles(&claims).as_str(), scopes(&claims)), (r#"["a"]"#, vec!["x", "y"]));
}
