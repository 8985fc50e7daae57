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

/// <summary>A role to be made.</summary>
internal sealed class NewRole
{
    /// <summary>Its name: lower-case letters, digits, hyphens and underscores.</summary>
    [Text(Role.NameLeast, Role.NameMost, Pattern = Role.NamePattern)]
    public required string Name { get; set; }

    /// <summary>What it lets its holders do.</summary>
    [Count(0, RolePatch.PermissionsMost)]
    [OneOf(typeof(Permissions), nameof(Contracts.Permissions.All))]
    public required IReadOnlyList<string> Permissions { get; set; }
}

/// <summary>Makes a role of permissions that its maker has.</summary>
internal sealed class AddRole(GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/roles", async (Body<NewRole> body, IdempotencyKey key, Caller caller, AddRole use, HttpContext http) =>
            (await use.Run(body.Value, caller, key)).CreatedWithETag(http, r => $"/api/v2/roles/{r.Name}"))
        .WithTags("roles").Allow(Access.Needs(Permissions.RolesWrite))
        .Describe("Make a role", "A set of permissions to give to customers. Nobody can put a permission into it that they don't have.")
        .Takes(new NewRole { Name = RoleView.Example.Name, Permissions = RoleView.Example.Permissions })
        .Answers(201, RoleView.Example)
        .Refuses(CustomersErrors.RoleExists, CustomersErrors.TooManyRoles, CustomersErrors.BeyondOwnPermissions);

    private Task<Result<RoleView>> Run(NewRole wanted, Caller caller, IdempotencyKey key)
    {
        var once = Once.For(Once.ScopeOf(caller.Id), key, "add-role", wanted);
        return writer.WriteOnce<RoleView>(once, async db =>
        {
            if ((await db.Customers.RefuseGiving(caller, wanted.Permissions) ?? await RefuseAnother(db, wanted.Name)) is { } refused)
            {
                return refused;
            }

            var role = Role.Of(wanted.Name, wanted.Permissions, time.GetUtcNow().UtcDateTime);
            db.Add(role);
            return RoleView.Of(role);
        });
    }

    private static async Task<Error?> RefuseAnother(CustomersDb db, string name) =>
        await db.Roles.AnyAsync(r => r.Name == name) ? CustomersErrors.RoleExists.With($"There is a role '{name}' already.")
            : await db.Roles.CountAsync() >= Role.Most ? CustomersErrors.TooManyRoles.With($"There are {Role.Most} roles; delete one first.")
            : null;
}
