using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Souk.Platform.Values;

namespace Souk.Tests.Secrets;

/// <summary>
/// Speaks as much of HashiCorp Vault's HTTP API as Souk uses, from its documentation: tokens that end with their lease, AppRole, the KV
/// engine's version 2, errors as <c>{"errors": []}</c>.
/// </summary>
internal sealed class VaultServer : IAsyncDisposable
{
    private readonly MicrosecondClock _clock = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new();
    private readonly WebApplication _app;

    private VaultServer(X509Certificate2? certificate)
    {
        var port = FreePort.Some(1)[0];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        _app = builder.Build();
        Address = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{port}";
        _app.Run(http => Answer(http));
    }

    public string Address { get; }

    public string RoleId { get; } = "role-of-souk";

    public string SecretId { get; } = $"secret-{Guid.CreateVersion7()}";

    /// <summary>The secret at secret/souk, by field.</summary>
    public JsonObject Secret { get; set; } = [];

    public TimeSpan Lease { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether a renewal is refused, as when a token has reached its longest life.</summary>
    public bool RefusesRenewals { get; set; }

    /// <summary>Answers everything so, if set.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public string? Namespace { get; set; }

    public int Logins { get; private set; }

    public int Renewals { get; private set; }

    public int Reads { get; private set; }

    public static async Task<VaultServer> Start(X509Certificate2? certificate = null)
    {
        var server = new VaultServer(certificate);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A token made by an administrator.</summary>
    public string NewToken()
    {
        var token = $"token-{Guid.CreateVersion7()}";
        _tokens[token] = _clock.GetUtcNow() + Lease;
        return token;
    }

    /// <summary>Ends all tokens.</summary>
    public void RevokeAll() => _tokens.Clear();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task Answer(HttpContext http)
    {
        if (Instead is not null)
        {
            return Instead(http);
        }

        if ((Namespace ?? "") != http.Request.Headers["X-Vault-Namespace"].ToString())
        {
            return Refuse(http, 403);
        }

        return (http.Request.Method, http.Request.Path.Value) switch
        {
            ("POST", "/v1/auth/approle/login") => LogIn(http),
            ("POST", "/v1/auth/token/renew-self") => WithToken(http, Renew),
            ("GET", "/v1/auth/token/lookup-self") => WithToken(http, (h, token) => Write(h, new JsonObject { ["data"] = new JsonObject { ["id"] = token, ["ttl"] = Seconds, ["renewable"] = true } })),
            ("GET", "/v1/secret/data/souk") => WithToken(http, (h, _) => Read(h)),
            ("GET", _) => WithToken(http, (h, _) => Refuse(h, 404)),
            _ => Refuse(http, 405),
        };
    }

    private long Seconds => (long)Lease.TotalSeconds;

    private async Task LogIn(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!;
        if ((string?)body["role_id"] != RoleId || (string?)body["secret_id"] != SecretId)
        {
            await Refuse(http, 400);
            return;
        }

        Logins++;
        await Write(http, Auth(NewToken()));
    }

    private Task Renew(HttpContext http, string token)
    {
        if (RefusesRenewals)
        {
            return Refuse(http, 400);
        }

        Renewals++;
        _tokens[token] = _clock.GetUtcNow() + Lease;
        return Write(http, Auth(token));
    }

    private Task Read(HttpContext http)
    {
        Reads++;
        return Write(http, new JsonObject { ["data"] = new JsonObject { ["data"] = Secret.DeepClone(), ["metadata"] = new JsonObject { ["version"] = Reads } } });
    }

    private Task WithToken(HttpContext http, Func<HttpContext, string, Task> answer) =>
        _tokens.TryGetValue(http.Request.Headers["X-Vault-Token"].ToString(), out var until) && until > _clock.GetUtcNow()
            ? answer(http, http.Request.Headers["X-Vault-Token"].ToString())
            : Refuse(http, 403);

    private JsonObject Auth(string token) => new() { ["auth"] = new JsonObject { ["client_token"] = token, ["lease_duration"] = Seconds, ["renewable"] = true } };

    private static Task Write(HttpContext http, JsonObject body) => http.Response.WriteAsJsonAsync(body);

    private static Task Refuse(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Write(http, new JsonObject { ["errors"] = new JsonArray("permission denied") });
    }
}
