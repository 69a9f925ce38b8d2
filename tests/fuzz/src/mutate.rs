//! Mutations that keep JSON and base64url valid, because changes to single bytes seldom do.

use fastrand::Rng;
use libfuzzer_sys::fuzzer_mutate;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::{AUDIENCE, Members, NOW, THEM, US};

/// Mutates an input for `fuzz_mutator!` and returns the new length. Changes a member of an object that has its own line,
/// or the spelling of base64url, or leaves the mutation to libFuzzer.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut rng = Rng::with_seed(seed.into());
    let changed = match rng.u8(..8) {
        0 => respell(&data[..size], &mut rng),
        1..4 => change_line(&data[..size], &mut rng),
        _ => None,
    };
    match changed.filter(|changed| changed.len() <= max_size) {
        Some(changed) => {
            data[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
}

/// Changes the last two bits of a word. In base64url, these are often spare bits.
fn respell(data: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let of = |byte: &u8| ALPHABET.iter().position(|other| other == byte);
    let ends: Vec<(usize, usize)> = (0..data.len())
        .filter(|at| data.get(at + 1).is_none_or(|next| of(next).is_none()))
        .filter_map(|at| Some((at, of(&data[at])?)))
        .collect();
    let (at, value) = rng.choice(ends)?;
    let mut changed = data.to_vec();
    changed[at] = ALPHABET[value ^ rng.usize(1..4)];
    Some(changed)
}

fn change_line(data: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = data.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let objects: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].starts_with(b"{")).collect();
    let line = &mut lines[rng.choice(objects)?];
    *line = change_object(std::str::from_utf8(line).ok()?, rng)?.into_bytes();
    Some(lines.join(&b'\n'))
}

/// Changes the text of an object in one place.
fn change_object(text: &str, rng: &mut Rng) -> Option<String> {
    let mut members: Members = serde_json::from_str(text).ok()?;
    let Members(all) = &mut members;
    let at = rng.usize(..=all.len());
    match rng.u8(..6) {
        _ if at == all.len() => all.push((name(rng), raw(&value(rng)))),
        0 => drop(all.remove(at)),
        1 => all.insert(at, (all[at].0.clone(), raw(&value(rng)))),
        2 => all[at].0 = name(rng),
        _ => all[at].1 = change_value(&all[at].1, rng),
    }
    Some(write(&members, rng))
}

fn change_value(old: &RawValue, rng: &mut Rng) -> Box<RawValue> {
    let text = old.get();
    let changed = match rng.u8(..6) {
        0 => value(rng).to_string(),
        1 => format!("[{text}]"),
        2 => format!("{{\"a\":{text}}}"),
        3 => Value::from(text.trim_matches('"')).to_string(),
        _ => match serde_json::from_str(text) {
            Ok(Value::Number(number)) => number.as_f64().map_or(0.0, |old| old + near(rng)).to_string(),
            Ok(Value::Object(_)) => change_object(text, rng).unwrap_or_default(),
            Ok(Value::Array(elements)) if !elements.is_empty() => {
                let at = rng.usize(..elements.len());
                let elements = elements.iter().enumerate().map(|(i, element)| match i == at {
                    true => change_value(&raw(element), rng).get().to_owned(),
                    false => element.to_string(),
                });
                format!("[{}]", elements.collect::<Vec<_>>().join(","))
            }
            _ => value(rng).to_string(),
        },
    };
    RawValue::from_string(changed).unwrap_or_else(|_| old.to_owned())
}

/// Writes an object. Some names are written with an escape.
fn write(members: &Members, rng: &mut Rng) -> String {
    let members = members.0.iter().map(|(name, value)| {
        let name = match name.chars().next() {
            Some(first) if first.is_ascii() && rng.u8(..16) == 0 => {
                format!("\"\\u{:04x}{}", u32::from(first), &Value::from(&name[1..]).to_string()[1..])
            }
            _ => Value::from(name.as_str()).to_string(),
        };
        format!("{name}:{value}")
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Picks the name of a claim, of a header parameter or of a member of a JWK.
fn name(rng: &mut Rng) -> String {
    #[rustfmt::skip]
    const NAMES: [&str; 41] = [
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "auth_time", "acr", "ver",
        "name", "id", "roles", "scope", "refresh_token",
        "alg", "typ", "kid", "crit", "jwk", "jku", "x5u", "x5c", "b64",
        "keys", "kty", "use", "key_ops", "crv", "n", "e", "x", "y", "d", "p", "q", "dp", "dq", "qi", "k",
    ];
    rng.choice(NAMES).unwrap_or_default().to_owned()
}

fn value(rng: &mut Rng) -> Value {
    let values = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(NOW as f64 + near(rng)),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("1"),
        json!(US),
        json!(THEM),
        json!(AUDIENCE),
        json!([]),
        json!([AUDIENCE, US]),
        json!({}),
        json!("00000000-0000-4000-8000-000000000000"),
    ];
    rng.choice(values).unwrap_or_default()
}

/// Picks a number of seconds that matters for dates, such as the leeway or a lifetime.
fn near(rng: &mut Rng) -> f64 {
    let near = [0.0, 0.5, 1.0, 9.0, 10.0, 11.0, 900.0, 910.0];
    let by = rng.choice(near).unwrap_or_default();
    if rng.bool() { by } else { -by }
}

fn raw(value: &Value) -> Box<RawValue> {
    RawValue::from_string(value.to_string()).expect("a value is JSON")
}
