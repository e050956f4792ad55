//! `profile.*`: what earlier mail tells of the sender (enrichment.md §6).

use crate::Environment;
use mailhound_message::Message;
use mailhound_mql::{Args, Body, Example, Function, example};
use mailhound_objects::EmailAddress;
use mailhound_value::{Eval, Identity, Profile, Typed, Unavailable, Value, capability};

pub(crate) static FUNCTIONS: &[&Function] = &[&BY_SENDER, &BY_SENDER_EMAIL, &BY_SENDER_DOMAIN, &BY_REPLY_TO];

type Run = for<'a, 'm> fn(&Args<'a, 'm>) -> Eval<'m>;

const fn profile(name: &'static str, about: &'static str, run: Run, examples: &'static [Example]) -> Function {
    Function {
        name,
        about,
        params: &[],
        returns: <Profile as Typed>::TYPE,
        needs: &[capability::HISTORY],
        examples,
        memo: true,
        body: Body::Plain(run),
    }
}

static BY_SENDER: Function = profile(
    "profile.by_sender",
    "The past of the sender: of the address when its domain is a free mail provider, else of the domain.",
    |args| look_up(args, sender(args), Scope::AddressOfFreeMail),
    &[example("profile.by_sender().prevalence", r#""new""#), example("profile.by_sender().solicited", "false")],
);

static BY_SENDER_EMAIL: Function = profile(
    "profile.by_sender_email",
    "The past of the sender's address.",
    |args| look_up(args, sender(args), Scope::Address),
    &[example("profile.by_sender_email().days_since.last_contact", "null")],
);

static BY_SENDER_DOMAIN: Function = profile(
    "profile.by_sender_domain",
    "The past of the sender's domain.",
    |args| look_up(args, sender(args), Scope::Domain),
    &[example("profile.by_sender_domain().days_known", "0.0")],
);

static BY_REPLY_TO: Function = profile(
    "beta.profile.by_reply_to",
    "The past of the first Reply-To address; null without one.",
    |args| {
        let reply_to = message(args).and_then(|message| message.headers.reply_to.first()).map(|mailbox| &mailbox.email);
        look_up(args, reply_to.filter(|address| !address.email.is_empty()), Scope::AddressOfFreeMail)
    },
    &[example("beta.profile.by_reply_to().prevalence", "null")],
);

/// Whose past is meant.
#[derive(Clone, Copy)]
enum Scope {
    Address,
    Domain,
    /// The address when the domain is a free mail provider, else the domain.
    AddressOfFreeMail,
}

fn message<'m>(args: &Args<'_, 'm>) -> Option<&'m Message> {
    args.ctx.root.as_any().downcast_ref()
}

fn sender<'m>(args: &Args<'_, 'm>) -> Option<&'m EmailAddress> {
    message(args).and_then(|message| message.sender.as_ref()).map(|sender| &sender.email)
}

fn look_up<'m>(args: &Args<'_, 'm>, address: Option<&'m EmailAddress>, scope: Scope) -> Eval<'m> {
    let environment: &Environment = args.host();
    let Some(history) = &environment.history else { return Err(Unavailable::capability(capability::HISTORY)) };
    let Some(address) = address else { return Ok(Value::Null) };
    let domain = address.domain.domain.as_str();
    let by_address = match scope {
        Scope::Address => true,
        Scope::Domain => false,
        Scope::AddressOfFreeMail => environment.free_mail.contains(domain, false)?,
    };
    let identity = if by_address { Identity::Address(&address.email) } else { Identity::Domain(domain) };
    let mut profile = history.profile(identity)?;
    profile.auth_failed = profile.auth_failed.or_else(|| auth_failed(message(args)?));
    Ok(Value::Object(args.ctx.arena.object(profile)))
}

/// Did this message fail SPF or DMARC? Null when neither was checked.
fn auth_failed(message: &Message) -> Option<bool> {
    let summary = message.headers.auth_summary.as_ref()?;
    let spf = summary.spf.as_ref().and_then(|spf| spf.pass);
    let dmarc = summary.dmarc.as_ref().and_then(|dmarc| dmarc.pass);
    match (spf, dmarc) {
        (None, None) => None,
        (spf, dmarc) => Some(spf == Some(false) || dmarc == Some(false)),
    }
}
