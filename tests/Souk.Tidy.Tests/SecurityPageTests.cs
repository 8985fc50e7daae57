using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Souk.Tidy.Tests;

/// <summary><c>docs/security.md</c> names the tests of each of its promises.</summary>
public partial class SecurityPageTests
{
    private static readonly Mention[] Page = [.. Mentions()];

    private static readonly (string Class, string Test)[] Tests = [.. Repository.Sources("tests").SelectMany(TestsOf)];

    [Fact]
    public void Every_promise_names_a_test() =>
        Page.Where(m => m.Test.Length > 0).Select(m => m.Promise).Distinct().ShouldBe(Enumerable.Range(1, 32));

    [Fact]
    public void Every_test_that_is_named_exists() =>
        Page.Where(m => m.Test.Length > 0 ? !Tests.Contains((m.Class, m.Test)) : !Tests.Any(t => t.Class == m.Class)).ShouldBeEmpty();

    [Fact]
    public void Every_test_that_bears_a_promises_number_is_named_there()
    {
        var numbered = Tests.Select(t => (Number: Number().Match(t.Test).Groups["number"], t.Class, t.Test)).Where(t => t.Number.Success)
            .Select(t => new Mention(int.Parse(t.Number.Value, CultureInfo.InvariantCulture), t.Class, t.Test)).ToArray();

        numbered.Length.ShouldBeGreaterThan(200);
        numbered.Except(Page).ShouldBeEmpty();
    }

    /// <summary>A test stands behind its class, and both behind the number of the promise. What stands before the first promise has 0.</summary>
    private static IEnumerable<Mention> Mentions()
    {
        var last = new Mention(0, "", "");
        foreach (Match word in Words().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"))))
        {
            var (promise, type, test) = (word.Groups["promise"], word.Groups["class"], word.Groups["test"]);
            last = promise.Success ? new Mention(int.Parse(promise.Value, CultureInfo.InvariantCulture), "", "")
                : type.Success ? last with { Class = type.Value, Test = "" }
                : last with { Test = test.Value };
            if (!promise.Success)
            {
                yield return last;
            }
        }
    }

    private static IEnumerable<(string Class, string Test)> TestsOf(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(m => m.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString() is "Fact" or "Theory"))
            .Select(m => (m.Ancestors().OfType<ClassDeclarationSyntax>().First().Identifier.Text, m.Identifier.Text));

    [GeneratedRegex("^### (?<promise>[0-9]+)$|`(?<class>[A-Za-z0-9]+Tests)`|`(?<test>[A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Words();

    [GeneratedRegex("^Security0?(?<number>[0-9]+)_", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    private sealed record Mention(int Promise, string Class, string Test);
}
