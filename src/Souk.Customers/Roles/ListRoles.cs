using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Roles;

/// <summary>Lists roles by name, and reads one.</summary>
internal static class ListRoles
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapGet("/roles", async (Params<PageQuery> query, CustomersDb db, HttpContext http) => (await Run(db, query.Value, http.RequestAborted)).Ok())
            .WithTags("roles").Allow(Access.Needs(Permissions.RolesWrite))
            .Describe("List roles", "By name, with the permissions of each.")
            .Answers(200, new Page<RoleView>([RoleView.Example], null));
        v2.MapGet("/roles/{name}", async (Params<RolePath> at, CustomersDb db, HttpContext http) =>
                (await One(db, at.Value.Name, http.RequestAborted)).OkWithETag(http))
            .WithTags("roles").Allow(Access.Needs(Permissions.RolesWrite))
            .Describe("Read a role", "The ETag is the version to send as `If-Match` with a change.")
            .Answers(200, RoleView.Example).Refuses(CustomersErrors.RoleNotFound);
    }

    private static async Task<Result<Page<RoleView>>> Run(CustomersDb db, PageQuery query, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var rows = await db.Roles.AsNoTracking().Where(r => after == null || r.Name.CompareTo(after.Name) > 0)
            .OrderBy(r => r.Name).Take(query.Limit + 1).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, RoleView.Of, r => new Key(r.Name));
    }

    private static async Task<Result<RoleView>> One(CustomersDb db, string name, CancellationToken stop) =>
        await db.Roles.AsNoTracking().SingleOrDefaultAsync(r => r.Name == name, stop) is { } role ? RoleView.Of(role) : CustomersErrors.NoRole(name);

    private sealed record Key(string Name);
}
