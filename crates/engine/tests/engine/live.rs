//! Rules are replaced while messages are inspected.

use crate::mail::Mail;
use mailhound_engine::{Builder, Live, Match, Report, RuleSet, Settings};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

/// A set of thirty rules, all true and all named after the set.
fn set(name: &str) -> RuleSet {
    let mut builder = Builder::new(Settings::default());
    for idx in 0..30 {
        let source = format!("strings.icontains(body.current_thread.text, 'word {idx}')");
        assert!(builder.add_mql(name, &format!("name: {name}\ntype: rule\nsource: |\n  {source}\n")).is_ok());
    }
    builder.build()
}

fn names(report: &Report) -> Vec<&str> {
    let name = |it: &Match| match it {
        Match::Mql { rule, .. } => Some(rule.name.clone()),
        Match::Yara { .. } => None,
    };
    report.matches.iter().map(|it| if name(it).as_deref() == Some("a") { "a" } else { "b" }).collect()
}

#[test]
fn every_report_is_wholly_of_one_set() {
    let text: String = (0..30).map(|idx| format!("word {idx} ")).collect();
    let mail = Mail::new("Rita <rita@example.net>", "quentin@example.org", "Hello").plain(&text).bytes();
    let live = Live::new(set("a"));
    let (done, inspected) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let inspect = || {
            while !done.load(Ordering::Acquire) {
                let rules = live.current();
                let report = rules.inspector().inspect("test", &mail);
                let names = names(&report);
                assert_eq!(names.len(), 30);
                assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
                inspected.fetch_add(1, Ordering::Relaxed);
            }
        };
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(inspect)).collect();
        for round in 0..60 {
            live.replace(set(if round % 2 == 0 { "b" } else { "a" }));
        }
        live.replace(set("b"));
        done.store(true, Ordering::Release);
        threads.into_iter().for_each(|thread| assert!(thread.join().is_ok()));
    });
    assert!(inspected.into_inner() > 0);
    assert_eq!(names(&live.current().inspect("test", &mail)), ["b"; 30]);
}

#[test]
fn a_replaced_set_goes_with_its_last_user() {
    let live = Live::new(set("a"));
    let user = live.current();
    let old: Weak<RuleSet> = Arc::downgrade(&user);
    drop(live.replace(set("b")));
    let inspector = user.inspector();
    assert!(old.upgrade().is_some());
    drop(inspector);
    drop(user);
    assert!(old.upgrade().is_none());
}

#[test]
fn a_thread_that_failed_does_not_hold_up_the_others() {
    let live = Live::new(set("a"));
    std::thread::scope(|scope| {
        let failed = scope.spawn(|| {
            let _rules = live.current();
            std::panic::resume_unwind(Box::new("a broken worker"));
        });
        assert!(failed.join().is_err());
    });
    assert_eq!(live.replace(set("b")).rules()[0].rule.name, "a");
    assert_eq!(live.current().rules()[0].rule.name, "b");
}
