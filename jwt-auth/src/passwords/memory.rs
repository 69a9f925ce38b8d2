//! The memory of hashes, which is used again. Otherwise, the allocator keeps what each thread has freed, and the threads
//! that run blocking work may be hundreds.

use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::password_hash::Error;
use argon2::{Argon2, Block};

/// The memory for hashes with the current parameters: as many pieces as there were hashes at once.
#[derive(Default)]
pub(super) struct Memory(Mutex<Vec<Vec<Block>>>);

impl Memory {
    /// Computes a hash. Keeps the memory if it is `common`: as much as most hashes need.
    pub(super) fn compute(
        &self,
        argon2: &Argon2<'_>,
        (password, salt): (&[u8], &[u8]),
        output: &mut [u8],
        common: bool,
    ) -> Result<(), Error> {
        let free = if common { self.lock().pop() } else { None };
        let mut blocks = match free {
            Some(blocks) => blocks,
            None => allocate(argon2.params().block_count())?,
        };
        let computed = argon2.hash_password_into_with_memory(password, salt, output, &mut blocks);
        if common {
            self.lock().push(blocks);
        }
        Ok(computed?)
    }

    #[cfg(test)]
    pub(super) fn pieces(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn allocate(count: usize) -> Result<Vec<Block>, Error> {
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(count).map_err(|_| Error::OutOfMemory)?;
    blocks.resize(count, Block::new());
    Ok(blocks)
}
