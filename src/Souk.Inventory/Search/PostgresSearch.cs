using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Inventory.Search;

/// <summary>Full-text search by PostgreSQL, with no extension. It finds what <see cref="SqliteSearch"/> finds.</summary>
internal static class PostgresSearch
{
    /// <summary>
    /// An index of the words, not a column: rows stay small, and selling a product touches no index. <c>plain_words</c> leaves
    /// letters and digits, in lower case and without accents; <c>search_terms</c> takes the words of each term in their order and
    /// the last one as a beginning.
    /// </summary>
    public static void Create(MigrationBuilder migration)
    {
        migration.Sql("""
            CREATE FUNCTION plain_words(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT regexp_replace(regexp_replace(lower(normalize(words, NFKD)), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g')
            $$;
            """);
        migration.Sql("""
            CREATE FUNCTION search_terms(terms text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT string_agg(words::text || ':*', ' & ')::tsquery
                FROM (SELECT phraseto_tsquery('simple', plain_words(term)) AS words FROM unnest(terms) AS term) AS phrases
                WHERE numnode(words) > 0
            $$;
            """);
        migration.Sql("CREATE INDEX ix_products_words ON products USING gin (to_tsvector('simple', plain_words(name || ' ' || description)));");
    }

    public static IQueryable<long> Find(InventoryDb db, string words)
    {
        var terms = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return db.Database.SqlQuery<long>($"SELECT id AS \"Value\" FROM products WHERE to_tsvector('simple', plain_words(name || ' ' || description)) @@ search_terms({terms})");
    }
}
