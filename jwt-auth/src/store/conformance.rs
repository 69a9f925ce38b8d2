//! Tests that every store passes, for stores of your own.
