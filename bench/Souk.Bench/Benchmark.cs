using Spectre.Console;

namespace Souk.Bench;

/// <summary>A whole run: the parts one after the other, then the table.</summary>
internal static class Benchmark
{
    public static async Task<int> Run(Plan plan)
    {
        using var scratch = new Scratch(plan.Folder);
        var results = await AnsiConsole.Status().StartAsync("starting", async status =>
        {
            var session = new Session(plan, status);
            await Parts(session, scratch);
            return session.Results;
        });
        Console.WriteLine(results.Rows.Count);
        return 0;
    }

    private static async Task Parts(Session session, Scratch scratch)
    {
        session.Doing("building Souk");
        await SoukProgram.Build();
        using var cluster = session.Wants([.. PgBench.Measures, .. FewStage.Measures("postgres")]) ? await Cluster.Start(scratch["cluster"]) : null;
        if (cluster is not null)
        {
            await session.Part(PgBench.Measures, () => new PgBench(session, cluster, scratch.Path).Run());
            await session.Part(FewStage.Measures("postgres"), () => new FewStage(session, Layout.Postgres(cluster, "few"), scratch["few-postgres"]).Run());
        }

        await session.Part(FewStage.Measures("sqlite"), () => new FewStage(session, Layout.Sqlite, scratch["few-sqlite"]).Run());
    }
}
