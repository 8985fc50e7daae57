using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Souk.Platform.Audit;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Platform.Traffic;

namespace Souk.Platform.Hosting;

/// <summary>The outermost layer: what nobody answered for gets a body in the manner of the contract, without a stack or a version.</summary>
internal sealed partial class Failures(RequestDelegate next, Engine database, ILogger<Failures> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        Browsers.Protect(http.Response);
        AnswerHeadAsGet(http);
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                await Refuse(http, CommonErrors.OfStatus(http.Response.StatusCode).With(Words(http)));
            }
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Refuse(http, CommonErrors.OfStatus(e.StatusCode).With(e.Message));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to answer.
            http.Abort();
        }
        catch (Exception e) when (!http.Response.HasStarted && database.FaultOf(e) != StorageFault.Bug)
        {
            LogNoDatabase(Operation, e.GetBaseException().Message);
            await RefuseAnew(http, NoDatabase(http));
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            LogFailure(e, Operation);
            await RefuseAnew(http, CommonErrors.Internal.With("Internal server error"));
        }
    }

    /// <summary>What the log is told of a request: its path may name a person.</summary>
    private static string Operation => RequestFacts.Current?.Operation() ?? "A request";

    /// <summary>Whatever answers GET answers HEAD, without the body (RFC 9110, 9.3.2). Kestrel leaves the body out by itself.</summary>
    private static void AnswerHeadAsGet(HttpContext http)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            http.Response.Body = Stream.Null;
        }
    }

    /// <summary>A request that only reads has changed nothing; another one may have been stored before the database went away.</summary>
    private static Error NoDatabase(HttpContext http) => (HttpMethods.IsGet(http.Request.Method)
        ? CommonErrors.StorageUnavailable.With("The database does not answer now.")
        : CommonErrors.OutcomeUnknown.With("The database went away. Send it again with its Idempotency-Key; without one, look first whether it was done.")) with { RetryAfter = Limits.BusyRetryAfter };

    private static Task RefuseAnew(HttpContext http, Error error)
    {
        http.Response.Clear();
        Browsers.Protect(http.Response);
        return Refuse(http, error);
    }

    private static Task Refuse(HttpContext http, Error error) => new Refusal(error).ExecuteAsync(http);

    private static string Words(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound when http.Contract() == Contract.V1 => "Not Found",
        StatusCodes.Status404NotFound => $"Nothing is served at {http.Request.Path}.",
        StatusCodes.Status405MethodNotAllowed when http.Contract() == Contract.V1 => "Method Not Allowed",
        StatusCodes.Status405MethodNotAllowed => $"{http.Request.Path} does not take {http.Request.Method}; it takes {http.Response.Headers.Allow}.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
        var status => CommonErrors.OfStatus(status).Title,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operation} found no database: {Reason}")]
    private partial void LogNoDatabase(string operation, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed")]
    private partial void LogFailure(Exception e, string operation);
}
