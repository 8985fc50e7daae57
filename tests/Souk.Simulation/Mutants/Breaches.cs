namespace Souk.Simulation.Mutants;

/// <summary>What is broken on purpose.</summary>
internal static class Breaches
{
    private const string Sale = "Souk.Sales/Orders/Sale.cs";
    private const string Decision = "Souk.Sales/Orders/Decision.cs";
    private const string Participant = "Souk.Platform/Holds/Participant.cs";
    private const string Sweeper = "Souk.Platform/Holds/HoldSweeper.cs";
    private const string GroupCommit = "Souk.Platform/Persistence/GroupCommit.cs";
    private const string Stock = "Souk.Inventory/Stock/StockForSales.cs";
    private const string Money = "Souk.Customers/Wallets/MoneyForSales.cs";

    private const string Settle = "await tables.Advance(sales, HoldState.Held, HoldState.Settled);";
    private const string Refuse = "await Close(await decisions.Abort(saleId, fingerprint, reason), fingerprint, holders);";
    private const string Ask = "var asked = await peers[\"sales\"].Post<AskOutcomes, List<SaleEnd>>(\"/internal/decisions\", new AskOutcomes(waiting), stop);";
    private const string RefuseHead = "IReadOnlyList<string> holders) =>\n        " + Refuse;
    private const string Commit = "await decisions.Commit(OrderOf(wanted.Buyer, saleId, lines, total), fingerprint, wanted.FromCart)";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        // The protocol's rules.
        new("Holds are voided before ABORTED is durable", Sale, (RefuseHead, "IReadOnlyList<string> holders)\n{\n await participants.End(saleId, SaleOutcome.Aborted, Participants.Both);\n return " + Refuse + "\n}")),
        new("A lease that runs out voids by itself", Sweeper, (Ask, "Result<List<SaleEnd>> asked = waiting.ConvertAll(id => new SaleEnd(id, SaleOutcome.Aborted)); await Task.CompletedTask;")),
        new("A participant that gets no answer voids", Sweeper, ("? error : (await participant.End(ends))", "? (await participant.End(waiting.ConvertAll(id => new SaleEnd(id, SaleOutcome.Aborted)))).Map(_ => 0) : (await participant.End(ends))")),
        new("Nobody asks", Sweeper, ("if (waiting.Count == 0)", "if (waiting.Count >= 0)")),
        new("Asking only looks", Decision, ("made.Add(decided);", "if (wanted[i].Fingerprint is not null) { made.Add(decided); }")),
        new("COMMITTED is written over ABORTED", Decision, ("if (known.Standing.TryGetValue(wanted[i].SaleId, out var standing))", "if (known.Standing.TryGetValue(wanted[i].SaleId, out var standing) && !(standing.Outcome == SaleOutcome.Aborted && wanted[i].Order is not null && known.Standing.Remove(standing.SaleId)))")),
        new("The decision is not read back", Decision, ("answers[i] = new Decided(standing, null);", "answers[i] = wanted[i].Order is { } wish ? new Decided(Row(wanted[i], SaleOutcome.Committed, null), wish) : new Decided(standing, null);")),
        new("'Refused' is told before ABORTED is durable", Sale, (RefuseHead, "IReadOnlyList<string> holders)\n{\n _ = decisions.Abort(saleId, fingerprint, reason);\n await participants.End(saleId, SaleOutcome.Aborted, []);\n return reason;\n}")),
        new("'Bought' is told before COMMITTED is durable", Sale, ("return await Close(" + Commit + ", fingerprint, Participants.Both);", "var order = OrderOf(wanted.Buyer, saleId, lines, total);\n _ = decisions.Commit(order, fingerprint, wanted.FromCart);\n return OrderView.Of(order);")),
        new("An empty cart is refused without a decision", Sale, ("return await Refuse(saleId, fingerprint, SalesErrors.CartEmpty.With(\"There is nothing in the cart.\"), []);", "return SalesErrors.CartEmpty.With(\"There is nothing in the cart.\");")),
        new("A wallet that does not answer is taken to have paid", Sale, ("await Refuse(saleId, fingerprint, GivenUp(noMoney), Participants.Both)", "await Close(" + Commit + ", fingerprint, Participants.Both)")),
        new("The expected total is not looked at", Sale, ("expected != total", "expected < Money.Zero")),
        new("The sale's id is random", Sale, ("=> Key is null ?", "=> Key is null || Key.Length > 0 ?")),
        new("The decision's fingerprint is ignored", Sale, ("decision.Fingerprint is { } other && other != fingerprint", "decision.Fingerprint is { Length: 0 }")),
        new("The hold's fingerprint is ignored", Stock, ("earlier.Fingerprint != wanted.Fingerprint", "earlier.Fingerprint.Length > 1000")),
        new("An order has no event", Decision, ("known.Bought, placed);", "known.Bought, []);")),
        new("A cart is bought twice", "Souk.Sales/Orders/DecisionTables.cs", ("if (!lines.TrueForAll(carts.Contains))", "if (lines.Count == 0)")),

        // A participant's part.
        new("No tombstone is left", Participant, ("tombstones.Add(hold);", "")),
        new("A void gives back again", Participant, ("if (next == hold.State)", "if (next == hold.State && next != HoldState.Voided)")),
        new("A void gives nothing back", Participant, ("if (next is HoldState.Voided or HoldState.Returned)", "if (next is HoldState.Returned)")),
        new("A late settle undoes a cancellation", Participant, ("(HoldState.Held, SaleOutcome.Committed)", "(HoldState.Held or HoldState.Returned, SaleOutcome.Committed)"), (Settle, Settle + " await tables.Advance(sales, HoldState.Returned, HoldState.Settled);")),
        new("A cancellation that comes before the settle is dropped", Participant, ("(HoldState.Held or HoldState.Settled, SaleOutcome.Cancelled)", "(HoldState.Settled, SaleOutcome.Cancelled)")),
        new("A repeated hold takes stock again", Stock, ("? Again(earlier, wanted[i]) : Take(shelves, wanted[i]);", "&& earlier.State != HoldState.Held ? Again(earlier, wanted[i]) : Take(shelves, wanted[i]);")),
        new("A repeated hold takes money again", Money, ("? Again(earlier, wanted[i]) : Take(purses, wanted[i], now, entries);", "&& earlier.State != HoldState.Held ? Again(earlier, wanted[i]) : Take(purses, wanted[i], now, entries);")),
        new("A repeated hold is answered with today's prices", Stock, ("? Again(earlier, wanted[i]) :", "? Again(earlier, wanted[i]).Map(ls => ls.ConvertAll(l => l with { UnitPrice = shelves[l.ProductId].Price })) :")),

        // Batches.
        new("Each sale of a batch is checked against the stock before it", Stock, ("shelf.Left < quantity", "shelf.Left + shelf.Taken < quantity")),
        new("Two lines of one product are not summed", Stock, ("wanted.Lines.GroupBy(l => l.ProductId).OrderBy(g => g.Key).Select(g => (g.Key, g.Sum(l => l.Quantity)))", "wanted.Lines.OrderBy(l => l.ProductId).Select(l => (l.ProductId, l.Quantity))")),
        new("A refused sale keeps its first lines", Stock, ("lines.Add(new HeldLine(id, shelf.Name, quantity, shelf.Price));", "lines.Add(new HeldLine(id, shelf.Name, quantity, shelf.Price)); shelf.Taken += quantity;"), ("lines.ForEach(l => shelves[l.ProductId].Taken += l.Quantity);", "")),
        new("Each sale of a batch is checked against the balance before it", Money, ("purse.Balance < wanted.Amount", "purse.Balance - purse.Change < wanted.Amount")),
        new("What was taken ahead of a refusal stays taken", "Souk.Inventory/Stock/StockTables.cs", ("Unwritten => Taken - written", "Unwritten => Taken != 0 ? Taken - written : 0")),
        new("What was taken ahead is taken again", "Souk.Customers/Wallets/MoneyTables.cs", ("Unwritten => Change - written", "Unwritten => Change")),
        new("A sale that is in a batch twice pays twice", Money, ("kept.Add(HoldOf(wanted[i], now));\n                holds.Add(wanted[i].SaleId, kept[^1]);", "if (!kept.Exists(k => k.SaleId == wanted[i].SaleId)) { kept.Add(HoldOf(wanted[i], now)); }")),
        new("A batch's answers come to the wrong callers", "Souk.Platform/Persistence/Batcher.cs", ("SetResult(answers[i])", "SetResult(answers[answers.Count - 1 - i])")),
        new("Answers are given before the commit", GroupCommit, ("await transaction.Commit();", "_ = transaction.Commit();")),
        new("A commit that nobody answered for is taken for done", GroupCommit, ("var fault = failure is", "if (failure is OutcomeUnknownException) { break; }\n var fault = failure is")),
        new("A conflict is taken for done", GroupCommit, ("if (again && tries < MostTries)", "if (fault == StorageFault.Again) { break; }\n if (again && tries < MostTries)")),
        new("A retry goes on with what the first try had read", Stock,
            ("    private async Task<IReadOnlyList<Result<List<HeldLine>>>> HoldAll(", "    private readonly Dictionary<Guid, Dictionary<long, Shelf>> _read = [];\n\n    private async Task<IReadOnlyList<Result<List<HeldLine>>>> HoldAll("),
            ("var (answers, kept) = (new Result<List<HeldLine>>[wanted.Count]", "if (!_read.TryAdd(wanted[0].SaleId, shelves)) { shelves = _read[wanted[0].SaleId]; }\n var (answers, kept) = (new Result<List<HeldLine>>[wanted.Count]")),
    ];
}
