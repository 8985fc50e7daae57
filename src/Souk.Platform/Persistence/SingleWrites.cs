using Microsoft.EntityFrameworkCore.Storage;

namespace Souk.Platform.Persistence;

/// <summary>Does single writes one by one through the model, each between savepoints, and notes for the audit log what they changed.</summary>
internal static class SingleWrites
{
    public static async Task Run<TDb>(ITransaction<TDb> transaction, IReadOnlyList<Write<TDb>> writes, DateTime now)
        where TDb : ServiceDb
    {
        var open = transaction.Db.Database.CurrentTransaction!;
        foreach (var write in writes)
        {
            await RunOne(transaction, open, (ISingleWrite<TDb>)write);
            if (transaction.Db.Changes is { IsEmpty: false } changes && (changes.OfModel || write.Origin is not null))
            {
                transaction.Trail.Add(write, changes.Take(), now);
            }
        }
    }

    private static async Task RunOne<TDb>(ITransaction<TDb> transaction, IDbContextTransaction open, ISingleWrite<TDb> write)
        where TDb : ServiceDb
    {
        const string Start = "write";
        var db = transaction.Db;
        db.Changes.Clear();
        await open.CreateSavepointAsync(Start);
        if (!await write.Run(db))
        {
            await open.RollbackToSavepointAsync(Start);
            db.ChangeTracker.Clear();
            db.Changes.Clear();
            await write.AfterRefusal(db);
        }

        transaction.Published.UnionWith(db.ChangeTracker.Entries<Events.OutboxEvent>().Select(e => e.Entity.Type));
        await db.SaveChangesAsync();
        await open.ReleaseSavepointAsync(Start);
        db.ChangeTracker.Clear();
    }
}
