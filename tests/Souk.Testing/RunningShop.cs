using Xunit;

namespace Souk.Testing;

/// <summary>A shop that runs somewhere, and what tests do with it over HTTP.</summary>
public class RunningShop
{
    /// <summary>The first admin's password, and everybody's.</summary>
    public const string Password = "seven green apples";

    private static int _names;

    private readonly Dictionary<string, HttpClient> _http = [];
    private Person? _admin;

    /// <summary>Somebody who is not signed in.</summary>
    public Person Visitor => new(this, "", null);

    /// <summary>The admin.</summary>
    public Person Admin => _admin ?? throw new InvalidOperationException("Nobody has signed in as admin yet.");

    /// <summary>A shop at these addresses, by service.</summary>
    public static async Task<RunningShop> At(IReadOnlyDictionary<string, string> addresses, Func<HttpMessageHandler>? connections = null)
    {
        var shop = new RunningShop();
        shop.Meet(addresses, connections);
        await shop.AdminSignsIn();
        return shop;
    }

    /// <summary>A shop at these addresses in which nobody has signed in.</summary>
    public static RunningShop Unknown(IReadOnlyDictionary<string, string> addresses)
    {
        var shop = new RunningShop();
        shop.Meet(addresses);
        return shop;
    }

    /// <summary>A client of a service.</summary>
    public HttpClient Http(string service) => _http[service];

    /// <summary>A username that nobody has.</summary>
    public string NewName(string start = "user") => $"{start}-{Interlocked.Increment(ref _names)}";

    /// <summary>A new customer, signed in, with money in the wallet.</summary>
    public async Task<Person> NewCustomer(decimal money = 0, string? username = null)
    {
        username ??= NewName();
        (await Visitor.Post("customers", "/api/v2/customers", Registration(username))).Must(201);
        var customer = await SignsIn(username, Password);
        if (money > 0)
        {
            (await customer.TopsUp(money)).Must(201);
        }

        return customer;
    }

    /// <summary>So many new customers; a few at a time, because the line before the password hasher is short.</summary>
    public async Task<Person[]> NewCustomers(int count, decimal money)
    {
        var customers = new Person[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => customers[i] = await NewCustomer(money));
        return customers;
    }

    /// <summary>A new moderator.</summary>
    public async Task<Person> NewModerator()
    {
        var customer = await NewCustomer();
        (await Admin.Put("customers", $"/api/v2/customers/{customer.Username}/role", new { role = "moderator" })).Must(200);
        return await SignsIn(customer.Username, Password);
    }

    /// <summary>Signs in.</summary>
    public async Task<Person> SignsIn(string username, string password)
    {
        var answer = await Visitor.Post("customers", "/api/v2/tokens", new { username, password });
        return new Person(this, username, answer.Must(200).Of("access_token"));
    }

    /// <summary>A new product; its number.</summary>
    public async Task<long> NewProduct(decimal price = 10, int stock = 100, string? name = null)
    {
        var added = await Admin.Post("inventory", "/api/v2/products", new
        {
            name = name ?? $"Product {NewName()}",
            category = "food",
            price = Person.Money(price),
            description = "For tests.",
            stock,
        });
        return added.Must(201)["id"].GetInt64();
    }

    /// <summary>How many of a product can be bought.</summary>
    public async Task<long> Stock(long product) => (await Visitor.Get("inventory", $"/api/v2/products/{product}"))["available"].GetInt64();

    /// <summary>A registration that is right in every field.</summary>
    public static object Registration(string username) => new
    {
        username,
        password = Password,
        name = "Jo Doe",
        age = 30,
        address = "1 Main Street",
        gender = true,
        marital_status = "single",
    };

    /// <summary>Waits for what is bound to come (an event, a sweep), and says so when it does not.</summary>
    public static async Task Eventually(Func<Task<bool>> come, string what)
    {
        ArgumentNullException.ThrowIfNull(come);
        for (var tries = 0; tries < 1600; tries++)
        {
            if (await come())
            {
                return;
            }

            await Task.Delay(25);
        }

        Assert.Fail($"It never came: {what}");
    }

    /// <summary>Learns where the services are.</summary>
    protected void Meet(IReadOnlyDictionary<string, string> addresses, Func<HttpMessageHandler>? connections = null)
    {
        foreach (var (service, url) in addresses)
        {
            _http[service] = new HttpClient(connections?.Invoke() ?? new SocketsHttpHandler()) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(60) };
        }
    }

    /// <summary>Signs the admin in.</summary>
    protected async Task AdminSignsIn() => _admin = await SignsIn("admin", Password);
}
