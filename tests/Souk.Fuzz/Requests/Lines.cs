namespace Souk.Fuzz.Requests;

/// <summary>Writes the headers of a request.</summary>
internal static class Lines
{
    public static void Write(Plan plan, Dice dice)
    {
        if (plan.Who != "visitor")
        {
            plan.Set("Authorization", $"Bearer {Blank.InHeader($"token:{plan.Who}", 0, "none")}");
        }

        foreach (var parameter in plan.Operation.Parameters.Where(p => p.In == "header"))
        {
            Parameter(plan, parameter, dice);
        }

        for (var strange = dice.Chance(0.25) ? dice.From(1, 3) : 0; strange > 0; strange--)
        {
            Strange(plan, dice);
        }

        if (plan.Body is not null && dice.Chance(0.08))
        {
            MediaType(plan, dice.OneOf<string>(Corpus.MediaTypes));
        }
    }

    private static void Parameter(Plan plan, Parameter parameter, Dice dice)
    {
        if (parameter.Name == "If-Match" && dice.Chance(0.9))
        {
            var value = dice.Below(10) switch
            {
                < 4 => "*",
                < 7 => Blank.InHeader("etags", dice.Below(24), "\"v1\""),
                7 => "\"v1\"",
                _ => dice.OneOf<string>(Corpus.Opaque),
            };
            Add(plan, parameter.Name, value);
        }
        else if (parameter.Name == "Idempotency-Key" && dice.Chance(0.6))
        {
            // Few enough that keys meet again, with the same request and with another.
            Add(plan, parameter.Name, $"key-{dice.Below(300)}");
        }
        else if (dice.Chance(0.1))
        {
            Add(plan, parameter.Name, Bytes.Of(dice.OneOf<string>(Corpus.Texts)));
        }
    }

    private static void Strange(Plan plan, Dice dice)
    {
        var (name, value) = dice.OneOf<(string, string)>(Corpus.Headers);
        plan.Odd.Add($"header {name}");
        if (name is "Authorization")
        {
            // Whoever it was is nobody now, and the judge should know.
            (plan.IsExact, plan.MayEndBelow) = (false, true);
            plan.Set(name, value);
            return;
        }

        Add(plan, name, value, twice: dice.Chance(0.15));
    }

    private static void Add(Plan plan, string name, string value, bool twice = false)
    {
        plan.Set(name, value);
        if (twice)
        {
            plan.Headers.Add((name, value));
        }

        // Headers that speak to the web server, and values that are no header values, it may refuse by itself.
        var isPlain = name.Length > 0 && value.All(c => c is >= ' ' and <= '~' or '⟦' or '⟧') && name is not ("Upgrade" or "Connection" or "Expect" or "TE" or "HTTP2-Settings");
        if (!isPlain)
        {
            (plan.IsExact, plan.MayEndBelow) = (false, true);
        }
    }

    private static void MediaType(Plan plan, string type)
    {
        plan.Odd.Add("strange media type");
        if (type.Length == 0)
        {
            plan.Headers.RemoveAll(h => h.Name == "Content-Type");
        }
        else
        {
            plan.Set("Content-Type", type);
        }
    }
}
