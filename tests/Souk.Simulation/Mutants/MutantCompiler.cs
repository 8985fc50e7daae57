using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Souk.Simulation.Mutants;

/// <summary>Compiles a project of the shop with a breach in it, in memory, and loads it with a simulation of its own.</summary>
internal static class MutantCompiler
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);
    private static readonly string[] Mutable = ["Souk.Platform", "Souk.Contracts", "Souk.Customers", "Souk.Inventory", "Souk.Sales"];
    private static readonly string[] Trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
    private static readonly Dictionary<string, Compilation> Unbroken = [];

    /// <summary>A simulation of the shop with a breach in it.</summary>
    public static Assembly Load(Mutant mutant)
    {
        using var image = new MemoryStream();
        var file = Path.Combine(Source, mutant.File);
        var unbroken = Whole(mutant.Project);
        var tree = unbroken.SyntaxTrees.Single(t => t.FilePath == file);
        var broken = unbroken.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(mutant.Apply(tree.ToString()), Parsing, file));
        CSharpGeneratorDriver.Create(Generators.Value, parseOptions: Parsing).RunGeneratorsAndUpdateCompilation(broken, out var complete, out _);
        var result = complete.Emit(image);
        result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ShouldBeEmpty(mutant.Name);
        return new Mutated(mutant.Project, image.ToArray()).LoadFromAssemblyName(new AssemblyName("Souk.Simulation"));
    }

    private static string Source => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src"));

    /// <summary>The SDK's own generators of the frameworks, of which the shop uses those for logging, JSON and regular expressions.</summary>
    private static Lazy<ISourceGenerator[]> Generators { get; } = new(() =>
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        string[] names = ["Microsoft.Extensions.Logging.Generators.dll", "System.Text.Json.SourceGeneration.dll", "System.Text.RegularExpressions.Generator.dll"];
        return [.. Directory.EnumerateFiles(Path.Combine(root, "packs"), "*.dll", SearchOption.AllDirectories).Where(f => names.Contains(Path.GetFileName(f)))
            .GroupBy(f => Path.GetFileName(f)).Select(g => g.Order(StringComparer.Ordinal).Last())
            .SelectMany(f => new AnalyzerFileReference(f, new Loader()).GetGenerators(LanguageNames.CSharp))];
    });

    private static Compilation Whole(string project)
    {
        if (!Unbroken.TryGetValue(project, out var compilation))
        {
            var folder = Path.Combine(Source, project);
            var (framework, configuration) = (Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!));
            var made = Directory.EnumerateFiles(Path.Combine(folder, "obj", configuration, framework), "*.cs");
            var written = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(f => !f[folder.Length..].Contains("/obj/", StringComparison.Ordinal) && !f[folder.Length..].Contains("/bin/", StringComparison.Ordinal));
            compilation = CSharpCompilation.Create(
                project,
                written.Concat(made).Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), Parsing, f)),
                Trusted.Where(f => Path.GetFileNameWithoutExtension(f) != project).Select(f => MetadataReference.CreateFromFile(f)),
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
            Unbroken.Add(project, compilation);
        }

        return compilation;
    }

    private static string Here([CallerFilePath] string path = "") => path;

    /// <summary>
    /// The shop and its simulation once more, one project of it mutated; everything else is shared. It is not collectible: threads of the
    /// mutant may still be about when its test has seen enough.
    /// </summary>
    private sealed class Mutated(string project, byte[] image) : AssemblyLoadContext
    {
        private readonly Dictionary<string, Assembly> _loaded = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var name = assemblyName.Name!;
            if (name != "Souk.Simulation" && !Mutable.Contains(name))
            {
                return null;
            }

            // Several threads may come to need an assembly at the same moment, and a context takes each once.
            lock (_loaded)
            {
                return _loaded.TryGetValue(name, out var loaded) ? loaded : _loaded[name] = LoadFromStream(new MemoryStream(name == project ? image : File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"))));
            }
        }
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => AssemblyLoadContext.Default.LoadFromAssemblyPath(fullPath);
    }
}
