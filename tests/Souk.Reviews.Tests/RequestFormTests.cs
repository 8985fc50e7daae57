using System.Text;
using Souk.Testing;

namespace Souk.Reviews.Tests;

public class RequestFormTests(TestShop shop)
{
    private const string Nowhere = "/api/v2/reviews/00000000-0000-0000-0000-000000000000";

    public static TheoryData<string, string, string, int, string> WrongBodiesEverywhere()
    {
        var all = new TheoryData<string, string, string, int, string>();
        foreach (var (method, path) in new[] { ("POST", Requests.Reviews), ("PATCH", Nowhere), ("POST", $"{Nowhere}/reports"), ("PUT", $"{Nowhere}/moderation") })
        {
            foreach (var (what, code, problem) in WrongBodies.All)
            {
                all.Add(method, path, what, code, problem);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(WrongBodiesEverywhere))]
    public async Task A_body_that_no_operation_takes_is_refused(string method, string path, string what, int code, string problem) =>
        (await shop.Admin.Send(new HttpMethod(method), "reviews", path, WrongBodies.Of(what), ifMatch: "*")).Refuses(code, problem);

    [Theory]
    [InlineData("breaks off", 422)]
    [InlineData("plain text", 415)]
    [InlineData("over 64 KB", 413)]
    public async Task The_first_contract_refuses_them_in_its_own_form(string what, int code)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Post, "submit"), (HttpMethod.Put, "update"), (HttpMethod.Post, "auth/login") })
        {
            var refused = await shop.Admin.Send(method, "reviews", $"/api/v1/reviews/{path}", WrongBodies.Of(what));
            (refused.Code, refused.ContentType).ShouldBe((code, "application/json"));
            refused.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["detail"]);
        }
    }

    [Theory]
    [InlineData("/api/v2/reviews?product_id=x", "product_id", "int_parsing")]
    [InlineData("/api/v2/reviews?username=", "username", "string_too_short")]
    [InlineData("/api/v2/reviews?status=hidden", "status", "literal_error")]
    [InlineData("/api/v2/reviews?rating=6", "rating", "less_than_equal")]
    [InlineData("/api/v2/reviews?sort=oldest", "sort", "literal_error")]
    [InlineData("/api/v2/reviews?limit=0", "limit", "greater_than_equal")]
    [InlineData("/api/v2/reviews?limit=101", "limit", "less_than_equal")]
    [InlineData("/api/v2/reviews?author=x", "author", "extra_forbidden")]
    [InlineData("/api/v2/products/1/rating?since=2026", "since", "extra_forbidden")]
    [InlineData($"{Nowhere}?expand=reports", "expand", "extra_forbidden")]
    [InlineData($"{Nowhere}/reports?limit=101", "limit", "less_than_equal")]
    [InlineData("/api/v2/moderation-queue?status=approved", "status", "literal_error")]
    [InlineData("/api/v2/moderation-queue?limit=-1", "limit", "greater_than_equal")]
    [InlineData("/api/v2/moderation-queue?sort=newest", "sort", "extra_forbidden")]
    public async Task A_wrong_or_unknown_query_parameter_is_refused(string path, string field, string rule) =>
        (await shop.Admin.Get("reviews", path)).RefusesField("query", field, rule);

    [Theory]
    [InlineData("GET", "/api/v2/reviews/12")]
    [InlineData("DELETE", "/api/v2/reviews/12")]
    [InlineData("GET", "/api/v2/reviews/{00000000-0000-0000-0000-000000000000}")]
    [InlineData("GET", "/api/v2/reviews/12/reports")]
    public async Task A_review_goes_by_its_UUID(string method, string path) =>
        (await shop.Admin.Send(new HttpMethod(method), "reviews", path)).RefusesField("path", "id", "uuid_parsing");

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("json:null")]
    [InlineData("json:[]")]
    [InlineData("json:{\"Id\":\"five\",\"Rating\":1}")]
    [InlineData("json:{\"Id\":5}")]
    public async Task A_cursor_that_the_list_never_gave_is_refused(string cursor)
    {
        var after = Uri.EscapeDataString(cursor.StartsWith("json:", StringComparison.Ordinal)
            ? System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(cursor[5..]))
            : cursor);
        foreach (var path in new[] { Requests.Reviews, $"{Nowhere}/reports", "/api/v2/moderation-queue" })
        {
            (await shop.Admin.Get("reviews", $"{path}?after={after}")).RefusesField("query", "after", "cursor");
        }
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/reports")]
    [InlineData("POST", "/reports")]
    [InlineData("PUT", "/moderation")]
    public async Task Each_missing_review_is_the_same_404(string method, string rest)
    {
        object? body = (method, rest) switch { ("PATCH", _) => new { rating = 1 }, ("POST", _) => new { reason = "spam" }, ("PUT", _) => new { status = "approved" }, _ => null };
        var missing = await shop.Admin.Send(new HttpMethod(method), "reviews", $"{Nowhere}{rest}", body, ifMatch: "*");
        missing.Refuses(404, "review_not_found");
        missing.Of("detail").ShouldBe("There is no review 00000000-0000-0000-0000-000000000000.");
    }

    [Fact]
    public async Task A_key_that_is_no_key_is_refused()
    {
        (await shop.Admin.Post("reviews", Requests.Reviews, new { product_id = 1, rating = 1, comment = "x" }, key: "a b")).RefusesField("header", "Idempotency-Key", "idempotency_key");
        (await shop.Admin.Post("reviews", $"{Nowhere}/reports", new { reason = "spam" }, key: "a b")).RefusesField("header", "Idempotency-Key", "idempotency_key");
    }
}
