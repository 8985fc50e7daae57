using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>Whose entries, and which page.</summary>
internal sealed class EntryQuery : PageQuery
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }
}

/// <summary>An entry of a wallet as the second contract shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">Why the money moved.</param>
/// <param name="Amount">What came (positive) or went (negative).</param>
/// <param name="BalanceAfter">What was in the wallet afterwards.</param>
/// <param name="OrderId">The order that it is about, if it is about one.</param>
/// <param name="At">When (UTC).</param>
internal sealed record EntryView(long Id, MovementKind Kind, Money Amount, Money BalanceAfter, Guid? OrderId, DateTime At)
{
    public static readonly EntryView Example = new(
        14, MovementKind.Purchase, new Money(-1999), new Money(8001), Guid.Parse("01993e2a-0000-7000-8000-000000000003"), new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc));

    public static EntryView Of(LedgerEntry e) => new(e.Id, e.Kind, e.Amount, e.BalanceAfter ?? Money.Zero, e.SaleId, e.At);
}

/// <summary>Lists a wallet's ledger entries, the newest first.</summary>
internal static class ListEntries
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/customers/{username}/wallet/entries", async (Params<EntryQuery> query, Caller caller, CustomersDb db, HttpContext http) =>
            (await Run(db, caller, query.Value, http.RequestAborted)).Ok())
        .WithTags("wallets").Allow(Access.Self("username", Permissions.CustomersRead, ShopErrors.NoCustomer))
        .Describe("List a wallet's entries", "The newest first. They sum up to the balance.")
        .Answers(200, new Page<EntryView>([EntryView.Example], null))
        .Refuses(ShopErrors.CustomerNotFound);

    private static async Task<Result<Page<EntryView>>> Run(CustomersDb db, Caller caller, EntryQuery query, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        if ((await db.Customers.AsNoTracking().For(caller, query.Username, Permissions.CustomersRead, stop)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        var rows = await db.Entries.AsNoTracking()
            .Where(e => e.CustomerId == customer.Id && e.Account == LedgerAccount.Wallet && (after == null || e.Id < after.Id))
            .OrderByDescending(e => e.Id).Take(query.Limit + 1).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, EntryView.Of, e => new Key(e.Id));
    }

    private sealed record Key(long Id);
}
