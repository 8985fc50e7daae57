using System.CommandLine;
using System.Globalization;
using Souk.Contracts;

namespace Souk;

/// <summary><c>souk verify</c>: proves the shop's books. It may run beside an open shop, and changes nothing.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var verify = new Command("verify", "Proves the shop's books: every wallet, product and order, and every sale across the services. Names each discrepancy; the exit code tells whether there is one. May run beside an open shop.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        verify.SetAction(async (parsed, _) =>
        {
            var balanced = false;
            var code = await Commands.Guarded(async () => balanced = await Run(await Commands.Settings(parsed.UnmatchedTokens), TimeProvider.System));
            return code != 0 ? code : balanced ? 0 : 1;
        });
        return verify;
    }

    /// <summary>Names each discrepancy, a line each.</summary>
    public static void Print(IReadOnlyList<Discrepancy> wrong)
    {
        foreach (var d in wrong)
        {
            Console.WriteLine($"{d.Kind} {d.Id}: expected {d.Expected}; found {d.Found}");
        }
    }

    private static async Task<bool> Run(IConfiguration configuration, TimeProvider time)
    {
        var started = time.GetTimestamp();
        await using var books = await ShopBooks.Open(configuration);
        var read = await books.Check();
        Print(read.Wrong);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{read.Money.Wallets:N0} wallets, {read.Stock.Products:N0} products, {read.Orders.Orders:N0} orders, {read.Ratings.Summaries:N0} ratings: {Verdict(read.Wrong.Count)} ({time.GetElapsedTime(started).TotalSeconds:0.0} s)"));
        return read.Wrong.Count == 0;
    }

    private static string Verdict(int wrong) => wrong == 0 ? "the books balance" : string.Create(CultureInfo.InvariantCulture, $"{wrong:N0} discrepancies");
}
