//! The format of tokens: the compact serialization of a JSON Web Signature (RFC 7515).

mod compact;
mod header;
mod headers;
mod id;

pub(crate) use compact::{Compact, MAX_LENGTH};
pub(crate) use header::{Header, with_header};
pub(crate) use headers::{Headers, TokenType};
pub(crate) use id::{digest_id, half_sha256, half_sha256_of, id_of_only_token, is_id_of_only_token};
