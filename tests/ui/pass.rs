//! Valid uses of the macros. All cases are modules of this one crate: compiled one by one, they would take minutes.
//!
//! A case is a file in `<macro>/pass` with its own tests, and a `mod` below. Cases for the lints of strict crates are
//! in `strict`.

// Cases define more than they use, and show forms that could be written more simply.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::all)]

use std::collections::BTreeSet;
use std::path::Path;

use jwt_auth_tests::files_in;

mod derive_claims {
    mod pass {
        mod conditional_fields;
        mod enums;
        mod generated_by_macros;
        mod names_of_the_crate;
        mod nested_roles;
        mod serde_attributes_and_impls;
        mod shadowed_names;
        mod structs;
        mod subject_types;
        mod versions;
    }
}

mod policy {
    mod pass {
        mod across_modules;
        mod as_proof;
        mod forms;
        mod generated_by_macros;
        mod parameters;
    }
}

mod public {
    mod pass {
        mod generated_by_macros;
        mod handlers;
        mod optional_guards;
    }
}

mod require_auth {
    mod pass {
        mod handlers;
        mod check {
            mod forms;
            mod guards;
            mod parameters;
            mod return_types;
        }
        mod claims {
            mod generic_claims;
            mod several_types;
        }
        mod clause {
            mod roles;
            mod step_up;
        }
        mod hygiene {
            mod generated_names;
            mod names_of_the_crate;
            mod opaque_bodies;
            mod renamed_imports;
        }
        mod openapi {
            mod utoipa_path;
        }
        mod placement {
            mod generated_by_macros;
            mod inside_functions;
        }
        mod source {
            mod words;
        }
    }
}

mod routes {
    mod pass {
        mod behind_cfg;
        mod handlers_in_modules;
        mod handlers_of_another_crate;
        mod in_expressions;
        mod paths;
    }
}

/// A case that has no `mod` above would not be compiled.
#[test]
fn every_case_is_listed() {
    let (mut listed, mut parents) = (BTreeSet::new(), Vec::new());
    for line in include_str!("pass.rs").lines().map(str::trim) {
        match line.strip_prefix("mod ").map(|rest| rest.split_at(rest.len() - 1)) {
            Some((case, ";")) => {
                listed.insert([&parents[..], &[case]].concat().join("/"));
            }
            Some((parent, "{")) => parents.push(parent.trim_end()),
            _ if line == "}" => drop(parents.pop()),
            _ => {}
        }
    }

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let cases: BTreeSet<String> = files_in(&root)
        .iter()
        .map(|path| path.strip_prefix(&root).expect("a file of the folder"))
        .filter(|path| path.iter().any(|part| part == "pass"))
        .map(|path| path.with_extension("").display().to_string())
        .collect();
    assert_eq!(listed, cases);
}
