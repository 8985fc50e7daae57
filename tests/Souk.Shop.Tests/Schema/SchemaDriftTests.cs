using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Souk.Customers;
using Souk.Inventory;
using Souk.Platform.Persistence;
using Souk.Reviews;
using Souk.Sales;
using Souk.Testing;

namespace Souk.Tests.Schema;

/// <summary>The migrations are written by hand, so that what they build is compared here with what the model says.</summary>
public class SchemaDriftTests
{
    [Fact]
    public Task Customers_has_the_schema_of_its_model() => SameSchema<CustomersDb>(o => new(o));

    [Fact]
    public Task Inventory_has_the_schema_of_its_model() => SameSchema<InventoryDb>(o => new(o));

    [Fact]
    public Task Sales_has_the_schema_of_its_model() => SameSchema<SalesDb>(o => new(o));

    [Fact]
    public Task Reviews_has_the_schema_of_its_model() => SameSchema<ReviewsDb>(o => new(o));

    private static async Task SameSchema<TDb>(Func<DbContextOptions<TDb>, TDb> open)
        where TDb : ServiceDb
    {
        var migrated = await Schema(open, db => db.Database.MigrateAsync());
        var modelled = await Schema(open, db => db.Database.EnsureCreatedAsync());

        modelled.Length.ShouldBeGreaterThan(20);
        migrated.Except(modelled).ShouldBeEmpty("only the migrations have it");
        modelled.Except(migrated).ShouldBeEmpty("only the model has it");
    }

    private static async Task<string[]> Schema<TDb>(Func<DbContextOptions<TDb>, TDb> open, Func<TDb, Task> build)
        where TDb : ServiceDb
    {
        var folder = Directory.CreateTempSubdirectory("souk-schema-");
        var service = typeof(TDb).Name[..^"Db".Length].ToLowerInvariant();
        await using var storage = await TestStorage.In(folder.FullName);
        var options = new DbContextOptionsBuilder<TDb>().ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
        storage.Use(options, service);
        await using var db = open(options.Options);
        await build(db);

        await using var connection = await storage.Open(service);
        var schema = await (TestStorage.OnPostgres ? PostgresSchema.Of(connection) : SqliteSchema.Of(connection));
        await storage.DisposeAsync();
        folder.Delete(recursive: true);
        return [.. schema.Where(line => !Unenforced(db).Any(line.StartsWith))];
    }

    /// <summary>The relationships that are in the model only, as the foreign keys would begin that EF Core makes of them.</summary>
    private static string[] Unenforced(ServiceDb db) =>
    [
        .. from entity in db.Model.GetEntityTypes()
           from key in entity.GetForeignKeys()
           where key.FindAnnotation(ServiceDb.Unenforced) is not null
           select $"{entity.GetTableName()} refers {key.Properties.Single().GetColumnName()} ->",
    ];
}
