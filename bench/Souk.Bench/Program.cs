using System.CommandLine;
using Souk.Bench;

var quick = new Option<bool>("--quick") { Description = "One short round and no large shop, unless other options say so: shows whether a change helped." };
var only = new Option<string[]>("--only") { Description = "Takes this measure only, or those whose names begin so; can be repeated." };
only.Validators.Add(result =>
{
    foreach (var name in result.Tokens.Where(t => !Measure.All.Any(m => m.Name.StartsWith(t.Value, StringComparison.Ordinal))))
    {
        result.AddError($"No measure's name begins with '{name.Value}'.");
    }
});
var seconds = new Option<int?>("--seconds") { Description = "How long a round is (15; quick: 5)." };
var rounds = new Option<int?>("--rounds") { Description = "How many rounds the median is taken of (3; quick: 1)." };
var warmUp = new Option<int?>("--warm-up") { Description = "Seconds of each load that don't count (15; quick: 5)." };
var many = new Option<int?>("--many") { Description = "Products, customers and orders of the large shop (1000000; quick: none)." };
var folder = new Option<string>("--folder") { Description = "Where the databases are made; the disk counts.", DefaultValueFactory = _ => "/var/tmp" };
var keep = new Option<bool>("--keep") { Description = "Keeps the databases and logs." };
var write = new Option<bool>("--write") { Description = "Writes bench/RESULTS.md though not everything is measured at full length." };

var port = new Option<int>("--port") { Description = "Where it listens on loopback.", Required = true };
var empty = new Command("empty-endpoint", "Answers a small JSON and does nothing else: what reads are compared with.") { port };
empty.SetAction(parsed => EmptyEndpoint.Serve(parsed.GetValue(port)));

var root = new RootCommand($"Measures Souk beside its baselines on this machine and writes bench/RESULTS.md. Measures: {string.Join(", ", Measure.All.Select(m => m.Name))}.") { quick, only, seconds, rounds, warmUp, many, folder, keep, write, empty };
root.SetAction(parsed => Benchmark.Run(new Plan(
    TimeSpan.FromSeconds(parsed.GetValue(warmUp) ?? (parsed.GetValue(quick) ? 5 : 15)),
    TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? (parsed.GetValue(quick) ? 5 : 15)),
    parsed.GetValue(rounds) ?? (parsed.GetValue(quick) ? 1 : 3),
    parsed.GetValue(many) ?? (parsed.GetValue(quick) ? 0 : 1_000_000),
    parsed.GetValue(folder)!,
    parsed.GetValue(keep),
    parsed.GetValue(only) ?? [],
    parsed.GetValue(write) || (!parsed.GetValue(quick) && parsed.GetValue(only) is not { Length: > 0 }))));
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
