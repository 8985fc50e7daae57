using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Souk.Platform.Requests;

namespace Souk.Platform.Logging;

/// <summary>Shows values in the log by their types.</summary>
internal static class Redaction
{
    /// <summary>What stands for what is not shown.</summary>
    public const string Hidden = "[personal]";

    private const int MostDepth = 4;
    private const int MostItems = 20;

    private static readonly ConcurrentDictionary<Type, Member[]> Known = new();

    /// <summary>Whether a value is shown otherwise than it would show itself.</summary>
    public static bool Concerns(object? value) => value is not (null or string or ValueType) && (value is IEnumerable and not string || IsOurs(value.GetType()));

    /// <summary>The value, without what is personal or secret in it.</summary>
    public static string Show(object? value, int depth = 0)
    {
        if (value is null or string or ValueType)
        {
            return Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        }

        if (depth == MostDepth)
        {
            return "…";
        }

        if (value is IEnumerable items)
        {
            return $"[{string.Join(", ", items.Cast<object?>().Take(MostItems).Select(i => Show(i, depth + 1)))}]";
        }

        return IsOurs(value.GetType())
            ? $"{value.GetType().Name} {{ {string.Join(", ", Members(value.GetType()).Select(m => $"{m.Property.Name} = {(m.Hidden ? Hidden : Show(m.Property.GetValue(value), depth + 1))}"))} }}"
            : value.ToString() ?? "";
    }

    private static bool IsOurs(Type type) => type.Assembly.GetName().Name?.StartsWith("Souk", StringComparison.Ordinal) == true;

    private static Member[] Members(Type type) => Known.GetOrAdd(type, t =>
        [.. t.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetIndexParameters().Length == 0).Select(p => new Member(p, IsHidden(t, p)))]);

    /// <summary>The mark on a record's parameter counts for its property.</summary>
    private static bool IsHidden(Type type, PropertyInfo property) =>
        property.IsDefined(typeof(PersonalAttribute))
        || property.GetCustomAttribute<TextAttribute>()?.Secret == true
        || type.GetConstructors().SelectMany(c => c.GetParameters()).Any(p => p.Name == property.Name && p.IsDefined(typeof(PersonalAttribute)));

    private sealed record Member(PropertyInfo Property, bool Hidden);
}
