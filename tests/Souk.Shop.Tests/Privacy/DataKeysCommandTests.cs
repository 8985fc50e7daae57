using System.CommandLine;
using Souk.Testing;

namespace Souk.Tests.Privacy;

/// <summary><c>souk data-keys</c> beside an open shop.</summary>
[Trait("security", "28")]
public sealed class DataKeysCommandTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security28_the_command_lists_keys_and_makes_one_that_the_open_shop_takes()
    {
        var first = await Keys();
        first.Select(k => k.Split(' ')[0]).ShouldBe(["customers", "sales"]);
        var jo = await _shop.NewCustomer();

        var rotated = await Keys("rotate");

        rotated.Select(k => k.Split(' ')[0]).ShouldBe(["customers", "customers", "sales", "sales"]);
        rotated.ShouldBeSubsetOf([.. first, rotated[1], rotated[3]]);
        (await Keys()).ShouldBe(rotated);
        (await jo.Get("customers", $"/api/v2/customers/{jo.Username}")).Of("name").ShouldBe("Jo Doe");
    }

    [Fact]
    public async Task Security28_where_services_live_apart_each_ones_keys_are_made_by_themselves_and_without_a_name_none_are()
    {
        await _shop.Storage.Run("sales", "DROP TABLE data_keys");
        await _shop.Storage.Run("sales", "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%DataKeys'");

        (await Invoke("rotate")).Code.ShouldBe(1);
        (await Keys("--service", "customers")).ShouldHaveSingleItem("nothing was half done");
        (await Keys("rotate", "--service", "customers")).Length.ShouldBe(2);
        (await Invoke("rotate", "--service", "reviews")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Security28_without_a_shop_the_command_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("souk-keys-");

        (await DataKeysCommand.Build().Parse(["--Souk:Data", folder.FullName]).InvokeAsync()).ShouldBe(1);

        folder.Delete(recursive: true);
    }

    private async Task<string[]> Keys(params string[] command)
    {
        var (code, told) = await Invoke(command);
        code.ShouldBe(0);
        return told;
    }

    private async Task<(int Code, string[] Told)> Invoke(params string[] command)
    {
        await using var output = new StringWriter();
        var settings = _shop.Settings.Where(s => !s.Key.StartsWith("Services:", StringComparison.Ordinal)).SelectMany(s => new[] { $"--{s.Key}", s.Value! });
        var code = await DataKeysCommand.Build().Parse([.. command, .. settings]).InvokeAsync(new InvocationConfiguration { Output = output });
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
