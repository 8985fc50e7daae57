using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Accounts;

/// <summary>Reads one customer.</summary>
internal static class ReadCustomer
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/customers/{username}", async (Params<CustomerPath> at, Caller caller, CustomersDb db, HttpContext http) =>
            (await Run(db, caller, at.Value.Username, http.RequestAborted)).OkWithETag(http))
        .WithTags("customers").Allow(Access.Self("username", Permissions.CustomersRead, ShopErrors.NoCustomer))
        .Describe("Read a customer", "The ETag is the version to send as `If-Match` with a change.")
        .Answers(200, CustomerView.Example).Refuses(ShopErrors.CustomerNotFound);

    public static async Task<Result<CustomerView>> Run(CustomersDb db, Caller caller, string username, CancellationToken stop) =>
        (await db.Customers.AsNoTracking().For(caller, username, Permissions.CustomersRead, stop)).Map(CustomerView.Of);
}
