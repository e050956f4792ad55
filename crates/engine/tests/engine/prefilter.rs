//! Rules that lack what they need are not evaluated, and all others are.

use mailhound_engine::{Builder, Settings};

const MESSAGE: &str = "From: Ada Byron <ada@sender.example>\r\nTo: bob@example.com\r\nSubject: Invoice 17\r\nMessage-ID: <1@sender.example>\r\n\
    Content-Type: text/plain\r\n\r\nHello Bob, see https://pay.example/now\r\n";

/// A condition, and whether it is ruled out for [`MESSAGE`] before any of its steps runs.
const CONDITIONS: &[(&str, bool)] = &[
    ("strings.icontains(subject.subject, 'receipt', 'order', 'bill', 'offer')", true),
    ("strings.icontains(subject.subject, 'receipt', 'order', 'bill', 'INVOICE')", false),
    ("subject.subject == 'Receipt 17'", true),
    ("subject.subject =~ 'INVOICE 17'", false),
    ("sender.email.domain.root_domain in ('a.example', 'b.example')", true),
    ("any(body.links, .href_url.domain.root_domain == 'nothing.example')", true),
    ("any(body.links, .href_url.domain.root_domain == 'pay.example')", false),
    ("any(headers.hops, any(.fields, .name == 'X-Nothing' and .value == 'x'))", true),
    ("any(attachments, .size > 10)", true),
    ("length(attachments) > 0 and sender.email.email == 'ada@sender.example'", true),
    ("length(body.links) >= 1", false),
    ("any(filter(body.links, .display_text == 'nothing'), .visible)", true),
    ("strings.ilevenshtein(sender.display_name, 'Acme Payments') <= 2", true),
    ("strings.ilevenshtein(sender.display_name, 'Ada Biron') <= 2", false),
    ("subject.subject == 'x' or strings.ilevenshtein(sender.display_name, 'Acme') <= 1 or length(recipients.to) > 5", true),
    ("subject.subject == 'x' or any(ml.nlu_classifier(body.current_thread.text).intents, .name == 'bec')", false),
    ("2 of (subject.subject == 'x', sender.display_name == 'y', type.inbound)", true),
    ("1 of (subject.subject == 'x', sender.display_name == 'y', type.inbound)", false),
    ("not (subject.subject == 'x')", false),
    ("not (subject.subject != 'Invoice 17' or not (sender.display_name == 'y'))", true),
    ("headers.in_reply_to == 'x'", true),
    ("headers.in_reply_to is null", false),
    ("subject.subject in $no_such_list_at_all", false),
    ("sender.display_name in $free_email_providers", true),
    ("false", true),
    ("type.inbound", false),
];

#[test]
fn rules_without_what_they_need_are_ruled_out() {
    let mut wrong = Vec::new();
    for (condition, expected) in CONDITIONS {
        let mut builder = Builder::new(Settings::default());
        let checked = builder.add_mql("rule.yml", &format!("name: n\ntype: rule\nsource: |\n  {condition}\n"));
        assert!(checked.is_ok(), "{condition}: {:?}", checked.findings);
        let rules = builder.build();
        let mut profiler = rules.profiler();
        profiler.inspect("", MESSAGE.as_bytes());
        let evaluation = &profiler.profile().expect("a profiler measures").evaluation;
        assert_eq!(evaluation.rules.get(), 1);
        if (evaluation.ruled_out.get() == 1) != *expected {
            wrong.push(condition);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn behind_the_searched_part_of_a_text_anything_may_stand() {
    let mut builder = Builder::new(Settings::default());
    let tests = "strings.icontains(body.plain.raw, 'needle', 'pin', 'nail', 'thread')";
    builder.add_mql("rule.yml", &format!("name: n\ntype: rule\nsource: |\n  {tests}\n"));
    let rules = builder.build();
    let message = format!("{}{}", MESSAGE, "lorem ipsum ".repeat(200_000));
    let report = rules.inspect("", message.as_bytes());
    assert_eq!(report.undetermined.len(), 1, "{:?}", report.matches);
    assert_eq!(report.undetermined[0].needs, ["limit search.text"]);
}

#[test]
fn lists_of_lists_of_lists_cost_no_more_than_their_length() {
    let list = (0..60).fold("body.links".to_owned(), |list, _| format!("filter({list}, .display_text == 'x')"));
    let mut builder = Builder::new(Settings::default());
    let checked = builder.add_mql("rule.yml", &format!("name: n\ntype: rule\nsource: |\n  any({list}, .visible)\n"));
    assert!(checked.is_ok(), "{:?}", checked.findings);
    assert!(builder.build().inspect("", MESSAGE.as_bytes()).matches.is_empty());
}
