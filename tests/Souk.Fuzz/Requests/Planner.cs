namespace Souk.Fuzz.Requests;

/// <summary>Makes the plan of each request out of the seed and its number, and of nothing else: the same seed, the same requests.</summary>
internal sealed class Planner
{
    private static readonly (string Who, int Weight)[] Callers =
        [("customer", 30), ("admin", 26), ("other", 12), ("moderator", 12), ("visitor", 10), ("service", 5), ("forger", 5)];

    private readonly ulong _seed;
    private readonly Operation[] _operations;
    private readonly Operation[] _lots;

    /// <summary>Orders the operations, so that their numbers do not depend on who asked for them when.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="operations">All operations.</param>
    public Planner(int seed, IEnumerable<Operation> operations)
    {
        _seed = unchecked((ulong)seed);
        _operations = [.. operations.OrderBy(o => o.Service, StringComparer.Ordinal).ThenBy(o => o.Path, StringComparer.Ordinal).ThenBy(o => o.Method, StringComparer.Ordinal)];
        _lots = [.. _operations.SelectMany(o => Enumerable.Repeat(o, Weight(o)))];
    }

    /// <summary>All operations, in their order.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>The plan of a request.</summary>
    public Plan Make(long number)
    {
        var dice = new Dice(unchecked((_seed * 0x9E3779B97F4A7C15) ^ ((ulong)number * 0xD1342543DE82EF95)));
        var operation = dice.OneOf<Operation>(_lots);
        var plan = new Plan(number, operation, Caller(dice, operation)) { Method = operation.Method, Target = operation.Path };
        if (dice.Chance(0.02))
        {
            plan.Raw = dice.OneOf<string>(Corpus.Wire);
            plan.Odd.Add("broken HTTP");
            (plan.IsExact, plan.MayEndBelow) = (false, true);
            return plan;
        }

        var targets = new Targets(plan, dice);
        targets.Write(wrong: dice.Chance(0.3) ? 0.5 : 0);
        if (operation.Body is not null || dice.Chance(0.03))
        {
            WriteBody(plan, dice);
        }

        Lines.Write(plan, dice);
        if (dice.Chance(0.1))
        {
            targets.Twist();
        }

        if (dice.Chance(0.03))
        {
            Verb(plan, dice);
        }

        return plan;
    }

    /// <summary>Operations that take much can be wrong in many ways; probes hardly in any.</summary>
    private static int Weight(Operation operation) =>
        operation.Path.StartsWith("/health", StringComparison.Ordinal) ? 1 : operation.IsInternal ? 2 : 4 + (operation.Body is null ? 0 : 6) + Math.Min(4, operation.Parameters.Count);

    /// <summary>Somebody. A service may speak to its like as it wants: that is no attack.</summary>
    private static string Caller(Dice dice, Operation operation)
    {
        var lot = dice.Below(Callers.Sum(c => c.Weight));
        var who = Callers.First(c => (lot -= c.Weight) < 0).Who;
        return who == "service" && operation.IsInternal ? "forger" : who;
    }

    private static void WriteBody(Plan plan, Dice dice)
    {
        plan.Set("Content-Type", "application/json");
        if (plan.Operation.Body is null || dice.Chance(0.08))
        {
            plan.Body = dice.OneOf<string>(Corpus.Bodies);
            plan.Odd.Add("strange body");
        }
        else
        {
            var wrong = dice.Chance(0.4) ? 0 : dice.OneOf(0.08, 0.15, 0.5);
            plan.Body = new Bodies(plan.Operation.Document, dice, plan.Who, wrong).Of(plan.Operation);
            plan.Odd.AddRange(wrong > 0 ? ["wrong fields"] : []);
            Damage(plan, dice);
        }

        Spare(plan);
        Frame(plan, dice);
    }

    /// <summary>Now and then a byte of the body is lost, doubled or changed.</summary>
    private static void Damage(Plan plan, Dice dice)
    {
        if (plan.Body!.Length == 0 || !dice.Chance(0.05))
        {
            return;
        }

        var at = dice.Below(plan.Body.Length);
        plan.Body = dice.Below(4) switch
        {
            0 => plan.Body[..at],
            1 => plan.Body.Insert(at, $"{(char)dice.Below(256)}"),
            2 => plan.Body.Remove(at, 1),
            _ => plan.Body + plan.Body,
        };
        plan.Body = Whole(plan.Body);
        plan.Odd.Add("damaged body");
    }

    /// <summary>Damage may have cut a blank in two; then what is left of it goes.</summary>
    private static string Whole(string body) =>
        body.Count(c => c == '⟦') == body.Count(c => c == '⟧') && !System.Text.RegularExpressions.Regex.IsMatch(body, "⟦(?![tjh]\\|[^|⟧]*\\|[0-9]+\\|[^⟧]*⟧)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            ? body
            : body.Replace("⟦", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal);

    /// <summary>
    /// Retiring all signing keys at once turns every token away for a minute: there would be nobody left to send requests as. So whoever may do
    /// it only ever rotates them in their time; everybody else tries it.
    /// </summary>
    private static void Spare(Plan plan)
    {
        if (plan.Operation.Id == "post_v2_signing_keys" && plan.Who == "admin")
        {
            plan.Body = plan.Body!.Replace("true", "false", StringComparison.Ordinal);
        }
    }

    private static void Frame(Plan plan, Dice dice)
    {
        if (dice.Chance(0.05))
        {
            plan.Framing = Framing.Chunks;
        }
        else if (dice.Chance(0.015))
        {
            plan.Framing = dice.OneOf(Framing.TooLong, Framing.TooShort, Framing.BrokenChunks, Framing.Both);
            plan.Odd.Add($"framing: {plan.Framing}");
            (plan.IsExact, plan.MayEndBelow) = (false, true);
        }
    }

    private static void Verb(Plan plan, Dice dice)
    {
        plan.Method = dice.OneOf("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "FOO", "get", "Post", "PROPFIND", new string('M', 300));
        plan.Odd.Add($"method {(plan.Method.Length > 20 ? "of 300 letters" : plan.Method)}");
        (plan.IsExact, plan.MayEndBelow) = (plan.IsExact && plan.Method == plan.Operation.Method, true);
    }
}
