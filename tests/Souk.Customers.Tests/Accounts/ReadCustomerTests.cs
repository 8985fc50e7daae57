using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary><c>GET /api/v2/customers/{username}</c>.</summary>
public class ReadCustomerTests(TestShop shop)
{
    [Fact]
    public async Task A_customer_reads_their_own_account_as_it_was_registered()
    {
        var name = shop.NewName();
        var registered = await shop.Visitor.Post("customers", "/api/v2/customers", TestShop.Registration(name));
        var jo = await shop.SignsIn(name, TestShop.Password);

        var read = await jo.Reads(jo.Path());

        (read.Code, read.Text, read.ETag).ShouldBe((200, registered.Text, "\"v1\""));
    }

    [Fact]
    public async Task An_admin_reads_anybodys()
    {
        var jo = await shop.NewCustomer();

        (await shop.Admin.Reads(jo.Path())).Of("id").ShouldBe(jo.Id.ToString());
    }

    [Fact]
    public async Task A_missing_customer_is_not_found() => (await shop.Admin.Reads("/api/v2/customers/nobody-here")).ShouldRefuse(404, "customer_not_found");

    [Fact]
    public async Task A_username_is_read_in_its_own_case_only()
    {
        var jo = await shop.NewCustomer();

        (await shop.Admin.Reads($"/api/v2/customers/{jo.Username.ToUpperInvariant()}")).ShouldRefuse(404, "customer_not_found");
    }

    [Fact]
    public async Task A_name_that_is_too_long_for_any_customer_breaks_the_form() =>
        (await shop.Admin.Reads($"/api/v2/customers/{new string('x', 101)}")).ShouldRefuse(422, "validation_failed", "username string_too_long");

    [Fact]
    public async Task A_parameter_that_does_not_exist_is_refused()
    {
        var jo = await shop.NewCustomer();

        (await jo.Reads(jo.Path("?expand=wallet"))).ShouldRefuse(422, "validation_failed", "expand extra_forbidden");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/wallet")]
    [InlineData("/wallet/entries")]
    public async Task Another_customers_account_looks_exactly_like_a_missing_one(string rest)
    {
        var (jo, eve) = (await shop.NewCustomer(), await shop.NewCustomer());
        var missing = shop.NewName();

        var hidden = await eve.Reads(jo.Path(rest));
        var absent = await eve.Reads($"/api/v2/customers/{missing}{rest}");

        hidden.ShouldRefuse(404, "customer_not_found");
        Plain(hidden, jo.Username).ShouldBe(Plain(absent, missing));
    }

    private static string Plain(Answer answer, string name) =>
        answer.Text.Replace(answer.Of("trace_id"), "trace", StringComparison.Ordinal).Replace(name, "name", StringComparison.Ordinal);
}
