namespace Souk.Bench;

/// <summary>A folder that is gone when the benchmark is.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly IDisposable _tracked;

    public Scratch(string parent)
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(parent, $"souk-bench-{Environment.ProcessId}")).FullName;
        _tracked = Leftovers.Track(() => Directory.Delete(Path, recursive: true));
    }

    public string Path { get; }

    /// <summary>A path inside.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => _tracked.Dispose();
}
