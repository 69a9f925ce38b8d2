//! The pages. A real app has them in a database.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// The pages of all teams.
pub struct Wiki(Mutex<BTreeMap<String, Pages>>);

type Pages = BTreeMap<String, Page>;

#[derive(Clone, Serialize)]
pub struct Page {
    pub text: String,
    /// The id of the member who created it.
    pub author: u64,
    /// Whether everyone may read it.
    pub is_public: bool,
    /// Whether only owners may change it.
    pub is_locked: bool,
}

impl Wiki {
    /// Returns a wiki with a few pages.
    pub fn new() -> Self {
        let page =
            |text: &str, author| Page { text: text.to_owned(), author, is_public: false, is_locked: false };
        let acme = [
            ("welcome".to_owned(), Page { is_public: true, ..page("We make everything.", 1) }),
            ("rules".to_owned(), Page { is_locked: true, ..page("There are none.", 1) }),
            ("lunch".to_owned(), page("On Tuesdays there is soup.", 2)),
        ];
        let globex = [("plans".to_owned(), page("To make everything.", 4))];
        let teams = [("acme".to_owned(), acme.into()), ("globex".to_owned(), globex.into())];
        Self(Mutex::new(teams.into()))
    }

    pub fn titles(&self, team: &str) -> Vec<String> {
        self.teams().get(team).map(|pages| pages.keys().cloned().collect()).unwrap_or_default()
    }

    pub fn page(&self, team: &str, title: &str) -> Option<Page> {
        self.teams().get(team)?.get(title).cloned()
    }

    pub fn is_locked(&self, team: &str, title: &str) -> bool {
        self.page(team, title).is_some_and(|page| page.is_locked)
    }

    pub fn is_author(&self, member: u64, team: &str, title: &str) -> bool {
        self.page(team, title).is_some_and(|page| page.author == member)
    }

    /// Creates or changes a page. An existing page keeps its author.
    pub fn write(&self, team: &str, title: &str, text: String, author: u64) {
        let mut teams = self.teams();
        let pages = teams.entry(team.to_owned()).or_default();
        let new = || Page { text: String::new(), author, is_public: false, is_locked: false };
        pages.entry(title.to_owned()).or_insert_with(new).text = text;
    }

    pub fn delete(&self, team: &str, title: &str) {
        if let Some(pages) = self.teams().get_mut(team) {
            pages.remove(title);
        }
    }

    pub fn delete_all(&self, team: &str) {
        self.teams().remove(team);
    }

    fn teams(&self) -> MutexGuard<'_, BTreeMap<String, Pages>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
