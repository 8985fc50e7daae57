namespace Souk.Bench;

/// <summary>A folder that is gone when the benchmark is, unless somebody wants to look at it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly IDisposable _tracked;

    public Scratch(string parent, bool keep)
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(parent, $"souk-bench-{Environment.ProcessId}")).FullName;
        _tracked = Leftovers.Track(() =>
        {
            if (keep)
            {
                Console.WriteLine($"Databases and logs are in {Path}.");
            }
            else
            {
                Directory.Delete(Path, recursive: true);
            }
        });
    }

    public string Path { get; }

    /// <summary>A path inside.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => _tracked.Dispose();
}
