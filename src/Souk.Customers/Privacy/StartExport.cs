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

namespace Souk.Customers.Privacy;

/// <summary>Starts to collect all that the shop stores about a customer.</summary>
internal sealed class StartExport(GroupCommit<CustomersDb> writer, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/customers/{username}/exports", async (Params<CustomerPath> at, IdempotencyKey key, Caller caller, StartExport use) =>
            (await use.Run(caller, at.Value.Username, key)).Accepted(e => $"/api/v2/customers/{at.Value.Username}/exports/{e.Id}"))
        .WithTags("privacy").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer)).Limit("10/3600")
        .Describe("Take all data out", """
            Starts to collect everything that the services store about the customer. Read the export at its `Location` until its status is
            `ready`, then download it. A service that is down is asked again by itself. One export is kept for each customer: while one is
            being collected it is answered again, a finished one is replaced.
            """)
        .Answers(202, ExportView.Example)
        .Refuses(ShopErrors.CustomerNotFound);

    public Task<Result<ExportView>> Run(Caller caller, string username, IdempotencyKey? key) =>
        writer.WriteOnce<ExportView>(Once.For(Once.ScopeOf(caller.Id), key, "export", username), async db =>
        {
            if ((await db.Customers.For(caller, username, Permissions.CustomersWrite)).Refused(out var missing, out var customer))
            {
                return missing;
            }

            var exports = db.Exports.Where(e => e.CustomerId == customer.Id);
            if (await exports.Include(e => e.Parts).SingleOrDefaultAsync(e => e.Status == ExportStatus.Collecting) is { } running)
            {
                return ExportView.Of(running);
            }

            await exports.ExecuteDeleteAsync();
            var export = DataExport.Of(ids.Next(), customer.Id, time.GetUtcNow().UtcDateTime);
            db.Add(export);
            return ExportView.Of(export);
        });
}
