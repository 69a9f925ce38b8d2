//! Other parameters and limits than the defaults.

use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::Params;

use super::Passwords;
use super::gate::Gate;
use super::hasher::Hasher;
use crate::error::StartupError;

/// How many passwords are hashed at once, at most, unless the app says otherwise.
const MAX_AT_ONCE: usize = 8;

/// How many passwords wait for each that is hashed, unless the app says otherwise.
const WAITING: u16 = 32;

/// Sets up [`Passwords`] with other parameters or limits than the [defaults](Passwords#defaults).
///
/// ```
/// use jwt_auth::Passwords;
///
/// // 46 MiB and 1 iteration are as good as 19 MiB and 2, for machines with more memory than time.
/// let passwords = Passwords::builder().memory_kib(47_104).iterations(1).at_once(4).build()?;
/// # Ok::<(), jwt_auth::StartupError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is set up until `build` is called"]
pub struct PasswordsBuilder {
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
    at_once: u16,
    waiting: Option<u16>,
}

impl PasswordsBuilder {
    pub(super) fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let at_once = (cores / 2).clamp(1, MAX_AT_ONCE) as u16;
        Self { memory_kib: 19_456, iterations: 2, lanes: 1, at_once, waiting: None }
    }

    /// Sets the memory that each hash needs, in KiB (`m`). The default is 19,456, which is 19 MiB.
    ///
    /// OWASP recommends one of these pairs of memory and iterations, or more of either: 47,104 and 1, 19,456 and 2, 12,288
    /// and 3, 9,216 and 4, 7,168 and 5. Less is for tests only.
    pub fn memory_kib(self, memory_kib: u32) -> Self {
        Self { memory_kib, ..self }
    }

    /// Sets how often each hash goes through its memory (`t`). The default is 2.
    pub fn iterations(self, iterations: u32) -> Self {
        Self { iterations, ..self }
    }

    /// Sets the number of lanes (`p`). The default is 1. The lanes of a hash are computed one after the other, so more of
    /// them make no hash faster. Set it if another program with another number writes to the same database, so that neither
    /// rehashes the hashes of the other.
    pub fn lanes(self, lanes: u32) -> Self {
        Self { lanes, ..self }
    }

    /// Sets how many passwords are hashed at once. The default is half of the cores, between 1 and 8.
    pub fn at_once(self, at_once: u16) -> Self {
        Self { at_once, ..self }
    }

    /// Sets how many passwords may wait to be hashed. The default is 32 for each that is hashed at once. With 0, a password
    /// that cannot be hashed at once gets the 503.
    pub fn waiting(self, waiting: u16) -> Self {
        Self { waiting: Some(waiting), ..self }
    }

    /// Checks the parameters.
    ///
    /// # Errors
    ///
    /// [`StartupError::Setting`] if Argon2 does not work with the parameters, or if no password may be hashed at once.
    pub fn build(self) -> Result<Passwords, StartupError> {
        if self.at_once == 0 {
            return Err(invalid("at_once", "must be at least 1", "4"));
        }
        let waiting = self.waiting.unwrap_or_else(|| self.at_once.saturating_mul(WAITING));
        let output = Some(Params::DEFAULT_OUTPUT_LEN);
        let params =
            Params::new(self.memory_kib, self.iterations, self.lanes, output).map_err(
                |error| match error {
                    argon2::Error::TimeTooSmall => invalid("iterations", "must be at least 1", "2"),
                    argon2::Error::ThreadsTooFew | argon2::Error::ThreadsTooMany => {
                        invalid("lanes", "must be between 1 and 16777215", "1")
                    }
                    _ => invalid("memory_kib", "must be at least 8 for each lane", "19456"),
                },
            )?;
        let hasher = Hasher::new(params)
            .map_err(|error| invalid("memory_kib", &format!("does not work: {error}"), "19456"))?;
        Ok(Passwords { hasher: Arc::new(hasher), gate: Gate::new(self.at_once, waiting) })
    }
}

fn invalid(name: &str, problem: &str, example: &str) -> StartupError {
    StartupError::setting_at(format!("`{name}` of `Passwords`"), problem, example)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(builder: PasswordsBuilder) -> String {
        builder.build().expect_err("the parameters are invalid").to_string()
    }

    #[test]
    fn invalid_parameters_are_named() {
        let new = Passwords::builder;
        for (builder, expected) in [
            (
                new().memory_kib(7),
                "`memory_kib` of `Passwords` must be at least 8 for each lane; for example: 19456",
            ),
            (
                new().memory_kib(15).lanes(2),
                "`memory_kib` of `Passwords` must be at least 8 for each lane; for example: 19456",
            ),
            (new().iterations(0), "`iterations` of `Passwords` must be at least 1; for example: 2"),
            (new().lanes(0), "`lanes` of `Passwords` must be between 1 and 16777215; for example: 1"),
            (new().at_once(0), "`at_once` of `Passwords` must be at least 1; for example: 4"),
        ] {
            assert_eq!(problem(builder), expected);
        }
        assert!(new().memory_kib(8).iterations(1).waiting(0).build().is_ok());
        assert!(new().at_once(u16::MAX).waiting(u16::MAX).build().is_ok());
    }

    #[test]
    fn the_default_limits_fit_the_machine() {
        let builder = PasswordsBuilder::new();
        assert!((1..=8).contains(&builder.at_once), "{builder:?}");
        assert_eq!(builder.waiting, None);
    }
}
