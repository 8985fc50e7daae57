using System.Text;

namespace Souk.Platform.Hosting;

/// <summary>What Souk itself puts into its data folder, for its owner alone.</summary>
internal static class PrivateFiles
{
    /// <summary>How long another process may take to make a file.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Makes the data folder, and sees that it can be written.</summary>
    /// <exception cref="SettingException">It can't.</exception>
    public static void MakeFolder(string data)
    {
        try
        {
            MakePrivate(data);
            var probe = Path.Combine(data, $".probe-{Guid.CreateVersion7():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Souk:Data is '{data}', which can't be written: {e.Message}");
        }
    }

    /// <summary>The databases hold password hashes and the key that signs tokens: a folder that is made here is its owner's alone.</summary>
    public static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The content of a file that whichever service comes first makes, readable by its owner alone; all that come at the same moment get the same.</summary>
    /// <exception cref="IOException">It can't be read or made.</exception>
    public static string Shared(string path, Func<string> make)
    {
        string? content = null;
        return SpinWait.SpinUntil(() => (content = ReadOrMake(path, make)) is not null, Patience) ? content! : Make(path, make);
    }

    /// <summary>Null while another process has the file to itself.</summary>
    private static string? ReadOrMake(string path, Func<string> make)
    {
        try
        {
            // A file that is there may be somebody else's, who lets this service read it and no more.
            return new FileInfo(path) is { Exists: true, Length: > 0 } ? File.ReadAllText(path) : Make(path, make);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            return null;
        }
    }

    /// <summary>
    /// Whoever opens the file first has it alone until the content is in it. Renaming a finished file onto it would not do: .NET looks whether one is
    /// there and then renames, and of two services that both looked one would go on with a key that is nowhere any more.
    /// </summary>
    private static string Make(string path, Func<string> make)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        using var reader = new StreamReader(file);
        if (reader.ReadToEnd() is { Length: > 0 } made)
        {
            return made;
        }

        var content = make();
        file.Write(Encoding.UTF8.GetBytes(content));
        file.Flush(flushToDisk: true);
        return content;
    }
}
