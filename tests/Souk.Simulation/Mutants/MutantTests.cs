using System.Globalization;

namespace Souk.Simulation.Mutants;

/// <summary>A simulation that finds nothing may be looking at nothing. So each rule is broken on purpose, and that must be found.</summary>
public class MutantTests(ITestOutputHelper output)
{
    private static readonly int MostSeeds = SimulationTests.Number("SOUK_SEEDS") ?? 10_000;

    public static TheoryData<string> Names => [.. Breaches.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_breach_is_found(string name)
    {
        var (_, seed, broken) = Run(Breaches.All.Single(m => m.Name == name), MostSeeds);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {seed} | {broken?.Split('\n')[0]} |"));
        broken.ShouldNotBeNull($"{name} is not found in {MostSeeds} seeds");
    }

    [Fact]
    public void Without_a_breach_nothing_is_found()
    {
        foreach (var project in Breaches.All.DistinctBy(m => m.Project))
        {
            Run(project with { Edits = [] }, 50).Broken.ShouldBeNull(project.Project);
        }
    }

    private static (int Done, int Seed, string? Broken) Run(Mutant mutant, int seeds)
    {
        var many = MutantCompiler.Load(mutant).GetType(typeof(SeedRun).FullName!)!.GetMethod(nameof(SeedRun.Many))!;
        return ((int, int, string?))many.Invoke(null, [1, seeds, null])!;
    }
}
