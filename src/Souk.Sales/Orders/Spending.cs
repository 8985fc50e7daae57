using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Security;
using Souk.Platform.Values;
using Souk.Sales.Carts;

namespace Souk.Sales.Orders;

/// <summary>
/// Asks whoever has a second factor to show it before spending much. It is asked before the sale begins, because a refused sale spends its
/// key, and the same request must work once the factor was shown. For everybody else it costs one comparison.
/// </summary>
internal sealed class Spending(StepUp stepUp, ProductCache products, Sale sale)
{
    /// <summary>
    /// Makes the sale, if the caller may spend so much; the order, or why there is none. One that was made before is answered as it was:
    /// who repeats a request whose answer got lost spends nothing any more.
    /// </summary>
    public async Task<Result<OrderView>> Make(Caller caller, Wanted wanted) =>
        (await Allow(caller, wanted.Lines, wanted.ExpectedTotal)).Refused(out var needed, out var allowed)
            ? await sale.Earlier(wanted) ?? needed
            : await sale.Make(wanted with { Allowed = allowed });

    /// <summary>The total that the sale may have and no other, or null for any; a refusal where the factor is needed first.</summary>
    private ValueTask<Result<Money?>> Allow(Caller caller, IReadOnlyList<WantedLine> lines, Money? expected) =>
        stepUp.IsDue(caller) ? new(Quote(caller, lines, expected)) : new((Money?)null);

    private async Task<Result<Money?>> Quote(Caller caller, IReadOnlyList<WantedLine> lines, Money? expected)
    {
        if ((expected is { } said ? said : await TotalOf(lines)).Refused(out var unknown, out var total))
        {
            return unknown;
        }

        return stepUp.Check(caller, total) is { } needed ? needed : total;
    }

    /// <summary>What is not sold any more costs nothing here; the sale refuses it in its own words.</summary>
    private async Task<Result<Money>> TotalOf(IReadOnlyList<WantedLine> lines) =>
        (await products.Of([.. lines.Select(l => l.ProductId).Distinct()])).Map(known =>
            lines.Aggregate(Money.Zero, (sum, l) => sum + ((known.GetValueOrDefault(l.ProductId)?.Price ?? Money.Zero) * l.Quantity)));
}
