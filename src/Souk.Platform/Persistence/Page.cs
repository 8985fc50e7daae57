using System.Buffers.Text;
using System.Text.Json;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;

namespace Souk.Platform.Persistence;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">The elements.</typeparam>
/// <param name="Items">The elements, in the order asked for.</param>
/// <param name="Next">What to send as <c>after</c> for the next page, or null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Which page of a list; what else a list can be asked for is added by its own query.</summary>
public class PageQuery
{
    /// <summary>The <c>next</c> of the page before.</summary>
    [Text(1, 500)]
    public string? After { get; set; }

    /// <summary>How many.</summary>
    [Between(1, Limits.Page)]
    public int Limit { get; set; } = Paging.Usual;
}

/// <summary>Makes pages by key: the next page starts after the last element's sort key, however much was added meanwhile.</summary>
public static class Paging
{
    /// <summary>The usual length of a page.</summary>
    public const int Usual = 20;

    /// <summary>A cursor that was made up may lack parts of the key.</summary>
    private static readonly JsonSerializerOptions Whole = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>The cursor that stands after an element with this sort key.</summary>
    public static string Cursor<TKey>(TKey key) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key));

    /// <summary>The sort key in a cursor; null when none was sent; a refusal when it is not one of ours.</summary>
    public static Result<TKey?> Read<TKey>(string? cursor)
        where TKey : class
    {
        if (cursor is null)
        {
            return (TKey?)null;
        }

        try
        {
            var key = Base64Url.DecodeFromChars(cursor);
            return HasNul(key) ? Wrong<TKey>(cursor) : JsonSerializer.Deserialize<TKey>(key, Whole) ?? Wrong<TKey>(cursor);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return Wrong<TKey>(cursor);
        }
    }

    /// <summary>Turns one element more than a page holds into a page.</summary>
    /// <param name="rows">Up to <paramref name="limit"/> + 1 elements, in order.</param>
    /// <param name="limit">The page's length.</param>
    /// <param name="view">What the caller sees of an element.</param>
    /// <param name="key">An element's sort key.</param>
    public static Page<TView> Of<TRow, TView, TKey>(IReadOnlyList<TRow> rows, int limit, Func<TRow, TView> view, Func<TRow, TKey> key)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(key);
        var page = rows.Take(limit).ToArray();
        return new Page<TView>([.. page.Select(view)], rows.Count > limit ? Cursor(key(page[^1])) : null);
    }

    /// <summary>No text of ours has a NUL in it, and PostgreSQL takes none, not even to look for it.</summary>
    private static bool HasNul(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Result<TKey?> Wrong<TKey>(string cursor)
        where TKey : class =>
        Binding.Invalid([new FieldError(["query", "after"], "cursor", "Input should be a cursor that this list gave as next", cursor)]);
}
