using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Souk.Platform.Hosting;

/// <summary>
/// Remembers whole answers of reads that are the same for everybody. A change made by this process is visible at once, because its
/// commit forgets the answers that it concerns before its caller is told; one made by another process is visible within a second,
/// because no answer is kept for longer.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class AnswerCache(TimeProvider time)
{
    private const int Most = 20_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(900);

    private readonly ConcurrentDictionary<string, Remembered> _answers = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Forgets the answers of these paths, and all that tell of many things at once.</summary>
    public void Forget(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Interlocked.Increment(ref _changes);
        foreach (var path in paths)
        {
            _answers.TryRemove(path, out _);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        _answers.Clear();
    }

    internal long Changes => Interlocked.Read(ref _changes);

    internal Remembered? Find(string key) =>
        _answers.TryGetValue(key, out var answer) && time.GetElapsedTime(answer.At) < Fresh && (!answer.OfMany || answer.Changes == Changes) ? answer : null;

    /// <summary>Keeps an answer unless something changed since its making began: it may have been read before the change.</summary>
    internal void Keep(string key, Remembered answer)
    {
        if (_answers.Count >= Most)
        {
            _answers.Clear();
        }

        _answers[key] = answer;
        if (Changes != answer.Changes)
        {
            _answers.TryRemove(key, out _);
        }
    }
}

/// <summary>An answer that is remembered.</summary>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Its ETag, or empty.</param>
/// <param name="At">The clock's timestamp when its making began.</param>
/// <param name="Changes">How many changes there had been by then.</param>
/// <param name="OfMany">Whether any change makes it old, and not only one of its own path.</param>
internal sealed record Remembered(byte[] Body, string? ContentType, string ETag, long At, long Changes, bool OfMany);

/// <summary>Endpoint metadata: answers of this read are remembered.</summary>
/// <param name="OfMany">Whether the answer tells of many things at once.</param>
internal sealed record Remember(bool OfMany);

/// <summary>Answers from the cache where it can, and fills it.</summary>
internal sealed class RememberedAnswers(RequestDelegate next, AnswerCache cache, TimeProvider time)
{
    private const int LongestQuery = 200;

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Remember>() is not { } remember || http.Request.QueryString.Value?.Length > LongestQuery || (!remember.OfMany && http.Request.QueryString.HasValue))
        {
            return next(http);
        }

        var key = remember.OfMany ? http.Request.Path.Value + http.Request.QueryString.Value : http.Request.Path.Value!;
        return cache.Find(key) is { } answer ? Write(http.Response, answer) : Make(http, key, remember.OfMany);
    }

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
        var (at, changes, response) = (time.GetTimestamp(), cache.Changes, http.Response);
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
            cache.Keep(key, new Remembered(copy.ToArray(), response.ContentType, response.Headers.ETag.ToString(), at, changes, ofMany));
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
