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

/// <summary>What can be changed of a role: a JSON Merge Patch (RFC 7396). The name is for ever.</summary>
internal sealed class RolePatch
{
    public const int PermissionsMost = 100;

    /// <summary>What it lets its holders do, in place of what it did.</summary>
    [Count(0, PermissionsMost)]
    [OneOf(typeof(Permissions), nameof(Contracts.Permissions.All))]
    public IReadOnlyList<string>? Permissions { get; set; }
}

/// <summary>Changes what a role lets its holders do. Whoever does it has all that it held and all that it will hold.</summary>
internal sealed class ChangeRole(GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPatch("/roles/{name}", async (Params<RolePath> at, IfMatch match, Body<RolePatch> body, Caller caller, ChangeRole use, HttpContext http) =>
            (await use.Run(at.Value.Name, body.Value, match.Check, caller)).OkWithETag(http))
        .WithTags("roles").Allow(Access.Needs(Permissions.RolesWrite))
        .Describe("Change a role", "A JSON Merge Patch. It counts from its holders' next tokens on, within 15 minutes. The admin's set stays what it is: everything.")
        .Takes(new RolePatch { Permissions = [Permissions.CustomersRead] })
        .Answers(200, RoleView.Example with { Permissions = [Permissions.CustomersRead], Version = 2 })
        .Refuses(CustomersErrors.RoleNotFound, CustomersErrors.RoleBuiltIn, CustomersErrors.BeyondOwnPermissions);

    private Task<Result<RoleView>> Run(string name, RolePatch patch, Func<int, Error?> precondition, Caller caller) => writer.Write<RoleView>(async db =>
    {
        var role = await db.Roles.SingleOrDefaultAsync(r => r.Name == name);
        if (role is null)
        {
            return CustomersErrors.NoRole(name);
        }

        if ((precondition(role.Version) ?? await Refuse(db, caller, role, patch)) is { } refused)
        {
            return refused;
        }

        if (patch.Permissions is { } permissions)
        {
            role.Grant(permissions, time.GetUtcNow().UtcDateTime);
        }

        return RoleView.Of(role);
    });

    private static async Task<Error?> Refuse(CustomersDb db, Caller caller, Role role, RolePatch patch) =>
        await db.Customers.RefuseGiving(caller, role.Permissions.Union(patch.Permissions ?? []))
            ?? (role.Name == Role.Admin ? CustomersErrors.RoleBuiltIn.With("The admin's role holds every permission, always.") : null);
}
