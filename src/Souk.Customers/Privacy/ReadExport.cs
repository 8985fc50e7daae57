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

namespace Souk.Customers.Privacy;

/// <summary>Tells how far an export has got.</summary>
internal static class ReadExport
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/customers/{username}/exports/{id}", async (Params<ExportPath> at, Caller caller, CustomersDb db, HttpContext http) =>
            (await Find(db, caller, at.Value, http.RequestAborted)).Map(ExportView.Of).Ok())
        .WithTags("privacy").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
        .Describe("Follow an export", "How far each service has got.")
        .Answers(200, ExportView.Example)
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.ExportNotFound);

    public static async Task<Result<DataExport>> Find(CustomersDb db, Caller caller, ExportPath at, CancellationToken stop)
    {
        if ((await db.Customers.AsNoTracking().For(caller, at.Username, Permissions.CustomersWrite, stop)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        return await db.Exports.AsNoTracking().Include(e => e.Parts).SingleOrDefaultAsync(e => e.Id == at.Id && e.CustomerId == customer.Id, stop) is { } export
            ? export
            : CustomersErrors.ExportNotFound.With($"There is no export {at.Id} of this customer, or it has expired.");
    }
}
