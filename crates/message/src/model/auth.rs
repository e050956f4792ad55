//! What servers on the way found out about the sender: SPF, DKIM, DMARC (reference mdm.md §9.3 to §9.6).

use mailhound_objects::{Domain, Ip};
use mailhound_value::object;

object! {
    /// A DKIM-like signature, or one dkim entry of authentication results.
    #[derive(Clone, Debug, Default)]
    pub struct Signature {
        /// Kind: dkim, arc-message, domainkey or x-google-dkim.
        r#type: Option<String>,
        /// The v tag.
        version: Option<String>,
        /// The a tag, such as rsa-sha256.
        algorithm: Option<String>,
        /// The s tag, or header.s of authentication results.
        selector: Option<String>,
        /// The b tag, or header.b of authentication results; a fold is one space.
        signature: Option<String>,
        /// The bh tag.
        body_hash: Option<String>,
        /// The d tag, or header.d of authentication results. Plain text, not a domain object.
        domain: Option<String>,
        /// The h tag: header names separated by colons; a fold is one space.
        headers: Option<String>,
        /// The i tag of ARC, or header.i of authentication results.
        instance: Option<String>,
    }
}

object! {
    /// An SPF result.
    #[derive(Clone, Debug, Default)]
    pub struct Spf {
        /// Result word; as written when it comes from Received-SPF, lower case otherwise.
        verdict: Option<String>,
        /// The server that made the check.
        server: Option<Domain>,
        /// The address that connected.
        client_ip: Option<Ip>,
        /// The checked identity: with `domain of` from Received-SPF, the bare smtp.mailfrom from authentication results.
        designator: Option<String>,
        /// Text of the comment, without parentheses.
        description: Option<String>,
        /// Name given in HELO or EHLO.
        helo: Option<Domain>,
    }
}

object! {
    /// A DMARC result.
    #[derive(Clone, Debug, Default)]
    pub struct Dmarc {
        /// Result word, lower case.
        verdict: Option<String>,
        /// DMARC version; no known server writes it.
        version: Option<String>,
        /// Policy of the domain (p), case as written.
        policy: Option<String>,
        /// Policy for subdomains (sp), case as written.
        sub_policy: Option<String>,
        /// What the server did (dis, written by Gmail).
        disposition: Option<String>,
        /// What the server did (action, written by Microsoft).
        action: Option<String>,
        /// Domain of the author, header.from.
        r#from: Option<Domain>,
    }
}

object! {
    /// Microsoft's composite authentication.
    #[derive(Clone, Debug, Default)]
    pub struct CompAuth {
        /// pass, softpass, fail or none.
        verdict: String,
        /// Reason code of three digits; empty when it is not given.
        reason: String,
    }
}

object! {
    /// The authentication results that one hop recorded; several headers of a hop are merged.
    #[derive(Clone, Debug, Default)]
    pub struct AuthenticationResults {
        /// Kind of header: standard, arc, original, exchange, agari or x-original.
        r#type: Option<String>,
        /// ARC instance.
        instance: Option<String>,
        /// The server that made the checks (authserv-id).
        server: Option<Domain>,
        /// SPF verdict, lower case.
        spf: Option<String>,
        /// More about SPF.
        spf_details: Option<Spf>,
        /// DKIM verdict, lower case: pass when any signature passes, else the first one.
        dkim: Option<String>,
        /// One entry for each dkim result.
        dkim_details: Vec<Signature>,
        /// DMARC verdict, lower case.
        dmarc: Option<String>,
        /// More about DMARC.
        dmarc_details: Option<Dmarc>,
        /// Microsoft's composite result.
        compauth: Option<CompAuth>,
    }
}

object! {
    /// The verdicts for the message as a whole: those of the lowest hop that has the check.
    #[derive(Clone, Debug, Default)]
    pub struct AuthSummary {
        /// SPF; null when no hop has a result.
        spf: Option<SpfSummary>,
        /// DMARC; null when no hop has a result.
        dmarc: Option<DmarcSummary>,
    }
}

object! {
    /// The SPF verdict of the message.
    #[derive(Clone, Debug, Default)]
    pub struct SpfSummary {
        /// The check passed.
        pass: Option<bool>,
        /// The check ended in a temporary or permanent error.
        error: Option<bool>,
        /// Index of the hop that decided.
        received_hop: Option<i64>,
        /// The result of that hop.
        details: Option<Spf>,
    }
}

object! {
    /// The DMARC verdict of the message.
    #[derive(Clone, Debug, Default)]
    pub struct DmarcSummary {
        /// The check passed; a best guess without a published policy is no pass.
        pass: Option<bool>,
        /// The check ended in a temporary or permanent error.
        error: Option<bool>,
        /// Index of the hop that decided.
        received_hop: Option<i64>,
        /// The result of that hop.
        details: Option<Dmarc>,
    }
}
