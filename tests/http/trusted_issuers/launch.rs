//! Claims of unknown issuers and conflicting issuers stop the launch.

use jwt_auth_tests::Log;
use rocket::error::ErrorKind;
use rocket::{Route, routes};

use super::*;

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "app")]
struct Ours {
    #[claims(subject)]
    id: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "us")]
struct Ourselves {
    #[claims(subject)]
    id: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example")]
struct AnyPartner {
    #[claims(subject)]
    id: String,
}

#[derive(Claims, Serialize, Deserialize)]
enum Partners {
    Api(Partner),
    Any(AnyPartner),
}

#[get("/")]
fn ours(_claims: &Ours) {}

#[get("/")]
fn ourselves(_claims: Auth<Ourselves>) {}

#[get("/")]
fn any(_claims: MaybeAuth<AnyPartner>) {}

#[get("/")]
fn partners(_claims: Partners) {}

#[require_auth(Caller, strict)]
#[get("/")]
fn strict() {}

/// Returns the log of a launch with these routes, which must fail.
async fn failure(setup: &Setup, routes: Vec<Route>) -> String {
    let log = Log::capture();
    let launched = setup.rocket().mount("/", routes).ignite().await.map(drop);
    match launched {
        Err(error) if matches!(error.kind(), ErrorKind::SentinelAborts(_) | ErrorKind::FailedFairings(_)) => {
            log.text()
        }
        launched => format!("the launch was not stopped: {launched:?}"),
    }
}

#[rocket::async_test]
async fn claims_of_an_unknown_issuer_stop_the_launch() {
    let without_audience =
        json!([{ "issuer": PARTNER, "algorithm": "RS256", "public_key": pem::RSA_2048_PUBLIC }]);
    for (setup, routes, expected) in [
        (
            bare(),
            jwt_auth::routes![partner],
            [
                "Partner` requires the issuer \"https://partner.example\", but there are no trusted issuers",
                "add the table { issuer = \"https://partner.example\", audience = \"api\" } to `issuers`",
            ],
        ),
        (bare(), jwt_auth::routes![caller], ["Caller", "but there are no trusted issuers"]),
        (setup(), routes![ours], ["Ours` requires the audience \"app\"", "the setting `audience`"]),
        (setup(), routes![ourselves], ["Ourselves` requires the issuer us", "which is this app itself"]),
        (
            setup().with("issuers", settings(without_audience)),
            routes![any],
            ["AnyPartner` requires the issuer https://partner.example but no audience", "set `audience`"],
        ),
        (setup(), routes![partners], ["Partner` and as", "because they accept the same audience"]),
        (setup(), jwt_auth::routes![strict], ["#[require_auth(strict)]", "remove `strict`"]),
    ] {
        let message = failure(&setup, routes).await;
        for part in expected {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
    }
}

#[rocket::async_test]
#[rustfmt::skip]
async fn conflicting_issuers_stop_the_launch() {
    let key = |more: Value| {
        let mut issuer = json!({ "issuer": PARTNER, "audience": "api", "algorithm": "RS256", "public_key": pem::RSA_2048_PUBLIC });
        issuer.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        issuer
    };
    for (issuers, expected) in [
        (json!([key(json!({})), key(json!({}))]), ["issuers[1].issuer`", "is a duplicate"]),
        (json!([key(json!({ "issuer": "us" }))]), ["issuers[0].issuer`", "is the app itself"]),
        (json!([{ "audience": "api" }]), ["issuers[0].issuer`", "is not set"]),
        (json!([{ "issuer": PARTNER, "algorithm": "RS256", "private_key": pem::RSA_2048 }]), ["issuers[0].private_key`", "set `public_key`"]),
        (json!([key(json!({ "public_key": pem::RSA_1024_PUBLIC }))]), ["issuers[0].public_key`", "2048 bits or more"]),
        (json!([key(json!({ "audiance": "api" }))]), ["`jwt_auth.issuers[0].audiance", "is not a setting"]),
        (json!([{ "issuer": PARTNER, "keys": [{ "secret": "short" }] }]), ["issuers[0].keys[0].secret`", "5 bytes"]),
    ] {
        let message = failure(&setup().with("issuers", settings(issuers)), Vec::new()).await;
        for part in expected {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
    }
}
