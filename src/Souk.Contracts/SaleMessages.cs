using Souk.Platform.Errors;
using Souk.Platform.Values;

namespace Souk.Contracts;

/// <summary>Asks Inventory to hold stock for a sale (<c>POST /internal/holds</c>, in batches). Again with the same sale: the same answer.</summary>
/// <param name="SaleId">The sale.</param>
/// <param name="Fingerprint">What the sale is for.</param>
/// <param name="Lines">What is wanted; two lines may name one product.</param>
/// <param name="Trace">The trace of the buyer's request, because holds of many travel together; for the audit log.</param>
public sealed record HoldStock(Guid SaleId, string Fingerprint, IReadOnlyList<WantedLine> Lines, string? Trace = null);

/// <summary>So many of one product.</summary>
/// <param name="ProductId">Which.</param>
/// <param name="Quantity">How many.</param>
public sealed record WantedLine(long ProductId, int Quantity);

/// <summary>The stock that is held, at the prices it was held at; or why it is not.</summary>
/// <param name="Lines">One line a product, or null when refused.</param>
/// <param name="Refused">Why nothing is held, or null.</param>
public sealed record StockHeld(IReadOnlyList<HeldLine>? Lines, ErrorMessage? Refused);

/// <summary>So many of one product, held.</summary>
/// <param name="ProductId">Which.</param>
/// <param name="Name">Its name at that moment.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">Its price at that moment.</param>
public sealed record HeldLine(long ProductId, string Name, int Quantity, Money UnitPrice);

/// <summary>Asks Customers to hold money for a sale (<c>POST /internal/holds</c>, in batches). Again with the same sale: the same answer.</summary>
/// <param name="SaleId">The sale.</param>
/// <param name="Fingerprint">What the sale is for.</param>
/// <param name="CustomerId">Who pays.</param>
/// <param name="Amount">How much.</param>
/// <param name="Trace">The trace of the buyer's request, because holds of many travel together; for the audit log.</param>
public sealed record HoldMoney(Guid SaleId, string Fingerprint, Guid CustomerId, Money Amount, string? Trace = null);

/// <summary>Tells that the money is held, or why it is not.</summary>
/// <param name="Refused">Why nothing is held, or null.</param>
public sealed record MoneyHeld(ErrorMessage? Refused);

/// <summary>What other services may know of a product (<c>GET /internal/products?ids=1,2</c>, <c>/internal/products/by-name?name=…</c>).</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">Its name.</param>
/// <param name="Price">Its price.</param>
/// <param name="Available">How many can be bought now.</param>
public sealed record ProductCard(long Id, string Name, Money Price, long Available);

/// <summary>What other services may know of a customer (<c>GET /internal/customers?username=…</c>).</summary>
/// <param name="Id">The customer's identifier.</param>
/// <param name="Username">The customer's handle.</param>
public sealed record CustomerCard(Guid Id, string Username);

/// <summary>Whether a customer has bought a product (<c>GET /internal/purchases?customer_id=…&amp;product_id=…</c> on Sales).</summary>
/// <param name="Bought">True when an order that stands has it.</param>
public sealed record PurchaseFact(bool Bought);
