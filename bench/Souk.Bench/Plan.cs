namespace Souk.Bench;

/// <summary>What to measure, and for how long.</summary>
/// <param name="WarmUp">How long each load runs before it counts.</param>
/// <param name="Round">How long a round that counts is.</param>
/// <param name="Rounds">How many rounds; their median is the figure.</param>
/// <param name="Many">How many products, customers and orders the large shop has.</param>
/// <param name="Folder">Where databases are made; it should be on the disk that one would sell from.</param>
/// <param name="Keep">Whether they are kept afterwards, with the logs.</param>
/// <param name="Only">Names of measures, or how they begin; none means all.</param>
/// <param name="Write">Whether <c>bench/RESULTS.md</c> is written.</param>
internal sealed record Plan(TimeSpan WarmUp, TimeSpan Round, int Rounds, int Many, string Folder, bool Keep, IReadOnlyList<string> Only, bool Write)
{
    /// <summary>How many products and as many customers the usual shop has.</summary>
    public const int Few = 10_000;

    /// <summary>How many connections buy and read at once.</summary>
    public const int Connections = 256;

    /// <summary>How many connections buy at a fixed rate: so many that one that waits for its answer hardly lowers it.</summary>
    public const int Paced = 1024;

    /// <summary>How many sales a shop has under way at most (<c>Sale.Most</c> in Sales).</summary>
    public const int UnderWay = 1024;

    /// <summary>How many connections want to buy when there are too many of them: as many again as the shop takes.</summary>
    public const int Crowd = 2 * UnderWay;

    /// <summary>Is this measure to be taken?</summary>
    public bool Wants(string measure) => (Many > 0 || !ManyStage.Suffixes.Any(s => measure.EndsWith(s, StringComparison.Ordinal))) && (Only.Count == 0 || Only.Any(o => measure.StartsWith(o, StringComparison.Ordinal)));
}
