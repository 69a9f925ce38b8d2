//! Walks through the states of a system.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use stateright::{Checker, Expectation, HasDiscoveries, Model};

use super::System;
use super::action::Action;

/// Walks through all states, prints how many there are, and checks every property.
pub(super) fn all_holds(name: &str, system: System) {
    let begun = Instant::now();
    let checker = system.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    print(&format!(
        "{name}: {} states, {} steps, {:.1} s",
        checker.unique_state_count(),
        checker.state_count(),
        begun.elapsed().as_secs_f32()
    ));
    for property in system.properties() {
        let found = checker.discovery(property.name).is_some();
        match property.expectation {
            Expectation::Sometimes => assert!(found, "{name}: it never happens that {}", property.name),
            _ if found => {
                panic!(
                    "{name}: it is not always true that {}:\n{}",
                    property.name,
                    told(system, property.name)
                )
            }
            _ => {}
        }
    }
}

/// Checks that a property does not always hold, and prints the number of steps to a state where it does not.
pub(super) fn fails(name: &str, system: System, property: &'static str) {
    let steps =
        shortest(system, property).unwrap_or_else(|| panic!("{name}: it is always true that {property}"));
    print(&format!("{name}: found in {} steps", steps.len()));
}

/// Checks that each of these steps is possible, and that a property holds until the last of them.
pub(super) fn leads_to(system: System, steps: &[Action], property: &'static str) {
    let holds = system.properties().into_iter().find(|known| known.name == property).unwrap().condition;
    let mut state = system.init_states().remove(0);
    for step in steps {
        assert!(holds(&system, &state), "before {step:?}");
        let mut possible = Vec::new();
        system.actions(&state, &mut possible);
        assert!(possible.contains(step), "{step:?} is not one of {possible:?}");
        state = system.next_state(&state, *step).unwrap();
    }
    assert!(!holds(&system, &state), "it is always true that {property}");
}

fn told(system: System, property: &'static str) -> String {
    shortest(system, property).into_iter().flatten().fold(String::new(), |mut told, step| {
        let _ = writeln!(told, "- {step:?}");
        told
    })
}

/// Returns the shortest sequence of steps to a state where a property does not hold.
fn shortest(system: System, property: &'static str) -> Option<Vec<Action>> {
    let mut shortest = None;
    let mut depth = usize::MAX;
    loop {
        let checker = system
            .checker()
            .finish_when(HasDiscoveries::AnyOf(BTreeSet::from([property])))
            .target_max_depth(depth)
            .spawn_bfs()
            .join();
        let Some(path) = checker.discovery(property) else { return shortest };
        let steps = path.into_actions();
        // Depths are counted from 1, and states at this depth are not visited.
        depth = steps.len() + 1;
        shortest = Some(steps);
    }
}

/// Prints a line where the test harness does not capture it.
fn print(line: &str) {
    let _ = writeln!(std::io::stderr(), "model of the refresh protocol, {line}");
}
