using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Souk.Tidy.Tests;

/// <summary>Files and functions stay short enough to be read in one go.</summary>
public class LengthTests
{
    [Fact]
    public void Nine_files_in_ten_have_fewer_than_150_lines_and_none_more_than_250()
    {
        var files = Repository.Sources("src").Select(f => (Name: Repository.Name(f), Lines: File.ReadLines(f).Count())).ToArray();

        files.Where(f => f.Lines > 250).ShouldBeEmpty();
        ShareOf(files, f => f.Lines < 150).ShouldBeGreaterThanOrEqualTo(0.9);
    }

    [Fact]
    public void Nine_functions_in_ten_have_fewer_than_40_lines_and_none_more_than_60()
    {
        var functions = Repository.Sources("src").SelectMany(Functions).ToArray();

        functions.Length.ShouldBeGreaterThan(100);
        functions.Where(f => f.Lines > 60).ShouldBeEmpty();
        ShareOf(functions, f => f.Lines < 40).ShouldBeGreaterThanOrEqualTo(0.9);
    }

    private static IEnumerable<(string Name, int Lines)> Functions(string file)
    {
        var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
        return root.DescendantNodes().OfType<MethodDeclarationSyntax>().Select(m =>
        {
            var span = m.SyntaxTree.GetLineSpan(m.Span);
            return ($"{Repository.Name(file)}: {m.Identifier}", span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
        });
    }

    private static double ShareOf<T>(IReadOnlyCollection<T> all, Func<T, bool> good) => (double)all.Count(good) / all.Count;
}
