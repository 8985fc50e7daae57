using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Errors;
using Souk.Platform.Requests;

namespace Souk.Platform.Persistence;

/// <summary>What makes a request a repetition of an earlier one.</summary>
/// <param name="Scope">Whose key it is: keys of different callers never meet.</param>
/// <param name="Key">The Idempotency-Key, or null when the caller sent none.</param>
/// <param name="Fingerprint">What was asked for, so that a key used for two different requests is noticed.</param>
public sealed record Once(string Scope, string? Key, string Fingerprint)
{
    /// <summary>Whether a refusal is kept as well; not where the same request has to be looked at again until it succeeds.</summary>
    public bool KeepsRefusals { get; init; } = true;

    /// <summary>From the caller, the header and everything that the request asks for. No secret may be among it.</summary>
    public static Once For(string scope, IdempotencyKey? key, params object?[] request) => new(scope, key?.Value, FingerprintOf(request));

    /// <summary>The scope of a signed-in customer's keys.</summary>
    public static string ScopeOf(Guid customerId) => $"customer:{customerId}";

    /// <summary>A digest of values, in their order: 128 bits tell two requests apart.</summary>
    public static string FingerprintOf(params object?[] request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request)).AsSpan(0, 16));

    /// <summary>
    /// What was answered under the key, or null when nothing was. Whoever would refuse before the write, for want of a second factor say,
    /// looks here first: a repetition is told what was done and asked for nothing.
    /// </summary>
    /// <typeparam name="T">The answer's value.</typeparam>
    /// <param name="db">The service's model.</param>
    public async Task<Result<T>?> Earlier<T>(ServiceDb db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return Key is not null && await db.KeptAnswers.AsNoTracking().SingleOrDefaultAsync(k => k.Scope == Scope && k.Key == Key) is { } kept
            ? kept.Answer<T>(this)
            : (Result<T>?)null;
    }
}

/// <summary>The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): 1 to 255 visible ASCII characters.</summary>
public sealed class IdempotencyKey : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    private IdempotencyKey(string? value, Error? error) => (Value, Error) = (value, error);

    /// <summary>The key, or null when none was sent.</summary>
    public string? Value { get; }

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Reads the header (called by the framework).</summary>
    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!http.Request.Headers.TryGetValue(Header, out var values))
        {
            return new(new IdempotencyKey(null, null));
        }

        var key = values.ToString();
        return new(values.Count == 1 && key.Length is >= 1 and <= 255 && key.All(c => c is > ' ' and <= '~')
            ? new IdempotencyKey(key, null)
            : new IdempotencyKey(null, Binding.Invalid([new FieldError(["header", Header], "idempotency_key", "Input should be 1 to 255 visible ASCII characters", key)])));
    }

    /// <summary>Tells the OpenAPI document that the operation takes the header.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new TakesIdempotencyKey());
    }
}

/// <summary>Endpoint metadata: the operation takes an Idempotency-Key.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>The kept answer of a request that carried an Idempotency-Key: a value, or a refusal other than 404.</summary>
public sealed class KeptAnswer
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Whose key it is.</summary>
    public required string Scope { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>What was asked for.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The answer's value as JSON, or null when it was a refusal.</summary>
    public string? Value { get; init; }

    /// <summary>The refusal as JSON, or null.</summary>
    public string? Refusal { get; init; }

    /// <summary>When it was first answered (UTC).</summary>
    public DateTime At { get; init; }

    internal static JsonSerializerOptions Json { get; } = new() { Converters = { new Values.MoneyJson("") } };

    /// <summary>The same answer once more, unless the key is used for something else now.</summary>
    internal Result<T> Answer<T>(Once once) =>
        Fingerprint != once.Fingerprint ? CommonErrors.IdempotencyKeyReused.With($"The key '{once.Key}' was used for a request with other contents; use a new one.")
        : Refusal is null ? JsonSerializer.Deserialize<T>(Value!, Json)!
        : JsonSerializer.Deserialize<KeptRefusal>(Refusal, Json) is var (kind, detail) ? new Error(kind, detail)
        : throw new InvalidOperationException("A kept refusal can't be empty.");
}

/// <summary>A refusal as it is kept.</summary>
internal sealed record KeptRefusal(ErrorKind Kind, string Detail);

/// <summary>A write that is done once for each key.</summary>
internal sealed class WriteOnce<TDb, T>(Once once, Func<TDb, Task<Result<T>>> work, TimeProvider time)
    : SingleWrite<TDb, T>(db => Repeat(db, once, work, time))
    where TDb : ServiceDb
{
    public override async Task AfterRefusal(TDb db)
    {
        // A refusal that was itself read from the record, or is about the key, is not kept again. A 404 is not kept at all: nothing
        // was there and nothing was done, so a repetition is simply looked at again. Its words name what was asked for, and that
        // may be somebody whose account was erased a moment ago.
        if (once.KeepsRefusals && Answer.Error is { Kind.Status: not 404 } error && !await db.KeptAnswers.AnyAsync(k => k.Scope == once.Scope && k.Key == once.Key))
        {
            db.Add(Kept(once, time, null, JsonSerializer.Serialize(new KeptRefusal(error.Kind, error.Detail), KeptAnswer.Json)));
        }
    }

    private static async Task<Result<T>> Repeat(TDb db, Once once, Func<TDb, Task<Result<T>>> work, TimeProvider time)
    {
        if (await once.Earlier<T>(db) is { } earlier)
        {
            return earlier;
        }

        var answer = await work(db);
        if (!answer.Refused(out _, out var value))
        {
            db.Add(Kept(once, time, JsonSerializer.Serialize(value, KeptAnswer.Json), null));
        }

        return answer;
    }

    private static KeptAnswer Kept(Once once, TimeProvider time, string? value, string? refusal) => new()
    {
        Scope = once.Scope,
        Key = once.Key!,
        Fingerprint = once.Fingerprint,
        Value = value,
        Refusal = refusal,
        At = time.GetUtcNow().UtcDateTime,
    };
}
