//! Never panics, whatever the input: any text as XPath on any page.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (query, page) = text.split_once('\n').unwrap_or((&text, "<p a=1>x<b>y</b></p>"));
    if let Ok(xpath) = mailhound_functions::html::xpath::XPath::parse(query) {
        let page = mailhound_objects::html::Document::parse(page);
        let page = mailhound_functions::html::xpath::Document::new(page.dom());
        let _ = xpath.evaluate(&page, 100_000);
    }
});
