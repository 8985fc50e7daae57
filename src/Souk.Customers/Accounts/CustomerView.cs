using Souk.Platform.Hosting;
using Souk.Platform.Logging;

namespace Souk.Customers.Accounts;

/// <summary>A customer as the second contract shows it.</summary>
/// <param name="Id">The identifier, which is never used twice.</param>
/// <param name="Username">The handle.</param>
/// <param name="Name">The full name.</param>
/// <param name="Age">In years.</param>
/// <param name="Address">Where to send things.</param>
/// <param name="Gender">True: male; false: female.</param>
/// <param name="MaritalStatus">Whether married.</param>
/// <param name="Role">What the customer is in the shop.</param>
/// <param name="Version">Counts up with each edit; also the ETag.</param>
/// <param name="CreatedAt">When the account was made (UTC).</param>
/// <param name="UpdatedAt">When it was last edited (UTC).</param>
/// <param name="Disabled">Whether the account is closed to its owner.</param>
internal sealed record CustomerView(
    Guid Id, string Username, [Personal] string Name, int Age, [Personal] string Address, bool Gender, MaritalStatus MaritalStatus, string Role, int Version, DateTime CreatedAt, DateTime UpdatedAt, bool Disabled)
    : IVersioned
{
    public static readonly CustomerView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-000000000001"), "johndoe", "John Doe", 30, "123 Main St", true, MaritalStatus.Single, Roles.Role.Customer, 1, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), false);

    public static CustomerView Of(Customer c) =>
        new(c.Id, c.Username, c.Name, c.Age, c.Address, c.Gender, c.MaritalStatus, c.Role, c.Version, c.CreatedAt, c.UpdatedAt, c.DisabledAt is not null);
}
