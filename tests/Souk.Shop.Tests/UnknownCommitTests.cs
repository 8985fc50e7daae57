using Microsoft.Extensions.Logging.Abstractions;
using Souk.Platform.Audit;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Sales;

namespace Souk.Tests;

/// <summary>A database that goes away while it commits, and is not back when the write is tried again.</summary>
public sealed class UnknownCommitTests
{
    [Theory]
    [InlineData(true, "outcome_unknown")]
    [InlineData(false, "storage_unavailable")]
    public async Task Nobody_is_told_that_nothing_was_stored_when_nobody_knows(bool commits, string code)
    {
        await using var writer = new GroupCommit<SalesDb>(new Storage { Commits = commits }, TimeProvider.System, new Jitter(1), NullLogger<GroupCommit<SalesDb>>.Instance);
        var kind = new SetWrite<SalesDb, int, int>((_, items) => Task.FromResult<IReadOnlyList<Result<int>>>([.. items.Select(i => (Result<int>)i)]));

        var answer = await writer.Write(kind, 1);

        answer.Error!.Kind.Code.ShouldBe(code);
        answer.Error.RetryAfter.ShouldNotBeNull();
    }

    /// <summary>Its first transaction loses its connection in the commit, if it comes to one; none can be begun after it.</summary>
    private sealed class Storage : IStorage<SalesDb>
    {
        private int _begun;

        public bool Commits { get; init; }

        public int Writers => 1;

        public Task<ITransaction<SalesDb>> BeginSingles() => throw new NotSupportedException();

        public Task<ITransaction<SalesDb>> BeginSets() =>
            Commits && _begun++ == 0 ? Task.FromResult<ITransaction<SalesDb>>(new Lost()) : throw new IOException("connection refused");

        public StorageFault FaultOf(Exception exception) => exception is IOException ? StorageFault.Unavailable : StorageFault.Bug;
    }

    private sealed class Lost : ITransaction<SalesDb>
    {
        public SalesDb Db => throw new NotSupportedException();

        public SetSql Sql => throw new NotSupportedException();

        public ISet<string> Published { get; } = new HashSet<string>(StringComparer.Ordinal);

        public IList<Action> WhenCommitted { get; } = [];

        public AuditTrail Trail { get; } = new();

        public Task Record(AuditBlock block) => Task.CompletedTask;

        public Task Commit() => throw new OutcomeUnknownException(new IOException("connection reset"));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
