using Souk.Testing;

namespace Souk.Inventory.Tests;

public class PlainTextTests(TestShop shop)
{
    [Theory]
    [InlineData("Robert'); DROP TABLE products;--")]
    [InlineData("\" OR \"\"=\"")]
    [InlineData("100% _under_ [set]")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("&lt;b&gt; &amp;")]
    [InlineData("{{7*7}} ${jndi:ldap://x}")]
    [InlineData("C:\\path\\new \\u0041")]
    [InlineData("日本語 🦊 עברית")]
    [InlineData("  spaces  at both ends  ")]
    public async Task Text_comes_back_as_it_went_in(string text)
    {
        var added = await shop.Admin.Adds(Requests.NewProduct(text, sku: shop.NewName("text")).With("description", text));
        added.Must(201);
        var id = added["id"].GetInt64();

        var read = await shop.Visitor.Get("inventory", Requests.Product(id));
        (read.Of("name"), read.Of("description"), read.ContentType).ShouldBe((text, text, "application/json"));
        (await shop.Visitor.Get("inventory", $"/api/v1/inventory/{id}")).Of("name").ShouldBe(text);
        (await shop.Admin.Post("inventory", Requests.Adjustments(id), new { delta = 1, reason = "lost", note = text })).Of("note").ShouldBe(text);
        read = await shop.Admin.Patch("inventory", Requests.Product(id), new { description = $"{text}!" });
        read.Of("description").ShouldBe($"{text}!");
    }

    [Fact]
    public async Task Text_is_kept_in_its_composed_form()
    {
        var added = await shop.Admin.Adds(Requests.NewProduct("Cafe\u0301", sku: shop.NewName("nfc")));
        added.Of("name").ShouldBe("Caf\u00e9");
    }

    [Fact]
    public async Task Its_length_is_counted_in_that_form()
    {
        var accents = string.Concat(Enumerable.Repeat("e\u0301", 100));
        (await shop.Admin.Adds(Requests.NewProduct(accents, sku: shop.NewName("nfc")))).Must(201);
    }

    [Theory]
    [InlineData("sort=name'--&q=x")]
    [InlineData("category=food'%20OR%201=1")]
    public async Task SQL_in_a_query_parameter_is_a_wrong_value(string query) => (await shop.Visitor.Looks(query)).Refuses(422, "validation_failed");

    [Fact]
    public async Task An_answer_is_never_taken_for_a_page() =>
        (await shop.Visitor.Get("inventory", Requests.Products)).Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
}
