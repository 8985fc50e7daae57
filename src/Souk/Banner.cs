using Souk.Customers.Accounts;

namespace Souk;

/// <summary>What a person sees when the shop is open.</summary>
internal static class Banner
{
    public static void Print(Shop shop, bool whole)
    {
        var urls = shop.Settings.Services.ToDictionary(s => s.Key, s => s.Value.ToString().TrimEnd('/'));
        Console.WriteLine($"Souk is open. Data: {shop.Settings.Data}");
        Console.WriteLine();
        foreach (var service in shop.Running)
        {
            Console.WriteLine($"  {service,-10} {urls[service],-24} API page: {urls[service]}/docs");
        }

        PrintAdmin(shop);
        if (whole)
        {
            Console.WriteLine(FirstPurchase(urls, shop.Settings.Currency));
        }

        Console.WriteLine("Ctrl-C stops it.");
    }

    private static void PrintAdmin(Shop shop)
    {
        if (shop.Running.Contains("customers") && shop["customers"].GetRequiredService<FirstAdmin>().GeneratedPassword is { } password)
        {
            Console.WriteLine();
            Console.WriteLine("  The first admin was made; this password is shown only now:");
            Console.WriteLine($"    user name admin, password {password}");
        }

        Console.WriteLine();
    }

    private static string FirstPurchase(Dictionary<string, string> urls, string currency) => $$"""
        A first purchase, ready to paste:

          curl -s {{urls["customers"]}}/api/v2/customers -H 'Content-Type: application/json' -d '{"username":"jo","password":"seven green apples","name":"Jo Doe","age":30,"address":"1 Main Street","gender":true,"marital_status":"single"}'
          TOKEN=$(curl -s {{urls["customers"]}}/api/v2/tokens -H 'Content-Type: application/json' -d '{"username":"jo","password":"seven green apples"}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
          curl -s {{urls["customers"]}}/api/v2/customers/jo/wallet/top-ups -H "Authorization: Bearer $TOKEN" -H 'Idempotency-Key: my-first-top-up' -H 'Content-Type: application/json' -d '{"amount":{"amount":"500.00","currency":"{{currency}}"}}'
          curl -s '{{urls["inventory"]}}/api/v2/products?limit=3&sort=price_up'
          curl -s {{urls["sales"]}}/api/v2/orders -H "Authorization: Bearer $TOKEN" -H 'Idempotency-Key: my-first-order' -H 'Content-Type: application/json' -d '{"lines":[{"product_id":1,"quantity":2}]}'
          curl -s {{urls["sales"]}}/api/v2/orders -H "Authorization: Bearer $TOKEN"

        """;
}
