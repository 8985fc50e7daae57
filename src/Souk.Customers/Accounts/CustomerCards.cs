using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Customers.Accounts;

/// <summary>What other services ask about customers.</summary>
internal static class CustomerCards
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<CustomerCard>("/internal/customers", async http =>
            await ByUsername(http.RequestServices.GetRequiredService<CustomersDb>(), http.Request.Query["username"].ToString()));

    private static async Task<Result<CustomerCard>> ByUsername(CustomersDb db, string username) =>
        await db.Customers.Named(username).Select(c => new CustomerCard(c.Id, c.Username)).SingleOrDefaultAsync() is { } card
            ? card
            : ShopErrors.NoCustomer(username);
}
