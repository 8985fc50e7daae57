using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Souk;
using Souk.Fuzz.Requests;
using Souk.Fuzz.Running;
using Souk.Testing;
using Spectre.Console;

var seed = new Option<int>("--seed") { Description = "What all chance follows from: the same seed, the same requests.", DefaultValueFactory = _ => 1 };
var requests = new Option<long?>("--requests") { Description = "How many requests. Without it, 100,000, or as many as --minutes gives time for." };
var minutes = new Option<double?>("--minutes") { Description = "For how long." };
var first = new Option<long>("--first") { Description = "The number of the first request, to repeat a part of a run.", DefaultValueFactory = _ => 1 };
var root = new RootCommand("Opens a whole shop in a temporary folder and fires malformed and hostile requests at every operation, as everybody. The exit code tells whether anything came back that should not have.") { seed, requests, minutes, first };
root.SetAction((parsed, stop) => Run(parsed.GetValue(seed), parsed.GetValue(requests), parsed.GetValue(minutes), parsed.GetValue(first), stop));
return await root.Parse(args).InvokeAsync();

static async Task<int> Run(int seed, long? requests, double? minutes, long first, CancellationToken stop)
{
    // What the shop logs would run into the progress line; it goes to a file, which is looked at in the end.
    var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
    screen.Profile.Width = screen.Profile.Out.IsTerminal ? screen.Profile.Width : 220;
    using var log = new StringWriter();
    Console.SetOut(TextWriter.Synchronized(log));
    await using var shop = new TestShop();
    await shop.InitializeAsync();
    var (goal, findings) = (requests ?? (minutes is null ? 100_000 : null), new Findings());
    var planner = new Planner(seed, await FuzzRun.OperationsOf(shop));
    using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
    end.CancelAfter(minutes is { } m ? TimeSpan.FromMinutes(m) : Timeout.InfiniteTimeSpan);
    var report = new Report(screen, findings, TimeProvider.System);
    var run = new FuzzRun(shop, planner, findings).Send(first, goal ?? long.MaxValue / 2, end.Token);
    await report.Watch(goal, run);
    await run;
    report.Print(planner.Operations, seed);
    var books = await Books(shop);
    var errors = log.ToString().Split('\n').Where(IsError).ToArray();
    screen.Write(new Text($"{string.Join('\n', errors.Take(5).Select(e => e.Length > 400 ? e[..400] : e).Concat(books))}\n{findings.All.Count} findings, {errors.Length} errors in the log, {books.Length} discrepancies in the books (seed {seed})\n"));
    return findings.All.Count + errors.Length + books.Length == 0 ? 0 : 1;
}

static bool IsError(string line) => line.Contains("\"level\":\"error\"", StringComparison.Ordinal) || line.Contains("\"level\":\"critical\"", StringComparison.Ordinal);

// Whatever was fired at it: no money and no stock came from nowhere.
static async Task<string[]> Books(TestShop shop)
{
    await using var books = await ShopBooks.Open(new ConfigurationBuilder().AddInMemoryCollection(shop.Settings).Build());
    return [.. (await books.Check()).Wrong.Select(d => $"{d.Kind} {d.Id}: expected {d.Expected}; found {d.Found}")];
}
