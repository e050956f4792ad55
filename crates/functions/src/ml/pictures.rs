//! `ml.logo_detect` and `ml.macro_classifier`: models that look at files (enrichment.md §2.7, §2.8).

use crate::file::FILES;
use crate::ml::language::Label;
use mailhound_mql::{Body, Function, example, param};
use mailhound_value::{Type, Typed, Unavailable, Value, capability, object};

object! {
    /// Brands on one page.
    #[derive(Default)]
    pub struct LogoPage {
        /// The page, from 0.
        page_index: i64,
        /// The brands.
        brands: Vec<Label>,
        /// Why it was not read.
        error: Option<String>,
    }
}

object! {
    /// Brands whose logos a picture shows.
    #[derive(Default)]
    pub struct LogoDetect {
        /// The brands with low, medium or high confidence.
        brands: Vec<Label>,
        /// A picture was examined.
        scanned: Option<bool>,
        /// The same by page.
        page_results: Vec<LogoPage>,
        /// Number of pages.
        total_pages: Option<i64>,
        /// Why nothing was examined.
        error: Option<String>,
    }
}

object! {
    /// Is a macro malicious?
    #[derive(Default)]
    pub struct MacroVerdict {
        /// The verdict.
        malicious: Option<bool>,
        /// How likely the verdict is right: low, medium or high.
        confidence: Option<String>,
        /// Why there is none.
        error: Option<String>,
    }
}

const FILE: &[mailhound_mql::Param] = &[param("file", Type::Any, "The file. Null gives null.").one_of(FILES)];

pub(super) static LOGO_DETECT: Function = Function {
    name: "ml.logo_detect",
    about: "The brands whose logos a picture or document shows.",
    params: FILE,
    returns: <LogoDetect as Typed>::TYPE,
    needs: &[capability::LOGO],
    examples: &[
        example("any(attachments, any(ml.logo_detect(.).brands, .name == \"Microsoft\"))", "unavailable: logo"),
        example("ml.logo_detect(null).scanned", "null"),
    ],
    memo: false,
    body: Body::Plain(|args| match args.value(0) {
        Value::Null => Ok(Value::Null),
        _ => Err(Unavailable::capability(capability::LOGO)),
    }),
};

pub(super) static MACRO_CLASSIFIER: Function = Function {
    name: "ml.macro_classifier",
    about: "Whether the macros of an Office file are malicious.",
    params: FILE,
    returns: <MacroVerdict as Typed>::TYPE,
    needs: &[capability::MACROS],
    examples: &[example("ml.macro_classifier(attachments[0]).malicious", "unavailable: macros")],
    memo: false,
    body: Body::Plain(|args| match args.value(0) {
        Value::Null => Ok(Value::Null),
        _ => Err(Unavailable::capability(capability::MACROS)),
    }),
};
