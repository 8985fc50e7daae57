using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Souk.Customers.Accounts;
using Souk.Platform.Hosting;
using Souk.Platform.Security;
using Souk.Testing;

namespace Souk.Tests.Tls;

/// <summary>TLS between services: certificates are shown and checked, both ways where that is set.</summary>
[Trait("security", "29")]
public sealed class TlsTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("souk-tls-shop-").FullName;
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();
    private TestStorage _storage = null!;

    public async ValueTask InitializeAsync() => _storage = await TestStorage.In(_data);

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _authority.Dispose();
        _other.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Security29_a_shop_sells_over_mutual_TLS_and_internal_needs_a_certificate()
    {
        var (certificate, key) = _authority.IssueFiles("127.0.0.1");
        var addresses = Shop.Services.Zip(FreePort.Some(4)).ToDictionary(x => x.First.Name, x => $"https://127.0.0.1:{x.Second}");
        await using var running = await Shop.Start(Shop.Services, Settings([
            new("Tls:Certificate", certificate), new("Tls:Key", key), new("Tls:Ca", _authority.CaFile), new("Tls:Mutual", "true"),
            .. addresses.Select(a => new KeyValuePair<string, string?>($"Services:{a.Key}:Url", a.Value))]));
        await running["customers"].GetRequiredService<FirstAdmin>().Ready;
        var shop = await RunningShop.At(addresses, () => Trusting(_authority, null));

        var product = await shop.NewProduct(price: 5);
        var jo = await shop.NewCustomer(money: 20);
        (await jo.Buys(product)).Must(201);
        (await jo.Reviews(product)).Must(201);
        (await shop.Visitor.Get("sales", "/health/ready")).Must(200);

        var token = running["sales"].GetRequiredService<ServiceTokens>().Own();
        const string Internal = "/internal/customers?username=admin";
        (await Ask(addresses["customers"] + Internal, token, null)).ShouldBe(HttpStatusCode.Unauthorized, "without a certificate the token does not do");
        using var own = _authority.Issue("sales");
        (await Ask(addresses["customers"] + Internal, token, own)).ShouldBe(HttpStatusCode.OK);
        using var stranger = _other.Issue("sales");
        await Should.ThrowAsync<HttpRequestException>(() => Ask(addresses["customers"] + Internal, token, stranger));
        using var late = _authority.Issue("sales", days: -1);
        await Should.ThrowAsync<HttpRequestException>(() => Ask(addresses["customers"] + Internal, token, late));
    }

    [Theory]
    [InlineData("right", null)]
    [InlineData("by another authority", "errors in the certificate chain")]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("not good yet", "NotTimeValid")]
    [InlineData("of another name", "RemoteCertificateNameMismatch")]
    [InlineData("signed by itself", "certificate")]
    public async Task Security29_a_service_that_shows_a_wrong_certificate_is_not_spoken_to(string certificate, string? why)
    {
        using var shown = certificate switch
        {
            "by another authority" => _other.Issue("127.0.0.1"),
            "expired" => _authority.Issue("127.0.0.1", days: -1),
            "not good yet" => _authority.Issue("127.0.0.1", days: 150),
            "of another name" => _authority.Issue("sales.example"),
            "signed by itself" => X509CertificateLoader.LoadPkcs12(SelfSigned(), null),
            _ => _authority.Issue("127.0.0.1"),
        };
        var asked = 0;
        var port = FreePort.Some(1)[0];
        await using var impostor = await Listen(port, shown, () => asked++);
        await using var inventory = ServiceHost.Build(
            Shop.Services.Single(s => s.Name == "inventory"), Settings([new("Tls:Ca", _authority.CaFile), new("Services:Sales:Url", $"https://127.0.0.1:{port}")]));

        var answer = await inventory.Services.GetRequiredService<Peers>()["sales"].Get<string>("/internal/anything");

        if (why is null)
        {
            answer.Value.ShouldBe("yes");
            return;
        }

        answer.Error!.Kind.Code.ShouldBe("dependency_unavailable");
        answer.Error.Detail.ShouldContain(why);
        asked.ShouldBe(0, "nothing was sent, no token above all");
    }

    [Fact]
    public async Task Security29_an_older_TLS_than_1_2_is_refused()
    {
        var (certificate, key) = _authority.IssueFiles("127.0.0.1");
        var port = FreePort.Some(1)[0];
        await using var running = await Shop.Start([Shop.Services.Single(s => s.Name == "inventory")], Settings([new("Tls:Certificate", certificate), new("Tls:Key", key), new("Services:Inventory:Url", $"https://127.0.0.1:{port}")]));
        using var handler = Trusting(_authority, null);
#pragma warning disable CA5397, SYSLIB0039 // That it is refused is what is tested.
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls | SslProtocols.Tls11;
#pragma warning restore CA5397, SYSLIB0039
        using var http = new HttpClient(handler);

        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync($"https://127.0.0.1:{port}/health/live"));

        // A machine whose OpenSSL refuses it anyway shows nothing by that.
        var options = new HttpsConnectionAdapterOptions();
        running["inventory"].GetRequiredService<ServiceTls>().Serve(options);
        options.SslProtocols.ShouldBe(SslProtocols.Tls12 | SslProtocols.Tls13);
    }

    [Theory]
    [InlineData("no certificate", "Tls:Certificate is missing")]
    [InlineData("another key", "which can't be used")]
    [InlineData("expired", "which was good until")]
    [InlineData("no such file", "which can't be used")]
    [InlineData("mutual without authority", "Tls:Mutual needs")]
    [InlineData("no authority in the file", "holds no certificate")]
    public void Security29_settings_that_cant_be_used_are_one_clear_line_and_no_start(string trouble, string line)
    {
        var (right, late) = (_authority.IssueFiles("127.0.0.1"), _authority.IssueFiles("127.0.0.1", days: -1));
        KeyValuePair<string, string?>[] tls = trouble switch
        {
            "another key" => [new("Tls:Certificate", right.Certificate), new("Tls:Key", late.Key)],
            "expired" => [new("Tls:Certificate", late.Certificate), new("Tls:Key", late.Key)],
            "no such file" => [new("Tls:Certificate", "nowhere.pem"), new("Tls:Key", right.Key)],
            "mutual without authority" => [new("Tls:Certificate", right.Certificate), new("Tls:Key", right.Key), new("Tls:Mutual", "true")],
            "no authority in the file" => [new("Tls:Certificate", right.Certificate), new("Tls:Key", right.Key), new("Tls:Ca", right.Key)],
            _ => [],
        };

        var refused = Should.Throw<SettingException>(() => ServiceHost.Build(Shop.Services.Single(s => s.Name == "sales"), Settings([.. tls, new("Services:Sales:Url", "https://127.0.0.1:1")])));

        refused.Message.ShouldContain(line);
        refused.Message.ShouldNotContain('\n');
    }

    private IConfiguration Settings(KeyValuePair<string, string?>[] tls) => new ConfigurationBuilder()
        .AddInMemoryCollection([new("Souk:Data", _data), new("Souk:SampleCatalogue", "false"), new("Souk:AdminPassword", RunningShop.Password), new("Customers:PasswordRounds", "1000")])
        .AddInMemoryCollection(_storage.Settings).AddInMemoryCollection(tls).Build();

    private static async Task<HttpStatusCode> Ask(TestAuthority authority, string url, string token, X509Certificate2? certificate)
    {
        using var http = new HttpClient(Trusting(authority, certificate));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private Task<HttpStatusCode> Ask(string url, string token, X509Certificate2? certificate) => Ask(_authority, url, token, certificate);

    private static SocketsHttpHandler Trusting(TestAuthority authority, X509Certificate2? certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority.CaFile);
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy, ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true) },
        };
    }

    private static async Task<WebApplication> Listen(int port, X509Certificate2 certificate, Action asked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(http =>
        {
            asked();
            return http.Response.WriteAsJsonAsync("yes");
        });
        await app.StartAsync();
        return app;
    }

    private static byte[] SelfSigned()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return made.Export(X509ContentType.Pfx);
    }
}
