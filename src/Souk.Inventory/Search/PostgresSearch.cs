using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Inventory.Products;

namespace Souk.Inventory.Search;

/// <summary>Full-text search by PostgreSQL, with no extension. It finds what <see cref="SqliteSearch"/> finds.</summary>
internal static class PostgresSearch
{
    /// <summary>
    /// How many products are looked at one by one, in the order asked for, before the index is asked. A GIN index gives no order: of a
    /// word that many products have it must fetch all of them to find the first. Those words fill a page from the first few thousand
    /// products, and for the words that don't, fetching all costs no more than this look did.
    /// </summary>
    public const int Near = 5000;

    /// <summary>
    /// A table of the words beside the products, kept up to date by the database itself: selling a product touches neither it nor its
    /// index. <c>plain_words</c> leaves letters and digits, in lower case and without accents, which costs too much to be done for each
    /// product at each search; <c>search_terms</c> takes the words of each term in their order and the last one as a beginning. It is
    /// not PARALLEL SAFE, because starting helpers costs more than all of a usual search.
    /// </summary>
    public static void Create(MigrationBuilder migration)
    {
        migration.Sql("""
            CREATE FUNCTION plain_words(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT regexp_replace(regexp_replace(lower(normalize(words, NFKD)), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g')
            $$;
            """);
        migration.Sql("""
            CREATE FUNCTION search_terms(terms text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT AS $$
                SELECT string_agg(words::text || ':*', ' & ')::tsquery
                FROM (SELECT phraseto_tsquery('simple', plain_words(term)) AS words FROM unnest(terms) AS term) AS phrases
                WHERE numnode(words) > 0
            $$;
            """);
        migration.Sql("CREATE TABLE product_search (id bigint PRIMARY KEY, words tsvector NOT NULL);");
        migration.Sql("CREATE INDEX ix_product_search_words ON product_search USING gin (words);");
        migration.Sql("""
            CREATE FUNCTION keep_product_search() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO product_search (id, words) VALUES (new.id, to_tsvector('simple', plain_words(new.name || ' ' || new.description)))
                ON CONFLICT (id) DO UPDATE SET words = excluded.words;
                RETURN NULL;
            END
            $$;
            """);
        migration.Sql("CREATE TRIGGER product_search_keep AFTER INSERT OR UPDATE OF name, description ON products FOR EACH ROW EXECUTE FUNCTION keep_product_search();");
    }

    /// <summary>
    /// All that the index finds. OFFSET 0 keeps the planner from walking through all products in the order of the page instead: it does
    /// not know what the words are while it plans, and takes them for usual ones.
    /// </summary>
    public static IQueryable<Product> Find(InventoryDb db, string words) => db.Products.FromSql(
        $"SELECT p.* FROM products p WHERE p.id IN (SELECT id FROM product_search WHERE words @@ (SELECT search_terms({Terms(words)}))) OFFSET 0");

    /// <summary>Those of some products that have the words, each looked at by itself: a scalar subquery is never turned into a join.</summary>
    public static IQueryable<Product> Among(InventoryDb db, IQueryable<Product> products, string words)
    {
        var matches = db.Database.SqlQuery<Match>($"SELECT id AS \"Id\", words @@ (SELECT search_terms({Terms(words)})) AS \"Has\" FROM product_search");
        return products.Where(p => matches.Where(m => m.Id == p.Id).Select(m => m.Has).FirstOrDefault());
    }

    private static string[] Terms(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private sealed record Match(long Id, bool Has);
}
