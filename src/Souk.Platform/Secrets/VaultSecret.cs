using System.Text.Json;

namespace Souk.Platform.Secrets;

/// <summary>How a secret's fields name settings.</summary>
internal static class VaultSecret
{
    /// <summary>
    /// The settings in a secret: the field <c>Souk:ServiceKey</c> (or <c>Souk__ServiceKey</c>, <c>Souk--ServiceKey</c>), or an object
    /// <c>Souk</c> with the field <c>ServiceKey</c>.
    /// </summary>
    public static Dictionary<string, string?> Settings(JsonElement secret)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Add(settings, "", secret);
        return settings;
    }

    private static void Add(Dictionary<string, string?> settings, string before, JsonElement fields)
    {
        foreach (var field in fields.EnumerateObject())
        {
            var name = before + field.Name.Replace("__", ":", StringComparison.Ordinal).Replace("--", ":", StringComparison.Ordinal);
            if (field.Value.ValueKind == JsonValueKind.Object)
            {
                Add(settings, $"{name}:", field.Value);
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                settings[name] = field.Value.ToString();
            }
        }
    }
}
