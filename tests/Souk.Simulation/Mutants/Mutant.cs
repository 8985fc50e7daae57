namespace Souk.Simulation.Mutants;

/// <summary>A deliberate breach of a rule. It exists only here, as text: no build of the shop can have it.</summary>
/// <param name="Name">What is broken.</param>
/// <param name="File">The source file under <c>src</c>.</param>
/// <param name="Edits">What is replaced by what; each text to find stands in the file exactly once.</param>
internal sealed record Mutant(string Name, string File, params (string Find, string Replace)[] Edits)
{
    /// <summary>The project that the file belongs to.</summary>
    public string Project => File[..File.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The file's text with the breach in it.</summary>
    public string Apply(string text)
    {
        foreach (var (find, replace) in Edits)
        {
            var parts = text.Split(find);
            parts.Length.ShouldBe(2, $"{Name}: in {File} this must stand once: {find}");
            text = string.Join(replace, parts);
        }

        return text;
    }
}
