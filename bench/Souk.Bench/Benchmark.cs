using Spectre.Console;

namespace Souk.Bench;

/// <summary>A whole run: the parts one after the other, then the table.</summary>
internal static class Benchmark
{
    public static async Task<int> Run(Plan plan)
    {
        Report.FitScreen();
        Results results;
        string machine;
        using (var scratch = new Scratch(plan.Folder, plan.Keep))
        {
            machine = await Machine.Describe(scratch.Path);
            results = await AnsiConsole.Status().StartAsync("starting", async status =>
            {
                var session = new Session(plan, status);
                await Parts(session, scratch);
                return session.Results;
            });
        }

        if (results.Rows.Count == 0)
        {
            Console.Error.WriteLine("Nothing was measured: with --quick the large shop needs --many.");
            return 1;
        }

        Report.Print(results);
        if (plan.Write)
        {
            await Report.Write(results, plan, machine);
        }

        return results.Rows.All(r => r.Measured is not null) ? 0 : 1;
    }

    private static async Task Parts(Session session, Scratch scratch)
    {
        session.Doing("building Souk");
        await SoukProgram.Build();
        await session.Part(EmptyEndpoint.Measures, () => EmptyEndpoint.Run(session, scratch));
        await OnPostgres(session, scratch);
        await session.Part(FewStage.Measures("sqlite"), () => new FewStage(session, Layout.Sqlite, scratch["few-sqlite"]).Run());
        await session.Part(ManyStage.Measures("sqlite"), () => new ManyStage(session, Layout.Sqlite, scratch["many-sqlite"]).Run());
    }

    private static async Task OnPostgres(Session session, Scratch scratch)
    {
        if (!session.Wants([.. PgBench.Measures, .. FewStage.Measures("postgres"), .. ManyStage.Measures("postgres")]))
        {
            return;
        }

        session.Doing("starting PostgreSQL");
        using var cluster = await Cluster.Start(scratch["cluster"]);
        await session.Part(PgBench.Measures, () => new PgBench(session, cluster, scratch.Path).Run());
        await session.Part(FewStage.Measures("postgres"), () => new FewStage(session, Layout.Postgres(cluster, "few"), scratch["few-postgres"]).Run());
        await session.Part(ManyStage.Measures("postgres"), () => new ManyStage(session, Layout.Postgres(cluster, "many"), scratch["many-postgres"]).Run());
    }
}
