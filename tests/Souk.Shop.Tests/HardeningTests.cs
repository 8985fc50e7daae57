using Souk.Testing;

namespace Souk.Tests;

/// <summary>What reviewers broke once, and what must not break again.</summary>
public sealed class HardeningTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task One_cart_is_bought_once_however_often_it_is_checked_out_at_the_same_time()
    {
        var product = await _shop.NewProduct(price: 5, stock: 50);
        var jo = await _shop.NewCustomer(money: 100);
        await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{product}", new { quantity = 1 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => jo.Post("sales", $"/api/v2/carts/{jo.Username}/checkout", new { }, key: i % 2 == 0 ? $"tab-{i}" : null)));

        answers.Count(a => a.Code == 201).ShouldBe(1);
        answers.Where(a => a.Code != 201).ShouldAllBe(a => a.Problem == "cart_empty");
        (await jo.Balance(), await _shop.Stock(product)).ShouldBe((95m, 49));
    }

    [Fact]
    public async Task A_purchase_by_name_has_the_same_answer_whatever_the_name_means_later()
    {
        var twin = await _shop.NewProduct(price: 3, stock: 1, name: "Twin");
        await _shop.NewProduct(price: 4, stock: 5, name: "Twin");
        var jo = await _shop.NewCustomer(money: 100);
        (await ByName()).Text.ShouldBe("""{"message":"Purchase successful"}""");

        (await ByName()).Text.ShouldBe("""{"message":"Purchase successful"}""", "although the first twin is sold out by now");
        await _shop.Admin.Delete("inventory", $"/api/v2/products/{twin}");
        (await ByName()).Text.ShouldBe("""{"message":"Purchase successful"}""");
        (await jo.Balance()).ShouldBe(97m);

        Task<Answer> ByName() => jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/by-name/Twin", key: "by-name");
    }

    [Fact]
    public async Task Sales_forgets_a_customer_who_left_and_their_last_token_brings_nothing_back()
    {
        var product = await _shop.NewProduct(price: 5);
        var jo = await _shop.NewCustomer(money: 100, username: "leaky-leon");
        var order = (await jo.Buys(product)).Of("id");
        await jo.Post("sales", $"/api/v2/orders/{order}/cancellation", key: "cancel");
        await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{product}", new { quantity = 1 });
        (await jo.Delete("customers", $"/api/v2/customers/{jo.Username}")).Must(204);
        await TestShop.Eventually(async () => await Count("SELECT count(*) FROM orders WHERE username IS NULL") == 1, "the name goes");

        (await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{product}", new { quantity = 1 })).Code.ShouldBeOneOf(404, 401);

        (await Count("SELECT count(*) FROM cart_lines")).ShouldBe(0);
        (await Count("SELECT count(*) FROM kept_answers WHERE value LIKE '%leaky%' OR refusal LIKE '%leaky%'")).ShouldBe(0);
    }

    [Fact]
    public async Task An_admin_who_was_demoted_or_deleted_can_do_nothing_more_to_accounts()
    {
        var (second, jo) = (await _shop.NewCustomer(username: "second-admin"), await _shop.NewCustomer());
        await _shop.Admin.Put("customers", "/api/v2/customers/second-admin/role", new { role = "admin" });
        var armed = await _shop.SignsIn("second-admin", TestShop.Password);
        (await armed.Put("customers", $"/api/v2/customers/{jo.Username}/role", new { role = "moderator" })).Must(200);

        await _shop.Admin.Put("customers", "/api/v2/customers/second-admin/role", new { role = "customer" });

        (await armed.Put("customers", "/api/v2/customers/second-admin/role", new { role = "admin" })).Must(401);
        (await armed.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/charge", new { amount = 1000 })).Must(401);
        (await armed.Put("customers", $"/api/v1/customer/update/{jo.Username}", new { password = "taken over 12345" })).Must(401);
        (await armed.Delete("customers", $"/api/v2/customers/{jo.Username}")).Must(401);
        (await _shop.SignsIn(second.Username, TestShop.Password)).Token.ShouldNotBeNull("their own account is theirs");
    }

    [Fact]
    public async Task A_token_that_nobody_can_check_is_not_called_wrong()
    {
        var jo = await _shop.NewCustomer(money: 100);
        await _shop.Stop("sales");
        await _shop.Stop("customers");
        await _shop.StartAgain("sales");

        var unchecked_ = await jo.Get("sales", "/api/v2/orders");
        (unchecked_.Code, unchecked_.Problem).ShouldBe((503, "dependency_unavailable"));

        await _shop.StartAgain("customers");
        await TestShop.Eventually(async () => (await jo.Get("sales", "/api/v2/orders")).Code == 200, "the keys");
    }

    [Theory]
    [InlineData("+1.00")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData(" 1")]
    [InlineData("1e2")]
    [InlineData("1,000")]
    public async Task An_amount_is_digits_and_at_most_one_point(string amount)
    {
        var jo = await _shop.NewCustomer();
        var refused = await jo.Post("customers", $"/api/v2/customers/{jo.Username}/wallet/top-ups", new { amount = new { amount, currency = "USD" } });
        (refused.Code, refused.Of("errors.0.code")).ShouldBe((422, "decimal_parsing"));
    }

    [Theory]
    [InlineData("\"v99\", \"v1\"", 200)]
    [InlineData("\"v99\"", 412)]
    [InlineData("v1", 412)]
    public async Task If_match_takes_a_list_of_versions(string ifMatch, int status)
    {
        var product = await _shop.NewProduct();
        (await _shop.Admin.Send(HttpMethod.Patch, "inventory", $"/api/v2/products/{product}", new { name = "Listed" }, ifMatch: ifMatch)).Code.ShouldBe(status);
    }

    [Fact]
    public async Task What_only_some_may_see_is_not_for_caches_and_HEAD_is_GET_without_the_body()
    {
        var product = await _shop.NewProduct();
        var jo = await _shop.NewCustomer();

        (await jo.Get("customers", $"/api/v2/customers/{jo.Username}")).Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await _shop.Visitor.Get("inventory", $"/api/v2/products/{product}")).Headers.CacheControl.ShouldBeNull();
        var head = await _shop.Visitor.Send(HttpMethod.Head, "inventory", $"/api/v2/products/{product}");
        (head.Code, head.Text).ShouldBe((200, ""));
        (await _shop.Visitor.Send(HttpMethod.Head, "inventory", "/health")).Must(200);
        (await _shop.Visitor.Send(HttpMethod.Head, "sales", "/api/v2/orders")).Must(401);
    }

    private Task<long> Count(string sql) => _shop.Storage.Number("sales", sql);
}
