using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>What a single write changes, gathered as it happens: rows of the model by table and key, with the names of the fields, and statements by table and number of rows.</summary>
internal sealed class ChangeNotes
{
    private readonly List<string> _lines = [];
    private int _more;

    /// <summary>Whether nothing was changed.</summary>
    public bool IsEmpty => _lines.Count == 0;

    /// <summary>Whether rows of the service's own entities were changed, and not only by statements, which housekeeping is done with.</summary>
    public bool OfModel { get; private set; }

    public void Clear()
    {
        _lines.Clear();
        (_more, OfModel) = (0, false);
    }

    /// <summary>What was changed, no more of it than an entry may hold.</summary>
    public IReadOnlyList<string> Take()
    {
        string[] lines = _more == 0 ? [.. _lines] : [.. _lines, $"and {_more} more"];
        Clear();
        return lines;
    }

    /// <summary>The changes about to be saved, but for those to the platform's own tables and to counters.</summary>
    public List<(EntityEntry Entry, string What)> Begin(ChangeTracker tracker)
    {
        var changes = new List<(EntityEntry, string)>();
        foreach (var entry in tracker.Entries().Where(e => e.Metadata.ClrType.Assembly != typeof(ServiceDb).Assembly && !IsCounter(e.Metadata)))
        {
            if (entry.State is EntityState.Added or EntityState.Deleted)
            {
                changes.Add((entry, entry.State == EntityState.Added ? "added" : "deleted"));
            }
            else if (entry.State == EntityState.Modified)
            {
                changes.Add((entry, string.Join(", ", entry.Properties.Where(p => p.IsModified).Select(p => p.Metadata.GetColumnName()))));
            }
        }

        return changes;
    }

    /// <summary>Notes them, now that they have their keys.</summary>
    public void End(List<(EntityEntry Entry, string What)> changes)
    {
        OfModel |= changes.Count > 0;
        foreach (var (entry, what) in changes)
        {
            Add($"{entry.Metadata.GetTableName()} {Key(entry)}: {what}");
        }
    }

    /// <summary>Notes what a statement changed.</summary>
    public void Statement(IModel model, string sql, int rows)
    {
        var table = TableOf(sql);
        if (rows > 0 && !model.GetEntityTypes().Any(t => IsCounter(t) && t.GetTableName() == table))
        {
            Add($"{table}: {rows} {(rows == 1 ? "row" : "rows")}");
        }
    }

    /// <summary><c>UPDATE "orders" AS …</c>, <c>DELETE FROM "cart_lines" AS …</c>; PostgreSQL's provider puts no quotes where none are needed.</summary>
    private static string TableOf(string sql)
    {
        var words = sql.Split(' ', 4);
        return (words[0] == "UPDATE" ? words[1] : words[2]).Trim('"');
    }

    private static bool IsCounter(IReadOnlyTypeBase type) => type.ClrType.IsDefined(typeof(NotAuditedAttribute), inherit: false);

    /// <summary>A key that is a name or the like says too much about a person.</summary>
    private static string Key(EntityEntry entry) => string.Join('/', entry.Metadata.FindPrimaryKey()!.Properties.Select(p => entry.Property(p).CurrentValue is var value and (Guid or long or int) ? $"{value}" : "-"));

    private void Add(string line)
    {
        if (_lines.Count < Limits.NamedChanges)
        {
            _lines.Add(line);
        }
        else
        {
            _more++;
        }
    }
}

/// <summary>Tells a write's notes of the statements that go past the model's tracking.</summary>
internal sealed class NoteStatements : DbCommandInterceptor
{
    public static readonly NoteStatements Instance = new();

    public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData is { CommandSource: CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete, Context: ServiceDb db })
        {
            db.Changes.Statement(db.Model, command.CommandText, result);
        }

        return new(result);
    }
}
