using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Customers.Accounts;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary>The admin that the first start makes.</summary>
[Trait("security", "18")]
public sealed class FirstAdminTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("souk-admin-").FullName;
    private readonly int _port = FreePort.Some(1)[0];

    private TestStorage? _storage;

    public async ValueTask InitializeAsync() => _storage = await TestStorage.In(_data);

    public async ValueTask DisposeAsync()
    {
        await _storage!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [InlineData("short77")]
    [InlineData("password")]
    [InlineData("PASSWORD")]
    [InlineData("with a\ttab in it")]
    [InlineData("")]
    public void Security18_a_given_password_that_is_none_stops_the_start(string password) => Should.Throw<SettingException>(() => FirstAdmin.Of(Settings(password)));

    [Fact]
    public void Security18_a_given_password_is_8_to_128_characters()
    {
        Should.Throw<SettingException>(() => FirstAdmin.Of(Settings(new string('x', 129)))).Message.ShouldStartWith("Souk:AdminPassword");
        FirstAdmin.Of(Settings(new string('x', 128))).GivenPassword.ShouldBe(new string('x', 128));
        FirstAdmin.Of(Settings("8 chars.")).GivenPassword.ShouldBe("8 chars.");
        FirstAdmin.Of(Settings(null)).GivenPassword.ShouldBeNull();
    }

    [Fact]
    public async Task Security18_a_password_that_was_made_up_is_told_once_and_opens_the_shop()
    {
        string? password;
        await using (var shop = await Start(null))
        {
            password = await Generated(shop);
            password!.Length.ShouldBeGreaterThanOrEqualTo(24);
            (await SignIn(password)).Of("role").ShouldBe("admin");
        }

        await using var again = await Start(null);
        (await Generated(again)).ShouldBeNull();
        (await SignIn(password)).Of("role").ShouldBe("admin");
    }

    [Fact]
    public async Task Security18_a_given_password_is_not_told_and_counts_at_the_first_start_only()
    {
        await using (var shop = await Start("the first password"))
        {
            (await Generated(shop)).ShouldBeNull();
        }

        await using var again = await Start("a later password");
        (await Generated(again)).ShouldBeNull();
        (await SignIn("the first password")).Of("username").ShouldBe("admin");
    }

    [Fact]
    public async Task A_shop_that_says_it_is_ready_has_its_admin()
    {
        await using var shop = await Start("the first password", rounds: Passwords.UsualRounds); // hashing that takes its time
        var running = new CustomersAlone(_port);
        (await running.Visitor.Get("customers", "/health/ready")).Must(200);
        await running.SignsIn("admin", "the first password");
    }

    private static async Task<string?> Generated(Shop shop)
    {
        var first = shop["customers"].GetRequiredService<FirstAdmin>();
        await first.Ready;
        return first.GeneratedPassword;
    }

    private async Task<Answer> SignIn(string password)
    {
        var admin = await new CustomersAlone(_port).SignsIn("admin", password);
        return await admin.Reads("/api/v2/customers/admin");
    }

    private Task<Shop> Start(string? password, int rounds = 1000) => Shop.Start([CustomersService.Definition], Settings(password, rounds));

    private IConfiguration Settings(string? password, int rounds = 1000) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Souk:Data"] = _data,
        ["Souk:AdminPassword"] = password,
        ["Customers:PasswordRounds"] = $"{rounds}",
        ["Services:Customers:Url"] = $"http://127.0.0.1:{_port}",
    }).AddInMemoryCollection(_storage!.Settings).Build();

    private sealed class CustomersAlone : RunningShop
    {
        public CustomersAlone(int port) => Meet(new Dictionary<string, string> { ["customers"] = $"http://127.0.0.1:{port}" });
    }
}
