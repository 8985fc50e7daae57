using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Souk.Customers;
using Souk.Platform.Audit;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Tests.Audit;

/// <summary>A shop whose audit logs have several links, witnessed, and which is closed by then: its databases lie there like stolen ones.</summary>
public sealed class AuditedShop : IAsyncLifetime
{
    private static readonly string[] Tables = ["audit_blocks", "audit_seals"];

    public TestShop Shop { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Shop.InitializeAsync();
        await Shop.NewProduct();
        var jo = await Shop.NewCustomer();
        for (var links = 1; links <= 4; links++)
        {
            (await jo.TopsUp(links)).Must(201);
            (await jo.TopsUp(links)).Must(201);
            await Sealed(Shop);
        }

        foreach (var service in Souk.Shop.Services)
        {
            await Shop.Stop(service.Name);
        }

        foreach (var table in Tables)
        {
            await Shop.Storage.Run("customers", $"CREATE TABLE kept_{table} AS SELECT * FROM {table}; {DropTrigger(table)}");
        }
    }

    public ValueTask DisposeAsync() => Shop.DisposeAsync();

    /// <summary>Puts the log back as it was.</summary>
    public async Task Restore()
    {
        foreach (var table in Tables)
        {
            await Shop.Storage.Run("customers", $"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}");
        }
    }

    /// <summary>What <c>souk audit verify</c> says, and its exit code.</summary>
    public static async Task<(int Code, string Words)> Verify(TestShop shop)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await AuditCommand.Build().Parse(["verify", .. Arguments(shop)]).InvokeAsync(new InvocationConfiguration { Output = output });
        return (code, output.ToString());
    }

    /// <summary>The shop's settings as arguments.</summary>
    public static string[] Arguments(TestShop shop) => [.. shop.Settings.Where(s => !s.Key.StartsWith("Services:", StringComparison.Ordinal)).SelectMany(s => new[] { $"--{s.Key}", s.Value! })];

    /// <summary>Waits until all that was done in Customers is chained and the head of the chain is witnessed.</summary>
    public static async Task Sealed(TestShop shop)
    {
        var settings = SoukSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(shop.Settings).Build());
        var witness = AuditWitness.Of("customers", settings);
        var last = await shop.Storage.Number("customers", "SELECT MAX(id) FROM audit_blocks");
        await TestShop.Eventually(
            async () => await shop.Storage.Number(witness, "SELECT COALESCE(MAX(last_block), 0) FROM witnessed_heads WHERE service = 'customers'") >= last, "the head is witnessed");
    }

    private static string DropTrigger(string table) => TestStorage.OnPostgres ? $"DROP TRIGGER {table}_fixed ON {table}" : $"DROP TRIGGER {table}_fixed";
}

/// <summary><c>souk audit verify</c> names whatever was done to a log behind its service's back.</summary>
[Trait("security", "27")]
public sealed class AuditChainTests(AuditedShop audited) : IClassFixture<AuditedShop>
{
    private const string SecondLast = "(SELECT MAX(last_block) FROM kept_audit_seals WHERE last_block < (SELECT MAX(last_block) FROM kept_audit_seals))";
    private const string First = "(SELECT MIN(last_block) FROM kept_audit_seals)";

    /// <summary>What is done, and what is to be named.</summary>
    public static TheoryData<string, string> Tamperings => new()
    {
        { $"UPDATE audit_blocks SET entries = REPLACE(entries, 'top-ups', 'withdrawals') WHERE id = {SecondLast}", "block_edited" },
        { $"UPDATE audit_blocks SET written_at = '2020-01-01 00:00:00' WHERE id = {First}", "block_edited" },
        { $"DELETE FROM audit_blocks WHERE id = {SecondLast}", "block_deleted" },
        { "INSERT INTO audit_blocks (id, written_at, entries) VALUES (0, '2020-01-01 00:00:00', '[]')", "block_added" },
        { $"UPDATE audit_seals SET blocks = REPLACE(blocks, ':', ':0') WHERE last_block = {First}", "link_edited" },
        { $"UPDATE audit_seals SET sealed_at = '2020-01-01 00:00:00' WHERE last_block = {First}", "link_edited" },
        { $"DELETE FROM audit_blocks WHERE id <= {SecondLast} AND id > {First}; DELETE FROM audit_seals WHERE last_block <= {SecondLast} AND last_block > {First}", "link_missing_before" },

        // The same, with the gap closed: the link after it is told that it always followed the one before.
        { $"DELETE FROM audit_blocks WHERE id <= {SecondLast} AND id > {First}; DELETE FROM audit_seals WHERE last_block <= {SecondLast} AND last_block > {First}; UPDATE audit_seals SET previous = (SELECT hash FROM kept_audit_seals WHERE last_block = {First}) WHERE last_block > {First}", "link_edited" },
        { $"DELETE FROM audit_blocks WHERE id > {SecondLast}; DELETE FROM audit_seals WHERE last_block > {SecondLast}", "cut_at_the_end" },
        { $"DELETE FROM audit_blocks WHERE id > {SecondLast}", "block_deleted" },
        { $"DELETE FROM audit_seals WHERE last_block > {SecondLast}", "cut_at_the_end" },
        { $"DELETE FROM audit_blocks WHERE id <= {First}; DELETE FROM audit_seals WHERE last_block <= {First}", "cut_at_the_beginning" },
        { "DELETE FROM audit_blocks; DELETE FROM audit_seals", "cut_at_the_end" },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Security27_an_edit_a_deletion_and_a_cut_are_named(string tampering, string flaw)
    {
        (await AuditedShop.Verify(audited.Shop)).ShouldSatisfyAllConditions(v => v.Code.ShouldBe(0, v.Words), v => v.Words.ShouldContain("customers: "));
        await audited.Shop.Storage.Run("customers", tampering);

        var (code, words) = await AuditedShop.Verify(audited.Shop);

        await audited.Restore();
        code.ShouldBe(1, words);
        words.ShouldContain($"customers: {flaw} block ");
    }

    [Fact]
    public async Task Security27_a_log_that_was_chained_anew_is_not_the_one_that_was_witnessed()
    {
        await audited.Shop.Storage.Run("customers", $"UPDATE audit_blocks SET entries = REPLACE(entries, 'top-ups', 'withdrawals') WHERE id = {SecondLast}; DELETE FROM audit_seals");
        await ChainAnew();

        var (code, words) = await AuditedShop.Verify(audited.Shop);

        await audited.Restore();
        code.ShouldBe(1);
        words.ShouldContain("customers: rewritten block ");
        words.ShouldNotContain("block_edited");
    }

    [Fact]
    public async Task Security27_a_cut_at_the_beginning_counts_only_when_it_is_signed()
    {
        const string Forged = """[{"at":"2026-01-01T00:00:00Z","who":"system","operation":"audit cut","subject":"'||(SELECT hash FROM kept_audit_seals ORDER BY last_block LIMIT 1)||'","outcome":"done","changes":["up to block 1","00"]}]""";
        await audited.Shop.Storage.Run(
            "customers", $"DELETE FROM audit_blocks WHERE id <= {First}; DELETE FROM audit_seals WHERE last_block <= {First}; INSERT INTO audit_blocks (id, written_at, entries) VALUES (1000000, '2026-01-01 00:00:00', '{Forged}')");

        var (code, words) = await AuditedShop.Verify(audited.Shop);

        await audited.Restore();
        code.ShouldBe(1);
        words.ShouldContain("customers: cut_at_the_beginning block ");
    }

    [Fact]
    public async Task Security27_the_log_is_exported_a_line_an_entry()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        (await AuditCommand.Build().Parse(["export", "--service", "customers", .. AuditedShop.Arguments(audited.Shop)]).InvokeAsync(new InvocationConfiguration { Output = output })).ShouldBe(0);

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToArray();
        lines.Select(l => l.GetProperty("service").GetString()).Distinct().ShouldBe(["customers"]);
        lines.Count(l => l.GetProperty("operation").GetString()!.EndsWith("top-ups", StringComparison.Ordinal)).ShouldBe(8);
        lines.Select(l => l.GetProperty("block").GetInt64()).ShouldBeInOrder();
    }

    /// <summary>What somebody would do who knows how the chain is made, and owns this one database.</summary>
    private async Task ChainAnew()
    {
        var options = new DbContextOptionsBuilder<CustomersDb>();
        audited.Shop.Storage.Use(options, "customers");
        await using var db = new CustomersDb(options.Options);
        var blocks = await db.AuditBlocks.AsNoTracking().OrderBy(b => b.Id).ToListAsync();
        AuditSeal? last = null;
        foreach (var part in blocks.Chunk(2))
        {
            last = AuditSeal.Of(last, part, DateTime.SpecifyKind(part[^1].WrittenAt, DateTimeKind.Utc));
            db.Add(last);
        }

        await db.SaveChangesAsync();
    }
}
