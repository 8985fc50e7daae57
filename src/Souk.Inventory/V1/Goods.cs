using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Inventory.Products;
using Souk.Inventory.Stock;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Inventory.V1;

/// <summary>Inventory's operations of the first contract: other words for the same use cases.</summary>
internal static class Goods
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/add", async (Body<NewGood> body, IdempotencyKey key, Caller caller, AddProduct use) =>
                Said(await use.Run(body.Value.ToProduct(), caller.Id, key), "Good added successfully"))
            .WithTags("v1").Allow(Access.Needs(Permissions.InventoryWrite)).InV1(Words(NotAdded))
            .Describe("Add a good", "The first contract's way to add a product.")
            .Takes(NewGood.Example).Answers(200, new Message("Good added successfully")).Answers(500, NotAdded);
        v1.MapPut("/update/{good_id}", async (Params<GoodPath> at, Body<GoodChange> body, IdempotencyKey key, Caller caller, ChangeProduct use) =>
                Said(await use.Run(at.Value.GoodId, body.Value.ToPatch(), body.Value.Count, caller.Id, key), "Good updated successfully"))
            .WithTags("v1").Allow(Access.Needs(Permissions.InventoryWrite)).InV1(Words(NotUpdated))
            .Describe("Update a good", "Only the fields that are sent change. `count` sets the stock that can be bought.")
            .Takes(new GoodChange { Price = new Money(2499), Count = 120 }).Answers(200, new Message("Good updated successfully")).Answers(404, NotFound).Answers(500, NotUpdated);
        v1.MapPut("/deduct/{good_id}", async (Params<GoodPath> at, IdempotencyKey key, Caller caller, AdjustStock use) =>
                Said(await use.Run(at.Value.GoodId, new NewAdjustment { Delta = -1, Reason = StockReason.Correction, Note = "Deducted" }, caller.Id, key), "Stock deducted successfully"))
            .WithTags("v1").Allow(Access.Needs(Permissions.InventoryWrite)).InV1(Words(NotRead))
            .Describe("Deduct one unit", "Takes one unit from stock; at zero it is refused.")
            .Answers(200, new Message("Stock deducted successfully")).Answers(404, NotFound).Answers(500, NotRead);
        v1.MapGet("/{good_id}", async (Params<GoodPath> at, InventoryDb db, HttpContext http) =>
                (await ReadProduct.Run(db, at.Value.GoodId, http.RequestAborted)).Map(Good.Of).Ok())
            .WithTags("v1").Allow(Access.Anyone).InV1(Words(NotRead))
            .Describe("Read a good", "Everything about one good.")
            .Answers(200, Good.Of(ProductView.Example)).Answers(404, NotFound).Answers(500, NotRead);
    }

    private static Detail NotFound { get; } = new("Good not found");

    private static Detail NotAdded { get; } = new("Failed to add good: Database insertion error");

    private static Failure NotUpdated { get; } = new("Failed to update good: Internal database error");

    private static Failure NotRead { get; } = new("Database query error");

    private static IResult Said<T>(Result<T> result, string message) => result.Map(_ => new Message(message)).Ok();

    private static Func<Error, (int Status, object Body)?> Words(object broken) => error => error.Kind switch
    {
        _ when error.Kind == CommonErrors.Internal => (500, broken),
        _ when error.Kind == ShopErrors.ProductNotFound => (404, NotFound),

        // The contract words an empty shelf as a count that may not go below zero.
        _ when error.Kind == InventoryErrors.StockBelowZero => (422, new
        {
            detail = new[] { new { type = "greater_than_equal", loc = new[] { "body", "count" }, msg = "Input should be greater than or equal to 0", input = -1, ctx = new { ge = 0 } } },
        }),
        _ => null,
    };
}

/// <summary>The first contract's words when something broke here.</summary>
/// <param name="Error">What did not work.</param>
internal sealed record Failure(string Error);

/// <summary>Which good.</summary>
internal sealed class GoodPath
{
    /// <summary>The good's number.</summary>
    public required long GoodId { get; set; }
}

/// <summary>A good to be added.</summary>
internal sealed class NewGood
{
    public static readonly NewGood Example = new() { Name = "Green T-Shirt", Category = Category.Clothes, Price = new Money(1999), Description = "A comfortable green t-shirt", Count = 100 };

    /// <summary>Its name.</summary>
    [Text(1, Product.NameMost)]
    public required string Name { get; set; }

    /// <summary>What kind of thing it is.</summary>
    public required Category Category { get; set; }

    /// <summary>What one costs, with at most two decimals.</summary>
    [NumberMoney]
    [Between(0, Product.PriceMost, MoreThanMin = true)]
    public required Money Price { get; set; }

    /// <summary>What it is, in words.</summary>
    [Text(0, Product.DescriptionMost, Multiline = true)]
    public required string Description { get; set; }

    /// <summary>How many there are.</summary>
    [Between(0, Product.StockMost)]
    public required long Count { get; set; }

    public NewProduct ToProduct() => new() { Name = Name, Category = Category, Price = Price, Description = Description, Stock = Count };
}

/// <summary>Fields of a good to be changed.</summary>
internal sealed class GoodChange
{
    /// <summary>Its name.</summary>
    [Text(1, Product.NameMost)]
    public string? Name { get; set; }

    /// <summary>What kind of thing it is.</summary>
    public Category? Category { get; set; }

    /// <summary>What one costs, with at most two decimals.</summary>
    [NumberMoney]
    [Between(0, Product.PriceMost, MoreThanMin = true)]
    public Money? Price { get; set; }

    /// <summary>What it is, in words.</summary>
    [Text(0, Product.DescriptionMost, Multiline = true)]
    public string? Description { get; set; }

    /// <summary>How many there are.</summary>
    [Between(0, Product.StockMost)]
    public long? Count { get; set; }

    public ProductPatch ToPatch() => new() { Name = Name, Category = Category, Price = Price, Description = Description };
}

/// <summary>A good as the first contract shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Category">What kind of thing it is.</param>
/// <param name="Price">What one costs.</param>
/// <param name="Description">What it is, in words.</param>
/// <param name="Count">How many can be bought now.</param>
internal sealed record Good(
    long Id, string Name, Category Category, [property: System.Text.Json.Serialization.JsonConverter(typeof(V1MoneyJson))] Money Price, string Description, long Count)
{
    public static Good Of(ProductView p) => new(p.Id, p.Name, p.Category, p.Price, p.Description, p.Available);
}
