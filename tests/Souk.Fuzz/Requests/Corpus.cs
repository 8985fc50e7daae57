using System.Text;

namespace Souk.Fuzz.Requests;

/// <summary>
/// Values that have broken programs before. None holds a word that the judge takes for a leak, because answers may repeat what was sent.
/// Texts here are Unicode; literals are bytes, one a character.
/// </summary>
internal static class Corpus
{
    /// <summary>Texts for any field, parameter or header.</summary>
    public static readonly string[] Texts =
    [
        "", " ", "a", "\t", "\n", "\r\n", "\0", "\u0001", "\u007f", "\u0085", "\u2028", "a\0b", "null", "true", "-1", "0", "1e400", "NaN", "[]", "{}", "undefined",
        "' OR '1'='1", "'; DROP TABLE products;--", "\" OR \"\"=\"", "admin'--", "1) OR (1=1", "%' AND 1=1--", "x' || 'y", "\\'; --", "%", "_", "%%%%%%%%", "a*\"b", "NEAR(a b)", "\"a", "a AND", "(", "*", "-", "^a", "a:b",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "</title><svg onload=alert(1)>", "{{7*7}}", "${7*7}", "${jndi:ldap://127.0.0.1/a}",
        "%s%s%s%n", "{0}{1}{99}", "../../../../etc/passwd", "..\\..\\windows", "file:///etc/passwd", "http://169.254.169.254/", "`id`", "$(id)", "|id", ";id",
        "e\u0301", "\u00e9", "\u212b", "\ufb01", "ſ", "İ", "ı", "ß", "Ω", "\u202eevil", "\u200b", "\ufeff", "\ufffe", "\uffff", "\U0001F600", "👨‍👩‍👧‍👦", "\U0010FFFF", "ǅ", "用户", "مرحبا", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
        "johndoe", "JOHNDOE", "nobody", "a@b.c", "__proto__", "constructor", "toString", "$ref", "$type", "id", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "{5b1f6c1e-94a2-4a51-8d3e-2f6f3a0c9b77}", "5b1f6c1e94a24a518d3e2f6f3a0c9b77",
        "2026-02-30T00:00:00Z", "0000-00-00", "9999-12-31T23:59:59.9999999+14:00", "1970-01-01T00:00:00Z", "19.99", "-0.00", "1,000.00", "٣", "1_000", "+1", " 1", "1 ", "0x10", "1e2", "00012", "99999999999999999999999999999999",
        new('a', 41), new('a', 101), new('é', 256), new('a', 501), new('a', 5000), new('"', 300), new('\\', 300), string.Concat(Enumerable.Repeat("e\u0301", 400)), string.Concat(Enumerable.Repeat("\U0001F600", 200)),
    ];

    /// <summary>Texts as they are seen in cursors, versions and tokens, a little wrong.</summary>
    public static readonly string[] Opaque =
    [
        "AAAA", "====", "eyJpZCI6MX0", "e30", "W10", "bnVsbA", "MQ", "MXwy", "LTE", "OTIyMzM3MjAzNjg1NDc3NTgwOA", "MTIzNHxhYmM", "fHx8fA", "////", "-_-_", "gICAgA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", new('A', 499), new('A', 501),
        "\"v1\"", "\"v0\"", "W/\"v1\"", "v1", "\"\"", "\"", "*", "*, \"v1\"", "\"v-1\"", "\"v99999999999999999999\"", ",,,,", "\"a\",\"b\",\"c\"", "W/", "\"v1", "\"v1\" \"v2\"",
        "eyJhbGciOiJub25lIn0.e30.", "a.b.c", "...", "a.b", "eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.e30.AAAA",
    ];

    /// <summary>JSON values, and what looks like some.</summary>
    public static readonly string[] Literals =
    [
        "null", "true", "false", "0", "-0", "-0.0", "1", "-1", "0.1", "0.001", "1.005", "0.30000000000000004", "1e2", "1E+2", "1e-2", "1e400", "-1e400", "1e-400", "1E+2147483648", "1e99999999999999999999", "-1e-99999999999999999999",
        "127", "128", "255", "256", "32768", "65536", "2147483647", "2147483648", "-2147483649", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "79228162514264337593543950335", "79228162514264337593543950336", "1.7976931348623157e308", "4.9e-324", "92233720368547758.07", "92233720368547758.08", "10000000000", "10000000001", "1000000.001",
        "1" + new string('0', 400), "0." + new string('0', 400) + "1", "1" + new string('0', 20000), "-" + new string('9', 400) + "." + new string('9', 400),
        "NaN", "Infinity", "-Infinity", "0x10", "01", "1.", ".5", "+1", "1_000", "\xd9\xa1", "--1", "1e", "tru", "nul", "undefined", "'a'", "a", "\"", "\"a", "\"\\x\"", "\"\\u12\"", "\"\n\"", "\"\t\"", "\"\u0001\"",
        "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\\ud83dz\"", "\"\\ud83d\\ude00\"", "\"\\uFFFF\"", "\"\\u0065\\u0301\"", "\"\\/\"", "\"\\u202e\"",
        "\"\xff\xfe\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe2\x82\"", "\"\x80\"", "\"\xf0\x9f\x98\x80\"", "\"\xef\xbb\xbf\"",
        "[]", "[[]]", "[null]", "[1,2,3]", "[{}]", "{}", "{\"\":null}", "{\"a\":1,\"a\":2}", "{\"amount\":\"1.00\",\"currency\":\"USD\"}", "{\"amount\":\"-1.00\",\"currency\":\"USD\"}", "{\"amount\":\"0.00\",\"currency\":\"USD\"}",
        "{\"amount\":\"1.00\",\"currency\":\"EUR\"}", "{\"amount\":\"1.001\",\"currency\":\"USD\"}", "{\"amount\":\"1e5\",\"currency\":\"USD\"}", "{\"amount\":\"99999999999999999999\",\"currency\":\"USD\"}", "{\"amount\":1,\"currency\":\"USD\"}",
        "{\"amount\":\"92233720368547758.07\",\"currency\":\"USD\"}", "{\"amount\":\"10000000000.00\",\"currency\":\"USD\"}", "{\"amount\":\"\"}", "{\"__proto__\":{\"a\":1}}", "{\"$type\":\"x\"}", "{\"$ref\":\"#\"}", "{\"$id\":\"1\"}",
        Nested(15), Nested(31), Nested(32), Nested(33), Nested(64), Nested(5000), $"[{string.Join(',', Enumerable.Repeat("1", 1000))}]", $"[{string.Join(',', Enumerable.Repeat("{}", 101))}]",
    ];

    /// <summary>Whole bodies that are wrong before any field is looked at.</summary>
    public static readonly string[] Bodies =
    [
        "", " ", "\n", "\0", "{", "}", "[", "]", "{}", "[]", "null", "true", "1", "\"a\"", "{\"", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{'a':1}", "{}{}", "{} x", "// c\n{}", "/* c */{}", "\xef\xbb\xbf{}", "\xff\xfe{\0}\0", "\0{\0}",
        "a=1&b=2", "<a/>", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n", "\x1f\x8b\x08\0\0\0\0\0", "\x80\x81\x82",
        "{\"\\u0061\":1,\"a\":2}", "{\"\\ud800\":1}", "{\"\xff\":1}", "{\"a\":1,\"a\":1}", Nested(31), Nested(32), Nested(33), Nested(30000), "{\"a\":\"" + new string('a', 70_000) + "\"}", new(' ', 66_000), new('[', 66_000), "{" + string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"f{i}\":{i}")) + "}",
    ];

    /// <summary>Media types for a body.</summary>
    public static readonly string[] MediaTypes =
    [
        "", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/octet-stream", "application/json; charset=utf-16", "application/json; charset=utf-8", "application/json; charset=nonsense",
        "application/json;;;", "application/json; a", "APPLICATION/JSON", "application/json, text/plain", "application/vnd.api+json", "application/problem+json", "application/merge-patch+json", "application/json-patch+json", "json", "/", "*/*", ";", "application/" + new string('j', 3000),
    ];

    /// <summary>Headers that servers and frameworks give a meaning.</summary>
    public static readonly (string Name, string Value)[] Headers =
    [
        ("Accept", "text/html"), ("Accept", "application/xml;q=0.9, nonsense"), ("Accept", ""), ("Accept-Encoding", "gzip, br, zstd, nonsense;q=9"), ("Accept-Language", "tr-TR"), ("Accept-Language", new string('x', 900)), ("Accept-Charset", "utf-7"),
        ("Range", "bytes=0-0"), ("Range", "bytes=-1,5-2,99999999999999999999-"), ("If-None-Match", "*"), ("If-None-Match", "\"v1\""), ("If-Modified-Since", "Thu, 32 Foo 9999 99:99:99 GMT"), ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"), ("If-Range", "x"),
        ("Cache-Control", "no-cache"), ("Cache-Control", "max-age=-1, \0"), ("Cookie", "a=b; c; =d; ;;;; e=\"f"), ("Cookie", new string('c', 4000)), ("Content-Encoding", "gzip"), ("Content-Encoding", "deflate, br"), ("Content-Language", "xx"), ("Content-Range", "bytes 0-1/2"),
        ("Expect", "100-continue"), ("Expect", "nonsense"), ("TE", "trailers"), ("Trailer", "Authorization"), ("Upgrade", "h2c"), ("Upgrade", "websocket"), ("Connection", "upgrade"), ("Connection", "close, keep-alive, x"), ("Keep-Alive", "timeout=99999999999"), ("Proxy-Connection", "close"), ("HTTP2-Settings", "AAMAAABkAAQ"),
        ("Sec-WebSocket-Key", "x"), ("Sec-WebSocket-Version", "13"), ("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "PUT"), ("X-Original-URL", "/internal/customers"), ("X-Rewrite-URL", "/internal/customers"), ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "a, ::1, 999.1.1.1, \"" + new string('1', 500)),
        ("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/../.."), ("Forwarded", "for=\"[::1]:x\";proto=x;;;"), ("Via", "1.1 x"), ("X-Real-IP", "127.0.0.1"), ("Origin", "null"), ("Origin", "https://evil.example"), ("Referer", "javascript:alert(1)"),
        ("Access-Control-Request-Method", "DELETE"), ("Access-Control-Request-Headers", "*"), ("Access-Control-Request-Private-Network", "true"), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("traceparent", "00-00000000000000000000000000000000-0000000000000000-ff"), ("traceparent", "zz"), ("traceparent", new string('0', 3000)),
        ("tracestate", "a=b,,c==d,\"=" + new string('e', 600)), ("baggage", "a=%ff;;,,=x"), ("Correlation-Context", "a=b"), ("Request-Id", "|x.1."), ("User-Agent", ""), ("User-Agent", "() { :;}; echo x"), ("Date", "x"), ("DNT", "2"), ("Max-Forwards", "-1"), ("Pragma", "x"), ("Warning", "999 - \"x\""), ("From", "@"), ("", "no name"),
        ("Idempotency-Key", ""), ("Idempotency-Key", " "), ("Idempotency-Key", "a b"), ("Idempotency-Key", new string('k', 255)), ("Idempotency-Key", new string('k', 256)), ("Idempotency-Key", new string('k', 6000)), ("Idempotency-Key", "k\xe9y"), ("Idempotency-Key", "\"quoted\""), ("Idempotency-Key", "a,b"), ("idempotency-KEY", "' OR '1'='1"),
        ("Authorization", ""), ("Authorization", "Bearer"), ("Authorization", "Bearer "), ("Authorization", "bearer x"), ("Authorization", "Basic YWRtaW46YWRtaW4="), ("Authorization", "Bearer " + new string('x', 5000)), ("Authorization", "Bearer a.b.c, Bearer d.e.f"), ("Authorization", "Digest username=\"x\""), ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
    ];

    /// <summary>Requests that are hardly HTTP; the rest of the line, the headers or the protocol is missing or wrong.</summary>
    public static readonly string[] Wire =
    [
        "\r\n\r\n", "\n", "\0\0\0\0", "GET\r\n\r\n", "GET /health\r\n\r\n", "GET /health HTTP/1.1\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /health HTTP/1.1\nHost: a\n\n", "GET /health HTTP/1.1\r\nHost : a\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\nX\0Y: x\r\n\r\n", "GET /health HTTP/1.1\r\nHost: \r\n\r\n", "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a/../b\r\n\r\n",
        "GET  /health  HTTP/1.1\r\nHost: a\r\n\r\n", " GET /health HTTP/1.1\r\nHost: a\r\n\r\n", "GET /health HTTP/9.9\r\nHost: a\r\n\r\n", "GET /health HTTP/2.0\r\nHost: a\r\n\r\n", "GET /health http/1.1\r\nHost: a\r\n\r\n", "GET /health HTTP/1.1 x\r\nHost: a\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\n", "GET /hea", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "GET http://evil.example/health HTTP/1.1\r\nHost: a\r\n\r\n", "GET health HTTP/1.1\r\nHost: a\r\n\r\n", "GET //evil.example/health HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n", "GET /? HTTP/1.1\r\nHost: a\r\n\r\n", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n{}", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\n{}", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}",
        "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n{}", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "POST /api/v2/tokens HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\n\r\n{}",
        "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;" + new string('x', 5000) + "\r\n{}\r\n0\r\n\r\n", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n", "POST /api/v2/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nAuthorization: x\r\n\r\n",
        "GET /health HTTP/1.0\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Range(0, 150).Select(i => $"X-{i}: {i}\r\n")) + "\r\n", "GET /health HTTP/1.1\r\nHost: a\r\nX: " + new string('x', 40_000) + "\r\n\r\n", "GET /" + new string('x', 9000) + " HTTP/1.1\r\nHost: a\r\n\r\n", new string('A', 20_000) + " / HTTP/1.1\r\nHost: a\r\n\r\n", new string('x', 50_000),
        "GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /internal/customers HTTP/1.1\r\nHost: a\r\n\r\n", "POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /internal/customers HTTP/1.1\r\nHost: a\r\n\r\n",
    ];

    private static string Nested(int depth) => new StringBuilder().Append('[', depth).Append(']', depth).ToString();
}
