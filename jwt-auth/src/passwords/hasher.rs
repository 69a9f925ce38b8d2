//! Hashes, and what to compare a password with.

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::password_hash::{Error, try_generate_salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};

use super::check::PasswordCheck;
use super::memory::Memory;

/// The most memory that a stored hash may need, in KiB: 128 MiB. That is enough for the defaults of other libraries: those
/// of PHP and of argon2-cffi (Python) need 64 MiB, and that of Django needs 100 MiB.
const MAX_MEMORY: u64 = 128 * 1024;

/// The most work that a stored hash may need, in KiB times iterations: 13 times that of a new hash. PHP's default needs
/// half of it.
const MAX_WORK: u64 = 512 * 1024;

/// The length of the salt of a new hash, in bytes (RFC 9106, section 3.1).
const SALT_LENGTH: usize = 16;

/// Hashes and verifies passwords on the current thread.
pub(super) struct Hasher {
    params: Params,
    argon2: Argon2<'static>,
    dummy: PasswordHash,
    pub(super) memory: Memory,
    #[cfg(test)]
    pub(super) computed: std::sync::atomic::AtomicUsize,
}

/// A hash to compare a password with, and what it means if they match.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) hash: PasswordHash,
    /// Argon2, as the hash was computed.
    argon2: Argon2<'static>,
    if_right: PasswordCheck,
}

impl Hasher {
    /// The parameters must have an output length.
    pub(super) fn new(params: Params) -> Result<Self, Error> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        // No one knows a password with this output. Whether one matches makes no difference.
        let dummy = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: (&params).try_into()?,
            salt: Some(Salt::new(&[0; SALT_LENGTH])?),
            hash: Some(Output::new(&[0; Params::DEFAULT_OUTPUT_LEN])?),
        };
        Ok(Self {
            params,
            argon2,
            dummy,
            memory: Memory::default(),
            #[cfg(test)]
            computed: std::sync::atomic::AtomicUsize::new(0),
        })
    }

    /// Returns what to compare a password with: the stored hash, or the dummy if that cannot be used.
    pub(super) fn target(&self, stored: Option<&str>) -> Target {
        let hash = stored.and_then(|stored| PasswordHash::new(stored).ok());
        hash.and_then(|hash| self.usable(hash)).unwrap_or_else(|| Target {
            hash: self.dummy.clone(),
            argon2: self.argon2.clone(),
            if_right: PasswordCheck::Wrong,
        })
    }

    /// Computes exactly one hash.
    pub(super) fn verify(&self, target: &Target, password: &[u8]) -> Result<PasswordCheck, Error> {
        #[cfg(test)]
        self.computed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let Target { hash, argon2, .. } = target;
        let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Err(Error::Internal) };
        // The comparison takes the same time for all outputs.
        match self.output(argon2, password, salt, expected.len())? == *expected {
            true => Ok(target.if_right),
            false => Ok(PasswordCheck::Wrong),
        }
    }

    pub(super) fn hash(&self, password: &[u8]) -> Result<String, Error> {
        let salt = Salt::new(&try_generate_salt().map_err(|_| Error::RngFailure)?)?;
        let output = self.output(&self.argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN)?;
        Ok(PasswordHash { salt: Some(salt), hash: Some(output), ..self.dummy.clone() }.to_string())
    }

    /// Computes an output of this length.
    fn output(
        &self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &Salt,
        length: usize,
    ) -> Result<Output, Error> {
        let common = argon2.params().block_count() == self.params.block_count();
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = buffer.get_mut(..length).ok_or(Error::OutputSize)?;
        self.memory.compute(argon2, (password, salt), output, common)?;
        Ok(Output::new(output)?)
    }

    /// Returns a target for this hash, or `None` if it is not a complete hash of Argon2, or would take too much memory or
    /// time.
    fn usable(&self, hash: PasswordHash) -> Option<Target> {
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map(Version::try_from).transpose().ok()?.unwrap_or_default();
        let params = Params::try_from(&hash).ok()?;
        let (salt, _) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
        if memory(&params) > MAX_MEMORY.max(memory(&self.params))
            || work(&params) > MAX_WORK.max(work(&self.params))
        {
            return None;
        }
        let is_current = algorithm == Algorithm::Argon2id
            && version == Version::V0x13
            && params == self.params
            && salt.len() >= SALT_LENGTH;
        let if_right = if is_current { PasswordCheck::Right } else { PasswordCheck::RightButRehash };
        Some(Target { hash, argon2: Argon2::new(algorithm, version, params), if_right })
    }
}

fn memory(params: &Params) -> u64 {
    params.m_cost().into()
}

fn work(params: &Params) -> u64 {
    memory(params).saturating_mul(params.t_cost().into())
}
