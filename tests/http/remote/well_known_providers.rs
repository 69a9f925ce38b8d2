//! Access tokens and JWK Sets in the formats of well-known providers. Each provider omits or renames something that the
//! others have.

use jsonwebtoken::Algorithm::{self, ES256, RS256};
use jwt_auth::{Auth, Claims, require_auth};
use jwt_auth_tests::{Forge, Setup, jwk};
use rocket::get;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::serde::json::{Value, json};
use serde::{Deserialize, Serialize};

use super::fake_provider::{FakeProvider, Mode, public};
use super::fetched;

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://tenant.eu.auth0.com/", audience = "https://api.example.com")]
struct Auth0 {
    #[claims(subject)]
    id: String,
    #[claims(scope)]
    scope: String,
    permissions: Vec<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://keycloak.example/realms/demo", audience = "account")]
struct Keycloak {
    #[claims(subject)]
    id: String,
    preferred_username: String,
    realm_access: RealmAccess,
}

#[derive(Serialize, Deserialize)]
struct RealmAccess {
    roles: Vec<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(
    issuer = "https://login.microsoftonline.com/9c1f0a52-3d5b-4c3e-8c37-61e5ad8ff1c1/v2.0",
    audience = "6e74172b-be56-4843-9ff4-e66a39bb12e3"
)]
struct Entra {
    #[claims(subject)]
    id: String,
    oid: String,
    #[claims(roles)]
    roles: Vec<String>,
    #[claims(scope)]
    scp: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI")]
struct Cognito {
    #[claims(subject)]
    id: String,
    username: String,
    token_use: AccessToken,
    #[claims(roles)]
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
}

/// Cognito signs ID tokens with the same keys, but with another `token_use`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AccessToken {
    Access,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://accounts.google.com", audience = "1234.apps.googleusercontent.com")]
struct Google {
    #[claims(subject)]
    id: String,
    email: String,
}

#[require_auth(Auth0, scope = "read:posts")]
#[get("/auth0")]
fn auth0(caller: Auth<Auth0>) -> String {
    caller.permissions.join(" ")
}

#[require_auth(Keycloak, check = |caller| caller.realm_access.roles.iter().any(|role| role == "editor"))]
#[get("/keycloak")]
fn keycloak(caller: Auth<Keycloak>) -> String {
    caller.preferred_username.clone()
}

#[require_auth(Entra, role = "Editor", scope = "Posts.Read")]
#[get("/entra")]
fn entra(caller: Auth<Entra>) -> String {
    caller.oid.clone()
}

#[require_auth(Cognito, role = "editors")]
#[get("/cognito")]
fn cognito(caller: Auth<Cognito>) -> String {
    caller.username.clone()
}

#[require_auth]
#[get("/google")]
fn google(caller: Auth<Google>) -> String {
    caller.email.clone()
}

/// A provider, with its settings, the keys that it publishes and a token that it signs.
struct ProviderCase {
    path: &'static str,
    issuer: &'static str,
    setting: Value,
    keys: Value,
    algorithm: Algorithm,
    header: Value,
    claims: Value,
    /// The expected response of the handler.
    response: &'static str,
}

fn cases() -> Vec<ProviderCase> {
    let encryption = json!({ "kty": "RSA", "use": "enc", "alg": "RSA-OAEP", "kid": "enc", "n": public("")["n"], "e": "AQAB" });
    let without_alg = |kid: &str| {
        let mut key = public(kid);
        key.as_object_mut().expect("an object").remove("alg");
        key["x5t"] = json!("nOo3ZDrODXEK1jKWhXslHR_KXEg");
        key["x5c"] = json!(["MIIDBTCCAe2gAwIBAgIQH4FlYNA+UJlF0G3vy9ZrhTANBgkqhkiG9w0BAQsFADAtMSswKQYDVQQD"]);
        key["issuer"] = json!("https://login.microsoftonline.com/9c1f0a52-3d5b-4c3e-8c37-61e5ad8ff1c1/v2.0");
        key
    };
    let p256: Value = serde_json::from_str(jwk::P256).expect("JSON");
    let p256 =
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "ec", "x": p256["x"], "y": p256["y"] });
    vec![
        ProviderCase {
            path: "/auth0",
            issuer: "https://tenant.eu.auth0.com/",
            setting: json!({}),
            keys: json!({ "keys": [without_alg("auth0-1"), { "kty": "RSA", "kid": "future", "alg": "ML-DSA-65" }] }),
            algorithm: RS256,
            header: json!({ "typ": "JWT", "kid": "auth0-1" }),
            claims: json!({
                "iss": "https://tenant.eu.auth0.com/", "sub": "auth0|5f7c8ec7c33c6c004bbafe82",
                "aud": ["https://api.example.com", "https://tenant.eu.auth0.com/userinfo"],
                "azp": "my_client_id", "scope": "openid profile read:posts", "permissions": ["read:posts"],
            }),
            response: "read:posts",
        },
        ProviderCase {
            path: "/keycloak",
            issuer: "https://keycloak.example/realms/demo",
            setting: json!({}),
            keys: json!({ "keys": [encryption, p256] }),
            algorithm: ES256,
            header: json!({ "typ": "JWT", "kid": "ec" }),
            claims: json!({
                "iss": "https://keycloak.example/realms/demo", "aud": "account", "sub": "8f4e1e5b-6f0e-4c0f-9c6f-5d0d7d9d7a11",
                "jti": "onrtac:2b1f6e5f-8f57-1c43-9c4e-7d6a5a4c4f5e", "typ": "Bearer", "azp": "web", "sid": "not-a-uuid", "acr": "1",
                "auth_time": 0, "realm_access": { "roles": ["editor", "offline_access"] }, "scope": "openid email",
                "preferred_username": "ann",
            }),
            response: "ann",
        },
        ProviderCase {
            path: "/entra",
            issuer: "https://login.microsoftonline.com/9c1f0a52-3d5b-4c3e-8c37-61e5ad8ff1c1/v2.0",
            setting: json!({}),
            keys: json!({ "keys": [without_alg("nOo3ZDrODXEK1jKWhXslHR_KXEg")] }),
            algorithm: RS256,
            header: json!({ "typ": "JWT", "kid": "nOo3ZDrODXEK1jKWhXslHR_KXEg" }),
            claims: json!({
                "iss": "https://login.microsoftonline.com/9c1f0a52-3d5b-4c3e-8c37-61e5ad8ff1c1/v2.0",
                "aud": "6e74172b-be56-4843-9ff4-e66a39bb12e3", "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
                "oid": "00000000-0000-0000-66f3-3332eca7ea81", "tid": "9c1f0a52-3d5b-4c3e-8c37-61e5ad8ff1c1",
                "roles": ["Editor"], "scp": "Posts.Read Posts.Write", "uti": "fqiBqXLPj0eQa82S-IYFAA", "ver": "2.0", "nbf": 1_500_000_000,
            }),
            response: "00000000-0000-0000-66f3-3332eca7ea81",
        },
        ProviderCase {
            path: "/cognito",
            issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
            setting: json!({ "audience": "57cbishk4j24pabc1234567890", "audience_claim": "client_id" }),
            keys: json!({ "keys": [public("1234example="), public("5678example=")] }),
            algorithm: RS256,
            header: json!({ "kid": "5678example=" }),
            claims: json!({
                "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI", "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
                "client_id": "57cbishk4j24pabc1234567890", "token_use": "access", "cognito:groups": ["editors"], "version": 2,
                "event_id": "64f513be-32db-42b0-b78e-b02127b4f463", "origin_jti": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "username": "ann",
            }),
            response: "ann",
        },
        ProviderCase {
            path: "/google",
            issuer: "https://accounts.google.com",
            setting: json!({ "accept": "id_token" }),
            keys: json!({ "keys": [public("1bd6855"), public("e863fe2")] }),
            algorithm: RS256,
            header: json!({ "typ": "JWT", "kid": "e863fe2" }),
            claims: json!({
                "iss": "https://accounts.google.com", "azp": "1234.apps.googleusercontent.com", "aud": "1234.apps.googleusercontent.com",
                "sub": "110169484474386276334", "email": "ann@example.com", "email_verified": true, "at_hash": "HK6E_P6Dh8Y93mRNtsDB1Q",
            }),
            response: "ann@example.com",
        },
    ]
}

impl ProviderCase {
    fn forge(&self) -> Forge {
        let forge = Forge::new(self.algorithm).no_header("typ").no_claim("jti").no_claim("aud");
        let members = |value: &Value| value.as_object().expect("an object").clone().into_iter();
        let forge = members(&self.header).fold(forge, |forge, (name, value)| forge.header(&name, value));
        members(&self.claims).fold(forge, |forge, (name, value)| forge.claim(&name, value))
    }
}

#[rocket::async_test]
async fn tokens_of_well_known_providers_are_verified() {
    let cases = cases();
    let mut providers = Vec::new();
    let mut settings = Vec::new();
    for case in &cases {
        let provider = FakeProvider::start(Mode::Json(case.keys.clone())).await;
        let mut setting = case.setting.clone();
        setting["issuer"] = json!(case.issuer);
        setting["jwks_uri"] = json!(provider.url("/jwks"));
        setting["allow_http"] = json!(true);
        settings.push(setting);
        providers.push(provider);
    }
    let rocket = Setup::memory().with("issuers", settings).rocket();
    let client =
        Client::untracked(rocket.mount("/", jwt_auth::routes![auth0, keycloak, entra, cognito, google]));
    let client = client.await.expect("the app launches");
    for provider in &providers {
        fetched(provider).await;
    }
    let request = async |path: &'static str, token: String| {
        let response =
            client.get(path).header(Header::new("Authorization", format!("Bearer {token}"))).dispatch().await;
        (response.status(), response.into_string().await.unwrap_or_default())
    };
    for case in &cases {
        let valid = case.forge().token();
        assert_eq!(
            request(case.path, valid.clone()).await,
            (Status::Ok, case.response.to_owned()),
            "{}",
            case.issuer
        );
        for other in cases.iter().filter(|other| other.path != case.path) {
            assert_eq!(
                request(other.path, valid.clone()).await.0,
                Status::Unauthorized,
                "{} at {}",
                case.path,
                other.path
            );
        }
        for (what, forged) in [
            (
                "another audience",
                case.forge().claim("aud", json!("others")).claim("client_id", json!("others")),
            ),
            ("expired", case.forge().claim("exp", json!(1_000_000_000))),
            ("an array as `iss`", case.forge().claim("iss", json!([case.issuer]))),
            ("the type of a refresh token", case.forge().header("typ", json!("rt+jwt"))),
            ("an ID token", case.forge().claim("token_use", json!("id")).claim("aud", json!("web"))),
        ] {
            assert_eq!(
                request(case.path, forged.token()).await.0,
                Status::Unauthorized,
                "{what}, {}",
                case.issuer
            );
        }
    }
}
