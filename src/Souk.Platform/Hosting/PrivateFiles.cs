namespace Souk.Platform.Hosting;

/// <summary>What Souk itself puts into its data folder, for its owner alone.</summary>
internal static class PrivateFiles
{
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

    /// <summary>The content of a file that whichever service comes first makes, readable by its owner alone.</summary>
    public static string Shared(string path, Func<string> make)
    {
        if (!File.Exists(path))
        {
            var mine = $"{path}.{Environment.ProcessId}-{Guid.CreateVersion7():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(mine, options))
            {
                writer.Write(make());
            }

            try
            {
                // The rename is all or nothing: a service that starts at the same moment reads a whole key, and the same one.
                File.Move(mine, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(mine);
            }
        }

        return File.ReadAllText(path);
    }
}
