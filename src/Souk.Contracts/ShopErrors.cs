using System.Globalization;
using Souk.Platform.Errors;

namespace Souk.Contracts;

/// <summary>The refusals that more than one service speaks of.</summary>
public static class ShopErrors
{
    /// <summary>No such customer.</summary>
    public static readonly ErrorKind CustomerNotFound = new("customer_not_found", 404, "There is no such customer");

    /// <summary>No such product.</summary>
    public static readonly ErrorKind ProductNotFound = new("product_not_found", 404, "There is no such product");

    /// <summary>Less is in stock than was asked for.</summary>
    public static readonly ErrorKind OutOfStock = new("out_of_stock", 409, "There is not enough in stock");

    /// <summary>Less is in the wallet than is needed.</summary>
    public static readonly ErrorKind InsufficientFunds = new("insufficient_funds", 409, "There is not enough money in the wallet");

    /// <summary>The sale was given up; its key is spent.</summary>
    public static readonly ErrorKind OrderAborted = new("order_aborted", 409, "This order was given up and nothing was charged; send it with a new Idempotency-Key");

    /// <summary>No customer of that name.</summary>
    public static Error NoCustomer(string username) => CustomerNotFound.With($"There is no customer '{username}'.");

    /// <summary>No product with that number.</summary>
    public static Error NoProduct(long id) => ProductNotFound.With(string.Create(CultureInfo.InvariantCulture, $"There is no product {id}."));
}
