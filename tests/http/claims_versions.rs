//! Claims that change between releases: `version` and `upgrade`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jwt_auth::testing::assert_readable;
use jwt_auth::{Auth, Claims, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, payload};
use serde::{Deserialize, Serialize};

/// The first release of an app. Each module below defines the `User` of one release.
mod one {
    use super::*;

    #[derive(Claims, Serialize, Deserialize)]
    pub(super) struct User {
        #[claims(subject)]
        pub(super) user_id: u64,
        pub(super) name: String,
    }
}

/// The first release, with an explicit version.
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

/// A second version whose fields look the same but mean something else.
mod reinterpreted {
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

/// An incompatible change without a new version.
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

fn refusal<C: Claims + std::fmt::Debug>(result: Result<Auth<C>, jwt_auth::AuthError>) -> String {
    let error = result.expect_err("the token is rejected");
    let chain = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[rocket::async_test]
async fn tokens_from_the_previous_release_are_upgraded() {
    let auth = Setup::memory().launch().await;
    let old = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    assert!(payload(&old).get("ver").is_none(), "a token of version 1 has no `ver`");
    let user = auth.verify::<two::User>(&old).expect("there is an upgrade");
    assert_eq!(*user, two::User { id: 5, names: vec!["Ann".to_owned()], admin: false });

    let new = signed(&auth, &*user).await.access_token;
    assert_eq!(payload(&new)["ver"], 2);
    assert_eq!(
        *auth.verify::<two::User>(&new).expect("a token of this release"),
        *user,
        "`ver` is not an unknown field"
    );
    let later = auth.verify::<three::User>(&new).expect("there is an upgrade");
    assert_eq!(*later, three::User { id: 5, display_name: "Ann".to_owned() });
}

#[rocket::async_test]
async fn a_token_without_an_upgrade_path_is_rejected_with_the_reason() {
    let auth = Setup::memory().launch().await;
    let old = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<three::User>(&old));
    assert!(why.contains("have version 1") && why.contains("no `upgrade(1 = …)`"), "{why}");

    // After a rollback, the newer tokens are still in use.
    let newer = signed(&auth, &three::User { id: 5, display_name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<two::User>(&newer));
    assert!(why.contains("have version 3"), "{why}");
}

#[rocket::async_test]
async fn an_explicit_first_version_rejects_later_tokens() {
    let auth = Setup::memory().launch().await;
    let ann = first::User { user_id: 5, name: "Ann".to_owned() };
    let unversioned = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    assert_eq!(*auth.verify::<first::User>(&unversioned).expect("a token of version 1"), ann);
    let own = signed(&auth, &ann).await.access_token;
    assert!(payload(&own).get("ver").is_none(), "a token of version 1 has no `ver`");
    assert_eq!(*auth.verify::<first::User>(&own).expect("a token of this release"), ann);
    auth.verify::<one::User>(&own).expect("the previous release can read it");

    let later = signed(&auth, &reinterpreted::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<first::User>(&later));
    assert!(why.contains("have version 2") && why.contains("has version 1"), "{why}");
    let unaware = auth.verify::<one::User>(&later).expect("a struct without `version` ignores `ver`");
    assert_eq!(unaware.name, "Ann");
}

#[rocket::async_test]
async fn an_upgrade_must_not_change_the_subject() {
    let auth = Setup::memory().launch().await;
    let old = signed(&auth, &one::User { user_id: 5, name: "Ann".to_owned() }).await.access_token;
    let why = refusal(auth.verify::<careless::User>(&old));
    assert!(why.contains("changed the subject"), "{why}");
}

#[test]
fn assert_readable_detects_changes_that_would_reject_tokens_in_use() {
    let folder = std::env::temp_dir().join(format!("jwt-auth-claims-{}", uuid::Uuid::new_v4()));
    let file = folder.join("claims").join("user.jsonl");
    let ann = one::User { user_id: 5, name: "Ann".to_owned() };
    let problem = |test: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("the change is detected");
        panic.downcast_ref::<String>().expect("a message").clone()
    };
    // If `CI` is set, `assert_readable` only prints the form and does not write it.
    let keep = |message: &str| {
        let (_, form) = message.rsplit_once("\n  ").expect("the last line is the form");
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        if !known.lines().any(|line| line == form) {
            std::fs::create_dir_all(folder.join("claims")).expect("the folder can be created");
            std::fs::write(&file, format!("{known}{form}\n")).expect("the file can be written");
        }
    };

    let message = problem(&|| assert_readable(&file, &ann));
    assert!(message.contains("a form that is not in") && message.contains("commit"), "{message}");
    keep(&message);
    assert_readable(&file, &one::User { user_id: 6, name: "Ben".to_owned() });

    let changed = changed::User { user_id: 5, name: "Ann".to_owned(), team: "red".to_owned() };
    let message = problem(&|| assert_readable(&file, &changed));
    assert!(message.contains("missing field `team`") && message.contains("line 1"), "{message}");

    let two = two::User { id: 5, names: vec!["Ann".to_owned()], admin: false };
    let message = problem(&|| assert_readable(&file, &two));
    assert!(message.contains("a form that is not in"), "the old form can still be read: {message}");
    keep(&message);
    assert_readable(&file, &two);
    let message = problem(&|| assert_readable(&file, &three::User { id: 5, display_name: "Ann".to_owned() }));
    assert!(message.contains("no `upgrade(1 = …)`"), "{message}");
    std::fs::remove_dir_all(folder).expect("the folder can be removed");
}
