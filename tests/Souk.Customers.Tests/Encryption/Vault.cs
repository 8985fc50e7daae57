using Souk.Platform.Encryption;
using Souk.Testing;

namespace Souk.Customers.Tests.Encryption;

/// <summary>A shop whose customers have names that are found nowhere by chance, and what of them stands in the database.</summary>
internal static class Vault
{
    public const string Name = "Zebulon Quixotewick";
    public const string Address = "77 Wyvernmere Crescent";

    /// <summary>A new customer of that name and address, registered with an Idempotency-Key, so that the answer is kept too.</summary>
    public static async Task<Person> NewSecretive(this TestShop shop)
    {
        var username = shop.NewName("vault");
        var registered = await shop.Visitor.Post(
            "customers", "/api/v2/customers", new { username, password = TestShop.Password, name = Name, age = 30, address = Address, gender = true, marital_status = "single" }, key: username);
        registered.Code.ShouldBe(201, registered.Text);
        return await shop.SignsIn(username, TestShop.Password);
    }

    public static KeyKeeper<CustomersDb> Keeper(this TestShop shop) => shop.Part<KeyKeeper<CustomersDb>>();

    /// <summary>What stands in a column, past the service; of one customer, if one is named.</summary>
    public static async Task<List<string>> Stored(this TestShop shop, string table, string column, Person? of = null)
    {
        await using var db = await shop.Storage.Open("customers");
        await using var command = db.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = $"SELECT {column} FROM {table} WHERE {column} IS NOT NULL{(of is null ? "" : $" AND username = '{of.Username}'")}";
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetValue(0) is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : reader.GetString(0));
        }

        return values;
    }

    /// <summary>The customer's name and address as their own account shows them.</summary>
    public static async Task<(string, string)> Shown(this Person person)
    {
        var read = await person.Reads(person.Path());
        return read.Code == 200 ? (read.Of("name"), read.Of("address")) : ($"{read.Code}", read.Text);
    }
}
