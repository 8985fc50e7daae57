using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Souk.Customers;
using Souk.Platform.Audit;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Tests.Audit;

/// <summary>How the log is kept: nothing in it changes, what is old goes and says so, and a flood does not fill it.</summary>
[Trait("security", "27")]
public sealed class AuditKeepingTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("audit_blocks", "entries = '[]'")]
    [InlineData("audit_seals", "hash = ''")]
    public async Task Security27_the_database_itself_refuses_to_change_what_is_written(string table, string change)
    {
        await AuditedShop.Sealed(_shop);

        (await Should.ThrowAsync<DbException>(() => _shop.Storage.Run("customers", $"UPDATE {table} SET {change}"))).Message.ShouldContain("append-only");
    }

    [Fact]
    public async Task Security27_what_is_older_than_it_is_kept_is_cut_and_the_rest_still_proves_itself()
    {
        var jo = await _shop.NewCustomer();
        await AuditedShop.Sealed(_shop);
        var old = await _shop.Storage.Number("customers", "SELECT MAX(last_block) FROM audit_seals");
        _shop.Clock.Advance(TimeSpan.FromDays(300));
        (await (await _shop.SignsIn(jo.Username, TestShop.Password)).TopsUp(5)).Must(201);
        await AuditedShop.Sealed(_shop);
        _shop.Clock.Advance(TimeSpan.FromDays(101));

        // The newest link stays anyhow; with this one after it, the one of 101 days stays for its age.
        (await (await _shop.SignsIn(jo.Username, TestShop.Password)).TopsUp(6)).Must(201);
        await AuditedShop.Sealed(_shop);

        await _shop.Parts("customers").GetRequiredService<AuditCut<CustomersDb>>().CutAll(CancellationToken.None);

        (await _shop.Storage.Number("customers", $"SELECT COUNT(*) FROM audit_blocks WHERE id <= {old}")).ShouldBe(0);
        (await _shop.Storage.Number("customers", "SELECT COUNT(*) FROM audit_blocks WHERE entries LIKE '%top-ups%'")).ShouldBe(2);
        var (code, words) = await AuditedShop.Verify(_shop);
        code.ShouldBe(0, words);
        await AuditedShop.Sealed(_shop);
        (await AuditedShop.Verify(_shop)).Code.ShouldBe(0);
    }

    [Fact]
    public void Security27_a_cut_is_signed_for_one_link_of_one_services_log()
    {
        var settings = _shop.Parts("customers").GetRequiredService<SoukSettings>();
        var cut = AuditCut.Entry(new AuditHead(7, "aa"), "customers", settings, DateTime.UnixEpoch);

        AuditCut.IsSigned(cut, "customers", settings).ShouldBeTrue();
        AuditCut.IsSigned(cut, "sales", settings).ShouldBeFalse("another service's cut");
        AuditCut.IsSigned(cut with { Subject = "bb" }, "customers", settings).ShouldBeFalse("a cut at another link");
    }

    [Fact]
    public async Task Security27_a_witness_refuses_a_head_that_does_not_lead_on_from_the_one_before()
    {
        await AuditedShop.Sealed(_shop);
        var witness = AuditWitness.Of("customers", _shop.Parts("customers").GetRequiredService<SoukSettings>());
        var customers = new Person(_shop, "", _shop.Parts("customers").GetRequiredService<Souk.Platform.Security.ServiceTokens>().Own());
        var known = await _shop.Storage.Number(witness, "SELECT MAX(last_block) FROM witnessed_heads WHERE service = 'customers'");

        var refused = await customers.Post(witness, "/internal/audit-heads", new { head = new { last_block = known + 1000, hash = "00" }, before = new { last_block = known, hash = "11" } });
        var asked = await customers.Post(witness, "/internal/audit-heads", new { head = new { last_block = known + 1000, hash = "00" } });

        (refused.Code, refused.Problem).ShouldBe((409, "audit_head_conflict"));
        asked["head.last_block"].GetInt64().ShouldBe(known, "it must be shown first that the chain leads there");
    }

    [Fact]
    public void Security27_refusals_that_find_no_room_are_counted()
    {
        var log = new RefusalLog();
        for (var i = 0; i < Limits.Queue + 100; i++)
        {
            log.Add(new AuditEntry(DateTime.UnixEpoch, AuditEntry.Anonymous, "GET /", null, null, "forbidden", null));
        }

        log.TakeDropped().ShouldBe(100);
        log.TakeDropped().ShouldBe(0);
    }
}
