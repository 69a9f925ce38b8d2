//! The layers of the crate `jwt-auth`: a module imports only from layers below its own.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, ItemMod, UseTree};

/// The layers, lowest first. Modules of the same layer do not import each other. This table documents the layers.
const LAYERS: [&[&str]; 19] = [
    &["clock", "json"],
    &["error"],
    &["config", "claims", "passwords"],
    &["jws", "cookies"],
    &["owner"],
    &["auth", "family", "throttle"],
    &["event"],
    &["keyring"],
    &["revocation"],
    &["store", "signer"],
    &["verify", "policy"],
    &["session"],
    &["compat"],
    &["jwt_auth"],
    &["guard"],
    &["session_routes"],
    &["fairing", "openapi"],
    &["testing"],
    &["lib", "guide", "__private"],
];

#[test]
fn every_module_imports_only_from_lower_layers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../jwt-auth/src");
    let mut check = Check::default();
    check.file(&root.join("lib.rs"), &[]);
    assert!(check.files > 100, "only {} files were found", check.files);
    assert!(check.imports > 300, "only {} imports were found", check.imports);
    assert_eq!(check.violations, Vec::<String>::new());
}

#[test]
fn an_import_from_a_higher_layer_is_reported() {
    for (module, source, expected) in [
        (&["store", "memory"][..], "use crate::session::Session;", "store imports session"),
        (&["store"], "use crate::{clock::Clock, jwt_auth::JwtAuth};", "store imports jwt_auth"),
        (&["store", "redis"], "use super::super::guard::Auth;", "store imports guard"),
        (&["claims"], "fn f(_: crate::verify::Verifier) {}", "claims imports verify"),
        (&["config"], "fn f() { super::claims::read() }", "config imports claims"),
        (&["error"], "use crate::JwtAuth;", "error imports lib"),
        (&["error"], "#[cfg(test)] mod tests { use crate::jwt_auth::JwtAuth; }", ""),
        (&["store"], "mod inner { use super::super::clock::Clock; use super::memory; }", ""),
    ] {
        let mut check = Check::default();
        check.source(source, Path::new(""), module);
        let expected = if expected.is_empty() { vec![] } else { vec![expected.to_owned()] };
        let found: Vec<_> =
            check.violations.iter().map(|v| v.split(':').next().unwrap_or(v).to_owned()).collect();
        assert_eq!(found, expected, "{source}");
    }
}

#[derive(Default)]
struct Check {
    files: usize,
    imports: usize,
    violations: Vec<String>,
}

impl Check {
    fn file(&mut self, file: &Path, module: &[&str]) {
        self.files += 1;
        let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.source(&source, file, module);
    }

    fn source(&mut self, source: &str, file: &Path, module: &[&str]) {
        let parsed = syn::parse_file(source).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut imports =
            Imports { module: module.iter().map(|name| (*name).to_owned()).collect(), found: Vec::new() };
        imports.items(&parsed.items);
        for (from, path) in imports.found {
            self.import(&from, &path, file);
        }
        for item in &parsed.items {
            let Item::Mod(ItemMod { attrs, ident, content: None, .. }) = item else { continue };
            if is_for_tests(attrs) {
                continue;
            }
            let name = ident.to_string();
            let inner: Vec<&str> = module.iter().copied().chain([name.as_str()]).collect();
            self.file(&file_of(file, attrs, &name), &inner);
        }
    }

    fn import(&mut self, from: &[String], path: &[String], file: &Path) {
        let Some(target) = resolve(from, path) else { return };
        let from = from.first().map_or("lib", String::as_str);
        self.imports += 1;
        if from != target && layer(&target) >= layer(from) {
            let path = path.join("::");
            self.violations.push(format!("{from} imports {target}: `{path}` in {}", file.display()));
        }
    }
}

/// The paths in a file that begin with `crate` or `super`, each with the module that contains it.
struct Imports {
    module: Vec<String>,
    found: Vec<(Vec<String>, Vec<String>)>,
}

impl Imports {
    fn add(&mut self, path: Vec<String>) {
        // A bare `crate` is part of a visibility.
        if path.len() > 1 && (path[0] == "crate" || path[0] == "super") {
            self.found.push((self.module.clone(), path));
        }
    }

    fn tree(&mut self, tree: &UseTree, mut path: Vec<String>) {
        match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                self.tree(&inner.tree, path);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, path.clone())),
            UseTree::Name(name) => {
                path.push(name.ident.to_string());
                self.add(path);
            }
            UseTree::Rename(name) => {
                path.push(name.ident.to_string());
                self.add(path);
            }
            UseTree::Glob(_) => self.add(path),
        }
    }
}

impl Imports {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Use(item) if !is_for_tests(&item.attrs) => self.tree(&item.tree, Vec::new()),
                Item::Mod(item) if !is_for_tests(&item.attrs) => {
                    self.module.push(item.ident.to_string());
                    self.items(item.content.as_ref().map_or(&[], |(_, items)| items));
                    self.module.pop();
                }
                Item::Fn(item) if is_for_tests(&item.attrs) => {}
                Item::Impl(item) if is_for_tests(&item.attrs) => {}
                Item::Use(_) | Item::Mod(_) | Item::Macro(_) => {}
                item => self.tokens(item.to_token_stream()),
            }
        }
    }

    /// Finds the paths in the tokens of an item.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 || path.is_empty() => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && colons < 2 => colons += 1,
                token => {
                    self.add(std::mem::take(&mut path));
                    colons = 0;
                    match token {
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.add(path);
    }
}

/// Returns the top-level module that a path leads to, or `None` for a private macro of the crate.
fn resolve(from: &[String], path: &[String]) -> Option<String> {
    let mut module: Vec<String> = if path[0] == "crate" { Vec::new() } else { from.to_vec() };
    for name in path {
        match name.as_str() {
            "crate" | "self" => {}
            "super" => drop(module.pop()),
            name => {
                module.push(name.to_owned());
                break;
            }
        }
    }
    let target = module.first().map_or("lib", String::as_str);
    if target.starts_with("__") && target != "__private" {
        return None;
    }
    Some(if is_module(target) { target } else { "lib" }.to_owned())
}

fn is_module(name: &str) -> bool {
    LAYERS.iter().any(|layer| layer.contains(&name))
}

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or_else(|| panic!("`{module}` is not in any layer: add it to the table"))
}

fn is_for_tests(attrs: &[Attribute]) -> bool {
    let is_test = |attr: &Attribute| {
        let text = attr.to_token_stream().to_string();
        attr.path().is_ident("test")
            || (attr.path().is_ident("cfg") && text.contains("test") && !text.contains("testing"))
    };
    attrs.iter().any(is_test)
}

/// Returns the file of a module that is declared in another file.
fn file_of(parent: &Path, attrs: &[Attribute], name: &str) -> PathBuf {
    let folder = parent.parent().expect("a file is in a folder");
    for attr in attrs {
        if attr.path().is_ident("path") {
            let text = attr.to_token_stream().to_string();
            return folder.join(text.split('"').nth(1).expect("a path is text"));
        }
    }
    let folder = match parent.file_name().and_then(|file| file.to_str()) {
        Some("lib.rs" | "mod.rs") => folder.to_path_buf(),
        _ => parent.with_extension(""),
    };
    let file = folder.join(format!("{name}.rs"));
    if file.exists() { file } else { folder.join(name).join("mod.rs") }
}
