using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>A wallet as the second contract shows it.</summary>
/// <param name="Username">Whose it is.</param>
/// <param name="Balance">What is in it.</param>
/// <param name="UpdatedAt">When money last moved (UTC).</param>
internal sealed record WalletView(string Username, Money Balance, DateTime UpdatedAt)
{
    public static readonly WalletView Example = new("johndoe", new Money(10000), new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc));
}

/// <summary>Reads a customer's wallet.</summary>
internal static class ReadWallet
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/customers/{username}/wallet", async (Params<CustomerPath> at, Caller caller, CustomersDb db, HttpContext http) =>
            (await Run(db, caller, at.Value.Username, http.RequestAborted)).Ok())
        .WithTags("wallets").Allow(Access.Self("username", Permissions.CustomersRead, ShopErrors.NoCustomer))
        .Describe("Read a wallet", "Its balance. How it came about stands in its entries.")
        .Answers(200, WalletView.Example).Refuses(ShopErrors.CustomerNotFound);

    public static async Task<Result<WalletView>> Run(CustomersDb db, Caller caller, string username, CancellationToken stop) =>
        (await db.Customers.AsNoTracking().For(caller, username, Permissions.CustomersRead, stop)).Refused(out var error, out var customer)
            ? error
            : await db.Wallets.Where(w => w.CustomerId == customer.Id).Select(w => new WalletView(username, w.Balance, w.UpdatedAt)).SingleAsync(stop);
}
