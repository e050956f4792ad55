//! The cases whose expectation we do not share, by reason. docs/compatibility.md has the same list for readers.

/// A reason and the cases it explains.
pub struct Known {
    /// Why we differ.
    pub reason: &'static str,
    /// Corpus and file; a message of mail-parser stands for both of its forms of line ends.
    pub cases: &'static [&'static str],
}

/// All of them.
pub const KNOWN: &[Known] = &[
    Known {
        reason: "the boundary of an outer multipart ends what is open inside (RFC 2046 §5.1.2); mail-parser reads on in the inner part",
        cases: &[
            "stalwart-mail-parser/eml/malformed/009",
            "stalwart-mail-parser/eml/malformed/011",
            "stalwart-mail-parser/eml/malformed/012",
            "stalwart-mail-parser/eml/malformed/016",
            "stalwart-mail-parser/eml/thirdparty/015",
        ],
    },
    Known {
        reason: "a delimiter is a line with the boundary and nothing or white space behind it; mail-parser also takes `--ab` for the boundary \
                 `a`, and a boundary in the middle of a line",
        cases: &[
            "stalwart-mail-parser/eml/malformed/001",
            "stalwart-mail-parser/eml/malformed/004",
            "stalwart-mail-parser/eml/malformed/008",
            "stalwart-mail-parser/eml/thirdparty/005",
        ],
    },
    Known {
        reason: "a header block without an empty line ends before a delimiter (mdm.md §2.1); mail-parser reads the delimiter and the header \
                 of the next part as fields",
        cases: &[
            "stalwart-mail-parser/eml/malformed/000",
            "stalwart-mail-parser/eml/malformed/007",
            "stalwart-mail-parser/eml/malformed/020",
            "stalwart-mail-parser/eml/malformed/021",
        ],
    },
    Known {
        reason: "fuzzed: a line without a colon begins the body (mdm.md §2.1), and `10:00:t` is no time; mail-parser leaves the line out and \
                 reads 10:00:00",
        cases: &["stalwart-mail-parser/eml/malformed/019"],
    },
    Known {
        reason: "a backslash before a letter stays, so that Windows paths survive as file names; mail-parser drops it (RFC 2045 §5.1)",
        cases: &["stalwart-mail-parser/eml/legacy/035", "stalwart-mail-parser/eml/legacy/039"],
    },
    Known {
        reason: "base64 ends at its padding (mdm.md §2.2); mail-parser decodes the words behind it",
        cases: &["stalwart-mail-parser/eml/thirdparty/002"],
    },
    Known {
        reason: "the last group of base64 counts without its padding (mdm.md §2.2); mime4j drops it",
        cases: &["mime4j/mimetools-testmsgs/frag.msg", "mime4j/mimetools-testmsgs/multi-frag.msg"],
    },
    Known {
        reason: "a line without a colon begins the body (mdm.md §2.1); mime4j leaves it out, or the field behind it (its two settings \
                 contradict each other on the same message)",
        cases: &[
            "mime4j/mimetools-testmsgs/hdr-fakeout.msg",
            "mime4j/testmsgs/basic-plain-with-bad-header-separator.msg",
            "mime4j/testmsgs/malformedHeader-nocrlfcrlf.msg",
            "mime4j/testmsgs/malformedHeaderStartsBody-nocrlfcrlf.msg",
        ],
    },
    Known {
        reason: "bytes without any header field are no message and have no body; mime4j takes the second line for the body",
        cases: &["mime4j/testmsgs/malformedHeader-noheader.msg", "mime4j/testmsgs/malformedHeaderStartsBody-noheader.msg"],
    },
    Known {
        reason: "a multipart without parts is read as text with all its lines; mime4j takes the closing delimiter out",
        cases: &["mime4j/testmsgs/missing-inner-start-boundary.msg", "mime4j/testmsgs/multipartnopart.msg"],
    },
    Known {
        reason: "white space at the end of a boundary is no part of it (RFC 2046 §5.1.1); mime4j wants it in the delimiter",
        cases: &[
            "mime4j/testmsgs/very-long-boundary.msg",
            "mime4j/testmsgs/very-very-long-boundary.msg",
            "mime4j/testmsgs/weird-boundary.msg",
        ],
    },
    Known {
        reason: "a route and blanks around dots are no part of an address (RFC 5322 §4.4); mail-parser keeps them",
        cases: &["stalwart-mail-parser/address.json 13", "stalwart-mail-parser/address.json 14"],
    },
    Known {
        reason: "a backslash before a line fold hides the blank that the fold becomes, so the comment ends at the next parenthesis, and text \
                 behind it belongs to the name",
        cases: &["stalwart-mail-parser/address.json 9"],
    },
    Known {
        reason: "the name stands left of the address (mdm.md §4.3); mail-parser also takes text behind it",
        cases: &["stalwart-mail-parser/address.json 55"],
    },
    Known {
        reason: "a date in figures only is ambiguous; numbers and a whole Received value are no Date; mail-parser reads all three",
        cases: &["stalwart-mail-parser/date.json 10", "stalwart-mail-parser/date.json 12", "stalwart-mail-parser/date.json 28"],
    },
    Known {
        reason: "text that touches an encoded word keeps touching it; mail-parser puts a blank between",
        cases: &[
            "stalwart-mail-parser/unstructured.json 21",
            "stalwart-mail-parser/unstructured.json 27",
            "stalwart-mail-parser/unstructured.json 28",
        ],
    },
    Known {
        reason: "white space between encoded words vanishes also inside quotes (mdm.md §2.1); mail-parser keeps it there",
        cases: &["stalwart-mail-parser/content_type.json 34"],
    },
];
