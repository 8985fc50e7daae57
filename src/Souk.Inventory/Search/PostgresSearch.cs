using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Inventory.Search;

/// <summary>Full-text search by PostgreSQL, with no extension. It finds what <see cref="SqliteSearch"/> finds.</summary>
internal static class PostgresSearch
{
    /// <summary>
    /// A table beside the products, kept up to date by the database itself: a sale copies its product's row, which therefore stays
    /// small, and touches nothing here.
    /// </summary>
    public static void Create(MigrationBuilder migration)
    {
        CreateWords(migration);
        migration.Sql("CREATE TABLE product_search (id bigint CONSTRAINT pk_product_search PRIMARY KEY, words tsvector NOT NULL);");

        // Among ten thousand known words the planner can tell a rare one.
        migration.Sql("ALTER TABLE product_search ALTER words SET STATISTICS 1000;");
        migration.Sql("CREATE INDEX ix_product_search_words ON product_search USING gin (words);");
        migration.Sql("""
            CREATE FUNCTION index_product() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO product_search VALUES (new.id, to_tsvector('simple', plain_words(new.name || ' ' || new.description)))
                ON CONFLICT (id) DO UPDATE SET words = excluded.words;
                RETURN NULL;
            END $$;
            """);
        migration.Sql("CREATE TRIGGER product_search_write AFTER INSERT OR UPDATE OF name, description ON products FOR EACH ROW EXECUTE FUNCTION index_product();");
    }

    public static IQueryable<long> Find(InventoryDb db, string words)
    {
        var terms = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return db.Database.SqlQuery<long>($"SELECT id AS \"Value\" FROM product_search WHERE words @@ search_terms({terms})");
    }

    /// <summary>
    /// <c>plain_words</c> leaves letters and digits, in lower case and without accents. <c>search_terms</c> asks for all terms, each
    /// with its words in their order and the last one as a beginning.
    /// </summary>
    private static void CreateWords(MigrationBuilder migration)
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
    }
}
