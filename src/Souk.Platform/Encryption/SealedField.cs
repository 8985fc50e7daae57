using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Souk.Platform.Encryption;

/// <summary>One field that is encrypted where it is stored.</summary>
/// <param name="stored">What is stored: a property of the model that the entity does not show.</param>
/// <param name="plain">The entity's property.</param>
internal sealed class SealedField(IProperty stored, PropertyInfo plain)
{
    private readonly IReadOnlyList<IProperty> _key = stored.DeclaringType.ContainingEntityType.FindPrimaryKey()!.Properties;
    private readonly string _place = $"{stored.DeclaringType.ContainingEntityType.GetTableName()}.{stored.GetColumnName()}";

    /// <summary>The name of what is stored, in the model.</summary>
    public string Stored => stored.Name;

    /// <summary>Puts into an entity what was read from its row.</summary>
    public void Open(in MaterializationInterceptionData row, object entity, KeyRing ring)
    {
        var sealedValue = row.GetPropertyValue(stored);
        plain.SetValue(entity, sealedValue is null ? null : Open(sealedValue, About(entity), ring));
    }

    /// <summary>Seals what an entity is to be saved with, unless that is what the newest key sealed already.</summary>
    public void Seal(EntityEntry entry, KeyRing ring)
    {
        var (column, value, about) = (entry.Property(stored.Name), plain.GetValue(entry.Entity), About(entry.Entity));
        if (entry.State == EntityState.Added || !IsFresh(column.CurrentValue, ring) || !Same(column.CurrentValue is { } was ? Open(was, about, ring) : null, value))
        {
            column.CurrentValue = value is byte[] bytes ? ring.Seal(bytes, about) : ring.Seal((string?)value, about);
        }
    }

    /// <summary>Whether the newest key sealed it, or there is nothing in it.</summary>
    public static bool IsFresh(object? value, KeyRing ring) => value switch
    {
        null or "" => true,
        string text => text.StartsWith(ring.NewestHead, StringComparison.Ordinal),
        byte[] bytes => bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(ring.NewestHead)),
        _ => throw new InvalidOperationException("Only texts and bytes are sealed."),
    };

    private static object Open(object value, string about, KeyRing ring) => value is byte[] bytes ? ring.Open(bytes, about) : ring.Open((string)value, about);

    private static bool Same(object? was, object? value) => was is byte[] a && value is byte[] b ? a.AsSpan().SequenceEqual(b) : Equals(was, value);

    /// <summary>The table, the column and the row's key, which the application gives before anything is saved.</summary>
    private string About(object entity)
    {
        var about = new StringBuilder(_place);
        foreach (var part in _key)
        {
            about.Append('\n').Append(CultureInfo.InvariantCulture, $"{part.PropertyInfo!.GetValue(entity)}");
        }

        return about.ToString();
    }
}

/// <summary>Opens the sealed fields of entities as they are read.</summary>
internal sealed class OpenAsRead : IMaterializationInterceptor
{
    /// <summary>One for all contexts: EF Core builds its services anew for each interceptor of this kind.</summary>
    public static readonly OpenAsRead Instance = new();

    /// <inheritdoc/>
    public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
    {
        foreach (var field in SealedFields.In(materializationData.EntityType))
        {
            field.Open(materializationData, entity, materializationData.Context.GetService<KeyRing>());
        }

        return entity;
    }
}
