using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;

namespace Souk.Platform.Webhooks;

/// <summary>The key that incoming webhooks of a service are signed with. It is looked up anew each time, so that it can change while the service runs.</summary>
/// <param name="configuration">The settings.</param>
/// <param name="setting">Which of them holds the secret.</param>
public sealed class IncomingWebhooks(IConfiguration configuration, string setting)
{
    /// <summary>The key; null when none is set, and then nothing is taken.</summary>
    public byte[]? Key => configuration[setting] is { } secret ? WebhookSignature.KeyOf(secret) : null;

    /// <summary>The same, checked.</summary>
    /// <exception cref="SettingException">The setting holds no key.</exception>
    public static IncomingWebhooks Read(IConfiguration configuration, string setting)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration[setting] is { } secret && WebhookSignature.KeyOf(secret) is null
            ? throw new SettingException($"{setting} must be at least 24 bytes in Base64, with or without whsec_ before them.")
            : new IncomingWebhooks(configuration, setting);
    }
}

/// <summary>
/// The JSON body of an incoming webhook. It reaches its handler only when it is signed with the service's key over its identifier, its
/// time (at most five minutes off) and the body as it came; nothing of it is read before. That an identifier counts once is the
/// handler's business.
/// </summary>
/// <typeparam name="T">A class with settable properties and no logic.</typeparam>
public sealed class SignedBody<T> : IBound, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly Body<T>? _body;

    private SignedBody(string id, Body<T>? body, Error? error) => (Id, _body, Error) = (id, body, error);

    /// <summary>The message's identifier: 1 to 255 visible ASCII characters.</summary>
    public string Id { get; }

    /// <summary>What was sent. Only for handlers, which never see a body with an error.</summary>
    public T Value => _body!.Value;

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Reads and checks the body (called by the framework).</summary>
    public static async ValueTask<SignedBody<T>?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(http);
        using var whole = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(whole, http.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            return new("", null, CommonErrors.OfStatus(e.StatusCode).With(e.Message));
        }

        var bytes = whole.ToArray();
        if (!IsSigned(http, bytes, out var id))
        {
            return new("", null, CommonErrors.SignatureInvalid.With("Send webhook-id, webhook-timestamp (at most five minutes off) and webhook-signature over both and the body."));
        }

        http.Request.Body = new MemoryStream(bytes);
        var body = await Body<T>.BindAsync(http, parameter);
        return new(id, body, body!.Error);
    }

    /// <summary>Tells the OpenAPI document what the operation takes.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => Body<T>.PopulateMetadata(parameter, builder);

    private static bool IsSigned(HttpContext http, byte[] body, out string id)
    {
        var headers = http.Request.Headers;
        id = headers[WebhookSignature.IdHeader].ToString();
        return http.RequestServices.GetRequiredService<IncomingWebhooks>().Key is { } key
            && id.Length is >= 1 and <= 255 && id.All(c => c is > ' ' and <= '~')
            && WebhookSignature.IsRight(
                key, id, headers[WebhookSignature.TimeHeader].ToString(), headers[WebhookSignature.SignatureHeader].ToString(), body, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
    }
}
