using Souk.Platform.Hosting;
using Souk.Platform.Requests;

namespace Souk.Customers.Roles;

/// <summary>A role as the second contract shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Permissions">What it lets its holders do.</param>
/// <param name="BuiltIn">Whether every shop has it; such a role can't be deleted.</param>
/// <param name="Version">Counts up with each edit; also the ETag.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="UpdatedAt">When it was last edited (UTC).</param>
internal sealed record RoleView(string Name, IReadOnlyList<string> Permissions, bool BuiltIn, int Version, DateTime CreatedAt, DateTime UpdatedAt) : IVersioned
{
    public static readonly RoleView Example = new(
        "support", [Contracts.Permissions.CustomersRead, Contracts.Permissions.SalesRead], false, 1, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc));

    public static RoleView Of(Role role) => new(role.Name, role.Permissions, role.IsBuiltIn, role.Version, role.CreatedAt, role.UpdatedAt);
}

/// <summary>Which role.</summary>
internal sealed class RolePath
{
    /// <summary>The role's name.</summary>
    [Text(1, 100)]
    public required string Name { get; set; }
}
