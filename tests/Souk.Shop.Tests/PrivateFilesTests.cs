using Souk.Platform.Hosting;

namespace Souk.Tests;

/// <summary>Files that services make for each other.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("souk-private-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>They had two keys at times, and each refused the other from then on.</summary>
    [Fact]
    public async Task Services_that_start_at_the_same_moment_have_one_key()
    {
        for (var round = 0; round < 300; round++)
        {
            var path = Path.Combine(_folder.FullName, $"{round}.key");
            using var together = new Barrier(4);
            var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return PrivateFiles.Shared(path, () => $"key {i}");
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            keys.Distinct().ShouldBe([await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)]);
        }
    }

    [Fact]
    public void A_file_that_was_left_empty_is_made_by_the_next()
    {
        var path = Path.Combine(_folder.FullName, "empty.key");
        File.WriteAllText(path, "");

        PrivateFiles.Shared(path, () => "made").ShouldBe("made");
        PrivateFiles.Shared(path, () => "not again").ShouldBe("made");
    }
}
