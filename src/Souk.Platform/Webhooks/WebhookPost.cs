using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Souk.Platform.Webhooks;

/// <summary>What came of one attempt.</summary>
/// <param name="Status">The HTTP status, or null when there was no answer.</param>
/// <param name="Failure">Why it did not arrive, in words that tell nothing about networks; null when it did.</param>
public sealed record WebhookAttempt(int? Status, string? Failure)
{
    /// <summary>Whether the receiver wants no more, ever.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;
}

/// <summary>Sends signed messages. The body of an answer is not read: nobody learns through a webhook what a host has to say.</summary>
public sealed class WebhookPost : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Sends to these targets.</summary>
    public WebhookPost(WebhookTargets targets, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(targets);
        _http = new HttpClient(targets.Connections()) { Timeout = AnswerTime };
        _time = time;
    }

    /// <summary>Sends a message once.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="secret">The receiver's secret.</param>
    /// <param name="id">The message, the same for each attempt.</param>
    /// <param name="payload">The body, JSON.</param>
    /// <param name="stop">Breaks it off.</param>
    public async Task<WebhookAttempt> Send(string url, string secret, Guid id, string payload, CancellationToken stop)
    {
        var (body, seconds) = (Encoding.UTF8.GetBytes(payload), _time.GetUtcNow().ToUnixTimeSeconds());
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Souk");
        request.Headers.Add(WebhookSignature.IdHeader, id.ToString());
        request.Headers.Add(WebhookSignature.TimeHeader, seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(WebhookSignature.KeyOf(secret)!, id.ToString(), seconds, body));
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return new WebhookAttempt((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : $"It answered {(int)answer.StatusCode}.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new WebhookAttempt(null, "There was no answer in time.");
        }
        catch (HttpRequestException e)
        {
            return new WebhookAttempt(null, Words(e));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Words(HttpRequestException e) => e.InnerException is TargetRefusedException refused ? refused.Message : e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "The host has no address.",
        HttpRequestError.SecureConnectionError => "The host's certificate is not good.",
        HttpRequestError.ConnectionError => "The host can't be connected to.",
        _ => "The connection broke.",
    };
}
