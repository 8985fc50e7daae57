using Souk.Customers.Accounts;

namespace Souk;

/// <summary>What a person sees when the shop is open.</summary>
internal static class Banner
{
    public static async Task Print(Shop shop, bool whole, string? ca)
    {
        var urls = shop.Settings.Services.ToDictionary(s => s.Key, s => s.Value.ToString().TrimEnd('/'));
        Console.WriteLine($"Souk is open. Data: {shop.Settings.Data}");
        Console.WriteLine();
        foreach (var service in shop.Running)
        {
            Console.WriteLine($"  {service,-10} {urls[service],-24} API page: {urls[service]}/docs");
        }

        await PrintAdmin(shop);
        Console.WriteLine();
        if (whole)
        {
            Console.WriteLine(FirstPurchase(urls["customers"], urls["inventory"], urls["sales"], shop.Settings.Currency, ca));
        }

        Console.WriteLine("Ctrl-C stops it.");
    }

    /// <summary>Shows the first admin's password, if one was made up at this start.</summary>
    public static async Task PrintAdmin(Shop shop)
    {
        if (!shop.Running.Contains("customers"))
        {
            return;
        }

        var admin = shop["customers"].GetRequiredService<FirstAdmin>();
        await admin.Ready;
        if (admin.GeneratedPassword is { } password)
        {
            Console.WriteLine();
            Console.WriteLine("  The first admin was made; this password is shown only now:");
            Console.WriteLine($"    user name {FirstAdmin.Username}, password {password}");
        }
    }

    private static string FirstPurchase(string customers, string inventory, string sales, string currency, string? ca) => $$$"""
        A first purchase, ready to paste{{{(ca is null ? "" : $" after export CURL_CA_BUNDLE={Path.GetFullPath(ca)}")}}}:

          curl -s {{{customers}}}/api/v2/customers -H 'Content-Type: application/json' -d '{"username":"johndoe","password":"seven green apples","name":"John Doe","age":30,"address":"1 Main Street","gender":true,"marital_status":"single"}'
          TOKEN=$(curl -s {{{customers}}}/api/v2/tokens -H 'Content-Type: application/json' -d '{"username":"johndoe","password":"seven green apples"}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
          curl -s {{{customers}}}/api/v2/customers/johndoe/wallet/top-ups -H "Authorization: Bearer $TOKEN" -H 'Idempotency-Key: my-first-top-up' -H 'Content-Type: application/json' -d '{"amount":{"amount":"500.00","currency":"{{{currency}}}"}}'
          curl -s '{{{inventory}}}/api/v2/products?limit=3&sort=price_up'
          curl -s {{{sales}}}/api/v2/orders -H "Authorization: Bearer $TOKEN" -H 'Idempotency-Key: my-first-order' -H 'Content-Type: application/json' -d '{"lines":[{"product_id":1,"quantity":2}]}'
          curl -s {{{sales}}}/api/v2/orders -H "Authorization: Bearer $TOKEN"

        """;
}
