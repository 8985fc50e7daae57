using Souk.Platform.Audit;

namespace Souk.Tests.Audit;

/// <summary>How entries stand in a block: what they have in common once, and all of it again when they are read.</summary>
[Trait("security", "27")]
public class AuditRunTests
{
    private static readonly DateTime Noon = new(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);
    private static readonly AuditEntry Sale = new(Noon, "jo", "POST /api/v2/orders", "1", "127.0.0.1", AuditEntry.Done, "a1", ["sale decided"]);

    /// <summary>An entry that differs from <see cref="Sale"/> in one thing, for each thing there is.</summary>
    public static TheoryData<string> Others => [.. Different.Keys];

    private static Dictionary<string, AuditEntry> Different { get; } = new()
    {
        ["time"] = Sale with { At = Noon.AddTicks(10) },
        ["who"] = Sale with { Who = "system" },
        ["operation"] = Sale with { Operation = "DELETE /api/v2/orders" },
        ["subject"] = Sale with { Subject = "2" },
        ["no subject"] = Sale with { Subject = null },
        ["address"] = Sale with { Address = null },
        ["outcome"] = Sale with { Outcome = "cart_empty" },
        ["trace"] = Sale with { TraceId = null },
        ["changes"] = Sale with { Changes = ["sale decided", "and more"] },
        ["no changes"] = Sale with { Changes = null },
        ["times"] = Sale with { Times = 3 },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void What_is_read_is_what_was_written(string difference)
    {
        AuditEntry[] written = [Sale, Sale with { Changes = ["sale decided"] }, Different[difference], Different[difference], Sale];

        var read = AuditRun.Read(AuditRun.Write([.. written]));

        read.Select(Words).ShouldBe(written.Select(Words));
    }

    [Fact]
    public void What_a_batch_has_in_common_stands_once()
    {
        var block = AuditRun.Write([.. Enumerable.Range(0, 100).Select(i => Sale with { Who = $"jo{i}", Subject = $"{i}", TraceId = $"t{i}" })]);

        block.Split("sale decided").Length.ShouldBe(2);
        block.Split("\"subject\"").Length.ShouldBe(101);
    }

    private static string Words(AuditEntry e) => $"{e with { Changes = null }} {string.Join(", ", e.Changes ?? ["none"])}";
}
