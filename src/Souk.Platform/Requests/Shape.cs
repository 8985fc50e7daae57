using System.Reflection;
using System.Text.Json;
using Souk.Platform.Values;

namespace Souk.Platform.Requests;

/// <summary>Turns one JSON value into a CLR value, or notes why it can't.</summary>
internal abstract class Shape
{
    /// <summary>The value, or null after noting at least one error.</summary>
    public abstract object? Read(JsonElement value, Reading reading, Place place);

    /// <summary>The shape of a property, from its type and its rules.</summary>
    public static Shape Of(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return Of(property.PropertyType, property);
    }

    private static Shape Of(Type declared, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var between = property.GetCustomAttribute<BetweenAttribute>();
        return type switch
        {
            _ when type == typeof(string) && property.GetCustomAttribute<OneOfAttribute>() is { } one => WordShape.Of(one.Words),
            _ when type == typeof(string) => new TextShape(property.GetCustomAttribute<TextAttribute>()
                ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} needs [Text]: every text has a bound.")),
            _ when type == typeof(int) || type == typeof(long) => new IntegerShape(type, between),
            _ when type == typeof(bool) => new BooleanShape(),
            _ when type == typeof(Guid) => new GuidShape(),
            _ when type == typeof(DateTime) => new MomentShape(),
            _ when type == typeof(Money) => property.IsDefined(typeof(NumberMoneyAttribute)) ? new NumberMoneyShape(between) : new AmountShape(between),
            _ when type.IsEnum => WordShape.OfEnum(type),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
                new ListShape(type.GetGenericArguments()[0], Of(type.GetGenericArguments()[0], property), property.GetCustomAttribute<CountAttribute>()
                    ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} needs [Count]: every list has a bound.")),
            _ => RecordShape.Of(type),
        };
    }
}

/// <summary>Marks money that stands as a JSON number, the first contract's form.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberMoneyAttribute : Attribute;
