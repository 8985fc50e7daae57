using Souk.Platform.Holds;

namespace Souk.Simulation.Worlds;

/// <summary>The statements on holds that are the same for both participants.</summary>
internal static class HoldRows
{
    /// <summary>Brings the holds of these sales that are in one state to another one.</summary>
    public static async Task Advance<THold>(this Table<Guid, THold> holds, Session session, IReadOnlyList<Guid> sales, HoldState from, HoldState to)
        where THold : Hold
    {
        await session.Statement();
        foreach (var sale in sales)
        {
            await holds.ChangeIf(session, sale, hold => hold.State == from, hold => In(to, hold));
        }
    }

    /// <summary>Keeps the states of holds that changed, and new tombstones.</summary>
    public static async Task Save<THold>(this Table<Guid, THold> holds, Session session, IReadOnlyList<THold> changed, IReadOnlyList<THold> tombstones)
        where THold : Hold
    {
        await session.Statement();
        foreach (var hold in changed)
        {
            await holds.Change(session, hold.SaleId, row => In(hold.State, row));
        }

        foreach (var hold in tombstones)
        {
            await holds.Insert(session, hold.SaleId, hold);
        }
    }

    private static THold In<THold>(HoldState state, THold hold)
        where THold : Hold
    {
        hold.State = state;
        return hold;
    }
}
