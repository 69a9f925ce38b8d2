//! Claims that change between releases.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jwt_auth::testing::in_circulation;
use jwt_auth::{Auth, Claims, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, payload};
use serde::{Deserialize, Serialize};

/// What an app was, is and will be; each struct stands for `User` in one release.
mod one {
    use super::*;

    #[derive(Claims, Serialize, Deserialize)]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) user_id: u64,
        pub(super) name: String,
    }
}

/// The same, which looks at versions before there is a second one.
mod first {
    use super::*;

    #[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
    #[claims(version = 1)]
    #[serde(deny_unknown_fields)]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) user_id: u64,
        pub(super) name: String,
    }
}

/// The same fields, which mean something else.
mod fits {
    use super::*;

    #[derive(Claims, Debug, Serialize, Deserialize)]
    #[claims(version = 2)]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) user_id: u64,
        pub(super) name: String,
    }
}

mod two {
    use super::*;

    #[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
    #[claims(version = 2, upgrade(1 = from_v1))]
    #[serde(deny_unknown_fields)]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) id: u64,
        pub(super) names: Vec<String>,
        #[serde(default)]
        pub(super) admin: bool,
    }

    fn from_v1(old: one::User) -> User {
        User { id: old.user_id, names: vec![old.name], admin: false }
    }
}

mod three {
    use super::*;

    #[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
    #[claims(version = 3, upgrade(2 = User::from_v2))]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) id: u64,
        pub(super) display_name: String,
    }

    impl User {
        fn from_v2(old: two::User) -> Self {
            Self { id: old.id, display_name: old.names.join(" ") }
        }
    }
}

mod careless {
    use super::*;

    #[derive(Claims, Debug, Serialize, Deserialize)]
    #[claims(version = 2, upgrade(1 = from_v1))]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) id: u64,
    }

    fn from_v1(old: one::User) -> User {
        User { id: old.user_id + 1 }
    }
}

/// A change that nobody thought of.
mod changed {
    use super::*;

    #[derive(Claims, Serialize, Deserialize)]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) user_id: u64,
        pub(super) name: String,
        pub(super) team: String,
    }
}

async fn signed<C: Claims>(auth: &JwtAuth, claims: &C) -> TokenPair {
    auth.generate_tokens(claims).await.expect("a login")
}

fn refusal<C: Claims + std::fmt::Debug>(answer: Result<Auth<C>, jwt_auth::AuthError>) -> String {
    answer.expect_err("it cannot be read").to_string()
}

#[rocket::async_test]
async fn tokens_of_the_release_before_are_read_as_what_they_were() {
    let auth = Setup::memory().launch().await;
    let old = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    assert!(payload(&old).get("ver").is_none(), "the first version is not written");
    let user = auth.verify::<two::User>(&old).expect("there is an upgrade");
    assert_eq!(*user, two::User { id: 5, names: vec!["Ann".to_owned()], admin: false });

    let new = signed(&auth, &*user).await.access_token;
    assert_eq!(payload(&new)["ver"], 2);
    assert_eq!(*auth.verify::<two::User>(&new).expect("its own"), *user, "`ver` is no unknown field");
    let later = auth.verify::<three::User>(&new).expect("there is an upgrade");
    assert_eq!(*later, three::User { id: 5, display_name: "Ann".to_owned() });
}

#[rocket::async_test]
async fn what_no_upgrade_leads_to_is_refused_and_the_log_says_so() {
    let auth = Setup::memory().launch().await;
    let old = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<three::User>(&old));
    assert!(why.contains("of version 1") && why.contains("no `upgrade(1 = …)`"), "{why}");

    // After a deploy that was taken back.
    let newer = signed(&auth, &three::User { id: 5, display_name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<two::User>(&newer));
    assert!(why.contains("of version 3"), "{why}");
}

#[rocket::async_test]
async fn a_struct_of_the_first_version_reads_tokens_of_that_alone_if_it_says_so() {
    let auth = Setup::memory().launch().await;
    let ann = first::User { user_id: 5, name: "Ann".to_owned() };
    let unsaid = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    assert_eq!(*auth.verify::<first::User>(&unsaid).expect("it is of version 1"), ann);
    let own = signed(&auth, &ann).await.access_token;
    assert!(payload(&own).get("ver").is_none(), "the first version is not written");
    assert_eq!(*auth.verify::<first::User>(&own).expect("its own"), ann);
    auth.verify::<one::User>(&own).expect("a release before can read it");

    let later = signed(&auth, &fits::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<first::User>(&later));
    assert!(why.contains("of version 2") && why.contains("of version 1"), "{why}");
    let unaware = auth.verify::<one::User>(&later).expect("it does not look at `ver`");
    assert_eq!(unaware.name, "Ann");
}

#[rocket::async_test]
async fn an_upgrade_makes_nobody_somebody_else() {
    let auth = Setup::memory().launch().await;
    let old = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<careless::User>(&old));
    assert!(why.contains("changed the subject"), "{why}");
}

#[test]
fn a_change_that_would_refuse_tokens_in_use_is_found_by_a_test() {
    let folder = std::env::temp_dir().join(format!("jwt-auth-claims-{}", uuid::Uuid::new_v4()));
    let file = folder.join("claims").join("user.jsonl");
    let ann = one::User { user_id: 5, name: "Ann".to_owned() };
    let problem = |test: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("it is found");
        panic.downcast_ref::<String>().expect("a message").clone()
    };
    // Where `CI` is set, the form is shown and not written.
    let keep = |message: &str| {
        let (_, form) = message.rsplit_once("\n  ").expect("the form stands in the last line");
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        if !known.lines().any(|line| line == form) {
            std::fs::create_dir_all(folder.join("claims")).expect("it can be made");
            std::fs::write(&file, format!("{known}{form}\n")).expect("it can be written");
        }
    };

    let message = problem(&|| in_circulation(&file, &ann));
    assert!(message.contains("a form that is not in") && message.contains("commit"), "{message}");
    keep(&message);
    in_circulation(&file, &one::User { user_id: 6, name: "Ben".to_owned() });

    let changed = changed::User { user_id: 5, name: "Ann".to_owned(), team: "red".to_owned() };
    let message = problem(&|| in_circulation(&file, &changed));
    assert!(message.contains("missing field `team`") && message.contains("line 1"), "{message}");

    let two = two::User { id: 5, names: vec!["Ann".to_owned()], admin: false };
    let message = problem(&|| in_circulation(&file, &two));
    assert!(message.contains("a form that is not in"), "the old one can be read: {message}");
    keep(&message);
    in_circulation(&file, &two);
    let message = problem(&|| in_circulation(&file, &three::User { id: 5, display_name: "Ann".to_owned() }));
    assert!(message.contains("no `upgrade(1 = …)`"), "{message}");
    std::fs::remove_dir_all(folder).expect("it can be removed");
}
