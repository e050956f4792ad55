//! `ml.link_analysis`: what stands behind a link (enrichment.md §3).

use crate::ml::language::Label;
use mailhound_files::File;
use mailhound_mql::{Body, Default, Example, Function, Param, example, param};
use mailhound_objects::html::Html;
use mailhound_objects::{Link, Url};
use mailhound_value::{Type, Typed, Unavailable, Value, capability, object};

object! {
    /// Does the page look like credential phishing?
    #[derive(Default)]
    pub struct CredPhish {
        /// benign, phishing or unknown.
        disposition: Option<String>,
        /// Set when the disposition is phishing: low, medium or high.
        confidence: Option<String>,
        /// The brand that the page shows.
        brand: Option<Label>,
        /// It looks like a login screen.
        contains_login: Option<bool>,
        /// It shows a captcha.
        contains_captcha: Option<bool>,
    }
}

object! {
    /// A request that the page made.
    pub struct Response {
        /// What was requested.
        url: Option<Url>,
        /// HTTP status.
        status_code: Option<i64>,
        /// MIME type.
        content_type: Option<String>,
        /// The body.
        file: Option<File>,
        /// The body, when it is JSON.
        json: Option<serde_json::Value>,
    }
}

object! {
    /// What stands behind a link.
    pub struct LinkAnalysis {
        /// The link passed the selection step and was visited.
        submitted: Option<bool>,
        /// The page was loaded.
        retrieved: Option<bool>,
        /// When.
        retrieved_at: Option<String>,
        /// The analysis for credential phishing ran.
        analyzed: Option<bool>,
        /// The URL as given.
        original_url: Option<Url>,
        /// The page after all redirects.
        effective_url: Option<Url>,
        /// Every URL passed through, in order.
        redirect_history: Vec<Url>,
        /// HTTP status of the requested page.
        status_code: Option<i64>,
        /// MIME type of the page.
        content_type: Option<String>,
        /// The page.
        final_dom: Option<Html>,
        /// A picture of the page.
        screenshot: Option<File>,
        /// Downloads that started by themselves.
        files_downloaded: Vec<File>,
        /// All requests of the page.
        unique_urls_accessed: Vec<Url>,
        /// All responses to the page.
        additional_responses: Vec<Response>,
        /// Signs of credential phishing.
        credphish: Option<CredPhish>,
    }
}

const PARAMS: &[Param] = &[
    param("link", Type::Any, "A link or URL. Null gives null.").one_of(&[<Link as Typed>::TYPE, <Url as Typed>::TYPE]),
    param("mode", Type::String, "`default`, or `aggressive` to visit more links.")
        .optional(Default::Text("default"))
        .words(&["default", "aggressive"]),
];

const fn link_analysis(name: &'static str, examples: &'static [Example]) -> Function {
    Function {
        name,
        about: "Visits a link and reports the page, the redirects, downloads and signs of credential phishing.",
        params: PARAMS,
        returns: <LinkAnalysis as Typed>::TYPE,
        needs: &[capability::LINKS],
        examples,
        memo: false,
        body: Body::Plain(|args| match args.value(0) {
            Value::Null => Ok(Value::Null),
            _ => Err(Unavailable::capability(capability::LINKS)),
        }),
    }
}

pub(super) static LINK_ANALYSIS: Function = link_analysis(
    "ml.link_analysis",
    &[
        example("any(body.links, ml.link_analysis(., mode=\"aggressive\").credphish.disposition == \"phishing\")", "unavailable: links"),
        example("ml.link_analysis(strings.parse_url(null)).submitted", "null"),
    ],
);

pub(super) static BETA_LINK_ANALYSIS: Function =
    link_analysis("beta.linkanalysis", &[example("beta.linkanalysis(body.links[0]).submitted", "unavailable: links")]);
