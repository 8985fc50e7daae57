using System.Text.Json;
using Souk.Testing;

namespace Souk.Customers.Tests.Requests;

/// <summary>Text is stored as plain text and comes back as it was sent.</summary>
public class TextTests(TestShop shop)
{
    [Theory]
    [InlineData("Robert'); DROP TABLE customers;--")]
    [InlineData("' OR '1'='1")]
    [InlineData("1; SELECT * FROM signing_keys /* \" */")]
    [InlineData("100% _under_ [brackets] \\backslash")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("{{7*7}} ${jndi:ldap://x} %00 %2e%2e")]
    [InlineData("Zoë 张伟 عمر 🛒 👩‍👩‍👧")]
    public async Task Any_text_comes_back_the_same_in_both_contracts(string text)
    {
        var jo = await shop.NewCustomer();

        var changed = await jo.Patch("customers", jo.Path(), new { name = text, address = text });

        changed.Code.ShouldBe(200, changed.Text);
        var read = await jo.Reads(jo.Path());
        (read.Of("name"), read.Of("address")).ShouldBe((text, text));
        (await jo.Reads($"/api/v1/customer/get/{jo.Username}")).Of("data.user.name").ShouldBe(text);
        read.ContentType.ShouldBe("application/json");
        read.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("admin' --")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\" OR \"\"=\"")]
    [InlineData("admin%")]
    public async Task A_username_is_compared_and_never_interpreted(string username)
    {
        (await shop.Visitor.Post("customers", "/api/v2/tokens", new { username, password = TestShop.Password })).ShouldRefuse(401, "invalid_credentials");
        (await shop.Admin.Reads($"/api/v2/customers/{Uri.EscapeDataString(username)}")).ShouldRefuse(404, "customer_not_found");
    }

    [Fact]
    public async Task Text_is_normalised_to_composed_characters()
    {
        var jo = await shop.NewCustomer();

        var changed = await jo.Patch("customers", jo.Path(), new { name = "Zoe\u0308", address = "A\u030Angstro\u0308m" });

        (changed.Of("name"), changed.Of("address")).ShouldBe(("Zo\u00EB", "\u00C5ngstr\u00F6m"));
    }

    [Fact]
    public async Task Lengths_count_after_the_normalisation()
    {
        var jo = await shop.NewCustomer();

        (await jo.Patch("customers", jo.Path(), new { name = string.Concat(Enumerable.Repeat("e\u0308", 100)) })).Must(200);
    }

    [Fact]
    public async Task A_password_is_taken_as_it_is()
    {
        var jo = await shop.NewCustomer();
        (await jo.Patch("customers", jo.Path(), new { password = "Zoe\u0308 has a cat", current_password = TestShop.Password })).Must(200);

        (await SignIn("Zoe\u0308 has a cat")).Must(200);
        (await SignIn("Zo\u00EB has a cat")).ShouldRefuse(401, "invalid_credentials");

        Task<Answer> SignIn(string password) => shop.Visitor.Post("customers", "/api/v2/tokens", new { username = jo.Username, password });
    }

    [Theory]
    [InlineData("name", "\\u0000")]
    [InlineData("name", "\\n")]
    [InlineData("name", "\\t")]
    [InlineData("name", "\\u001b[31m")]
    [InlineData("name", "\\u007f")]
    [InlineData("name", "\\u0085")]
    [InlineData("address", "\\u0000")]
    [InlineData("address", "\\u0008")]
    public async Task Control_characters_are_refused(string field, string escaped)
    {
        var jo = await shop.NewCustomer();

        (await Patch(jo, $$"""{"{{field}}":"a{{escaped}}b"}""")).ShouldRefuse(422, "validation_failed", $"{field} string_control_character");
    }

    [Fact]
    public async Task An_address_may_have_lines()
    {
        var jo = await shop.NewCustomer();

        (await Patch(jo, """{"address":"1 Main Street\r\n\tTown"}""")).Of("address").ShouldBe("1 Main Street\r\n\tTown");
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00")]
    [InlineData("\\udc00\\ud800")]
    public async Task Half_a_character_is_refused_wherever_it_stands(string escaped)
    {
        var jo = await shop.NewCustomer();

        (await Patch(jo, $$"""{"name":"a{{escaped}}b"}""")).ShouldRefuse(422, "validation_failed", "name string_unicode");
        (await Patch(jo, $$"""{"password":"a long {{escaped}} password"}""")).ShouldRefuse(422, "validation_failed", "password string_unicode");
        (await jo.Put("customers", $"/api/v1/customer/update/{jo.Username}", $$"""{"address":"a{{escaped}}b"}""")).Must(422);
        (await shop.Visitor.Post("customers", "/api/v2/tokens", $$"""{"username":"{{escaped}}","password":"a"}""")).ShouldRefuse(422, "validation_failed", "username string_unicode");
    }

    [Theory]
    [InlineData("{\"surprise\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"marital_status\":\"\\ud800\"}")]
    [InlineData("\"\\ud800\"")]
    public async Task Half_a_character_in_an_unexpected_place_is_a_wrong_form_and_no_failure(string body)
    {
        var jo = await shop.NewCustomer();

        (await Patch(jo, body)).Code.ShouldBeInRange(400, 422);
        (await jo.Put("customers", $"/api/v1/customer/update/{jo.Username}", body)).Code.ShouldBeInRange(200, 422);
        (await jo.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/charge", body)).Must(422);
    }

    private static Task<Answer> Patch(Person who, string body)
    {
        JsonDocument.Parse(body).Dispose();
        return who.Send(HttpMethod.Patch, "customers", who.Path(), body, ifMatch: "*");
    }
}
