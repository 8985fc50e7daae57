using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Inventory.Products;

namespace Souk.Inventory.Search;

/// <summary>Full-text search by SQLite's FTS5.</summary>
internal static class SqliteSearch
{
    /// <summary>A full-text index beside the table, kept up to date by the database itself.</summary>
    public static void Create(MigrationBuilder migration)
    {
        migration.Sql("CREATE VIRTUAL TABLE product_search USING fts5(name, description, content='products', content_rowid='id', tokenize='unicode61 remove_diacritics 2');");
        migration.Sql("""
            CREATE TRIGGER product_search_insert AFTER INSERT ON products BEGIN
                INSERT INTO product_search(rowid, name, description) VALUES (new.id, new.name, new.description);
            END;
            """);
        migration.Sql("""
            CREATE TRIGGER product_search_update AFTER UPDATE OF name, description ON products BEGIN
                INSERT INTO product_search(product_search, rowid, name, description) VALUES ('delete', old.id, old.name, old.description);
                INSERT INTO product_search(rowid, name, description) VALUES (new.id, new.name, new.description);
            END;
            """);
    }

    /// <summary>
    /// The index gives its numbers in their order, either way, so that the newest come first with nothing to be sorted. It does so
    /// where it leads (CROSS JOIN) and where the number that is sorted by is its own.
    /// </summary>
    public static IQueryable<Product> Find(InventoryDb db, string words) => db.Products.FromSql($"""
        SELECT s.rowid AS id, p.sku, p.name, p.category, p.price, p.description, p.available, p.version, p.created_at, p.updated_at, p.deleted_at
        FROM product_search s CROSS JOIN products p ON p.id = s.rowid WHERE s.product_search MATCH {Terms(words)}
        """);

    /// <summary>
    /// Each word quoted, so that no sign in it is syntax, and taken as a beginning; all must occur
    /// (https://www.sqlite.org/fts5.html#full_text_query_syntax).
    /// </summary>
    public static string Terms(string words) =>
        string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => $"\"{w.Replace("\"", "\"\"", StringComparison.Ordinal)}\"*"));
}
