using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Security.Authentication;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Security;

namespace Souk.Platform.Hosting;

/// <summary>The other services of the shop, by name.</summary>
/// <param name="peers">Each of them.</param>
public sealed class Peers(IReadOnlyDictionary<string, Peer> peers) : IDisposable
{
    /// <summary>One of them.</summary>
    public Peer this[string name] => peers[name];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var peer in peers.Values.OfType<IDisposable>())
        {
            peer.Dispose();
        }
    }

    /// <summary>The services as they are reached over HTTP.</summary>
    internal static Peers OverHttp(SoukSettings settings, SocketsHttpHandler handler, ServiceTokens tokens, TimeProvider time) =>
        new(settings.Services.ToDictionary(s => s.Key, s => (Peer)new HttpPeer(s.Key, s.Value, handler, tokens, time), StringComparer.Ordinal));
}

/// <summary>Another service.</summary>
public abstract class Peer
{
    /// <summary>Asks with a body.</summary>
    /// <returns>The answer, or the service's refusal; <c>dependency_unavailable</c> when there is neither; <c>busy</c> when the service said so.</returns>
    public abstract Task<Result<TAnswer>> Post<TQuestion, TAnswer>(string path, TQuestion question, CancellationToken cancel = default);

    /// <summary>Asks without a body.</summary>
    public abstract Task<Result<TAnswer>> Get<TAnswer>(string path, CancellationToken cancel = default);

    /// <summary>Reads a text.</summary>
    public abstract Task<Result<string>> GetText(string path, CancellationToken cancel = default);
}

/// <summary>
/// Another service over HTTP. Every call on <c>/internal</c> can be repeated without harm, so a call that fails or gets no answer is
/// tried three times; a service that keeps failing is left alone for two seconds.
/// </summary>
internal sealed class HttpPeer : Peer, IDisposable
{
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly HttpClient _http;
    private readonly ServiceTokens _tokens;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public HttpPeer(string name, Uri url, SocketsHttpHandler handler, ServiceTokens tokens, TimeProvider time)
    {
        (_name, _tokens) = (name, tokens);
        _http = new HttpClient(handler, disposeHandler: false) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = Limits.InternalBody };
        _pipeline = Pipeline(time);
    }

    public override Task<Result<TAnswer>> Post<TQuestion, TAnswer>(string path, TQuestion question, CancellationToken cancel = default) =>
        Send<TAnswer>(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = Whole(question) }, Json<TAnswer>, cancel);

    public override Task<Result<TAnswer>> Get<TAnswer>(string path, CancellationToken cancel = default) =>
        Send<TAnswer>(() => new HttpRequestMessage(HttpMethod.Get, path), Json<TAnswer>, cancel);

    public override Task<Result<string>> GetText(string path, CancellationToken cancel = default) =>
        Send<string>(() => new HttpRequestMessage(HttpMethod.Get, path), (content, stop) => content.ReadAsStringAsync(stop)!, cancel);

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Whole<T>(T question) =>
        new(JsonSerializer.SerializeToUtf8Bytes(question, InternalJson.Options)) { Headers = { ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json) } };

    private static Task<T?> Json<T>(HttpContent content, CancellationToken cancel) => content.ReadFromJsonAsync<T>(InternalJson.Options, cancel);

    private async Task<Result<T>> Send<T>(Func<HttpRequestMessage> request, Func<HttpContent, CancellationToken, Task<T?>> read, CancellationToken cancel)
    {
        try
        {
            using var response = await _pipeline.ExecuteAsync(async stop => await Once(request, stop), cancel);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => (await read(response.Content, cancel))!,
                HttpStatusCode.ServiceUnavailable => CommonErrors.Busy.With($"{_name} is at its limit.") with { RetryAfter = Limits.BusyRetryAfter },
                _ => await Refused(response, cancel),
            };
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or JsonException or IOException)
        {
            return Unavailable(e is BrokenCircuitException ? "it kept failing" : e.InnerException is AuthenticationException wrong ? wrong.Message.TrimEnd('.') : e.Message);
        }
    }

    /// <summary>A refusal of the other service's own is passed on; one of the platform (a token, a path) is a fault between services.</summary>
    private async Task<Error> Refused(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        var said = response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? await Json<ErrorMessage>(response.Content, cancel) : null;
        return status is >= 400 and < 500 && said?.Code is { } code && code != CommonErrors.OfStatus(status).Code
            ? said.ToError() with { RetryAfter = response.Headers.RetryAfter?.Delta }
            : Unavailable($"it answered {status}");
    }

    private async Task<HttpResponseMessage> Once(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        using var message = request();
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.Own());
        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancel);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            // A connection that takes too long ends as a cancellation that nobody asked for; it is a failure like any other.
            throw new HttpRequestException("no connection in time", e);
        }
    }

    private Error Unavailable(string why) => CommonErrors.DependencyUnavailable.With($"{_name} does not answer: {why}.") with { RetryAfter = Limits.BusyRetryAfter };

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(TimeProvider time)
    {
        var failed = new PredicateBuilder<HttpResponseMessage>()
            .Handle<HttpRequestException>().Handle<TimeoutRejectedException>().Handle<IOException>()
            .HandleResult(r => r.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout);
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage> { ShouldHandle = failed, MaxRetryAttempts = 2, Delay = TimeSpan.FromMilliseconds(50), BackoffType = DelayBackoffType.Exponential, UseJitter = true })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage> { ShouldHandle = failed, MinimumThroughput = 20, FailureRatio = 0.9, SamplingDuration = TimeSpan.FromSeconds(5), BreakDuration = TimeSpan.FromSeconds(2) })
            .AddTimeout(CallTime)
            .Build();
    }
}
