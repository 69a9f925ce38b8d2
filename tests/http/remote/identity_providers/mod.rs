//! The recipes in the guide page `identity_providers`, with the documents and tokens of each provider.
//!
//! A provider has two files: the code in the page, and what the provider publishes and signs. In the latter, the hosts
//! are replaced by a local server.

mod provider;

use jwt_auth_tests::Setup;
use provider::{Provider, Shape};
use rocket::figment::Figment;
use rocket::figment::providers::{Format, Toml};
use rocket::figment::value::{Dict, Value as Setting};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::serde::json::{Value, json};
use rocket::{Build, Rocket, Route};

const PAGE: &str = include_str!("../../../../jwt-auth/src/guide/identity_providers.md");

/// A recipe of the page.
struct Recipe {
    /// The heading of its section.
    heading: &'static str,
    code: &'static str,
    routes: fn() -> Vec<Route>,
    shape: &'static str,
}

macro_rules! recipes {
    ($($name:ident = $heading:literal),* $(,)?) => {
        $(
            mod $name {
                include!(concat!(stringify!($name), ".rs"));

                pub(super) fn routes() -> Vec<rocket::Route> {
                    jwt_auth::routes![orders]
                }
            }
        )*

        const RECIPES: &[Recipe] = &[$(
            Recipe {
                heading: $heading,
                code: include_str!(concat!(stringify!($name), ".rs")),
                routes: $name::routes,
                shape: include_str!(concat!(stringify!($name), ".json")),
            },
        )*];
    };
}

recipes![
    auth0 = "Auth0",
    keycloak = "Keycloak",
    entra = "Microsoft Entra ID",
    cognito = "Amazon Cognito",
    google = "Google",
    firebase = "Firebase",
    okta = "Okta",
    clerk = "Clerk",
    supabase = "Supabase",
];

/// Returns the sections of the page that contain a recipe: their headings and texts.
fn sections() -> Vec<(&'static str, &'static str)> {
    let sections = PAGE.split("\n\n# ").skip(1).filter_map(|section| section.split_once('\n'));
    sections.filter(|(_, text)| text.contains("```toml")).collect()
}

/// Returns the code after this line, up to the end of its block.
fn block<'a>(section: &'a str, line: &str) -> &'a str {
    let start = section.find(line).unwrap_or_else(|| panic!("no block contains {line:?}")) + line.len();
    section[start..].split("```").next().unwrap_or_default()
}

impl Recipe {
    fn section(&self) -> &'static str {
        let (_, text) =
            sections().into_iter().find(|(heading, _)| *heading == self.heading).expect("a section");
        text
    }

    /// An app with the settings of the page, and this local server in place of the provider.
    fn app(&self, provider: &Provider) -> Rocket<Build> {
        let toml = provider.local(block(self.section(), "```toml\n"));
        let settings = Figment::from(Toml::string(&toml).nested());
        let mut issuers: Vec<Dict> = settings.extract_inner("jwt_auth.issuers").expect("a list of tables");
        for issuer in &mut issuers {
            issuer.insert("allow_http".to_owned(), Setting::from(true));
        }
        Setup::memory().with("issuers", issuers).rocket().mount("/", (self.routes)())
    }
}

#[test]
fn the_page_shows_the_recipes() {
    let headings: Vec<&str> = sections().into_iter().map(|(heading, _)| heading).collect();
    assert_eq!(headings, RECIPES.iter().map(|recipe| recipe.heading).collect::<Vec<_>>());
    for recipe in RECIPES {
        let shown = block(recipe.section(), "mod app {\n");
        let lines = shown.lines().filter(|line| *line != "# }");
        let lines = lines.map(|line| line.strip_prefix("# ").unwrap_or(line));
        let code: Vec<&str> = recipe.code.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.filter(|line| !line.is_empty()).collect::<Vec<_>>(), code, "{}", recipe.heading);
    }
}

async fn status(client: &Client, token: &str) -> (Status, String) {
    let header = Header::new("Authorization", format!("Bearer {token}"));
    let response = client.get("/orders").header(header).dispatch().await;
    (response.status(), response.into_string().await.unwrap_or_default())
}

#[rocket::async_test]
async fn each_recipe_accepts_the_tokens_of_its_provider_and_no_others() {
    let mut others: Vec<String> = Vec::new();
    for recipe in RECIPES {
        let shape = Shape::parse(recipe.shape);
        let provider = Provider::start(&shape).await;
        let client = Client::untracked(recipe.app(&provider)).await.expect("the app launches");
        let shape = Shape::parse(&provider.local(recipe.shape));
        let name = recipe.heading;

        let valid = shape.forge(&json!({})).token();
        assert_eq!(status(&client, &valid).await, (Status::Ok, shape.response.clone()), "{name}");
        for (what, changes) in &shape.accepted {
            assert_eq!(status(&client, &shape.forge(changes).token()).await.0, Status::Ok, "{name}: {what}");
        }
        for (what, changes) in &shape.denied {
            let token = shape.forge(changes).token();
            assert_eq!(status(&client, &token).await.0, Status::Forbidden, "{name}: {what}");
        }
        for (what, changes) in shape.rejected.iter().chain(&general()) {
            let token = shape.forge(changes).token();
            assert_eq!(status(&client, &token).await.0, Status::Unauthorized, "{name}: {what}");
        }
        let refresh_token = shape.forge(&json!({})).header("typ", json!("rt+jwt")).token();
        assert_eq!(status(&client, &refresh_token).await.0, Status::Unauthorized, "{name}");
        for token in &others {
            assert_eq!(status(&client, token).await.0, Status::Unauthorized, "another provider's, at {name}");
        }
        others.push(valid);
    }
}

/// Changes with which every provider's tokens are rejected.
fn general() -> Vec<(String, Value)> {
    let changes = [
        ("expired", json!({ "exp": 1_000_000_000 })),
        ("no expiry", json!({ "exp": null })),
        ("no issuer", json!({ "iss": null })),
        ("an array as `iss`", json!({ "iss": ["https://accounts.google.com"] })),
        ("another audience", json!({ "aud": "other", "client_id": "other", "azp": "other" })),
        ("no audience", json!({ "aud": null, "client_id": null, "azp": null })),
    ];
    changes.map(|(what, changes)| (what.to_owned(), changes)).to_vec()
}
