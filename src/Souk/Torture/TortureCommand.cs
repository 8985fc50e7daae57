using System.CommandLine;
using System.Globalization;
using Souk.Platform.Hosting;
using Spectre.Console;

namespace Souk.Torture;

/// <summary><c>souk torture</c>: shows that no sale is lost, doubled or oversold however often the shop's processes are killed.</summary>
internal static class TortureCommand
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    public static Command Build()
    {
        var database = new Option<string>("--database") { Description = "What stores the shop.", DefaultValueFactory = _ => "sqlite" }.AcceptOnlyFromAmong("sqlite", "postgres");
        var kills = Number("--kills", 50, "How often a process is killed.", 0, 1_000_000);
        var buyers = Number("--buyers", 16, "How many buy at once.", 1, 1000);
        var seed = Number("--seed", 1, "Decides who is killed and what is bought.", 0, int.MaxValue / 2);
        var data = new Option<string?>("--data") { Description = "An empty folder for the shop and its logs, which are left there; without it a temporary one that goes when all was well." };
        var torture = new Command("torture", "Opens a shop of its own, lets buyers buy at full load, kills its processes at random (-9), and proves that its books balance and say what the buyers were told.")
        {
            database, kills, buyers, seed, data,
        };
        torture.SetAction(async (parsed, _) =>
        {
            var passed = false;
            var code = await Commands.Guarded(async () => passed = await Run(
                parsed.GetValue(database) == "postgres" ? DatabaseKind.Postgres : DatabaseKind.Sqlite, parsed.GetValue(kills), parsed.GetValue(buyers), parsed.GetValue(seed), parsed.GetValue(data)));
            return code != 0 ? code : passed ? 0 : 1;
        });
        return torture;
    }

    private static Option<int> Number(string name, int otherwise, string description, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var n && (n < least || n > most))
            {
                result.AddError($"{name} is a number from {least} to {most}.");
            }
        });
        return option;
    }

    private static async Task<bool> Run(DatabaseKind database, int kills, int buyers, int seed, string? data)
    {
        var folder = data is null ? Directory.CreateTempSubdirectory("souk-torture-").FullName : Path.GetFullPath(data);
        RequireEmpty(folder);
        var run = new TortureRun(new TorturePlan(database, kills, buyers, seed, folder), TimeProvider.System);
        TortureResult? result = null;
        try
        {
            result = await Watched(run);
        }
        finally
        {
            if (data is null && result is { Passed: true })
            {
                Directory.Delete(folder, recursive: true);
            }
            else
            {
                Console.WriteLine($"What is left of it, logs included, is in {folder}");
            }
        }

        Print(result);
        Console.WriteLine(Line(database, seed, kills, result));
        return result.Passed;
    }

    private static void RequireEmpty(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new SettingException($"{folder} is not empty.");
        }
    }

    /// <summary>A line that changes is for people; a log gets one now and then.</summary>
    private static async Task<TortureResult> Watched(TortureRun run)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            var last = TimeProvider.System.GetTimestamp();
            return await run.Run(line =>
            {
                if (TimeProvider.System.GetElapsedTime(last) >= BetweenLines)
                {
                    Console.WriteLine(line);
                    last = TimeProvider.System.GetTimestamp();
                }
            });
        }

        return await AnsiConsole.Status().StartAsync("…", status => run.Run(line => status.Status(Markup.Escape(line))));
    }

    private static void Print(TortureResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "times");
        foreach (var (what, count) in result.Killed.Select(k => KeyValuePair.Create($"{k.Key} killed", k.Value)).Concat(result.Tally.Counts))
        {
            table.AddRow(Markup.Escape(what), count.ToString("N0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        foreach (var fault in result.Tally.Faults)
        {
            Console.WriteLine($"fault: {fault}");
        }

        VerifyCommand.Print(result.Wrong);
    }

    private static string Line(DatabaseKind database, int seed, int kills, TortureResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"torture on {database}, seed {seed}: {kills} kills in {result.Blows} blows, {result.Purchases:N0} orders tried, {result.Tally.Final:N0} final answers, {result.Orders:N0} orders in the books, {result.Tally["503"]:N0} times 503, {result.Tally.Faults.Count} faults, {result.Wrong.Count} discrepancies; slowest recovery {result.Slowest.TotalSeconds:0.0} s, {result.Ended} restarts of what ended by itself, {result.Took.TotalSeconds:0} s: {(result.Passed ? "passed" : "FAILED")}");
}
