namespace Souk.Customers.Roles;

/// <summary>A set of permissions with a name, which customers are given. Operations ask for permissions only, never for a role.</summary>
internal sealed class Role
{
    /// <summary>Everybody's role to begin with.</summary>
    public const string Customer = "customer";

    /// <summary>Who looks after reviews.</summary>
    public const string Moderator = "moderator";

    /// <summary>Who may do everything, whatever there is to be done: this set can't be changed, so a shop can't lock itself out.</summary>
    public const string Admin = "admin";

    public const int NameLeast = 2;
    public const int NameMost = 40;
    public const string NamePattern = "[a-z][a-z0-9_-]*";

    /// <summary>How many roles a shop can have.</summary>
    public const int Most = 100;

    public required string Name { get; init; }

    /// <summary>The permissions as they are stored: words with a space between (the form of a scope in RFC 6749).</summary>
    public required string Granted { get; set; }

    /// <summary>Counts up with each edit; the ETag.</summary>
    public int Version { get; set; } = 1;

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; set; }

    /// <summary>Whether every shop has it. Such a role can't be deleted.</summary>
    public bool IsBuiltIn => Name is Customer or Moderator or Admin;

    /// <summary>What it lets its holders do.</summary>
    public IReadOnlyList<string> Permissions => PermissionsOf(Name, Granted);

    public static IReadOnlyList<string> PermissionsOf(string name, string granted) =>
        name == Admin ? Contracts.Permissions.All : granted.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static Role Of(string name, IReadOnlyList<string> permissions, DateTime now) =>
        new() { Name = name, Granted = Joined(permissions), CreatedAt = now, UpdatedAt = now };

    public void Grant(IReadOnlyList<string> permissions, DateTime now)
    {
        Granted = Joined(permissions);
        Version++;
        UpdatedAt = now;
    }

    private static string Joined(IReadOnlyList<string> permissions) => string.Join(' ', permissions.Distinct().Order(StringComparer.Ordinal));
}
