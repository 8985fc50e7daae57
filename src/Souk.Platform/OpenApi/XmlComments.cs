using System.Collections.Concurrent;
using System.Reflection;
using System.Xml.Linq;

namespace Souk.Platform.OpenApi;

/// <summary>
/// The doc comments of the code, from the XML files beside the assemblies. A file is read when something in it is first asked for.
/// </summary>
internal static class XmlComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Read = new();

    /// <summary>A type's summary.</summary>
    public static string? Of(Type type) => Text(Member($"T:{NameOf(type)}", type)?.Element("summary"));

    /// <summary>A property's summary; for a positional record, what the record says of that parameter.</summary>
    public static string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Text(Member($"P:{NameOf(type)}.{property.Name}", type)?.Element("summary"))
            ?? Text(Member($"T:{NameOf(type)}", type)?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == property.Name));
    }

    private static string? NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName?.Replace('+', '.');

    private static XElement? Member(string name, Type type) => Read.GetOrAdd(type.Assembly, Load).GetValueOrDefault(name);

    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var path = System.IO.Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(m => m.Attribute("name")?.Value ?? "")
            : [];
    }

    /// <summary>The words without their markup, on one line; code becomes Markdown's.</summary>
    private static string? Text(XElement? comment)
    {
        var words = string.Join(' ', string.Concat(comment?.Nodes().Select(Plain) ?? []).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length == 0 ? null : words;
    }

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { IsEmpty: true } link => link.Attributes().FirstOrDefault()?.Value.Split('.', ':')[^1] ?? "",
        XElement other => Text(other) ?? "",
        _ => "",
    };
}
