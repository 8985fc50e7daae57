using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Platform.Audit;

/// <summary>What the request at hand is, for those who write down what it did: it goes with the flow of the request, and nothing has to hand it on.</summary>
internal sealed class RequestFacts
{
    private static readonly AsyncLocal<RequestFacts?> Here = new();
    private static readonly ConditionalWeakTable<Endpoint, string> Names = [];

    private readonly HttpContext _http;
    private readonly SoukSettings _settings;
    private AuditOrigin? _origin;

    private RequestFacts(HttpContext http, SoukSettings settings)
    {
        (_http, _settings) = (http, settings);
        TraceId = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
    }

    /// <summary>The request that the code at hand works for, or null.</summary>
    public static RequestFacts? Current => Here.Value;

    /// <summary>The W3C trace id.</summary>
    public string TraceId { get; }

    /// <summary>Why the request was refused, or null.</summary>
    public ErrorKind? Refused { get; set; }

    /// <summary>Whether the refusal was written down along with a change that it made.</summary>
    public bool RefusalIsRecorded { get; private set; }

    public static RequestFacts Begin(HttpContext http, SoukSettings settings) => Here.Value = new RequestFacts(http, settings);

    /// <summary>Who asks for what. Asked for by the request itself, after its caller was identified.</summary>
    public AuditOrigin Origin() => _origin ??= new AuditOrigin(Who() ?? AuditEntry.Anonymous, Operation(), Subject(), _http.Connection.RemoteIpAddress?.ToString(), TraceId);

    /// <summary>The caller's identifier, the calling service, or null.</summary>
    public string? Who() => Caller.Of(_http) is { } caller ? caller.Id.ToString() : _http.Features.Get<CallingService>() is { } service ? $"service:{service.Name}" : null;

    /// <summary>Method and pattern of the operation, which hold nothing personal as a path does.</summary>
    public string Operation() => _http.GetEndpoint() is { } endpoint ? Names.GetValue(endpoint, e => NameOf(e, _http.Request.Method)) : $"{Verb(_http.Request.Method)} (nothing)";

    public void WasRecorded(string outcome) => RefusalIsRecorded |= outcome != AuditEntry.Done;

    private static string NameOf(Endpoint endpoint, string method) => $"{Verb(method)} {(endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName}";

    /// <summary>What a client sends as a method may be anything.</summary>
    private static string Verb(string method) => HttpMethods.IsGet(method) || method.Length <= 7 && method.All(char.IsAsciiLetter) ? method.ToUpperInvariant() : "?";

    private string? Subject()
    {
        var values = _http.Request.RouteValues;
        return values.Count == 0 ? null : string.Join('/', values.Values.Select(v => AuditNames.Kept($"{v}", _settings)));
    }
}
