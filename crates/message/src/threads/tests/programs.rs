//! What mail programs do beside the plain cases.

use super::{check, check_head, html, plain, shown};

#[test]
fn an_answer_behind_the_quote_in_a_container_of_gmail_is_current() {
    let head = "<div class='gmail_quote gmail_quote_container'><div class='gmail_attr'>On Tue, Mar 4, 2025 at 2:32 PM Bob &lt;b@x.example&gt; wrote:<br></div>";
    let below = html(&format!("{head}<blockquote class='gmail_quote'><p>Quoted</p></blockquote><div>My answer</div></div>"));
    check(&below, &["My answer", "On Tue, Mar 4, 2025 at 2:32 PM Bob <b@x.example> wrote: # Quoted"]);
    check_head(&below.previous[0], ["b@x.example", "Bob", "2025-03-04T14:32:00Z", "", ""]);
    let between = html(&format!(
        "{head}<blockquote class='gmail_quote'><p>One?</p></blockquote><div>Yes</div><blockquote class='gmail_quote'>Two?</blockquote><div>No</div></div>"
    ));
    check(&between, &["Yes / No", "On Tue, Mar 4, 2025 at 2:32 PM Bob <b@x.example> wrote: # One? / Two?"]);
}

#[test]
fn a_separator_and_the_attribution_below_it_are_one() {
    let proton = plain(
        "Yes\n\n------- Original Message -------\nOn Tuesday, March 4th, 2025 at 2:32 PM, Bob <b@x.example> wrote:\n\n> Quoted\n> again\n",
    );
    check(
        &proton,
        &["Yes", "------- Original Message ------- / On Tuesday, March 4th, 2025 at 2:32 PM, Bob <b@x.example> wrote: # Quoted / again"],
    );
    check_head(&proton.previous[0], ["b@x.example", "Bob", "2025-03-04T14:32:00Z", "", ""]);
    let yandex = plain(
        "Смотри\n\n-------- Пересылаемое сообщение --------\n04.03.2025, 14:32, \"Bob\" <b@x.example>:\n\nТекст\n-------- Завершение пересылаемого сообщения --------\n",
    );
    assert_eq!(yandex.previous.len(), 1, "{:?}", shown(&yandex));
    check_head(&yandex.previous[0], ["b@x.example", "Bob", "2025-03-04T14:32:00Z", "", ""]);
    let two = plain(
        "-----Original Message-----\nFrom: Bob <b@x.example>\nSubject: x\n\nOn 4 Mar 2025 at 14:32, Ann <a@x.example> wrote:\n> Quoted",
    );
    assert_eq!(two.previous.len(), 2, "{:?}", shown(&two));
}

#[test]
fn the_element_of_outlook_for_header_lines_may_hold_prose() {
    check(
        &html("<p>Hello</p><div id=divRplyFwdMsg><p>Your invoice is ready.</p><p>Sign in to see it.</p></div><p>Bye</p>"),
        &["Hello / Your invoice is ready. / Sign in to see it. / Bye"],
    );
    let unknown =
        html("<p>Ja</p><div id=divRplyFwdMsg>Vanaf: Bob &lt;b@x.example&gt;<br>Gestuur: 4 Maart 2025<br>Onderwerk: x</div><p>Quoted</p>");
    check(&unknown, &["Ja", "Vanaf: Bob <b@x.example> / Gestuur: 4 Maart 2025 / Onderwerk: x # Quoted"]);
    check(
        &html("<p>Hi</p><div id=divRplyFwdMsg><p>My answer</p>From: Bob &lt;b@x.example&gt;<br>Subject: x</div><p>Quoted</p>"),
        &["Hi / My answer", "From: Bob <b@x.example> / Subject: x # Quoted"],
    );
}

#[test]
fn attributions_with_words_of_other_languages() {
    for line in [
        "На вт, 4.03.2025 г. в 14:32 ч. Bob Roe <bob@example.com> написа:",
        "уто, 4. мар 2025. у 14:32 Bob Roe <bob@example.com> је написао/ла:",
        "On Tue, 4 Mar 2025 14:32:00 +0000, Bob Roe <bob@example.com> said:",
    ] {
        let segments =
            html(&format!("<p>x</p><div class=gmail_attr>{}</div><blockquote class=gmail_quote>y</blockquote>", line.replace('<', "&lt;")));
        assert_eq!(segments.previous.len(), 1, "{line}");
        let sender = segments.previous[0].sender.clone().unwrap_or_default();
        let found = (sender.email.email.as_str(), sender.display_name.as_deref(), segments.previous[0].date.as_deref());
        assert_eq!(found, ("bob@example.com", Some("Bob Roe"), Some("2025-03-04T14:32:00Z")), "{line}");
    }
}

#[test]
fn an_unknown_word_for_writing_right_above_a_quote() {
    let line = "On Tue, 4 Mar 2025 14:32:00 +0000, Bob Roe mentioned:";
    check(&plain(&format!("Yes\n\n{line}\n> Quoted")), &["Yes", &format!("{line} # Quoted")]);
    let line = "Bob Roe <bob@example.com> opined:";
    check(&plain(&format!("Yes\n\n{line}\n> Quoted")), &["Yes", &format!("{line} # Quoted")]);
    assert_eq!(html("<p>Send it to bob@example.com:</p><blockquote>Our offer</blockquote>").previous.len(), 0);
    check_head(
        &plain("Yes\n\nOn Tue, 4 Mar 2025 14:32:00 +0000, Bob Roe mentioned:\n> Quoted").previous[0],
        ["", "", "2025-03-04T14:32:00Z", "", ""],
    );
    let prose = "Write to list(bob@example.com). There the user includes a tag like this:\n\n> tag";
    assert_eq!(plain(prose).previous[0].preamble, None);
    let id = plain("Yes\n\nIn message <2002.g99@life.example>, Bob Roe said:\n> Quoted");
    check_head(&id.previous[0], ["", "Bob Roe", "", "", ""]);
}

#[test]
fn an_answer_below_a_gmail_quote_that_is_quoted_itself() {
    let segments = html(
        "<p>Yes</p><div id=divRplyFwdMsg>From: Bob &lt;b@x.example&gt;<br>Subject: x</div><div class=gmail_quote><div class=gmail_attr>\
         On Tue, Mar 4, 2025 at 2:32 PM Ann &lt;a@x.example&gt; wrote:</div><blockquote class=gmail_quote>Quoted</blockquote>Answer of Bob</div>",
    );
    assert_eq!(segments.current.text.as_deref(), Some("Yes"), "{:?}", shown(&segments));
    check_head(&segments.previous[1], ["a@x.example", "Ann", "2025-03-04T14:32:00Z", "", ""]);
    assert_eq!(segments.previous[0].text.as_deref(), Some("Answer of Bob"));
}

#[test]
fn ornaments_are_no_quotes() {
    for ornament in [">>>>>>>>>>>>>>>>>>>>>", &">".repeat(80), ">>> Click here <<<", "> > >"] {
        let segments = plain(&format!("Regards\n{ornament}\n"));
        assert_eq!(segments.previous.len(), 0, "{ornament}");
    }
    assert_eq!(plain("Yes\n> Quoted\n").previous.len(), 1);
}

#[test]
fn more_words_of_gateways() {
    for banner in [
        "CAUTION: This email is from outside of the organization.",
        "Caution: EXT Email",
        "Warning: this was sent to you by someone outside your company.",
        "Be careful: This Message Is From an Untrusted Sender",
    ] {
        let segments = plain(&format!("{banner}\n\nHello Ann\n"));
        assert_eq!((segments.current.banners.len(), segments.current.text.as_deref()), (1, Some("Hello Ann")), "{banner}");
    }
}
