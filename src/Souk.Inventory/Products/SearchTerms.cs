namespace Souk.Inventory.Products;

/// <summary>Turns what a person typed into a query of SQLite's FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax).</summary>
internal static class SearchTerms
{
    /// <summary>Each word quoted, so that no sign in it is syntax, and taken as a beginning; all must occur.</summary>
    public static string Of(string words) =>
        string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => $"\"{w.Replace("\"", "\"\"", StringComparison.Ordinal)}\"*"));
}
