using Souk.Platform.Audit;

namespace Souk.Platform.Persistence;

/// <summary>What a service's writer stands on: a database, or a simulated one.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public interface IStorage<TDb>
    where TDb : ServiceDb
{
    /// <summary>How many set writes' transactions may be open at once. One where the database has one writer.</summary>
    int Writers { get; }

    /// <summary>Begins a transaction for writes that go one by one through the model. They take turns with those of every other instance.</summary>
    Task<ITransaction<TDb>> BeginSingles();

    /// <summary>Begins a transaction for set writes, which find their own way past each other by row locks in the order of keys.</summary>
    Task<ITransaction<TDb>> BeginSets();

    /// <summary>What an exception of a transaction means.</summary>
    StorageFault FaultOf(Exception exception);
}

/// <summary>A transaction of a service's writer. Disposing it undoes what was not committed.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public interface ITransaction<TDb> : IAsyncDisposable
    where TDb : ServiceDb
{
    /// <summary>The model, in a transaction for single writes.</summary>
    TDb Db { get; }

    /// <summary>Set-based statements, in a transaction for set writes.</summary>
    SetSql Sql { get; }

    /// <summary>The types of events that were published in it.</summary>
    ISet<string> Published { get; }

    /// <summary>What is to be done once it is committed, before its callers are told.</summary>
    IList<Action> WhenCommitted { get; }

    /// <summary>What it did, for the audit log.</summary>
    AuditTrail Trail { get; }

    /// <summary>Writes a block of the audit log in it; there at the latest when it is committed.</summary>
    Task Record(AuditBlock block);

    /// <summary>Makes it durable.</summary>
    /// <exception cref="OutcomeUnknownException">Nobody can say whether it is.</exception>
    Task Commit();
}

/// <summary>What an exception of a transaction means to its writer.</summary>
public enum StorageFault
{
    /// <summary>A bug, in the write or in us.</summary>
    Bug,

    /// <summary>Nothing was done, and it may work next time: do it again.</summary>
    Again,

    /// <summary>Nobody knows whether it was committed: what is known by its identifier is done again, the rest is not.</summary>
    Unknown,

    /// <summary>The database can't store anything now.</summary>
    Unavailable,
}

/// <summary>The database went away during a commit and did not come back in time to say what became of it.</summary>
/// <param name="inner">How it went away.</param>
public sealed class OutcomeUnknownException(Exception inner) : Exception("The database went away during the commit.", inner);
