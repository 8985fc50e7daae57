using System.Globalization;

namespace Souk.Bench;

/// <summary>The baseline of purchases: what PostgreSQL itself does of the bare statements of a purchase, with nothing around them.</summary>
internal sealed class PgBench(Session session, Cluster cluster, string folder)
{
    private const string Database = "baseline";

    private static readonly int[] Clients = [16, 64];

    private static readonly string Tables = $"""
        CREATE TABLE stock (product_id bigint PRIMARY KEY, available bigint NOT NULL CHECK (available >= 0));
        CREATE TABLE wallet (customer_id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
        CREATE TABLE ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL, amount bigint NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE purchase (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL, product_id bigint NOT NULL, quantity int NOT NULL, total bigint NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
        INSERT INTO stock SELECT n, 1000000000 FROM generate_series(1, {Plan.Few}) n;
        INSERT INTO wallet SELECT n, 1000000000000 FROM generate_series(1, {Plan.Few}) n;
        VACUUM ANALYZE;
        """;

    public static IReadOnlyList<string> Measures { get; } = ["pgbench-random", "pgbench-hot"];

    public async Task Run()
    {
        await cluster.Client("createdb", Database);
        await cluster.Client("psql", ["--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", Database, .. Tables.Split('\n').SelectMany(statement => new[] { "--command", statement })]);
        await Best("pgbench-random", $"random(1, {Plan.Few})");
        await Best("pgbench-hot", "1");
    }

    /// <summary>Rounds with each number of clients; the better number counts.</summary>
    private Task Best(string name, string product) => session.Take(name, async measure =>
    {
        var script = Path.Combine(folder, $"{name}.sql");
        await File.WriteAllTextAsync(script, $"""
            \set product {product}
            \set customer random(1, {Plan.Few})
            BEGIN;
            UPDATE stock SET available = available - 1 WHERE product_id = :product AND available >= 1;
            UPDATE wallet SET balance = balance - 1999 WHERE customer_id = :customer AND balance >= 1999;
            INSERT INTO ledger (customer_id, amount) VALUES (:customer, -1999);
            INSERT INTO purchase (customer_id, product_id, quantity, total) VALUES (:customer, :product, 1, 1999);
            COMMIT;
            """);
        var tries = new List<(int Clients, Outcome Outcome)>();
        foreach (var clients in Clients)
        {
            tries.Add((clients, await session.Median(measure, $"{name}, {clients} clients", duration => Round(script, clients, duration))));
        }

        var best = tries.MaxBy(t => t.Outcome.Median!.Value);
        return best.Outcome with { Remarks = string.Join(", ", tries.Select(t => $"{t.Clients} clients: {Row.Number(t.Outcome.Median!.Value)}")) };
    });

    private async Task<Reading> Round(string script, int clients, TimeSpan duration)
    {
        var before = Seconds();
        var output = await cluster.Client(
            "pgbench", "--no-vacuum", "--protocol", "prepared", "--file", script, "--client", $"{clients}", "--jobs", "2", "--time", duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), Database);
        return new Reading(Number(output, "tps ="), ProcessorTime.MicrosEach(before, Seconds(), (long)Number(output, "number of transactions actually processed:")));
    }

    private Dictionary<string, double> Seconds() => new() { ["postgres"] = cluster.ProcessorSeconds, ["pgbench"] = ProcessorTime.OfEndedChildren() };

    /// <summary>The number after a label at the beginning of a line.</summary>
    private static double Number(string output, string label) => double.Parse(
        output.Split('\n').First(l => l.StartsWith(label, StringComparison.Ordinal))[label.Length..].TrimStart().Split(' ')[0], CultureInfo.InvariantCulture);
}
