using System.Globalization;
using Souk.Sales.Orders;

namespace Souk.Torture;

/// <summary>An order that somebody tried to place.</summary>
internal sealed class Purchase
{
    public required Guid SaleId { get; init; }

    public required string Key { get; init; }

    public required object Body { get; init; }

    /// <summary>What the buyer was told; null when they gave up before.</summary>
    public Told? Told { get; set; }

    /// <summary>Whether its cancellation was asked for, and by what answer.</summary>
    public bool CancelAsked { get; set; }

    public Told? CancelTold { get; set; }
}

/// <summary>Buys, cancels and tops up without end, and keeps what was told.</summary>
internal sealed class Buyer(Client client, Tally tally, IReadOnlyList<long> products)
{
    private const double Patience = 0.93;
    private static readonly TimeSpan TokenTime = TimeSpan.FromMinutes(8);

    private readonly List<Purchase> _purchases = [];
    private int _keys;

    public Guid Id => client.Id;

    /// <summary>How much a top-up brings, in major units.</summary>
    public const int TopUp = 50;

    public IReadOnlyList<Purchase> Purchases => _purchases;

    /// <summary>How many top-ups were confirmed, and of how many nobody knows.</summary>
    public (int Confirmed, int Unknown) TopUps { get; private set; }

    /// <summary>Opens an account with some money in it.</summary>
    public async Task Enter()
    {
        var profile = new { username = client.Username, password = TorturedShop.AdminPassword, name = "Jo Doe", age = 30, address = "1 Main Street", gender = true, marital_status = "single" };
        Expect(await client.Ask(HttpMethod.Post, "customers", "/api/v2/customers", profile), 201, "register");
        await client.SignIn(TorturedShop.AdminPassword);
        await PayIn(patience: 1);
    }

    /// <summary>Goes on until told to stop; what is under way then is brought to its end.</summary>
    public async Task Shop(CancellationToken stop)
    {
        var signedIn = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            if (TimeProvider.System.GetElapsedTime(signedIn) > TokenTime)
            {
                await client.SignIn(TorturedShop.AdminPassword);
                signedIn = TimeProvider.System.GetTimestamp();
            }

            if (client.Chance(0.1) && _purchases.FindLast(p => p.Told?.Status == 201 && !p.CancelAsked) is { } order)
            {
                await Cancel(order);
            }
            else if ((await Buy())?.Code == "insufficient_funds")
            {
                await PayIn(Patience);
            }
        }
    }

    /// <summary>Sends purchases again whose answer is known, and notes where the answer is another now.</summary>
    public async Task AskAgain(int most)
    {
        foreach (var purchase in _purchases.Where(p => p.Told is not null).TakeLast(most))
        {
            var again = await Order(purchase, patience: 1);
            if (again!.Status != purchase.Told!.Status || again.Code != purchase.Told.Code || (again.Status == 201 && again.Id != purchase.Told.Id))
            {
                tally.Fault($"sale {purchase.SaleId} was answered {purchase.Told.Status} {purchase.Told.Code}, and {again.Status} {again.Code} when it was sent again");
            }
        }
    }

    /// <summary>What is in the wallet, in minor units.</summary>
    public async Task<long> Balance()
    {
        var wallet = await client.Ask(HttpMethod.Get, "customers", $"/api/v2/customers/{client.Username}/wallet", null);
        return (long)(100 * decimal.Parse(wallet!.Body.GetProperty("balance").GetProperty("amount").GetString()!, CultureInfo.InvariantCulture));
    }

    private async Task<Told?> Buy()
    {
        var key = ++_keys % 2 == 0 ? Guid.CreateVersion7().ToString() : string.Create(CultureInfo.InvariantCulture, $"order-{_keys}");
        var lines = Enumerable.Range(0, client.Between(1, 3)).Select(_ => new { product_id = products[client.Between(0, products.Count)], quantity = client.Between(1, 4) }).ToArray();
        var purchase = new Purchase { SaleId = Wanted.SaleIdOf(Id, key), Key = key, Body = new { lines } };
        _purchases.Add(purchase);
        purchase.Told = await Order(purchase, Patience);
        if (purchase.Told is { } told)
        {
            tally.CountFinal(told.Status == 201 ? "bought" : $"refused: {told.Code}");
            if (told.Code is not ("" or "out_of_stock" or "insufficient_funds" or "order_aborted"))
            {
                tally.Fault($"sale {purchase.SaleId} was answered {told.Status} {told.Code}");
            }
        }

        return purchase.Told;
    }

    private Task<Told?> Order(Purchase purchase, double patience) => client.Ask(HttpMethod.Post, "sales", "/api/v2/orders", purchase.Body, purchase.Key, patience);

    private async Task Cancel(Purchase order)
    {
        order.CancelAsked = true;
        order.CancelTold = await client.Ask(HttpMethod.Post, "sales", $"/api/v2/orders/{order.SaleId}/cancellation", null, $"cancel-{order.Key}", Patience);
        if (order.CancelTold is not null)
        {
            Expect(order.CancelTold, 200, "cancel");
            tally.CountFinal("cancelled");
        }
    }

    private async Task PayIn(double patience)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"top-up-{_keys++}");
        var told = await client.Ask(HttpMethod.Post, "customers", $"/api/v2/customers/{client.Username}/wallet/top-ups", new { amount = new { amount = $"{TopUp}.00", currency = "USD" } }, key, patience);
        TopUps = told is null ? (TopUps.Confirmed, TopUps.Unknown + 1) : (TopUps.Confirmed + 1, TopUps.Unknown);
        if (told is not null)
        {
            Expect(told, 201, "top up");
            tally.CountFinal("topped up");
        }
    }

    private void Expect(Told? told, int status, string what)
    {
        if (told?.Status != status)
        {
            tally.Fault($"{client.Username} was to {what} and was answered {told?.Status} {told?.Code}");
        }
    }
}
