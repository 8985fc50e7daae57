using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;
using Souk.Platform.Secrets;
using Souk.Testing;
using Souk.Tests.Tls;

namespace Souk.Tests.Secrets;

/// <summary>Settings from HashiCorp Vault, over its HTTP API.</summary>
[Trait("security", "30")]
public sealed class VaultTests : IAsyncLifetime
{
    private readonly List<string> _told = [];
    private VaultServer _vault = null!;

    public async ValueTask InitializeAsync()
    {
        _vault = await VaultServer.Start();
        _vault.Secret = new() { ["Souk:ServiceKey"] = "from the vault", ["Souk__AdminPassword"] = "also from there", ["Sales"] = new System.Text.Json.Nodes.JsonObject { ["CancelMinutes"] = 7 } };
    }

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Fact]
    public async Task Security30_an_AppRole_reads_settings_however_the_secret_names_them()
    {
        using var settings = await Read(AppRole());

        settings["Souk:ServiceKey"].ShouldBe("from the vault");
        settings["Souk:AdminPassword"].ShouldBe("also from there");
        settings["Sales:CancelMinutes"].ShouldBe("7");
    }

    [Fact]
    public async Task Security30_what_stands_closer_to_the_process_wins()
    {
        using var settings = await Read([.. AppRole(), new("Souk:ServiceKey", "from the environment")]);

        settings["Souk:ServiceKey"].ShouldBe("from the environment");
    }

    [Fact]
    public async Task Security30_a_token_reads_too_given_or_in_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"{_vault.NewToken()}\n");
        using var given = await Read([new("Token", _vault.NewToken())]);
        using var filed = await Read([new("TokenFile", file)]);
        File.Delete(file);

        given["Souk:ServiceKey"].ShouldBe("from the vault");
        filed["Souk:ServiceKey"].ShouldBe("from the vault");
        _vault.Logins.ShouldBe(0);
    }

    [Fact]
    public async Task Security30_a_namespace_goes_with_every_request()
    {
        _vault.Namespace = "shops/north";
        using var settings = await Read([.. AppRole(), new("Namespace", "shops/north")]);

        settings["Souk:ServiceKey"].ShouldBe("from the vault");
    }

    [Fact]
    public async Task Security30_the_token_is_renewed_for_as_long_as_the_process_lives()
    {
        _vault.Lease = TimeSpan.FromSeconds(2);
        using var settings = await Read([.. AppRole(), new("RefreshSeconds", "1")]);

        // Three renewals of two seconds each: without them the first token would have ended long ago.
        await RunningShop.Eventually(() => Task.FromResult(_vault.Renewals >= 3), "three renewals");
        _vault.Secret["Souk:ServiceKey"] = "newer";
        await RunningShop.Eventually(() => Task.FromResult(settings["Souk:ServiceKey"] == "newer"), "the changed secret");
        _vault.Logins.ShouldBe(1);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task Security30_a_token_that_cant_be_renewed_is_followed_by_a_new_one()
    {
        (_vault.Lease, _vault.RefusesRenewals) = (TimeSpan.FromSeconds(2), true);
        using var settings = await Read([.. AppRole(), new("RefreshSeconds", "1")]);

        await RunningShop.Eventually(() => Task.FromResult(_vault.Logins >= 3), "signing in again, twice");
        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task Security30_a_token_that_was_ended_is_followed_by_a_new_one()
    {
        using var settings = await Read([.. AppRole(), new("RefreshSeconds", "1")]);
        _vault.RevokeAll();
        _vault.Secret["Souk:ServiceKey"] = "after the end";

        await RunningShop.Eventually(() => Task.FromResult(settings["Souk:ServiceKey"] == "after the end"), "the next read");
        _vault.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Security30_a_vault_that_is_away_later_changes_nothing_and_is_told_of()
    {
        using var settings = await Read([.. AppRole(), new("RefreshSeconds", "1")]);
        var changes = 0;
        using var watch = Microsoft.Extensions.Primitives.ChangeToken.OnChange(settings.GetReloadToken, () => changes++);
        _vault.Instead = http => Status(http, 503);

        await RunningShop.Eventually(() => Task.FromResult(_told.Count > 0), "a line about it");
        settings["Souk:ServiceKey"].ShouldBe("from the vault");
        _told[0].ShouldContain("it is sealed");
        _vault.Instead = null;
        _vault.Secret["Souk:ServiceKey"] = "back";
        await RunningShop.Eventually(() => Task.FromResult(settings["Souk:ServiceKey"] == "back"), "the next read");
        changes.ShouldBe(1);
    }

    [Theory]
    [InlineData("another secret", "the AppRole can't sign in: it answered 400, refused")]
    [InlineData("another path", "the secret secret/data/elsewhere can't be read: it answered 404")]
    [InlineData("a token that ended", "the token can't be used: it answered 403, refused")]
    [InlineData("sealed", "503, it is sealed")]
    [InlineData("a redirect", "307, which points elsewhere")]
    [InlineData("no vault", "its answer is not a vault's")]
    [InlineData("an endless answer", "the AppRole can't sign in")]
    [InlineData("nobody there", "Connection refused")]
    [InlineData("two ways in", "needs one of Token, TokenFile and RoleId")]
    [InlineData("no address", "Souk:Vault:Address is missing")]
    [InlineData("plain http elsewhere", "with https unless it is on this machine")]
    [InlineData("a broken token", "Souk:Vault:Token is empty or has other characters")]
    public async Task Security30_a_vault_that_cant_be_read_is_one_clear_line_and_no_start(string trouble, string line)
    {
        const string Hidden = "very-hidden";
        KeyValuePair<string, string?>[] way = trouble switch
        {
            "another secret" => [new("RoleId", _vault.RoleId), new("SecretId", Hidden)],
            "another path" => [.. AppRole(), new("Path", "elsewhere")],
            "a token that ended" => [new("Token", Hidden)],
            "nobody there" => [.. AppRole(), new("Address", $"http://127.0.0.1:{FreePort.Some(1)[0]}")],
            "two ways in" => [.. AppRole(), new("Token", Hidden)],
            "no address" => [new("Address", null), new("Token", Hidden)],
            "plain http elsewhere" => [.. AppRole(), new("Address", "http://vault.example:8200")],
            "a broken token" => [new("Token", $"{Hidden}\r\nX-Other: 1")],
            _ => AppRole(),
        };
        _vault.Instead = trouble switch
        {
            "sealed" => http => Status(http, 503),
            "a redirect" => http =>
            {
                http.Response.Headers.Location = $"{_vault.Address}/v1/elsewhere";
                return Status(http, 307);
            },
            "no vault" => http => http.Response.WriteAsync("<html>hello</html>"),
            "an endless answer" => async http =>
            {
                while (!http.RequestAborted.IsCancellationRequested)
                {
                    await http.Response.Body.WriteAsync(new byte[64 * 1024], http.RequestAborted);
                }
            },
            _ => null,
        };

        var refused = await Should.ThrowAsync<SettingException>(() => Read(way));

        refused.Message.ShouldContain(line);
        refused.Message.ShouldNotContain(Hidden);
        refused.Message.ShouldNotContain(_vault.SecretId);
        refused.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Security30_its_certificate_must_be_signed_by_the_authority_in_the_settings()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        await using var vault = await VaultServer.Start(authority.Issue("127.0.0.1"));
        vault.Secret = new() { ["Souk:ServiceKey"] = "over TLS" };
        KeyValuePair<string, string?>[] way = [new("Address", vault.Address), new("RoleId", vault.RoleId), new("SecretId", vault.SecretId)];

        using var settings = await Read([.. way, new("Ca", authority.CaFile)]);
        settings["Souk:ServiceKey"].ShouldBe("over TLS");

        (await Should.ThrowAsync<SettingException>(() => Read([.. way, new("Ca", other.CaFile)]))).Message.ShouldContain("certificate");
        (await Should.ThrowAsync<SettingException>(() => Read(way))).Message.ShouldContain("certificate");
        (await Should.ThrowAsync<SettingException>(() => Read([.. way, new("Ca", "nowhere.pem")]))).Message.ShouldContain("Souk:Vault:Ca is 'nowhere.pem'");
    }

    private KeyValuePair<string, string?>[] AppRole() => [new("RoleId", _vault.RoleId), new("SecretId", _vault.SecretId)];

    private async Task<ConfigurationRoot> Read(params KeyValuePair<string, string?>[] way)
    {
        var given = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Souk:Vault:Address", _vault.Address)])
            .AddInMemoryCollection(way.Select(w => w.Key.Contains(':', StringComparison.Ordinal) ? w : new($"Souk:Vault:{w.Key}", w.Value)))
            .Build();
        return (ConfigurationRoot)await SettingSources.Read(given, TimeProvider.System, _told.Add);
    }

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
