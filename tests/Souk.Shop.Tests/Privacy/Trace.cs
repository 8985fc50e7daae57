using System.Data.Common;
using System.Text;
using Souk.Testing;

namespace Souk.Tests.Privacy;

/// <summary>A customer who has left something everywhere, and the search for it.</summary>
internal sealed class Trace
{
    private const string Name = "Zebulon Quixotewick";
    private const string Address = "77 Wyvernmere Crescent";
    private const string Comment = "Marvellously quadrangular biscuits.";
    private const string Note = "Shameless trumpeting for a rival.";

    /// <summary>What must not be found once they are erased.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    public required Person Person { get; init; }

    public required long Product { get; init; }

    public required string Order { get; init; }

    /// <summary>Registers, tops up, buys, cancels, fills a cart, reviews, reports; with keys, so that answers are kept.</summary>
    public static async Task<Trace> Leave(TestShop shop)
    {
        var username = shop.NewName("Traceable-Quill");
        var registered = await shop.Visitor.Post(
            "customers", "/api/v2/customers", new { username, password = TestShop.Password, name = Name, age = 30, address = Address, gender = true, marital_status = "single" }, key: "registers");
        registered.Code.ShouldBe(201, registered.Text);
        var jo = await shop.SignsIn(username, TestShop.Password);
        (await jo.TopsUp(100, "tops-up")).Must(201);
        var (product, other) = (await shop.NewProduct(price: 5), await shop.NewProduct(price: 7));
        var order = (await jo.Buys(product, 2, "buys")).Of("id");
        var cancelled = (await jo.Buys(product, 1, "buys-more")).Of("id");
        (await jo.Post("sales", $"/api/v2/orders/{cancelled}/cancellation", key: "cancels")).Must(200);
        (await jo.Buys(other, 100, "buys-too-much")).Problem.ShouldBe("insufficient_funds");
        (await jo.Put("sales", $"/api/v2/carts/{username}/lines/{other}", new { quantity = 3 })).Must(200);
        (await jo.Post("reviews", "/api/v2/reviews", new { product_id = product, rating = 5, comment = Comment }, "reviews")).Must(201);
        await Report(shop, jo, product);
        return new Trace { Person = jo, Product = product, Order = order, Words = [username, Name, Address, Comment, Note] };
    }

    /// <summary>In which tables of all services any of the words stands.</summary>
    public async Task<List<string>> FoundIn(TestShop shop)
    {
        var found = new List<string>();
        foreach (var service in Shop.Services.Select(s => s.Name))
        {
            await using var db = await shop.Storage.Open(service);
            var tables = await Column(db, TestStorage.OnPostgres
                ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                : "SELECT name FROM sqlite_master WHERE type = 'table'");
            foreach (var table in tables)
            {
                var values = await Column(db, $"SELECT * FROM \"{table}\"");
                found.AddRange(Words.Where(w => values.Exists(v => v.Contains(w, StringComparison.OrdinalIgnoreCase))).Select(w => $"{service}.{table}: {w}"));
            }
        }

        return found;
    }

    private static async Task Report(TestShop shop, Person jo, long product)
    {
        var author = await shop.NewCustomer(money: 50);
        (await author.Buys(product)).Must(201);
        var review = (await author.Reviews(product)).Of("id");
        (await shop.Admin.Put("reviews", $"/api/v2/reviews/{review}/moderation", new { status = "approved" })).Must(200);
        (await jo.Post("reviews", $"/api/v2/reviews/{review}/reports", new { reason = "spam", note = Note }, "reports")).Must(201);
    }

    /// <summary>Every value of every row that a query gives, as text.</summary>
    private static async Task<List<string>> Column(DbConnection db, string sql)
    {
        await using var command = db.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.AddRange(Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{reader.GetValue(i)}"));
        }

        return values;
    }
}
