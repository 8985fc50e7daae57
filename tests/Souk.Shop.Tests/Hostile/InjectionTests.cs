using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>SQL in every string, sort and filter of every operation: a text like any other, or a wrong value.</summary>
public class InjectionTests(TestShop shop)
{
    private static readonly TimeSpan Asleep = TimeSpan.FromSeconds(30);

    private static readonly string[] Sql =
    [
        "' OR '1'='1",
        "'OR'1'='1'--",
        "\" OR \"\"=\"",
        "zz%' OR 1=1 --",
        "1; DROP TABLE customers; DROP TABLE products; DROP TABLE reviews; DROP TABLE orders; --",
        "');UPDATE wallets SET balance=1;UPDATE customers SET role='Admin';--",
        "' UNION SELECT password_hash,password_hash,password_hash FROM customers --",
        "1' AND (SELECT 1 FROM pg_sleep(30)) IS NOT NULL --",
        "\\'; DELETE FROM kept_answers; --",
        "$$;$zz$'\"`[]\0;--",
    ];

    [Fact]
    public async Task Security22_SQL_in_any_place_of_any_operation_has_no_effect()
    {
        // Somebody who has nothing to do with it: whatever a statement of ours would do, it would do to them as well.
        var (bystander, tried) = (await Stage.Set(shop), 0);
        var before = await bystander.Picture();
        foreach (var operation in await DocumentedOperation.All(shop))
        {
            var places = operation.Places().Where(p => p.Is("string") || p.In != "body").ToArray();
            var stage = places.Length == 0 ? bystander : await Stage.Set(shop);
            foreach (var place in places)
            {
                foreach (var sql in Sql.Where(s => place.In != "header" || s.All(c => c is >= ' ' and <= '~')).Where(s => place.In != "path" || !s.Contains('\0', StringComparison.Ordinal)))
                {
                    await Try(operation, place, stage, sql);
                    tried++;
                }
            }
        }

        tried.ShouldBeGreaterThan(1000);
        (await bystander.Picture()).ShouldBe(before);
        (await shop.Storage.Number("customers", "SELECT sum(amount) FROM ledger_entries")).ShouldBe(0);
    }

    [Theory]
    [InlineData("customers", "/api/v2/tokens")]
    [InlineData("customers", "/api/v1/customer/auth/login")]
    [InlineData("reviews", "/api/v1/reviews/auth/login")]
    public async Task Security22_SQL_opens_no_account(string service, string path)
    {
        // Not the admin: after a few wrong passwords nobody is heard for a while, and other tests sign in as the admin.
        var jo = await shop.NewCustomer();
        foreach (var sql in Sql)
        {
            (await shop.Visitor.Post(service, path, new { username = jo.Username, password = sql })).Code.ShouldBeOneOf(401, 404, 422);
            (await shop.Visitor.Post(service, path, new { username = $"{jo.Username}{sql}", password = TestShop.Password })).Code.ShouldBeOneOf(401, 404, 422);
        }
    }

    [Theory]
    [InlineData("""{"Id":1,"Name":"' OR 1=1 --","Price":1}""", 200)]
    [InlineData("""{"Id":1,"Name":"a\u0000b","Price":1}""", 422)]
    [InlineData("""{"Id":1,"Name":"a","Price":1,"More":"\ud800"}""", 422)]
    [InlineData("""{"Id":"1 OR 1=1","Name":"a","Price":1}""", 422)]
    public async Task Security22_a_made_up_cursor_is_a_value_like_any_other(string key, int status)
    {
        var cursor = Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        (await shop.Visitor.Get("inventory", $"/api/v2/products?sort=name&after={cursor}")).Code.ShouldBe(status);
    }

    [Fact]
    public async Task Security22_what_is_stored_is_the_text_itself()
    {
        foreach (var sql in Sql.Where(s => !s.Contains('\0', StringComparison.Ordinal)))
        {
            var product = await shop.NewProduct(name: sql);
            (await shop.Visitor.Get("inventory", $"/api/v2/products/{product}")).Of("name").ShouldBe(sql);
            (await shop.Visitor.Get("inventory", $"/api/v1/inventory/{product}")).Of("name").ShouldBe(sql);
            var found = await shop.Visitor.Get("inventory", $"/api/v2/products?q={Uri.EscapeDataString(sql)}&limit=100");
            found["items"].EnumerateArray().Select(p => p.GetProperty("id").GetInt64()).ShouldContain(product);
            found["items"].EnumerateArray().ShouldAllBe(p => HasSql(p), "a search for SQL finds SQL");
        }
    }

    private static async Task Try(DocumentedOperation operation, Place place, Stage stage, string sql)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await operation.Call(stage, place, place.In == "body" ? JsonSerializer.Serialize(sql) : sql);

        var what = $"{operation} with {place.In} {place.Way} = {sql}: {answer.Code} {answer.Text}";
        answer.Code.ShouldBeLessThan(500, what);
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Asleep, what);
        answer.Text.ShouldNotContain("SQLite", Case.Insensitive, what);
        answer.Text.ShouldNotContain("Npgsql", Case.Insensitive, what);
        answer.Text.ShouldNotContain("syntax error", Case.Insensitive, what);
        if (place.In == "query" && answer is { Code: 200 } && answer.Json is { ValueKind: JsonValueKind.Object } page && page.TryGetProperty("items", out var items))
        {
            if (place.Name == "subject")
            {
                // The audit log has the refusals of this very text in it, under its digest; whatever else it told would not have that part.
                var subjects = items.EnumerateArray().Select(i => (i.GetProperty("subject").GetString() ?? "").Split('/')).ToArray();
                (subjects.Length == 0 || subjects.Aggregate<IEnumerable<string>>((common, parts) => common.Intersect(parts, StringComparer.Ordinal)).Any(part => part.StartsWith('~')))
                    .ShouldBeTrue($"a filter that only the text itself meets: {what}");
                return;
            }

            items.EnumerateArray().ShouldAllBe(i => HasSql(i), $"a filter that nothing meets: {what}");
        }
    }

    /// <summary>Whether a thing has one of the texts above in it, which other things have not.</summary>
    private static bool HasSql(JsonElement thing) => new[] { "OR", "DROP", "UNION", "UPDATE", "SELECT", "DELETE" }.Any(word => thing.GetRawText().Contains(word, StringComparison.Ordinal));
}
