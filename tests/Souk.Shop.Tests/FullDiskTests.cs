using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Souk.Platform.Hosting;
using Souk.Testing;
using Souk.Torture;

namespace Souk.Tests;

/// <summary>A disk that fills up under the databases, and has room again later.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("souk-full-disk-").FullName;
    private bool _mounted;

    private static DatabaseKind Database => TestStorage.OnPostgres ? DatabaseKind.Postgres : DatabaseKind.Sqlite;

    private string Disk => Path.Combine(_folder, Database == DatabaseKind.Postgres ? "postgres" : "shop");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Disk);
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may mount the small disk that this test fills.");
        _mounted = await Run("mount", "-t", "tmpfs", "-o", $"size={(Database == DatabaseKind.Postgres ? 160 : 48)}m", "tmpfs", Disk) == 0;
        Assert.SkipUnless(_mounted, "The small disk that this test fills can't be mounted here.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            // Whoever read the books in this process may still have the files open.
            SqliteConnection.ClearAllPools();
            // And the database's last process may still be on its way out.
            await TestShop.Eventually(async () => await Run("umount", Disk) == 0, "the disk is free");
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_makes_the_shop_say_503_loses_nothing_and_is_over_when_there_is_room()
    {
        await using var shop = await TorturedShop.Open(_folder, Database);
        await using var crowd = await Crowd.Enter(shop, 4, seed: 1);
        crowd.Start();
        (await crowd.More(t => t["bought"], 10, Most)).ShouldBeTrue("the shop sells");

        var ballast = Fill();
        (await crowd.More(t => t["503"], 20, Most)).ShouldBeTrue("the disk is full, so the shop says 503");

        File.Delete(ballast);
        (await crowd.More(t => t["bought"], 10, Most)).ShouldBeTrue("there is room again, so the shop sells again");
        await shop.Ready();
        await crowd.Stop();
        var (_, wrong) = await TortureRun.Quiet(shop, crowd);
        wrong.ShouldBeEmpty();
        crowd.Tally.Faults.ShouldBeEmpty("no other answer than 503, and that with Retry-After");
    }

    /// <summary>Takes all the room that there is, to the last byte.</summary>
    private string Fill()
    {
        var path = Path.Combine(Disk, "ballast");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var step in new[] { Megabyte, 4096 })
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[step]);
                }
            }
            catch (IOException)
            {
                // Full, as far as pieces of this size go.
            }
        }

        return path;
    }

    private static async Task<int> Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
