namespace Souk.Customers.V1;

/// <summary>What a customer can be in the first contract, which knows these three roles and no other.</summary>
internal enum Role
{
    Customer,
    Moderator,
    Admin,
}

/// <summary>How the first contract shows roles.</summary>
internal static class V1Roles
{
    /// <summary>A role of the second contract; one that a shop has made itself is shown as the least of the three.</summary>
    public static Role Shown(string role) => role switch
    {
        Roles.Role.Admin => Role.Admin,
        Roles.Role.Moderator => Role.Moderator,
        _ => Role.Customer,
    };
}
