using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Souk.Platform.Requests;

/// <summary>An object with known fields. It is worked out once for each type and kept.</summary>
internal sealed class RecordShape : Shape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Known = new();

    private readonly Type _type;

    private RecordShape(Type type)
    {
        _type = type;
        Fields = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(Field.Of)];
    }

    public IReadOnlyList<Field> Fields { get; }

    public static RecordShape Of(Type type) => Known.GetOrAdd(type, t => new RecordShape(t));

    public override object? Read(JsonElement value, Reading reading, Place place)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return reading.Wrong(place, "model_attributes_type", "Input should be a valid dictionary or object to extract fields from", value);
        }

        var record = Activator.CreateInstance(_type)!;
        var before = reading.Errors.Count;
        foreach (var field in Fields)
        {
            ReadField(field, record, value, reading, place);
        }

        if (!reading.Lax)
        {
            RefuseUnknown(value, reading, place);
        }

        return reading.Errors.Count == before ? record : null;
    }

    private void ReadField(Field field, object record, JsonElement value, Reading reading, Place place)
    {
        var here = place.Inside(field.Name, field.Secret);
        if (!value.TryGetProperty(field.Name, out var given))
        {
            if (field.Required)
            {
                reading.Wrong(place.Inside(field.Name), "missing", "Field required", Masked(value));
            }

            return;
        }

        // The first contract's optional fields were Optional[...] = None: null there is the same as absent.
        if (given.ValueKind == JsonValueKind.Null && reading.Lax && !field.Required)
        {
            return;
        }

        if (field.Shape.Read(given, reading, here) is { } read)
        {
            field.Property.SetValue(record, read);
        }
    }

    private void RefuseUnknown(JsonElement value, Reading reading, Place place)
    {
        foreach (var given in value.EnumerateObject().Where(g => Fields.All(f => f.Name != g.Name)))
        {
            reading.Wrong(place.Inside(given.Name), "extra_forbidden", "Extra inputs are not permitted", given.Value);
        }
    }

    /// <summary>The object as it may be echoed: without the secrets among its fields.</summary>
    private JsonElement Masked(JsonElement value)
    {
        if (!Fields.Any(f => f.Secret && value.TryGetProperty(f.Name, out _)))
        {
            return value;
        }

        // The first contract lets a field stand twice; then the last one counts.
        var copy = new Dictionary<string, object>();
        foreach (var given in value.EnumerateObject())
        {
            copy[given.Name] = Fields.Any(f => f.Secret && f.Name == given.Name) ? "**********" : given.Value;
        }

        return JsonSerializer.SerializeToElement(copy);
    }
}

/// <summary>One field of a request.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Property">Where it goes.</param>
/// <param name="Shape">How it is read.</param>
/// <param name="Required">Whether it must be there (the property is <c>required</c>).</param>
/// <param name="Secret">Whether it may not be echoed.</param>
internal sealed record Field(string Name, PropertyInfo Property, Shape Shape, bool Required, bool Secret)
{
    public static Field Of(PropertyInfo property) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name),
        property,
        Shape.Of(property),
        property.IsDefined(typeof(RequiredMemberAttribute)),
        property.GetCustomAttribute<TextAttribute>()?.Secret == true);
}
