using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Souk.Fuzz.Oracles;
using Souk.Fuzz.Requests;
using Souk.Fuzz.Wire;

namespace Souk.Fuzz.Tests;

/// <summary>What the fuzzer finds fault with: each kind of wrong answer once, and right ones.</summary>
public class JudgeTests
{
    private const string Problem = """{"type":"urn:souk:error:product_not_found","title":"t","status":404,"detail":"d","instance":"/api/v2/products/1","code":"product_not_found","trace_id":"x"}""";
    private const string Health = """{"status":"ready"}""";

    private readonly Judge _judge = new(ErrorPage.Codes());

    [Fact]
    public void Right_answers_are_left_alone()
    {
        Faults("get_v2_products_by_id", 404, Problem).ShouldBeEmpty();
        Faults("get_health_ready", 200, Health, "application/json").ShouldBeEmpty();
        Faults("get_v2_orders_by_id", 401, Problem.Replace("404", "401").Replace("product_not_found", "unauthenticated"), headers: ("WWW-Authenticate", "Bearer")).ShouldBeEmpty();
        Faults("post_v2_orders", 503, Problem.Replace("404", "503").Replace("product_not_found", "busy"), headers: ("Retry-After", "1")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(500, Problem, "status 500")]
    [InlineData(418, Problem, "status 418 is not documented")]
    [InlineData(404, "", "404 without a body")]
    [InlineData(404, "{", "the body is not JSON")]
    [InlineData(404, """{"code":"product_not_found","status":404}""", "the body breaks its schema")]
    [InlineData(404, """{"code":"product_not_found","status":404,"status":404}""", "the body is not JSON")]
    public void A_wrong_answer_is_a_finding(int status, string body, string fault) =>
        Faults("get_v2_products_by_id", status, body).ShouldContain(f => f.StartsWith(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("\"detail\":\"d\"", "\"detail\":\"System.InvalidOperationException\"", "the body tells of")]
    [InlineData("\"detail\":\"d\"", "\"detail\":\"   at Program.Main()\"", "the body tells of")]
    [InlineData("\"detail\":\"d\"", "\"detail\":\"SELECT 1\"", "the body tells of")]
    [InlineData("\"detail\":\"d\"", "\"detail\":\"d\",\"price\":1", "the body breaks its schema")]
    [InlineData("\"detail\":\"d\"", "\"detail\":1", "the body breaks its schema")]
    [InlineData("\"code\":\"product_not_found\"", "\"code\":\"oops\"", "the code 'oops' is not in docs/errors.md")]
    [InlineData("\"code\":\"product_not_found\"", "\"code\":\"busy\"", "busy comes with 404")]
    public void A_wrong_problem_is_a_finding(string right, string wrong, string fault) =>
        Faults("get_v2_products_by_id", 404, Problem.Replace(right, wrong)).ShouldContain(f => f.StartsWith(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("application/json", """{"detail":"The queue of writes is full."}""", true)]
    [InlineData("application/json", """{"detail":"The queue of writes is full.","code":"busy"}""", false)]
    [InlineData("application/json", """{"detail":"The database can't store anything now."}""", false)]
    [InlineData("application/json", """{"detail":"inventory does not answer: it kept failing."}""", false)]
    [InlineData("application/json", """{"detail":["The queue of writes is full."]}""", false)]
    [InlineData("application/json", """{"message":"The queue of writes is full."}""", false)]
    [InlineData("application/json", "\"busy\"", false)]
    [InlineData("application/json", """{"detail":""", false)]
    [InlineData("application/json", "", false)]
    [InlineData("text/plain", "The queue of writes is full.", false)]
    [InlineData("text/html", "<html>", false)]
    [InlineData("application/problem+json", """{"code":"busy","status":503}""", true)]
    [InlineData("application/problem+json", """{"code":"storage_unavailable","detail":"the code is not \"busy\"","status":503}""", false)]
    [InlineData("application/problem+json", """{"code":503}""", false)]
    [InlineData("application/problem+json", """{"code":"busy"}""", true)]
    [InlineData("application/problem+json", """["busy"]""", false)]
    [InlineData("application/problem+json", """{"detail":"The queue of writes is full."}""", false)]
    public void A_503_is_that_of_a_service_at_its_limit_and_no_other(string type, string body, bool isBusy)
    {
        Judge.IsBusy(Reply(503, body, type, ("Retry-After", "1"))).ShouldBe(isBusy);
        Judge.IsBusy(Reply(503, body, type)).ShouldBeFalse("it does not say when to come back");
        Faults("put_v1_customer_wallet_by_customer_id_charge", 503, body, type, ("Retry-After", "1")).Contains("status 503").ShouldBe(!isBusy);
    }

    [Fact]
    public void A_busy_answer_is_a_finding_in_the_manner_of_the_other_contract_and_where_it_is_not_documented()
    {
        var (old, busy) = ("""{"detail":"Too many sales are under way."}""", Problem.Replace("404", "503").Replace("product_not_found", "busy"));

        Faults("put_v1_customer_wallet_by_customer_id_charge", 503, old, "application/json", ("Retry-After", "1"), ("Trace-Id", "4bf92f3577b34da6a3ce929d0e0e4736")).ShouldBeEmpty();
        Faults("put_v1_customer_wallet_by_customer_id_charge", 503, old, "application/json", ("Retry-After", "1")).ShouldBe(["503 has no Trace-Id"]);
        Faults("put_v1_customer_wallet_by_customer_id_charge", 503, busy, headers: [("Retry-After", "1"), ("Trace-Id", "4bf92f3577b34da6a3ce929d0e0e4736")]).ShouldBe(["503 comes as 'application/problem+json', which is not documented"]);
        Faults("post_v2_orders", 503, old, "application/json", ("Retry-After", "1")).ShouldBe(["503 comes as 'application/json', which is not documented"]);
        Faults("get_v2_products_by_id", 503, busy, headers: ("Retry-After", "1")).ShouldBe(["status 503 is not documented"]);
    }

    [Fact]
    public void All_that_a_service_at_its_limit_says_is_known()
    {
        var said = Directory.EnumerateFiles(Path.Combine(ErrorPage.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Regex.Matches(File.ReadAllText(f), """CommonErrors\.Busy\.With\(\$?"(?<text>[^"]+)"\)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture).Select(m => m.Groups["text"].Value.Replace("{_name}", "inventory"))).ToArray();

        // By the first contract nobody resets a password.
        said.Length.ShouldBe(7);
        said.Where(s => !Judge.IsBusy(Reply(503, JsonSerializer.Serialize(new { detail = s }), "application/json", ("Retry-After", "1")))).ShouldBe(["Too many password resets are waiting."]);
    }

    [Fact]
    public void A_missing_header_is_a_finding()
    {
        Faults("get_v2_orders_by_id", 401, Problem.Replace("404", "401")).ShouldContain("401 without WWW-Authenticate");
        Faults("post_v2_orders", 503, Problem.Replace("404", "503").Replace("product_not_found", "busy")).ShouldContain("503 without Retry-After");
        _judge.Faults(Plan("get_health_ready"), Reply(200, Health, "application/json") with { Headers = [("Content-Type", "application/json")] }).ShouldContain("no nosniff");
        Faults("get_health_ready", 200, Health, "application/json", ("Server", "Kestrel")).ShouldContain("a header names the server: Kestrel");
    }

    [Fact]
    public void A_way_in_is_a_finding()
    {
        Faults("get_v2_customers", 200, """{"items":[],"next":null}""", "application/json").ShouldContain("a customer gets 200 where only customers:read may");
        _judge.Faults(new Plan(1, Operation.Internal("sales", "GET", "/internal/purchases"), "admin") { Method = "GET", Target = "/" }, Reply(200, "[]", "application/json")).ShouldContain("admin gets 200 where only service may");
        _judge.Faults(new Plan(1, Documents.Of("get_v2_orders_by_id"), "forger") { Method = "GET", Target = "/" }, Reply(404, Problem)).ShouldContain("forger gets 404 where only signed_in may");
    }

    [Fact]
    public void A_closed_connection_is_a_finding_where_the_request_was_HTTP()
    {
        _judge.Faults(Plan("get_health_ready"), Wire.Reply.None).ShouldBe(["the connection was closed without an answer"]);
        _judge.Faults(Plan("get_health_ready") with { MayEndBelow = true }, Wire.Reply.None).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_sent_holds_no_word_that_the_judge_takes_for_a_leak()
    {
        var sent = Encoding.UTF8.GetBytes($"\"{string.Concat(Corpus.Texts.Concat(Corpus.Opaque).Concat(Corpus.Literals).Concat(Corpus.Bodies).Concat(Corpus.MediaTypes)).Replace("\"", "")}\"");

        _judge.Faults(Plan("get_health_ready") with { IsExact = false }, new Reply(200, [("X-Content-Type-Options", "nosniff"), ("Content-Type", "application/json")], sent)).ShouldNotContain(f => f.StartsWith("the body tells", StringComparison.Ordinal));
    }

    private static Plan Plan(string id) => new(1, Documents.Operations.First(o => o.Id == id), "customer") { Method = "GET", Target = "/" };

    private static Reply Reply(int status, string body, string type = "application/problem+json", params (string, string)[] headers) =>
        new(status, [("X-Content-Type-Options", "nosniff"), ("Content-Type", type), .. headers], Encoding.UTF8.GetBytes(body));

    private string[] Faults(string id, int status, string body, string type = "application/problem+json", params (string, string)[] headers) =>
        [.. _judge.Faults(Plan(id), Reply(status, body, type, headers))];
}
