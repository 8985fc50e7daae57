namespace Souk.Simulation.Model;

/// <summary>A rule of the protocol that is broken on purpose.</summary>
public enum Breach
{
    /// <summary>None: the protocol as it is.</summary>
    None,

    /// <summary>A coordinator that gives up voids the holds before ABORTED is durable.</summary>
    VoidsBeforeAborted,

    /// <summary>A lease that runs out voids its hold without asking.</summary>
    LeaseVoids,

    /// <summary>Asking answers "aborted" where no decision stands, and writes nothing.</summary>
    AskOnlyReads,

    /// <summary>Holds are never asked about.</summary>
    NobodyAsks,

    /// <summary>COMMITTED replaces an ABORTED that stands.</summary>
    CommitOverwrites,

    /// <summary>ABORTED replaces a COMMITTED that stands.</summary>
    AbortOverwrites,

    /// <summary>The buyer hears "refused" before ABORTED is durable.</summary>
    RefusedTooSoon,

    /// <summary>The buyer hears "bought" before COMMITTED is durable.</summary>
    BoughtTooSoon,

    /// <summary>A coordinator tells what it wanted to write, not what stands in the row.</summary>
    TellsItsWish,

    /// <summary>The sale is committed when the stock is held, whatever the wallet says.</summary>
    CommitsWithoutMoney,

    /// <summary>A void that finds no hold leaves no tombstone.</summary>
    NoTombstone,

    /// <summary>A hold that is asked for again is taken again.</summary>
    HoldTakesAgain,

    /// <summary>A void that comes again gives back again.</summary>
    VoidGivesBackAgain,

    /// <summary>A settle that comes after the return makes the hold settled again.</summary>
    SettleUndoesReturn,

    /// <summary>A hold takes without looking whether there is enough.</summary>
    TakesWithoutLooking,

    /// <summary>Lines that name one product are each compared with the whole stock.</summary>
    LinesCheckedAlone,

    /// <summary>A hold that fails at its second line keeps what the first took.</summary>
    SomeLinesTaken,

    /// <summary>A participant answers before its hold is durable, and forgets it in a crash.</summary>
    HoldForgotten,

    /// <summary>Sales answers before its decision is durable, and forgets it in a crash.</summary>
    DecisionForgotten,
}
