using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary><c>GET /api/v2/customers</c>.</summary>
public class ListCustomersTests(TestShop shop)
{
    [Fact]
    public async Task Pages_follow_each_other_by_username_and_end()
    {
        var prefix = shop.NewName("page");
        foreach (var letter in "cabed")
        {
            await shop.NewCustomer(username: $"{prefix}-{letter}");
        }

        var seen = new List<string>();
        string? after = null;
        var pages = 0;
        do
        {
            var page = await List($"q={prefix}&limit=2{(after is null ? "" : $"&after={after}")}");
            page.Json.Names().ShouldBe(["items", "next"]);
            seen.AddRange(Usernames(page));
            after = page["next"].GetString();
            pages++;
        }
        while (after is not null);

        seen.ShouldBe([.. "abcde".Select(l => $"{prefix}-{l}")]);
        pages.ShouldBe(3);
    }

    [Fact]
    public async Task A_last_page_that_is_exactly_full_has_no_next()
    {
        var prefix = shop.NewName("full");
        await shop.NewCustomer(username: $"{prefix}-a");
        await shop.NewCustomer(username: $"{prefix}-b");

        (await List($"q={prefix}&limit=2"))["next"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task A_prefix_is_found_in_any_case_and_means_itself()
    {
        var prefix = shop.NewName("Prefix");
        await shop.NewCustomer(username: $"{prefix}_x");

        Usernames(await List($"q={prefix.ToLowerInvariant()}_")).ShouldBe([$"{prefix}_x"]);
        Usernames(await List($"q={prefix.Replace('-', '_')}")).ShouldBeEmpty("an underscore is no wildcard");
    }

    [Fact]
    public async Task Filters_narrow_each_other()
    {
        var prefix = shop.NewName("filter");
        foreach (var (letter, status) in new[] { ("a", "single"), ("b", "married"), ("c", "married") })
        {
            await shop.NewCustomer(username: $"{prefix}-{letter}");
            await shop.Admin.Patch("customers", $"/api/v2/customers/{prefix}-{letter}", new { marital_status = status });
        }

        (await shop.Admin.Put("customers", $"/api/v2/customers/{prefix}-c/role", new { role = "moderator" })).Must(200);

        Usernames(await List($"q={prefix}&marital_status=married")).ShouldBe([$"{prefix}-b", $"{prefix}-c"]);
        Usernames(await List($"q={prefix}&role=moderator")).ShouldBe([$"{prefix}-c"]);
        Usernames(await List($"q={prefix}&role=customer&marital_status=married")).ShouldBe([$"{prefix}-b"]);
    }

    [Fact]
    public async Task A_deleted_customer_is_not_listed()
    {
        var jo = await shop.NewCustomer();
        await jo.Delete("customers", jo.Path());

        Usernames(await List($"q={jo.Username}")).ShouldNotContain(jo.Username);
    }

    [Theory]
    [InlineData("limit=0", "limit greater_than_equal")]
    [InlineData("limit=101", "limit less_than_equal")]
    [InlineData("limit=many", "limit int_parsing")]
    [InlineData("role=", "role string_too_short")]
    [InlineData("marital_status=engaged", "marital_status literal_error")]
    [InlineData("q=%25", "q string_pattern_mismatch")]
    [InlineData("q='; DROP TABLE customers; --", "q string_pattern_mismatch")]
    [InlineData("after=garbage!", "after cursor")]
    [InlineData("after=bnVsbA", "after cursor")]
    [InlineData("after=W10", "after cursor")]
    [InlineData("after=e30", "after cursor")]
    [InlineData("sort=age", "sort extra_forbidden")]
    public async Task A_parameter_that_breaks_its_rule_is_named(string query, string field) => (await List(query)).ShouldRefuse(422, "validation_failed", field);

    private Task<Answer> List(string query) => shop.Admin.Reads($"/api/v2/customers?{query}");

    private static string[] Usernames(Answer page) => [.. page["items"].EnumerateArray().Select(i => i.GetProperty("username").GetString()!)];
}
