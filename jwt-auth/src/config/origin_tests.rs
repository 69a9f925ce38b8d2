use rocket::figment::providers::{Format, Serialized, Toml};
use rocket::figment::value::{Dict, Map, Value};
use rocket::figment::{Error, Figment, Metadata, Profile, Provider};

use super::table::Table;
use super::{Settings, misplaced};
use crate::error::StartupError;

/// The variable `ROCKET_JWT_AUTH`, or another one with this prefix, as Rocket reads it.
struct RocketVariable(&'static str, &'static str);

impl Provider for RocketVariable {
    fn metadata(&self) -> Metadata {
        Metadata::named("`ROCKET_` environment variable(s)")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let value: Value = self.1.parse().expect("any text is a value");
        Ok(Profile::Global.collect(Dict::from([(self.0.to_owned(), value)])))
    }
}

fn table(figment: &Figment, variables: &[(&str, &str)]) -> Result<Table, StartupError> {
    Table::new(figment, &|name| {
        variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
    })
}

fn error(figment: &Figment) -> String {
    table(figment, &[]).and_then(Settings::from_table).err().expect("an invalid setting").to_string()
}

#[test]
fn an_error_that_comes_up_later_names_the_variable_that_was_set() {
    let figment = Figment::from(Toml::string("[default.jwt_auth]\nkeys = [{ secret = \"a\" }]").nested());
    let figment = figment.merge(RocketVariable("jwt_auth", "{prefix=app}"));
    let table = table(&figment, &[("REDIS_URL", "redis://a"), ("JWT_SECRET_KEY", "a")]).expect("a table");
    for (name, example, expected) in [
        ("redis", "redis = \"redis://b\"", "`REDIS_URL` is wrong; for example: REDIS_URL=redis://b"),
        ("jwt_auth.redis", "redis = \"redis://b\"", "`REDIS_URL` is wrong; for example: REDIS_URL=redis://b"),
        ("secret", "secret = \"long\"", "`JWT_SECRET_KEY` is wrong; for example: JWT_SECRET_KEY=long"),
        (
            "keys[0].secret",
            "secret = \"long\"",
            "`jwt_auth.keys[0].secret` is wrong; for example: secret = \"long\"",
        ),
        (
            "prefix",
            "prefix = \"b\"",
            "`jwt_auth.prefix` in ROCKET_JWT_AUTH is wrong; for example: ROCKET_JWT_AUTH='{prefix=\"b\"}'",
        ),
        ("keys[0].kid", "kid = \"a\"", "`jwt_auth.keys[0].kid` is wrong; for example: kid = \"a\""),
        ("issuer", "restart the app", "`issuer` is wrong; for example: restart the app"),
    ] {
        let located = table.locate(StartupError::setting(name, "is wrong", example)).to_string();
        assert_eq!(located.replace(" in TOML source string", ""), expected);
    }
}

#[test]
fn an_error_in_a_variable_gives_an_example_in_its_form() {
    let minutes = table(&Figment::new(), &[("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "0")]);
    let error_of =
        |table: Result<Table, _>| table.and_then(Settings::from_table).err().expect("an error").to_string();
    assert!(error_of(minutes).ends_with(
        "`JWT_ACCESS_TOKEN_EXPIRE_MINUTES` must be from 1 second to 10 years; for example: \
             JWT_ACCESS_TOKEN_EXPIRE_MINUTES=15"
    ));
    let url = error_of(table(&Figment::new(), &[("REDIS_URL", "localhost:6379")]));
    assert!(url.starts_with("`REDIS_URL` must be a URL that starts with redis://"), "{url}");
    assert!(url.ends_with("for example: REDIS_URL=redis://127.0.0.1:6379/0"), "{url}");
    let message = error(&Figment::from(RocketVariable("jwt_auth", "{access_ttl=15}")));
    assert!(message.starts_with("`jwt_auth.access_ttl` in ROCKET_JWT_AUTH must be a duration"), "{message}");
    assert!(message.ends_with("for example: ROCKET_JWT_AUTH='{access_ttl=\"15m\"}'"), "{message}");
}

#[test]
fn json_in_the_variable_is_recognized() {
    for text in [r#"{"access_ttl": "15m"}"#, "access_ttl = \"15m\"", "{", "5", "[1]"] {
        let message = error(&Figment::from(RocketVariable("jwt_auth", text)));
        assert!(
            message.starts_with("`ROCKET_JWT_AUTH` must have the form {key=value, key=value}"),
            "{text}: {message}"
        );
        assert!(message.ends_with("private_key=\"/run/secrets/jwt.pem\"}'"), "{message}");
    }
}

#[test]
fn settings_in_the_wrong_place_are_reported() {
    let toml = |text: &str| Figment::from(Toml::string(text).nested());
    for (figment, expected) in [
        (
            toml("[jwt_auth]\naccess_ttl = \"15m\""),
            "the table [jwt_auth] has no effect, because Rocket reads it as a profile: write [default.jwt_auth]",
        ),
        (toml("[jwt-auth]\naccess_ttl = \"15m\""), "the table [jwt-auth] has no effect"),
        (
            toml("[default.jwt-auth]\naccess_ttl = \"15m\""),
            "[default.jwt-auth] has no effect: write [default.jwt_auth]",
        ),
        (
            toml("[release.JwtAuth]\naccess_ttl = \"15m\""),
            "[release.JwtAuth] has no effect: write [release.jwt_auth]",
        ),
        (
            toml("[default]\njwt_auth_access_ttl = \"15m\""),
            "`jwt_auth_access_ttl` in [default] has no effect: write `access_ttl = …` in [default.jwt_auth]",
        ),
        (
            Figment::from(RocketVariable("jwt_auth_access_ttl", "15m")),
            "the variable ROCKET_JWT_AUTH_ACCESS_TTL has no effect: write ROCKET_JWT_AUTH='{access_ttl=…}'",
        ),
        (
            Figment::from(RocketVariable("jwt_auth__secret", "a")),
            "the variable ROCKET_JWT_AUTH__SECRET has no effect: write ROCKET_JWT_AUTH='{secret=…}'",
        ),
    ] {
        let warnings = misplaced(&figment);
        assert!(warnings.len() == 1 && warnings[0].starts_with(expected), "{expected}: {warnings:?}");
    }
    let right = toml(
        "[default.jwt_auth]\naccess_ttl = \"15m\"\n[release]\nport = 1\n[default.databases.a]\nurl = \"b\"",
    );
    let right = right.merge(Serialized::global("jwt", 5)).merge(RocketVariable("jwt_auth", "{issuer=a}"));
    assert_eq!(misplaced(&right), Vec::<String>::new());
}
