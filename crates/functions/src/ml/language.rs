//! Models that read text: `ml.nlu_classifier`, `beta.ml_topic`, `beta.ml_translate`, `beta.ml_extract_sensitive_information`,
//! `ml.attack_score` (enrichment.md §2.1, §2.2, §2.9, §2.10, §4).

use mailhound_mql::{Body, Default, Function, example, param};
use mailhound_value::{Type, Typed, Unavailable, Value, capability, object};

object! {
    /// A label with the confidence that it is right: low, medium or high.
    #[derive(Clone, Debug, Default)]
    pub struct Label {
        /// The label.
        name: String,
        /// low, medium or high.
        confidence: Option<String>,
    }
}

object! {
    /// A span of text with what it names.
    #[derive(Clone, Debug, Default)]
    pub struct Entity {
        /// Kind: request, urgency, financial, org, sender, disclaimer, recipient, greeting, salutation.
        name: String,
        /// The span as it stands in the text.
        text: String,
    }
}

object! {
    /// What a text is about.
    #[derive(Clone, Debug, Default)]
    pub struct NluClassifier {
        /// Language, lower-case English name such as `english`.
        language: Option<String>,
        /// Intents: cred_theft, callback_scam, bec, advance_fee, extortion, steal_pii, job_scam, benign.
        intents: Vec<Label>,
        /// Entities, every mention.
        entities: Vec<Entity>,
        /// Topics.
        topics: Vec<Label>,
        /// Tags: invoice, payment, purchase_order.
        tags: Vec<Label>,
        /// The classifier ran.
        success: Option<bool>,
        /// Why it did not.
        error: Option<String>,
    }
}

object! {
    /// The topics of a text.
    #[derive(Clone, Debug, Default)]
    pub struct TopicClassifier {
        /// Topics.
        topics: Vec<Label>,
    }
}

object! {
    /// A translated text.
    #[derive(Clone, Debug, Default)]
    pub struct Translation {
        /// The text in English.
        text: Option<String>,
    }
}

object! {
    /// One piece of sensitive information.
    #[derive(Clone, Debug, Default)]
    pub struct SensitiveElement {
        /// Kind, such as credit_card_number.
        r#type: String,
        /// low, medium or high.
        confidence: String,
        /// The span.
        text: String,
    }
}

object! {
    /// Sensitive information in a text.
    #[derive(Clone, Debug, Default)]
    pub struct SensitiveInformation {
        /// What was found.
        elements: Vec<SensitiveElement>,
    }
}

object! {
    /// A reason for an attack score.
    #[derive(Clone, Debug, Default)]
    pub struct Signal {
        /// Its group.
        category: String,
        /// What it says.
        description: String,
        /// Its rank, 1 for the strongest.
        rank: i64,
    }
}

object! {
    /// How likely the message is an attack.
    #[derive(Clone, Debug, Default)]
    pub struct AttackScore {
        /// malicious, suspicious, unknown, likely_benign, spam or graymail.
        verdict: Option<String>,
        /// 0 to 100.
        score: Option<i64>,
        /// 0 to 100.
        graymail_score: Option<i64>,
        /// The strongest reasons.
        top_signals: Vec<Signal>,
    }
}

const TEXT: mailhound_mql::Param = param("text", Type::String, "The text. Null gives null.");

/// The answer of a text model that is not there: null for null, else unavailable.
macro_rules! absent {
    ($capability:expr) => {
        Body::Plain(|args| if args.str(0).is_none() { Ok(Value::Null) } else { Err(Unavailable::capability($capability)) })
    };
}

pub(super) static NLU_CLASSIFIER: Function = Function {
    name: "ml.nlu_classifier",
    about: "Intents, entities, topics, tags and language of a text.",
    params: &[
        TEXT,
        param("subject", Type::String, "The subject to classify with the text; the message's own when left out, none when empty.")
            .optional(Default::Null),
        param("display_name", Type::String, "The sender's name to classify with the text.").optional(Default::Null),
    ],
    returns: <NluClassifier as Typed>::TYPE,
    needs: &[capability::LANGUAGE],
    examples: &[
        example(r#"any(ml.nlu_classifier("Please sign in").intents, .name == "cred_theft")"#, "unavailable: language"),
        example("ml.nlu_classifier(null).language", "null"),
    ],
    memo: false,
    body: absent!(capability::LANGUAGE),
};

pub(super) static TOPIC: Function = Function {
    name: "beta.ml_topic",
    about: "The topics of a text.",
    params: &[TEXT],
    returns: <TopicClassifier as Typed>::TYPE,
    needs: &[capability::LANGUAGE],
    examples: &[example(r#"length(beta.ml_topic("Our newsletter").topics)"#, "unavailable: language")],
    memo: false,
    body: absent!(capability::LANGUAGE),
};

pub(super) static TRANSLATE: Function = Function {
    name: "beta.ml_translate",
    about: "The text in English.",
    params: &[TEXT],
    returns: <Translation as Typed>::TYPE,
    needs: &[capability::LANGUAGE],
    examples: &[example(r#"beta.ml_translate("Guten Tag").text"#, "unavailable: language")],
    memo: false,
    body: absent!(capability::LANGUAGE),
};

pub(super) static SENSITIVE_INFORMATION: Function = Function {
    name: "beta.ml_extract_sensitive_information",
    about: "Card numbers, identifiers, secrets and health terms in a text.",
    params: &[TEXT],
    returns: <SensitiveInformation as Typed>::TYPE,
    needs: &[capability::DLP],
    examples: &[example(r#"any(beta.ml_extract_sensitive_information("x").elements, .type == "iban_code")"#, "unavailable: dlp")],
    memo: false,
    body: absent!(capability::DLP),
};

pub(super) static ATTACK_SCORE: Function = Function {
    name: "ml.attack_score",
    about: "How likely the whole message is an attack.",
    params: &[],
    returns: <AttackScore as Typed>::TYPE,
    needs: &[capability::LANGUAGE],
    examples: &[example("ml.attack_score().verdict", "unavailable: language")],
    memo: false,
    body: Body::Plain(|_| Err(Unavailable::capability(capability::LANGUAGE))),
};

pub(super) static FUZZY_ATTACK_SCORE: Function = Function {
    name: "beta.fuzzy_attack_score",
    about: "How likely the whole message is an attack, by its likeness to known ones.",
    examples: &[example("beta.fuzzy_attack_score().verdict", "unavailable: language")],
    params: &[],
    returns: <AttackScore as Typed>::TYPE,
    needs: &[capability::LANGUAGE],
    memo: false,
    body: Body::Plain(|_| Err(Unavailable::capability(capability::LANGUAGE))),
};
