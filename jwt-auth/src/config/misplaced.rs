//! Settings in the wrong place, which Rocket accepts and this crate would not read.

use rocket::figment::{Figment, Profile, Provider};

use super::origin::VARIABLE;
use super::table::SECTION;

/// Returns a warning for each setting that has no effect, with the form that has one.
pub(crate) fn misplaced(figment: &Figment) -> Vec<String> {
    let Ok(data) = figment.data() else { return Vec::new() };
    let mut warnings = Vec::new();
    for (profile, settings) in &data {
        if is_like_the_section(profile.as_str().as_str()) {
            warnings.push(format!(
                "the table [{profile}] has no effect, because Rocket reads it as a profile: write [default.{SECTION}]"
            ));
            continue;
        }
        for key in settings.keys().filter(|key| *key != SECTION) {
            let rest = key.strip_prefix(SECTION).map(|rest| rest.trim_start_matches('_'));
            match rest.filter(|rest| !rest.is_empty()) {
                // Rocket puts variables into the global profile.
                Some(rest) if *profile == Profile::Global => warnings.push(format!(
                    "the variable ROCKET_{} has no effect: write {VARIABLE}='{{{rest}=…}}'",
                    key.to_uppercase()
                )),
                Some(rest) => warnings.push(format!(
                    "`{key}` in [{profile}] has no effect: write `{rest} = …` in [{profile}.{SECTION}]"
                )),
                None if is_like_the_section(key) => {
                    warnings.push(format!("[{profile}.{key}] has no effect: write [{profile}.{SECTION}]"))
                }
                None => {}
            }
        }
    }
    warnings
}

/// Returns whether a name is the name of the section, but for its spelling.
fn is_like_the_section(name: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect::<String>().to_lowercase()
    };
    letters(name) == letters(SECTION)
}
