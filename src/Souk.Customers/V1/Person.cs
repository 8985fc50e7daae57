using System.Text.Json.Serialization;
using Souk.Customers.Accounts;
using Souk.Customers.Wallets;
using Souk.Platform.Logging;
using Souk.Platform.Values;

namespace Souk.Customers.V1;

/// <summary>A customer as the first contract shows it.</summary>
/// <param name="Username">The handle.</param>
/// <param name="Name">The full name.</param>
/// <param name="Age">In years.</param>
/// <param name="Address">Where to send things.</param>
/// <param name="Gender">True: male; false: female.</param>
/// <param name="MaritalStatus">Whether married.</param>
/// <param name="Role">What the customer is in the shop; a customer where the role is one that this contract does not know.</param>
internal sealed record Person(string Username, [Personal] string Name, int Age, [Personal] string Address, bool Gender, MaritalStatus MaritalStatus, Role Role)
{
    public static readonly Person Example = Of(CustomerView.Example);

    public static Person Of(CustomerView c) => new(c.Username, c.Name, c.Age, c.Address, c.Gender, c.MaritalStatus, V1Roles.Shown(c.Role));
}

/// <summary>A wallet as the first contract shows it.</summary>
/// <param name="CustomerId">The customer's handle.</param>
/// <param name="Amount">What is in it.</param>
/// <param name="LastUpdated">When money last moved (UTC), to the second.</param>
internal sealed record Purse(string CustomerId, [property: JsonConverter(typeof(V1MoneyJson))] Money Amount, string LastUpdated)
{
    public static readonly Purse Example = Of(WalletView.Example);

    public static Purse Of(WalletView w) => new(w.Username, w.Balance, w.UpdatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
}

/// <summary>What is in a wallet now.</summary>
/// <param name="Amount">The balance.</param>
internal sealed record NewBalance([property: JsonPropertyName("new_balance"), JsonConverter(typeof(V1MoneyJson))] Money Amount);

/// <summary>Fields of a customer to be changed.</summary>
internal sealed class PersonChange : CustomerPatch
{
    /// <summary>The role; only from callers who may give roles.</summary>
    public Role? Role { get; set; }
}

/// <summary>An amount, as an object or as a bare number.</summary>
[Platform.Requests.BareValue("amount")]
internal sealed class PurseChange
{
    /// <summary>How much; not negative, with at most two decimals.</summary>
    [Platform.Requests.NumberMoney]
    public required Money Amount { get; set; }
}
