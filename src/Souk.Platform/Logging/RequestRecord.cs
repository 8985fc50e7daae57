using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Audit;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Platform.Logging;

/// <summary>The outermost layer: notes what the request is, and when it is answered logs it and hands its refusal to the audit log.</summary>
internal sealed class RequestRecord(RequestDelegate next, RequestLog log, RefusalLog refusals, SoukSettings settings, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http)
    {
        // The framework makes one as long as anything may be logged; the trace must not hang on that.
        using var trace = Activity.Current is null ? Trace(http) : null;
        var (facts, started) = (RequestFacts.Begin(http, settings), time.GetTimestamp());
        try
        {
            await next(http);
        }
        finally
        {
            if (log.Wanted && !IsRoutine(http))
            {
                log.Add(new RequestLine(time.GetUtcNow().UtcDateTime, facts.Who(), facts.Operation(), http.Response.StatusCode, time.GetElapsedTime(started), facts.TraceId));
            }

            if (IsRefusal(http, facts))
            {
                var o = facts.Origin();
                refusals.Add(new AuditEntry(Values.Moments.Of(time), o.Who, o.Operation, o.Subject, o.Address, facts.Refused?.Code ?? $"{http.Response.StatusCode}", o.TraceId));
            }
        }
    }

    /// <summary>What services ask each other, over and over, is no news as long as it is answered.</summary>
    private static bool IsRoutine(HttpContext http) => http.Response.StatusCode < 400 && http.Request.Path.StartsWithSegments("/internal", StringComparison.OrdinalIgnoreCase);

    /// <summary>What was refused to somebody, but not what never was there, nor reading what anyone may read.</summary>
    private static bool IsRefusal(HttpContext http, RequestFacts facts) =>
        http.Response.StatusCode is >= 400 and < 500 && !facts.RefusalIsRecorded
        && http.GetEndpoint()?.Metadata.GetMetadata<Access>() is { } access && !(access == Access.Anyone && HttpMethods.IsGet(http.Request.Method));

    private static Activity Trace(HttpContext http)
    {
        var activity = new Activity("request");
        if (http.Request.Headers.TraceParent.ToString() is { Length: > 0 } parent)
        {
            activity.SetParentId(parent);
        }

        return activity.Start();
    }
}
