//! `ml.*` and the older `beta.ml_*`: language, logo and macro models, link analysis. No engine is built yet: for known input they answer
//! `Unavailable`, for null they answer null.

mod language;
mod links;
mod pictures;

pub(crate) static FUNCTIONS: &[&mailhound_mql::Function] = &[
    &language::NLU_CLASSIFIER,
    &language::TOPIC,
    &language::TRANSLATE,
    &language::SENSITIVE_INFORMATION,
    &language::ATTACK_SCORE,
    &language::FUZZY_ATTACK_SCORE,
    &links::LINK_ANALYSIS,
    &links::BETA_LINK_ANALYSIS,
    &pictures::LOGO_DETECT,
    &pictures::MACRO_CLASSIFIER,
];
