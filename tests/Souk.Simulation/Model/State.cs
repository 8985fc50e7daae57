namespace Souk.Simulation.Model;

/// <summary>Two of a kind: the model has two sales, two coordinators a sale, two participants, two products and two wallets.</summary>
internal readonly record struct Two<T>(T First, T Second)
    where T : struct
{
    public T this[int index] => index == 0 ? First : Second;

    public Two<T> With(int index, T value) => index == 0 ? new(value, Second) : new(First, value);
}

/// <summary>The decision row of a sale.</summary>
internal enum Outcome : byte
{
    None,
    Committed,
    Aborted,
}

/// <summary>What a participant keeps for a sale.</summary>
internal enum HoldState : byte
{
    None,
    Held,
    Settled,
    Voided,
    Returned,
}

/// <summary>What a coordinator waits for. A dead one remembers nothing, so it is the same as one that has not started.</summary>
internal enum Stage : byte
{
    Idle,
    Stock,
    Money,
    Commit,
    Abort,
}

/// <summary>
/// The messages of a sale. What is sent stays in the network for good: it may be delivered at any time, any number of times, or
/// never, so losing, doubling, delaying and reordering are all this one rule. A participant's two messages stand side by side.
/// </summary>
[Flags]
internal enum Mail : ushort
{
    None = 0,
    HoldStock = 1,
    HoldMoney = 1 << 1,
    StockHeld = 1 << 2,
    MoneyHeld = 1 << 3,
    StockVoided = 1 << 4,
    MoneyVoided = 1 << 5,
    Commit = 1 << 6,
    Abort = 1 << 7,
    Ask = 1 << 8,
    EndCommitted = 1 << 9,
    EndAborted = 1 << 10,
    EndCancelled = 1 << 11,
    Bought = 1 << 12,
    Refused = 1 << 13,
}

/// <summary>One sale: its durable rows, its coordinators and its messages.</summary>
internal readonly record struct Sale(Two<HoldState> Holds, Outcome Decision, Two<Stage> Coordinators, Mail Sent)
{
    public bool Has(Mail mail) => (Sent & mail) == mail;

    public Sale Send(Mail mail) => this with { Sent = Sent | mail };

    public Sale Set(int participant, HoldState hold) => this with { Holds = Holds.With(participant, hold) };

    public Sale Go(int coordinator, Stage stage) => this with { Coordinators = Coordinators.With(coordinator, stage) };

    public override string ToString() => $"decision {Decision}, stock {Holds.First}, money {Holds.Second}, sent: {Sent}";
}

/// <summary>All there is: two sales, the stock of two products, the balance of two wallets.</summary>
internal readonly record struct State(Two<Sale> Sales, Two<sbyte> Stock, Two<sbyte> Wallets)
{
    public State With(int sale, Sale value) => this with { Sales = Sales.With(sale, value) };

    public override string ToString() =>
        $"sale A: {Sales.First}\nsale B: {Sales.Second}\nstock {Stock.First} and {Stock.Second}, wallets {Wallets.First} and {Wallets.Second}";

    /// <summary>Packed into two words, because a set of millions spends its time here.</summary>
    public bool Equals(State other) => Packed == other.Packed && Amounts == other.Amounts;

    public override int GetHashCode()
    {
        var mixed = (Packed * 0x9E3779B97F4A7C15) ^ (Amounts * 0xC2B2AE3D27D4EB4F);
        return (int)(mixed ^ (mixed >> 32));
    }

    private ulong Packed => Pack(Sales.First) | (Pack(Sales.Second) << 32);

    private ulong Amounts => Pack(Stock) | (Pack(Wallets) << 16);

    private static ulong Pack(Two<sbyte> amounts) => (byte)amounts.First | ((ulong)(byte)amounts.Second << 8);

    private static ulong Pack(Sale sale) =>
        (ulong)sale.Sent | ((ulong)sale.Decision << 14) | ((ulong)sale.Holds.First << 16) | ((ulong)sale.Holds.Second << 20)
        | ((ulong)sale.Coordinators.First << 24) | ((ulong)sale.Coordinators.Second << 28);
}
