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

/// <summary>Deletes a role that nobody has.</summary>
internal sealed class DeleteRole(GroupCommit<CustomersDb> writer)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapDelete("/roles/{name}", async (Params<RolePath> at, Caller caller, DeleteRole use) => (await use.Run(at.Value.Name, caller)).NoContent())
        .WithTags("roles").Allow(Access.Needs(Permissions.RolesWrite))
        .Describe("Delete a role", "One that nobody has any more, and that not every shop has.")
        .Answers(204).Refuses(CustomersErrors.RoleNotFound, CustomersErrors.RoleBuiltIn, CustomersErrors.RoleInUse, CustomersErrors.BeyondOwnPermissions);

    private Task<Result<Done>> Run(string name, Caller caller) => writer.Write<Done>(async db =>
    {
        var role = await db.Roles.AsNoTracking().SingleOrDefaultAsync(r => r.Name == name);
        if (role is null)
        {
            return CustomersErrors.NoRole(name);
        }

        if (await db.Customers.RefuseGiving(caller, role.Permissions) is { } refused)
        {
            return refused;
        }

        if (role.IsBuiltIn)
        {
            return CustomersErrors.RoleBuiltIn.With($"Every shop has the role '{name}'.");
        }

        // The row first: whoever is giving the role holds it, so what is seen after this is what they have done.
        await db.Roles.Where(r => r.Name == name).ExecuteDeleteAsync();
        return await db.Customers.AnyAsync(c => c.Role == name) ? CustomersErrors.RoleInUse.With($"Somebody has the role '{name}'; give them another first.") : default(Done);
    });
}
