"""What nobody should send: odd values, names, hosts, verbs, headers, bodies and files."""

from __future__ import annotations

NUMBERS = (
    *("9" * 400, "1" * 5000, "-" + "9" * 400, "0", "-1", "-0", "007", "1e309", "0x10", "1_000"),
    *("2147483648", "9223372036854775807", "9223372036854775808", "1.5", "NaN", "Infinity"),
    *("٣", "１２", "²", "১২", "Ⅷ", "½", "1,000", " 7 ", "+7", "--7"),
)
TEXTS = (
    *("", " ", "\x00", "a\x00b", "\x07", "\r\nX-Evil: yes", "\u202e", "\u200b", "\ufeff", "\u2028"),
    *("🙂", "👩‍👩‍👧", "e" + "\u0301" * 40, "\U0010ffff", "ﷺ" * 20, "Á" * 70000, "x" * 5000),
    *("../../etc/passwd", "//evil.example", "/\\evil.example", "javascript:alert(1)", "%", "%s%n"),
    *("{{7*7}}", "{0.__class__}", "' OR 1=1 --", "<script>", "[]", "{}", "null", "None", "true"),
    *("2027-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "99999-01-01", "2027-01-01T24:61"),
    *("24:00", "-1:-1", "00:60", "BO|judge", "|", "-", ".", "..", "=1+1", "a@b", "@", "ñ@ñ.ñ"),
    *("a" * 400 + "@police.example", "x@" + "y" * 300 + ".example", "AR", "ZZ", "xx", "en_XX"),
    *(
        "2026-01-01T00:00:00+99:99",
        "2026-01-01T00:00:00",
        "America/Nowhere",
        "../UTC",
        "Etc/GMT+99",
    ),
)
NAMES = (
    *("endpoint", "_method", "_scheme", "_anchor", "_external", "_host", "self", "values", "code"),
    *("name", "page", "sort", "q", "next", "back", "key", "again", "filename", "number", "", "[]"),
    *("page[]", "a" * 3000, "\x00", "__class__", "csrf_token", "form_token", "state", "function"),
    *("language", "kind", "style", "shown", "beside", "day", "like", "programme", "undo", "below"),
    *("before", "order", "act", "move", "whom", "retired", "agency", "country", "module", "then"),
)
HOSTS = (
    *("a..b", "", " ", "localhost:99999", "localhost:", "localhost:x", "[::1", "[::1]:x", "]", ":"),
    *(
        "a" * 300,
        "evil.example",
        "localhost.",
        "LOCALHOST",
        "localhost@evil.example",
        "xn--a",
        "%00",
    ),
    *("localhost/evil", "localhost#", "localhost\\evil", "127.1", "0", "\xff"),
)
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "P")
PATHS = (
    *("%00", "%ff", "%ED%A0%80", "%2e%2e", "%2F", "%5C", "%25", "%0d%0a", "a" * 3000, "9" * 400),
    *("..;", "~", "*", "%F0%9F%99%82", "-1", "0", "%C3%A9", "a%3Fb", "a%23b", "%20", "BUE27%00"),
)
HEADERS = (
    *(("Accept-Language", text) for text in ("*;q=nan", "-", "x" * 3000, "en-", ",,;;q=", "pt_BR")),
    *(
        ("Accept-Language", text)
        for text in ("en;q=1e999", "de-Latn-DE-1996", "*", "\xff", "es-419")
    ),
    *(
        ("Cookie", text)
        for text in ("session_id=\xff", "visit=x.y.z", "session_id=", "=;=", "a" * 9000)
    ),
    *(("Cookie", text) for text in ("visit=eyJfZmxhc2hlcyI6MX0.x.y", "session_id=" + "a" * 5000)),
    *(("Range", text) for text in ("bytes=0-", "bytes=5-1", "bytes=-9999999999999999999", "x")),
    *(("If-Modified-Since", text) for text in ("x", "Thu, 99 Xyz 9999 99:99:99 GMT")),
    *(("If-None-Match", text) for text in ('"', "*", "W/")),
    *(("X-Forwarded-For", text) for text in ("x", "1.2.3.4, , ,", "::1%eth0", "a" * 3000)),
    *(("X-Forwarded-Proto", "gopher"), ("X-HTTP-Method-Override", "DELETE")),
    *(("User-Agent", text) for text in ("", "\xff\xfe", "a" * 9000, "Firefox/ Windows" * 99)),
    *(
        ("Authorization", text)
        for text in ("Bearer", "Bearer \xff", "Basic !", "Digest " + "a" * 99)
    ),
    *(
        ("Content-Encoding", "gzip"),
        ("Expect", "100-continue"),
        ("Origin", "null"),
        ("Referer", "x"),
    ),
)
BOUND = "multipart/form-data; boundary=b"
BODIES: tuple[tuple[str, bytes], ...] = (
    *((kind, b"") for kind in ("", "text/plain", "application/json", "multipart/form-data", BOUND)),
    ("application/json", b'{"a":' * 5000),
    ("application/x-www-form-urlencoded", b"%"),
    ("application/x-www-form-urlencoded", b"=&=&;&a=%ff&%00=%00"),
    ("application/x-www-form-urlencoded", b"a=1&" * 5000),
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=+AD4-"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"a=\xff"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("multipart/form-data; boundary=\xff", b"--\xff\r\n\r\n"),
    (BOUND, b"--b\r\n\r\nx\r\n--b--\r\n"),
    (
        BOUND,
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a\x00b"\r\n\r\nx\r\n--b--',
    ),
    (
        BOUND,
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=x''%ff\r\n\r\n\r\n--b--",
    ),
    (BOUND, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
    (BOUND, b"--b\r\n" * 500),
    ("application/pdf", b"%PDF-1.7\n"),
)
FILES: tuple[tuple[str, bytes], ...] = (
    *(
        ("a.pdf", start)
        for start in (b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 3000, b"\xff\xd8\xff")
    ),
    (
        "\u202efdp.exe",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
    ),
    ("../../a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99),
    ("a" * 3000, b"GIF89a" + b"\xff" * 50),
    ("", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"),
)
