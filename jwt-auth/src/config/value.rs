//! Parses the values of settings. A problem never repeats the value, because it could be a secret.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jsonwebtoken::Algorithm;
#[cfg(feature = "remote")]
use reqwest::Url;
use rocket::data::ByteUnit;
use rocket::figment::value::{Num, Value};

use super::key::KeyText;
use super::secret::Secret;
use super::table::Entry;
use crate::clock::Timestamp;

/// The maximum length of the tokens of any issuer, in bytes. No setting allows longer ones.
pub(crate) const LONGEST_TOKEN: usize = 64 * 1024;

/// How the app works alongside a service that uses fastapi_framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FastapiFramework {
    /// The service still runs: the app issues tokens in its format.
    Issue,
    /// The service is gone: its tokens are still accepted.
    Accept,
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn text(entry: &Entry) -> Result<String, String> {
    one_text(&entry.value)
}

/// Parses text without white space.
pub(super) fn word(entry: &Entry) -> Result<String, String> {
    let text = text(entry)?;
    match text.contains(char::is_whitespace) {
        true => Err("must not contain white space".to_owned()),
        false => Ok(text),
    }
}

pub(super) fn texts(entry: &Entry) -> Result<Vec<String>, String> {
    match &entry.value {
        Value::Array(_, values) if values.is_empty() => Err("is an empty list: remove it instead".to_owned()),
        Value::Array(_, values) => values.iter().map(one_text).collect(),
        one => one_text(one).map(|one| vec![one]),
    }
}

fn one_text(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some("") => Err("is empty".to_owned()),
        Some(text) => Ok(text.to_owned()),
        None => Err("must be a quoted string".to_owned()),
    }
}

/// Parses text that needs no escapes in a quoted string of a header (RFC 9110, section 5.6.4).
pub(super) fn quotable(entry: &Entry) -> Result<String, String> {
    let text = text(entry)?;
    if text.chars().all(|c| (c.is_ascii_graphic() || c == ' ') && c != '"' && c != '\\') {
        Ok(text)
    } else {
        Err("must be ASCII without quotes or backslashes".to_owned())
    }
}

/// Parses the prefix of Redis keys. Braces would determine the slot in a cluster, and glob characters and spaces would
/// make keys hard to search for.
pub(super) fn prefix(entry: &Entry) -> Result<String, String> {
    let text = text(entry)?;
    if text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/".contains(c)) {
        Ok(text)
    } else {
        Err("must be at most 64 characters: letters, digits, and - _ . : /".to_owned())
    }
}

pub(super) fn algorithm(entry: &Entry) -> Result<Algorithm, String> {
    text(entry)?.parse().map_err(|_| {
        "must be one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA".to_owned()
    })
}

pub(super) fn count(entry: &Entry, range: RangeInclusive<usize>) -> Result<usize, String> {
    // Lossy, because TOML's numbers are signed.
    let count =
        entry.value.to_num().and_then(Num::to_u128_lossy).and_then(|count| usize::try_from(count).ok());
    count
        .filter(|count| range.contains(count))
        .ok_or_else(|| format!("must be a number from {} to {}", range.start(), range.end()))
}

/// Parses a memory size, or zero.
pub(super) fn bytes(entry: &Entry) -> Result<u64, String> {
    let range = ByteUnit::Mebibyte(1)..=ByteUnit::Gibibyte(4);
    let size = entry.value.as_str().and_then(|text| text.parse::<ByteUnit>().ok());
    let size = size.ok_or("must be a number with a unit, such as MiB; \"0B\" turns it off")?;
    match size == 0 || range.contains(&size) {
        true => Ok(size.as_u64()),
        false => Err("must be from 1MiB to 4GiB, or \"0B\" to turn it off".to_owned()),
    }
}

/// Parses the maximum length of a token.
pub(super) fn token_length(entry: &Entry) -> Result<usize, String> {
    let range = ByteUnit::Kibibyte(1)..=ByteUnit::Byte(LONGEST_TOKEN as u64);
    let length = entry.value.as_str().and_then(|text| text.parse::<ByteUnit>().ok());
    let length = length.ok_or("must be a number with a unit, such as KiB")?;
    let length = range.contains(&length).then(|| usize::try_from(length.as_u64()).ok()).flatten();
    length.ok_or_else(|| "must be from 1KiB to 64KiB".to_owned())
}

pub(super) fn fastapi_framework(entry: &Entry) -> Result<FastapiFramework, String> {
    match entry.value.as_str() {
        Some("issue") => Ok(FastapiFramework::Issue),
        Some("accept") => Ok(FastapiFramework::Accept),
        _ => Err("must be \"issue\" or \"accept\"; remove it to ignore the other service".to_owned()),
    }
}

pub(super) fn secret(entry: &Entry) -> Result<Secret<Vec<u8>>, String> {
    secret_from(&text(entry)?)
}

/// Parses a secret: its text, or `base64:` and its bytes.
pub(crate) fn secret_from(text: &str) -> Result<Secret<Vec<u8>>, String> {
    match text.strip_prefix("base64:") {
        None => Ok(Secret::new(text.as_bytes().to_vec())),
        Some(encoded) => BASE64
            .decode(encoded.trim().replace('-', "+").replace('_', "/"))
            .map(Secret::new)
            .map_err(|_| "starts with base64:, but the rest is not valid base64".to_owned()),
    }
}

/// Parses the path of a file with a secret.
pub(super) fn secret_file(entry: &Entry) -> Result<KeyText, String> {
    Ok(KeyText::File { path: in_folder(entry, &text(entry)?), is_path: true })
}

/// Parses PEM text, or the path of a file that contains it.
pub(super) fn pem(entry: &Entry) -> Result<KeyText, String> {
    text_or_file(entry, |text| text.contains("-----BEGIN"))
}

/// Parses JSON text, or the path of a file that contains it.
pub(super) fn json(entry: &Entry) -> Result<KeyText, String> {
    text_or_file(entry, |text| text.trim_start().starts_with('{'))
}

fn text_or_file(entry: &Entry, is_inline: impl FnOnce(&str) -> bool) -> Result<KeyText, String> {
    let text = text(entry)?;
    if is_inline(&text) {
        return Ok(KeyText::Inline(Secret::new(text)));
    }
    let is_path = looks_like_a_path(&text);
    Ok(KeyText::File { path: in_folder(entry, &text), is_path })
}

/// Returns a path relative to the folder of the configuration.
fn in_folder(entry: &Entry, path: &str) -> PathBuf {
    entry.folder().map_or_else(|| path.into(), |folder| folder.join(path))
}

/// Returns whether a text looks like a path. A key does not: base64 has no dots, and JSON has quotes.
fn looks_like_a_path(text: &str) -> bool {
    text.len() <= 255
        && text.contains('.')
        && text.chars().all(|c| c.is_alphanumeric() || "/\\:._- ~".contains(c))
}

/// Parses the name of a key, which goes into the header of every token.
pub(super) fn name(entry: &Entry) -> Result<String, String> {
    let text = text(entry)?;
    if text.len() <= 128 && text.chars().all(|c| c.is_ascii_graphic()) {
        Ok(text)
    } else {
        Err("must be at most 128 ASCII characters without spaces".to_owned())
    }
}

/// Parses a time, given as text or as a TOML date.
pub(super) fn time(entry: &Entry) -> Result<Timestamp, String> {
    let text = match &entry.value {
        Value::Dict(_, date) => date.values().next().and_then(Value::as_str),
        value => value.as_str(),
    };
    text.and_then(|text| humantime::parse_rfc3339(text).ok()).map(Timestamp::from).ok_or_else(|| {
        "must be a time in UTC in the format of RFC 3339, such as 2027-01-01T00:00:00Z".to_owned()
    })
}

pub(super) fn flag(entry: &Entry) -> Result<bool, String> {
    entry.value.to_bool().ok_or_else(|| "must be true or false".to_owned())
}

/// Returns whether a URL contains neither a user nor a password, so that it can be logged.
#[cfg(feature = "remote")]
pub(crate) fn may_be_shown(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// Parses the setting of a URL to fetch a document from.
#[cfg(feature = "remote")]
pub(super) fn url(entry: &Entry, allow_http: bool) -> Result<Url, String> {
    fetched_from(&text(entry)?, allow_http)
}

/// Parses a URL to fetch a document from.
#[cfg(feature = "remote")]
pub(super) fn fetched_from(text: &str, allow_http: bool) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| url.has_host() && matches!(url.scheme(), "https" | "http"));
    let url = url.ok_or("must be an https URL")?;
    if url.scheme() == "http" && !allow_http {
        let problem = "is not https, so anyone on the network path could inject keys: set `allow_http` if this is \
                       intended";
        return Err(problem.to_owned());
    }
    if !may_be_shown(&url) {
        return Err("must not contain a user or a password: keys are public".to_owned());
    }
    Ok(url)
}
