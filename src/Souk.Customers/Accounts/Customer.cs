using Souk.Customers.Roles;
using Souk.Platform.Logging;

namespace Souk.Customers.Accounts;

/// <summary>Somebody with an account. The identifier is for ever; the username is a handle that deletion frees.</summary>
internal sealed class Customer
{
    public const int UsernameLeast = 3;
    public const int UsernameMost = 40;
    public const string UsernamePattern = "[A-Za-z0-9._@+-]+";
    public const int NameMost = 100;
    public const int AddressMost = 255;
    public const int AgeMost = 150;
    public const int PasswordLeast = 8;
    public const int PasswordMost = 128;

    public Guid Id { get; init; }

    /// <summary>The handle as it was chosen. Empty once deleted.</summary>
    public required string Username { get; set; }

    /// <summary>The handle in lower case, by which it is unique. Null once deleted, so that it is free again.</summary>
    public string? UsernameKey { get; set; }

    [Personal]
    public required string Name { get; set; }

    public int Age { get; set; }

    [Personal]
    public required string Address { get; set; }

    /// <summary>True: male; false: female.</summary>
    public bool Gender { get; set; }

    public MaritalStatus MaritalStatus { get; set; }

    /// <summary>The name of the customer's role.</summary>
    public required string Role { get; set; }

    /// <summary>The role itself, for queries; it is not loaded along.</summary>
    public Role? Held { get; init; }

    /// <summary>What the password is checked against. Empty once deleted.</summary>
    [Personal]
    public required string PasswordHash { get; set; }

    /// <summary>When the password was last set (UTC); null as long as it is the first one. A renewed hash of the same password changes nothing here.</summary>
    public DateTime? PasswordSetAt { get; set; }

    /// <summary>Whether there is a second factor: a confirmed authenticator app, or a passkey.</summary>
    public bool SecondFactor { get; set; }

    /// <summary>Counts up with each edit (not with the wallet); the ETag.</summary>
    public int Version { get; set; } = 1;

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; set; }

    /// <summary>When the account was deleted; the ledger still refers to its identifier.</summary>
    public DateTime? DeletedAt { get; set; }

    /// <summary>Since when nobody can sign in to it (UTC); null when the owner can.</summary>
    public DateTime? DisabledAt { get; set; }

    /// <summary>The form of a username by which it is unique.</summary>
    public static string KeyOf(string username) => username.ToLowerInvariant();

    public static Customer Of(Guid id, NewCustomer wanted, string role, string passwordHash, DateTime now) => new()
    {
        Id = id,
        Username = wanted.Username,
        UsernameKey = KeyOf(wanted.Username),
        Name = wanted.Name,
        Age = wanted.Age,
        Address = wanted.Address,
        Gender = wanted.Gender,
        MaritalStatus = wanted.MaritalStatus,
        Role = role,
        PasswordHash = passwordHash,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>Removes everything that tells who it was. What is left is the identifier and the times.</summary>
    public void Erase(DateTime now)
    {
        Username = Name = Address = PasswordHash = "";
        UsernameKey = null;
        Age = 0;
        Gender = false;
        MaritalStatus = MaritalStatus.Single;
        Role = Roles.Role.Customer;
        Changed(now);
        DeletedAt = now;
    }

    /// <summary>Notes that it was edited.</summary>
    public void Changed(DateTime now)
    {
        Version++;
        UpdatedAt = now;
    }
}

/// <summary>Whether a customer is married.</summary>
internal enum MaritalStatus
{
    Single,
    Married,
    Divorced,
    Widows,
}
