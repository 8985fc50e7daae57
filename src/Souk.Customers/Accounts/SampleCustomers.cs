using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Roles;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Customers.Accounts;

/// <summary>Fills a shop with customers who have money to spend.</summary>
internal sealed class SampleCustomers(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, Passwords passwords, Ledger ledger, IdSource ids, TimeProvider time)
{
    /// <summary>The password of every sample customer: hashing one for each would take minutes for thousands.</summary>
    public const string Password = "a sample password";

    private const string Prefix = "sample-";
    private const int Digits = 7;
    private const int AtOnce = 1000;
    private static readonly Money Pocket = new(100_000_000);

    /// <summary>Adds so many; reports how many it has added.</summary>
    public async Task Fill(int count, Action<int> added)
    {
        var hash = (await passwords.Hash(Password)).Value;
        var last = await Highest();
        foreach (var chunk in Enumerable.Range(last + 1, count).Chunk(AtOnce))
        {
            _ = (await writer.Write<Done>(db => Add(db, chunk, hash))).Value;
            added(chunk.Length);
        }
    }

    /// <summary>Up to so many of them.</summary>
    public async Task<List<Customer>> Some(int most)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await Samples(db).OrderBy(c => c.UsernameKey).Take(most).AsNoTracking().ToListAsync();
    }

    /// <summary>The highest number there is. Their count would not do: it falls with a deletion, and the next name could be taken.</summary>
    private async Task<int> Highest()
    {
        await using var db = await contexts.CreateDbContextAsync();
        var names = await Samples(db).Select(c => c.UsernameKey!).ToListAsync();
        return names.Select(NumberOf).DefaultIfEmpty().Max();
    }

    /// <summary>Anybody may choose a name that begins like a sample's; those of another form have no number.</summary>
    private static int NumberOf(string name) =>
        name.Length == Prefix.Length + Digits && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static IQueryable<Customer> Samples(CustomersDb db) => db.Customers.Where(c => c.UsernameKey!.StartsWith(Prefix));

    /// <summary>Adds what registering and paying in add, without asking the database about each: nobody has these names, and the wallets are new.</summary>
    private Task<Result<Done>> Add(CustomersDb db, int[] numbers, string hash)
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var number in numbers)
        {
            var customer = Customer.Of(ids.Next(), Sample(number), Role.Customer, hash, now);
            db.Add(customer);
            db.Add(new Wallet { CustomerId = customer.Id, Balance = Pocket, UpdatedAt = now });
            db.AddRange(ledger.Entries(customer.Id, MovementKind.TopUp, Pocket, null, Pocket, now));
        }

        return Task.FromResult<Result<Done>>(default(Done));
    }

    private static NewCustomer Sample(int number) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"Sample Customer {number}"),
        Username = Prefix + number.ToString($"D{Digits}", CultureInfo.InvariantCulture),
        Password = Password,
        Age = 18 + (number % 60),
        Address = string.Create(CultureInfo.InvariantCulture, $"{(number % 200) + 1} Sample Street"),
        Gender = number % 2 == 0,
        MaritalStatus = (MaritalStatus)(number % 4),
    };
}
