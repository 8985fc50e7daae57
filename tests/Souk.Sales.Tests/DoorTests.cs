using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Sales.Orders;
using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>When as many sales are under way as the shop takes, further ones are turned away before anything has started.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_full_shop_says_so_before_it_looks_at_a_token_or_a_body()
    {
        _shop.Parts("sales").GetRequiredService<Sale>().Most = 0;

        foreach (var path in new[] { "/api/v2/orders", "/api/v2/carts/anyone/checkout", "/api/v1/sales/purchase/anyone/1", "/api/v1/sales/purchase/anyone/by-name/thing" })
        {
            var refused = await _shop.Visitor.Post("sales", path, "no order");

            refused.Code.ShouldBe(503, path);
            refused.Headers.TransferEncodingChunked.ShouldNotBe(true, "a refusal is one piece, with its length");
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            refused.Text.ShouldContain("Too many sales are under way.");
        }

        (await _shop.Visitor.Post("sales", "/api/v2/orders", "no order")).Refuses(503, "busy");
        (await _shop.Visitor.Get("sales", "/api/v2/orders")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task Whoever_came_in_while_it_filled_up_is_turned_away_before_anything_is_decided()
    {
        var sale = _shop.Parts("sales").GetRequiredService<Sale>();
        Wanted wanted = new(new CustomerCard(Guid.CreateVersion7(), "jo"), Guid.CreateVersion7(), [new WantedLine(1, 1)], null, "a-key", Named: "thing");
        sale.Most = 0;

        foreach (var answer in new[] { await sale.Make(wanted), await sale.Refuse(wanted, ShopErrors.ProductNotFound.With("Nothing has this name.")) })
        {
            (answer.Error!.Kind.Code, answer.Error.RetryAfter.HasValue).ShouldBe(("busy", true));
        }

        sale.Most = 1;
        (await sale.Earlier(wanted)).ShouldBeNull();
        (await sale.Refuse(wanted, ShopErrors.ProductNotFound.With("Nothing has this name."))).Error!.Kind.Code.ShouldBe("product_not_found", "those who were turned away have left");
        (await sale.Earlier(wanted))!.Value.Error!.Kind.Code.ShouldBe("product_not_found");
    }
}
