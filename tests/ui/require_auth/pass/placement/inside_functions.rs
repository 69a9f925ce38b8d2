//! Routes, claims and policies that are defined in a function, as in tests.
#![deny(warnings)]

fn routes() -> Vec<rocket::Route> {
    use jwt_auth::{Auth, Claims, policy, public, require_auth};
    use rocket::get;
    use serde::{Deserialize, Serialize};

    #[derive(Claims, Serialize, Deserialize)]
    struct User {
        #[claims(subject)]
        id: u64,
        #[claims(roles)]
        roles: Vec<String>,
    }

    #[policy(User, role = "editor")]
    struct CanEdit;

    #[require_auth(policy = CanEdit, check = |user, id| user.id == id)]
    #[get("/<id>")]
    fn edit(id: u64) -> String {
        id.to_string()
    }

    #[require_auth]
    #[get("/me")]
    fn me(user: Auth<User>) -> String {
        format!("{} {}", user.id, user.roles.len())
    }

    #[public]
    #[get("/")]
    fn index() {}

    jwt_auth::routes![edit, me, index]
}

#[test]
fn routes_can_be_defined_in_functions() {
    assert_eq!(routes().len(), 3);
    let closure = || {
        #[jwt_auth::public]
        #[rocket::get("/")]
        fn index() {}
        jwt_auth::routes![index]
    };
    assert_eq!(closure().len(), 1);
}
