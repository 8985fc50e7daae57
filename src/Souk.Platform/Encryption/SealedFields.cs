using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Souk.Platform.Encryption;

/// <summary>Fields that are encrypted in the database and plain in the entity. They can be read and saved, not searched.</summary>
public static class SealedFields
{
    /// <summary>Annotates what is stored with the name of the entity's property.</summary>
    internal const string Of = "Souk:SealedOf";

    /// <summary>Annotates a model that has sealed fields.</summary>
    private const string Any = "Souk:HasSealed";

    private static readonly ConditionalWeakTable<IReadOnlyEntityType, SealedField[]> Known = [];

    /// <summary>Encrypts these fields (texts or bytes) where they are stored, each bound to its table, its column and the row's key.</summary>
    public static EntityTypeBuilder<T> Sealed<T>(this EntityTypeBuilder<T> entity, params Expression<Func<T, object?>>[] fields)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(fields);
        entity.Metadata.Model.SetAnnotation(Any, true);
        foreach (var property in fields.Select(f => (PropertyInfo)((MemberExpression)f.Body).Member))
        {
            entity.Ignore(property.Name);
            entity.Property(property.PropertyType, $"Sealed{property.Name}")
                .IsRequired(new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull)
                .HasAnnotation(Of, property.Name);
        }

        return entity;
    }

    /// <summary>The sealed fields of an entity.</summary>
    internal static SealedField[] In(IEntityType entity) => Known.GetValue(entity, static found =>
    [
        .. from stored in ((IEntityType)found).GetProperties()
           where stored.FindAnnotation(Of) is not null
           select new SealedField(stored, found.ClrType.GetProperty((string)stored.FindAnnotation(Of)!.Value!)!),
    ]);

    /// <summary>Seals what a context is about to save: what changed, and what an older key sealed.</summary>
    internal static void SealAll(DbContext db)
    {
        if (db.Model.FindAnnotation(Any) is null)
        {
            return;
        }

        KeyRing? ring = null;
        foreach (var entry in db.ChangeTracker.Entries().Where(e => e.State is not (EntityState.Deleted or EntityState.Detached)))
        {
            foreach (var field in In(entry.Metadata))
            {
                ring ??= db.GetService<KeyRing>();
                field.Seal(entry, ring);
            }
        }
    }
}
