using OtpNet;
using Xunit;

namespace Souk.Testing;

/// <summary>A customer's authenticator app, and the recovery codes that they wrote down.</summary>
/// <param name="shop">The shop, by whose clock the app goes.</param>
/// <param name="secret">What the app shares with the shop, in Base32.</param>
/// <param name="recoveryCodes">The codes on paper.</param>
public sealed class Phone(TestShop shop, string secret, IReadOnlyList<string> recoveryCodes)
{
    /// <summary>The codes on paper.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; } = recoveryCodes;

    /// <summary>The digits that the app shows, now or so many steps of half a minute later. The one for now confirmed the app, so it is spent.</summary>
    public string Code(int later = 0) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp((shop.Clock.GetUtcNow() + TimeSpan.FromSeconds(30 * later)).UtcDateTime);
}

/// <summary>What tests do with second factors.</summary>
public static class Factors
{
    /// <summary>Adds an authenticator app to an account.</summary>
    public static async Task<Phone> AddsPhone(this Person person, TestShop shop)
    {
        ArgumentNullException.ThrowIfNull(person);
        var added = await person.Post("customers", "/api/v2/second-factor/authenticator", new { current_password = RunningShop.Password });
        Assert.True(added.Code == 200, added.Text);
        var phone = new Phone(shop, added.Of("secret"), []);
        var confirmed = await person.Post("customers", "/api/v2/second-factor/authenticator/confirmation", new { code = phone.Code() });
        Assert.True(confirmed.Code == 200, confirmed.Text);
        return new Phone(shop, added.Of("secret"), [.. confirmed["codes"].EnumerateArray().Select(c => c.GetString()!)]);
    }

    /// <summary>Signs in with a password and a code.</summary>
    public static Task<Answer> SignIn(this RunningShop shop, string username, string? code, string password = RunningShop.Password)
    {
        ArgumentNullException.ThrowIfNull(shop);
        return shop.Visitor.Post("customers", "/api/v2/tokens", code is null ? new { username, password } : new { username, password, code });
    }

    /// <summary>A new customer with a phone, who signed in by a recovery code more than five minutes ago; so the shop's clock moves.</summary>
    public static async Task<(Person Person, Phone Phone)> NewCustomerWithPhone(this TestShop shop, decimal money = 0)
    {
        ArgumentNullException.ThrowIfNull(shop);
        var customer = await shop.NewCustomer(money);
        var phone = await customer.AddsPhone(shop);
        var signedIn = await shop.SignIn(customer.Username, phone.RecoveryCodes[0]);
        Assert.True(signedIn.Code == 200, signedIn.Text);
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        return (new Person(shop, customer.Username, signedIn.Of("access_token")), phone);
    }

    /// <summary>Does what a refusal says, and nothing that it does not: sends a code where it says, and is somebody with a better token then.</summary>
    public static async Task<Person> Follows(this Person person, RunningShop shop, Answer refusal, string code)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(refusal);
        Assert.Equal((403, "step_up_required"), (refusal.Code, refusal.Problem));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(refusal.Of("step_up.method")), refusal.Of("step_up.url"));
        request.Headers.Authorization = new("Bearer", person.Token);
        request.Content = new StringContent(refusal.Of("step_up.body").Replace("123456", code, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var answer = await Answer.Read(response);
        Assert.True(answer.Code == 200, answer.Text);
        return new Person(shop, person.Username, answer.Of("access_token"));
    }
}
