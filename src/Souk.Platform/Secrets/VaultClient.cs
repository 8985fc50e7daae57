using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Text.Json;
using Souk.Platform.Security;

namespace Souk.Platform.Secrets;

/// <summary>A vault that did not do what it was asked; the message is one line without any secret.</summary>
/// <param name="message">What happened.</param>
/// <param name="refused">Whether it said no; otherwise it may do it later.</param>
internal sealed class VaultException(string message, bool refused) : Exception(message)
{
    public bool Refused => refused;
}

/// <summary>A token of the vault.</summary>
/// <param name="Value">The token itself.</param>
/// <param name="Lease">For how long it is good; null for ever.</param>
/// <param name="Renewable">Whether it can be made to last longer.</param>
internal sealed record VaultToken(string Value, TimeSpan? Lease, bool Renewable);

/// <summary>Speaks HashiCorp Vault's HTTP API (https://developer.hashicorp.com/vault/api-docs): signs in, renews, reads one secret.</summary>
internal sealed class VaultClient : IDisposable
{
    private const int AnswerMost = 1024 * 1024;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private readonly VaultSettings _settings;
    private readonly HttpClient _http;

    public VaultClient(VaultSettings settings)
    {
        _settings = settings;

        // Without redirects: the token would go wherever somebody points.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust.InOnly(settings.Ca, $"{VaultSettings.Section}:Ca") },
        };
        _http = new HttpClient(handler) { BaseAddress = settings.Address, Timeout = AnswerTime, MaxResponseContentBufferSize = AnswerMost };
    }

    /// <summary>Signs in as the AppRole, or looks at the token that was given.</summary>
    /// <exception cref="VaultException">It can't.</exception>
    public async Task<VaultToken> LogIn(CancellationToken stop)
    {
        if (_settings.RoleId is { } role)
        {
            var login = new { role_id = role, secret_id = _settings.SecretId };
            return await Send(HttpMethod.Post, $"auth/{_settings.AuthMount}/login", null, login, "the AppRole can't sign in", Auth, stop);
        }

        var token = _settings.Token ?? await TokenOfFile(stop);
        return await Send(HttpMethod.Get, "auth/token/lookup-self", token, null, "the token can't be used", answer => Token(token, answer.GetProperty("data"), "ttl"), stop);
    }

    /// <summary>Makes a token last longer.</summary>
    /// <exception cref="VaultException">It can't.</exception>
    public Task<VaultToken> Renew(VaultToken token, CancellationToken stop) =>
        Send(HttpMethod.Post, "auth/token/renew-self", token.Value, new { }, "the token can't be renewed", Auth, stop);

    /// <summary>Reads the newest version of the secret.</summary>
    /// <exception cref="VaultException">It can't.</exception>
    public Task<Dictionary<string, string?>> Read(VaultToken token, CancellationToken stop)
    {
        var path = $"{_settings.Mount}/data/{_settings.Path}";
        return Send(HttpMethod.Get, path, token.Value, null, $"the secret {path} can't be read", answer => VaultSecret.Settings(answer.GetProperty("data").GetProperty("data")), stop);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> Send<T>(HttpMethod method, string path, string? token, object? body, string failure, Func<JsonElement, T> read, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, $"/v1/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        AddHeader(request, "X-Vault-Token", token);
        AddHeader(request, "X-Vault-Namespace", _settings.Namespace);
        AddHeader(request, "X-Vault-Request", "true");
        try
        {
            using var response = await _http.SendAsync(request, stop);
            return response.IsSuccessStatusCode
                ? read(await response.Content.ReadFromJsonAsync<JsonElement>(stop))
                : throw new VaultException($"{failure}: it answered {Words(response.StatusCode)}.", response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden);
        }
        catch (Exception e) when (!stop.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            throw new VaultException($"{failure}: {(e is OperationCanceledException ? "no answer in time" : e.InnerException?.Message ?? e.Message).TrimEnd('.')}.", refused: false);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or NotSupportedException)
        {
            throw new VaultException($"{failure}: its answer is not a vault's.", refused: false);
        }
    }

    private async Task<string> TokenOfFile(CancellationToken stop)
    {
        try
        {
            var text = (await File.ReadAllTextAsync(_settings.TokenFile!, stop)).Trim();
            return VaultSettings.IsVisible(text) ? text : throw new VaultException($"{VaultSettings.Section}:TokenFile holds no token.", refused: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"{VaultSettings.Section}:TokenFile can't be read: {e.Message}", refused: false);
        }
    }

    private static void AddHeader(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.Add(name, value);
        }
    }

    private static VaultToken Auth(JsonElement answer)
    {
        var auth = answer.GetProperty("auth");
        return Token(auth.GetProperty("client_token").GetString()!, auth, "lease_duration");
    }

    private static VaultToken Token(string value, JsonElement told, string lease) => VaultSettings.IsVisible(value)
        ? new VaultToken(value, told.GetProperty(lease).GetInt64() is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null, told.GetProperty("renewable").GetBoolean())
        : throw new FormatException("A token has visible characters only.");

    /// <summary>What Vault's statuses mean (https://developer.hashicorp.com/vault/api-docs#http-status-codes).</summary>
    private static string Words(HttpStatusCode status) => (int)status switch
    {
        400 or 403 => $"{(int)status}, refused",
        404 => "404, there is no such thing",
        429 => "429, it stands by",
        503 => "503, it is sealed or down for maintenance",
        >= 300 and < 400 => $"{(int)status}, which points elsewhere; set its own address",
        var other => $"{other}",
    };
}
