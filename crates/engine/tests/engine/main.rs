//! The engine as its users meet it: rules and messages in, reports out.

mod hostile_rules;
mod kinds;
mod language;
mod limits;
mod live;
mod loading;
mod mail;
mod prefilter;
mod seeds;
mod semantics;
mod starter;
mod walker;
