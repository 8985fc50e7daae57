using Souk.Torture;

namespace Souk.Tests;

/// <summary>A process that the torture kills may also end by itself, and is started again a moment later.</summary>
public sealed class VictimTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("souk-victim-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_process_can_be_killed_at_any_moment_also_when_it_has_just_ended()
    {
        await using var watchdog = new Watchdog();
        await using var brief = new Process("true", Log, watchdog);
        brief.Start();

        var killed = 0;
        while (brief.Kills + brief.OwnEnds < 5)
        {
            killed += await brief.Kill() ? 1 : 0;
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        brief.Kills.ShouldBe(killed);
    }

    [Fact]
    public async Task It_is_started_again_after_each_kill_and_no_more_when_it_is_closed()
    {
        await using var watchdog = new Watchdog();
        var patient = new Process("echo alive; exec sleep 1000", Log, watchdog);
        patient.Start();

        for (var lives = 1; lives <= 3; lives++)
        {
            await Alive(lives);
            (await patient.Kill()).ShouldBeTrue();
        }

        await Alive(4);
        await patient.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        (patient.Kills, patient.OwnEnds).ShouldBe((3, 1), "closing ended the last life");
        (await Lives()).ShouldBe(4);
    }

    private async Task Alive(int lives)
    {
        while (await Lives() < lives)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private async Task<int> Lives() => File.Exists(Log) ? (await File.ReadAllLinesAsync(Log)).Length : 0;

    private string Log => Path.Combine(_folder, "log");

    private sealed class Process(string script, string log, Watchdog watchdog) : Victim(script, log, watchdog)
    {
        protected override IEnumerable<string> Command => ["sh", "-c", Name];

        public override Task<bool> IsReady() => Task.FromResult(true);
    }
}
