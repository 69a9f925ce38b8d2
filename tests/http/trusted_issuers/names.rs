//! Issuers that claims types call by the `name` in the settings, so that one build runs in several environments.

use jwt_auth::testing::{self, AuthRequest};
use jwt_auth_tests::Log;
use rocket::error::ErrorKind;

use super::*;

#[derive(Claims, Debug, Serialize, Deserialize)]
#[claims(issuer = "customers")]
struct Customer {
    #[claims(subject)]
    id: String,
}

#[derive(Claims, Debug, Serialize, Deserialize)]
enum Visitor {
    Member(Member),
    Customer(Customer),
    Cloud(Cloud),
}

#[require_auth]
#[get("/customer")]
fn customer(customer: Auth<Customer>) -> String {
    customer.id.clone()
}

/// An app whose trusted issuer `customers` is this one.
fn environment(issuer: &str) -> Setup {
    let customers = json!({
        "name": "customers", "issuer": issuer, "audience": "api", "algorithm": "RS256",
        "public_key": pem::RSA_2048_PUBLIC,
    });
    let cloud = json!({
        "issuer": CLOUD, "audience": "api", "algorithm": "EdDSA", "public_key": pem::ED25519_PUBLIC,
    });
    bare().with("issuer", "us").with("issuers", settings(json!([customers, cloud])))
}

fn of(issuer: &str) -> Forge {
    of_partner().claim("iss", json!(issuer))
}

#[rocket::async_test]
async fn one_build_trusts_another_issuer_in_each_environment() {
    for (issuer, other) in [
        ("https://login.example", "https://staging.example"),
        ("https://staging.example", "https://login.example"),
        // An issuer can be any string without a colon, too (RFC 7519, section 2).
        ("partner", "customers"),
    ] {
        let auth = environment(issuer).launch().await;
        assert_eq!(auth.verify::<Customer>(&of(issuer).token()).expect("a valid token").id, "ann");
        let visitor = auth.verify::<Visitor>(&of(issuer).token()).expect("a valid token");
        assert!(matches!(*visitor, Visitor::Customer(_)), "{visitor:?}");
        for token in [of(other), of("us"), of(CLOUD), of_partner().no_claim("iss")] {
            assert_eq!(reason::<Customer>(&auth, &token.clone().token()), InvalidToken::WrongIssuer);
            auth.verify::<Visitor>(&token.token()).expect_err("a token of another issuer");
        }
    }
}

#[test]
fn test_requests_are_signed_as_the_issuer_in_the_settings() {
    let app = environment("https://login.example").rocket().mount("/", jwt_auth::routes![customer]);
    let client = Client::untracked(testing::app(app)).expect("the app launches");
    let ann = Customer { id: "ann".to_owned() };
    assert_eq!(client.get("/customer").as_user(&ann).dispatch().status(), Status::Ok);
}

/// Returns the log of a launch, which must fail.
async fn failure(issuers: Value) -> String {
    let log = Log::capture();
    let setup = bare().with("issuer", "us").with("issuers", settings(issuers));
    let launched = setup.rocket().mount("/", jwt_auth::routes![customer, partner]).ignite().await.map(drop);
    match launched {
        Err(error) if matches!(error.kind(), ErrorKind::SentinelAborts(_) | ErrorKind::FailedFairings(_)) => {
            log.text()
        }
        launched => panic!("the launch was not stopped: {launched:?}"),
    }
}

#[rocket::async_test]
async fn wrong_names_stop_the_launch() {
    let table = |more: Value| {
        let mut table =
            json!({ "audience": "api", "algorithm": "RS256", "public_key": pem::RSA_2048_PUBLIC });
        table.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        table
    };
    let named = |name: &str, issuer: &str| table(json!({ "name": name, "issuer": issuer }));
    let partner = || table(json!({ "issuer": PARTNER }));
    for (issuers, expected) in [
        (
            json!([partner(), named("customer", CLOUD)]),
            "Customer` requires the issuer \"customers\", but the trusted issuers are \"https://partner.example\", \
             \"customer\": write `name = \"customers\"` in the table of the one that is meant, or add the table \
             { name = \"customers\", issuer = \"https://idp.example\", audience = \"api\" } to `issuers`",
        ),
        (
            json!([named("customers", CLOUD), named("partner", PARTNER)]),
            "Partner` requires the issuer \"https://partner.example\", whose table in `issuers` has a name: write \
             `#[claims(issuer = \"partner\")]`",
        ),
        (
            json!([named("customers", CLOUD), named("customers", PARTNER)]),
            "issuers[1].name` in the code of the app is \"customers\", and so is `issuers[0].name`: choose another name for one of the two",
        ),
        (
            json!([partner(), named(PARTNER, CLOUD)]),
            "issuers[1].name` in the code of the app is \"https://partner.example\", and so is `issuers[0].issuer`",
        ),
        (
            json!([named(PARTNER, CLOUD), partner()]),
            "issuers[1].issuer` in the code of the app is \"https://partner.example\", and so is `issuers[0].name`",
        ),
        (
            json!([named("us", CLOUD)]),
            "issuers[0].name` in the code of the app is \"us\", which is the app itself (the setting `issuer`)",
        ),
        (json!([named("customers ", CLOUD)]), "must not contain white space"),
        (
            json!([named("customers", CLOUD), named("partner", CLOUD)]),
            "issuers[1].issuer` in the code of the app is a duplicate",
        ),
        (json!([table(json!({ "name": "", "issuer": CLOUD }))]), "issuers[0].name`"),
    ] {
        let message = failure(issuers).await;
        assert!(message.contains(expected), "`{expected}` is not in: {message}");
    }
}

#[rocket::async_test]
async fn a_name_cannot_change_while_the_app_runs() {
    let auth = environment("https://login.example").launch().await;
    let elsewhere = environment("https://other.example");
    auth.reload_keys(elsewhere.figment()).expect_err("the issuer has changed");
}
