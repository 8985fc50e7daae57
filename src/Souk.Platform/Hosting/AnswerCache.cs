using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Souk.Platform.Hosting;

/// <summary>
/// Remembers whole answers of reads that are the same for everybody. A change made by this process is visible at once, because its
/// commit forgets the answers that it concerns before its caller is told; one made by another process is visible within a second,
/// because answers count only as long as the database was asked for changes of others (<see cref="Confirm"/>) less than that ago.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class AnswerCache(TimeProvider time)
{
    private const int Most = 20_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(900);

    private readonly ConcurrentDictionary<string, Remembered> _answers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _changes;
    private long _confirmed;

    /// <summary>Notes that the database was asked, and told of no change that is not forgotten here.</summary>
    /// <param name="asked">The clock's timestamp of the question.</param>
    public void Confirm(long asked) => Interlocked.Exchange(ref _confirmed, asked);

    /// <summary>Forgets the answers of these paths, and all that tell of many things at once.</summary>
    public void Forget(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        lock (_gate)
        {
            _changes++;
            foreach (var path in paths)
            {
                _answers.TryRemove(path, out _);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _changes++;
            _answers.Clear();
        }
    }

    internal long Changes => Interlocked.Read(ref _changes);

    internal Remembered? Find(string key) =>
        _answers.TryGetValue(key, out var answer) && time.GetElapsedTime(Interlocked.Read(ref _confirmed)) < Fresh && (!answer.OfMany || answer.Changes == Changes) ? answer : null;

    /// <summary>Keeps an answer unless something changed since its making began: it may have been read before the change.</summary>
    internal void Keep(string key, Remembered answer)
    {
        lock (_gate)
        {
            if (_answers.Count >= Most)
            {
                _answers.Clear();
            }

            if (_changes == answer.Changes)
            {
                _answers[key] = answer;
            }
        }
    }
}

/// <summary>An answer that is remembered.</summary>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Its ETag, or empty.</param>
/// <param name="Changes">How many changes there had been by then.</param>
/// <param name="OfMany">Whether any change makes it old, and not only one of its own path.</param>
internal sealed record Remembered(byte[] Body, string? ContentType, string ETag, long Changes, bool OfMany);

/// <summary>Endpoint metadata: answers of this read are remembered.</summary>
/// <param name="OfMany">Whether the answer tells of many things at once.</param>
internal sealed record Remember(bool OfMany);

/// <summary>Answers from the cache where it can, and fills it.</summary>
internal sealed class RememberedAnswers(RequestDelegate next, AnswerCache cache)
{
    private const int LongestQuery = 200;

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Remember>() is not { } remember || !MayRemember(http.Request, remember.OfMany))
        {
            return next(http);
        }

        var key = remember.OfMany ? http.Request.Path.Value + http.Request.QueryString.Value : http.Request.Path.Value!.ToLowerInvariant();
        return cache.Find(key) is { } answer ? Write(http.Response, answer) : Make(http, key, remember.OfMany);
    }

    /// <summary>Whoever says so (RFC 9111, 5.2.1.4) or is signed in, maybe to edit what they read, gets what stands in the database now.</summary>
    private static bool MayRemember(HttpRequest request, bool ofMany) =>
        request.Headers.Authorization.Count == 0 && request.Headers.CacheControl.Count == 0
        && (ofMany ? request.QueryString.Value?.Length is null or <= LongestQuery : !request.QueryString.HasValue && EndsInPlainNumber(request.Path.Value));

    /// <summary>A number written otherwise (012) names the same thing, and a change would not forget the answer that is kept under it.</summary>
    private static bool EndsInPlainNumber(string? path) =>
        path is not null && path.AsSpan(path.LastIndexOf('/') + 1) is { Length: > 0 } number && number[0] != '0' && !number.ContainsAnyExceptInRange('0', '9');

    private static Task Write(HttpResponse response, Remembered answer)
    {
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (answer.ETag.Length > 0)
        {
            response.Headers.ETag = answer.ETag;
        }

        return response.Body.WriteAsync(answer.Body, 0, answer.Body.Length);
    }

    private async Task Make(HttpContext http, string key, bool ofMany)
    {
        var (changes, response) = (cache.Changes, http.Response);
        var body = response.Body;
        using var copy = new MemoryStream();
        response.Body = copy;
        try
        {
            await next(http);
        }
        finally
        {
            response.Body = body;
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            cache.Keep(key, new Remembered(copy.ToArray(), response.ContentType, response.Headers.ETag.ToString(), changes, ofMany));
        }

        copy.Position = 0;
        await copy.CopyToAsync(body);
    }
}

/// <summary>Says which reads are remembered.</summary>
public static class Remembering
{
    /// <summary>Remembers the answers of a public read of one thing, known by its path.</summary>
    public static RouteHandlerBuilder RememberOne(this RouteHandlerBuilder route) => route.WithMetadata(new Remember(OfMany: false));

    /// <summary>Remembers the answers of a public read of many things.</summary>
    public static RouteHandlerBuilder RememberMany(this RouteHandlerBuilder route) => route.WithMetadata(new Remember(OfMany: true));
}
