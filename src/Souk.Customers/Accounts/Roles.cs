using Souk.Contracts;

namespace Souk.Customers.Accounts;

/// <summary>What a customer is in the shop.</summary>
internal enum Role
{
    Customer,
    Moderator,
    Admin,
}

/// <summary>What each role may do: the one place where roles and permissions meet. Operations ask for permissions only.</summary>
internal static class Roles
{
    private static readonly Dictionary<Role, IReadOnlyList<string>> Sets = new()
    {
        [Role.Customer] = [],
        [Role.Moderator] = [Permissions.ReviewsModerate],
        [Role.Admin] =
        [
            Permissions.CustomersRead,
            Permissions.CustomersWrite,
            Permissions.RolesWrite,
            Permissions.WalletsAdjust,
            Permissions.InventoryWrite,
            Permissions.SalesRead,
            Permissions.SalesWrite,
            Permissions.ReviewsModerate,
        ],
    };

    public static IReadOnlyList<string> PermissionsOf(Role role) => Sets[role];
}
