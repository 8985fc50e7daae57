using System.Text;

namespace Souk.Fuzz.Requests;

/// <summary>Writes the path and the query of a request.</summary>
internal sealed class Targets(Plan plan, Dice dice)
{
    private static readonly HashSet<string> NoSegments = ["", ".", ".."];
    private static readonly string[] Unsegmented = ["%00", "%2F", "%5C"];

    /// <summary>Gives each parameter a value.</summary>
    /// <param name="wrong">How many of the values are strange, from 0 to 1.</param>
    public void Write(double wrong)
    {
        var path = plan.Operation.Path;
        var query = new List<string>();
        foreach (var parameter in plan.Operation.Parameters)
        {
            if (parameter.In == "path")
            {
                path = path.Replace($"{{{parameter.Name}}}", Segment(parameter, dice.Chance(wrong)), StringComparison.Ordinal);
            }
            else if (parameter.In == "query" && (parameter.Required ? !dice.Chance(wrong / 4) : dice.Chance(0.35)))
            {
                query.Add($"{parameter.Name}={Value(parameter, dice.Chance(wrong))}");
            }
        }

        if (dice.Chance(wrong / 5))
        {
            query.Add(dice.OneOf("role=admin", "limit=1&limit=2", "", "&&&", "=", "=x", "%00=1", "%=%", "a[]=1&a[0]=2", "username=%ff", "%c0%af", "x=" + new string('y', 3000), "_method=DELETE", "access_token=x", "a=1;b=2", "after=", "after=%20", "limit=", "sort=a,b"));
            plan.Odd.Add("stray query");
        }

        plan.Target = query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    /// <summary>Bends the finished target, so that it may or may not lead to the operation any more.</summary>
    public void Twist()
    {
        var target = plan.Target;
        var slash = target.IndexOf('/', 1) is var second && second < 0 ? 0 : second;
        plan.Target = dice.Below(18) switch
        {
            0 => target.Insert(slash, "/"),
            1 => target.Insert(slash, "/."),
            2 => target.Insert(slash, "/x/.."),
            3 => target.Insert(slash, "/%2e%2e"),
            4 => target.Insert(slash, "%00"),
            5 => target.Insert(slash, "%zz"),
            6 => target.Insert(slash, "%"),
            7 => target.Insert(slash, "%c0%af"),
            8 => target.Insert(slash, "%ff"),
            9 => target.Insert(slash, "\\"),
            10 => target.Insert(slash, ";a=b"),
            11 => target.Insert(slash, "%252f"),
            12 => target + "#x",
            13 => target + "/",
            14 => Blanks(target, text => text.ToUpperInvariant()),
            15 => $"http://evil.example{target}",
            16 => target.Replace("/api/", "/api/../internal/", StringComparison.Ordinal),
            _ => target.Insert(slash, "\xe9"),
        };
        plan.Odd.Add("twisted path");
        (plan.IsExact, plan.MayEndBelow) = (false, true);
    }

    private static string Blanks(string target, Func<string, string> change)
    {
        var changed = new StringBuilder();
        foreach (var part in target.Split('⟦'))
        {
            var end = part.IndexOf('⟧', StringComparison.Ordinal);
            changed.Append(end < 0 ? change(part) : $"⟦{part[..(end + 1)]}{change(part[(end + 1)..])}");
        }

        return changed.ToString();
    }

    private string Segment(Parameter parameter, bool isStrange)
    {
        if (isStrange)
        {
            var text = dice.Chance(0.7) ? dice.OneOf<string>(Corpus.Texts) : dice.OneOf<string>(Corpus.Opaque);
            plan.Odd.Add($"strange {parameter.Name}");
            return Checked(Bytes.Escaped(text));
        }

        return Checked(Value(parameter, isStrange: false));
    }

    /// <summary>Some values make another path of it, or one that the web server refuses.</summary>
    private string Checked(string segment)
    {
        if (NoSegments.Contains(segment) || segment.Length > 3000 || Unsegmented.Any(s => segment.Contains(s, StringComparison.Ordinal)))
        {
            (plan.IsExact, plan.MayEndBelow) = (false, true);
        }

        return segment;
    }

    private string Value(Parameter parameter, bool isStrange)
    {
        if (isStrange)
        {
            plan.Odd.Add($"strange {parameter.Name}");
            var strange = Bytes.Escaped(dice.Chance(0.5) ? dice.OneOf<string>(Corpus.Texts) : dice.OneOf<string>(Corpus.Opaque));
            if (strange.Length > 6000)
            {
                (plan.IsExact, plan.MayEndBelow) = (false, true);
            }

            return strange;
        }

        var plain = Bytes.Escaped(Bodies.Parameter(parameter.Schema, plan.Operation.Document, dice));
        var pool = Seen.PoolOf(parameter.Name, plan.Operation.Collection);
        if (pool == "usernames" && !plan.IsStranger && dice.Chance(0.6))
        {
            return Blank.InTarget($"me:{plan.Who}", 0, "nobody");
        }

        return plain.Length == 0 || dice.Chance(0.8) ? Blank.InTarget(pool, dice.Below(24), plain.Length == 0 ? "a" : plain) : plain;
    }
}
