using Souk.Fuzz.Requests;
using Souk.Testing;

namespace Souk.Fuzz.Running;

/// <summary>
/// Those who send the requests, and things for them to talk about. They come and go, because requests delete them, change their passwords and
/// spend their money; what is new is where earlier answers' values are looked up.
/// </summary>
internal sealed class Cast(TestShop shop, Seen seen)
{
    private const int Tries = 5;

    /// <summary>How many requests share a cast; few, because any of them may sign one of the cast out.</summary>
    public const int Span = 100;

    /// <summary>A new cast takes the place of the one before.</summary>
    public async Task Renew()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await Engage();
                return;
            }
            catch (Exception) when (tries < Tries)
            {
                // A request may have deleted somebody or something of theirs in between.
            }
        }
    }

    private async Task Engage()
    {
        var head = await shop.SignsIn("admin", RunningShop.Password);
        var product = await head.Post("inventory", "/api/v2/products", new { name = shop.NewName("Thing"), category = "food", price = Person.Money(5), description = "For everybody.", stock = 100_000 });
        seen.Add("products", product.Of("id"), isNumber: true);
        var (customer, other) = (await shop.NewCustomer(money: 5000), await shop.NewCustomer(money: 5000));
        foreach (var buyer in new[] { customer, other })
        {
            seen.Add("usernames", buyer.Username);
            seen.Add("orders", (await buyer.Buys(product["id"].GetInt64())).Of("id"));
        }

        // One of them has reviewed it, for all to see; the other may still do so.
        var review = (await other.Reviews(product["id"].GetInt64())).Of("id");
        await head.Put("reviews", $"/api/v2/reviews/{review}/moderation", new { status = "approved" });
        seen.Add("reviews", review);

        Play("customer", customer);
        Play("other", other);
        Play("moderator", await Promoted(head, "moderator"));
        Play("admin", await Promoted(head, "admin"));
        seen.Set("token:service", shop.AsSales().Token!);
        seen.Set("token:forger", Forged(customer.Token!));
    }

    private async Task<Person> Promoted(Person head, string role)
    {
        var person = await shop.NewCustomer(money: 100);
        await head.Put("customers", $"/api/v2/customers/{person.Username}/role", new { role });
        return await shop.SignsIn(person.Username, RunningShop.Password);
    }

    private void Play(string who, Person person)
    {
        seen.Set($"token:{who}", person.Token!);
        seen.Set($"me:{who}", person.Username);
    }

    /// <summary>A real token with one letter of its signature changed.</summary>
    private static string Forged(string token)
    {
        var at = token.Length - 20;
        return $"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}";
    }
}
