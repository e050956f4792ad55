//! `network.whois`: registration data of a domain (enrichment.md §5.1).

use mailhound_mql::{Body, Function, example, param};
use mailhound_objects::Domain;
use mailhound_value::{Typed, Unavailable, Value, capability, object};

object! {
    /// Registration data of a domain.
    #[derive(Default)]
    pub struct Whois {
        /// The domain that was looked up.
        root_domain: Option<String>,
        /// It is registered.
        found: Option<bool>,
        /// Days since its registration, fractional.
        days_old: Option<f64>,
        /// Time of registration, RFC 3339.
        created_at: Option<String>,
        /// Time of the last change, RFC 3339.
        updated_at: Option<String>,
        /// Time of expiry, RFC 3339.
        expires_at: Option<String>,
        /// Time of the look-up, RFC 3339.
        checked_at: Option<String>,
        /// EPP status codes.
        domain_status: Vec<String>,
        /// Name servers.
        name_servers: Vec<Domain>,
        /// Registrar.
        registrar_name: Option<String>,
        /// Registrant's name.
        registrant_name: Option<String>,
        /// Registrant's company.
        registrant_company: Option<String>,
        /// Registrant's address.
        registrant_address: Option<String>,
        /// Registrant's city.
        registrant_city: Option<String>,
        /// Registrant's state.
        registrant_state: Option<String>,
        /// Registrant's postal code.
        registrant_zip: Option<String>,
        /// Registrant's country.
        registrant_country: Option<String>,
        /// Registrant's country, two letters.
        registrant_country_code: Option<String>,
        /// Registrant's mail address.
        registrant_email: Option<String>,
        /// Registrant's telephone.
        registrant_phone: Option<String>,
        /// Registrant's fax.
        registrant_fax: Option<String>,
        /// Administrative contact's name.
        administrative_name: Option<String>,
        /// Administrative contact's company.
        administrative_company: Option<String>,
        /// Administrative contact's mail address.
        administrative_email: Option<String>,
        /// Administrative contact's telephone.
        administrative_phone: Option<String>,
        /// Technical contact's name.
        technical_name: Option<String>,
        /// Technical contact's company.
        technical_company: Option<String>,
        /// Technical contact's mail address.
        technical_email: Option<String>,
        /// Technical contact's telephone.
        technical_phone: Option<String>,
        /// Why nothing was found out.
        error: Option<String>,
    }
}

pub(super) static WHOIS: Function = Function {
    name: "network.whois",
    about: "Registration data of the root domain.",
    params: &[param("domain", <Domain as Typed>::TYPE, "The domain. Null gives null.")],
    returns: <Whois as Typed>::TYPE,
    needs: &[capability::WHOIS],
    examples: &[
        example("network.whois(sender.email.domain).days_old < 30", "unavailable: whois"),
        example("network.whois(strings.parse_domain(null)).found", "null"),
    ],
    memo: false,
    body: Body::Plain(|args| match args.value(0) {
        Value::Null => Ok(Value::Null),
        _ => Err(Unavailable::capability(capability::WHOIS)),
    }),
};
