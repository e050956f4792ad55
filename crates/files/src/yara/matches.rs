//! What a scan found.

use std::sync::Arc;

/// A rule that matches. Private rules are not reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Identifier of the rule.
    pub rule: String,
    /// Stem of the name of the rule file.
    pub namespace: Arc<str>,
    /// The path of the rule file as it was given.
    pub path: Arc<str>,
    /// Tags in the order of the rule.
    pub tags: Vec<String>,
    /// Metadata in the order of the rule; a name may occur more than once.
    pub meta: Vec<(String, MetaValue)>,
    /// Where its strings occur, string by string in the order of the rule, each by offset; private strings are left out.
    pub strings: Vec<StringMatch>,
    /// True when there were more places than are reported.
    pub strings_cut: bool,
}

/// One place at which a string of a rule occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringMatch {
    /// Identifier with its `$`.
    pub identifier: String,
    /// Bytes before it.
    pub offset: usize,
    /// Its bytes.
    pub length: usize,
}

/// A value in the metadata of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum MetaValue {
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// Text; bytes that are not UTF-8 are replaced.
    Text(String),
}

impl MetaValue {
    /// The value as JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            MetaValue::Int(it) => (*it).into(),
            MetaValue::Float(it) => (*it).into(),
            MetaValue::Bool(it) => (*it).into(),
            MetaValue::Text(it) => it.as_str().into(),
        }
    }

    /// The value as text.
    pub fn text(&self) -> String {
        match self {
            MetaValue::Int(it) => it.to_string(),
            MetaValue::Float(it) => it.to_string(),
            MetaValue::Bool(it) => it.to_string(),
            MetaValue::Text(it) => it.clone(),
        }
    }
}

impl Match {
    /// The first metadata value of this name.
    pub fn meta(&self, name: &str) -> Option<&MetaValue> {
        self.meta.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The metadata as a JSON object; the last of equal names counts.
    pub fn meta_json(&self) -> serde_json::Value {
        self.meta.iter().map(|(key, value)| (key.clone(), value.json())).collect::<serde_json::Map<_, _>>().into()
    }

    /// As the command line prints it: rule, namespace, tags, meta, strings.
    pub fn json(&self) -> serde_json::Value {
        let place = |it: &StringMatch| serde_json::json!({"identifier": it.identifier, "offset": it.offset, "length": it.length});
        serde_json::json!({
            "rule": self.rule,
            "namespace": &*self.namespace,
            "tags": self.tags,
            "meta": self.meta_json(),
            "strings": self.strings.iter().map(place).collect::<Vec<_>>(),
        })
    }
}
