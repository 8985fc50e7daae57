using System.Globalization;

namespace Souk.Platform.Requests;

/// <summary>
/// Unicode's normalization form C (UAX #15). The shop runs without the operating system's culture data, and without that .NET's own
/// <c>Normalize</c> leaves every text as it is. The tables are Unicode's, in <c>nfc.txt</c>.
/// </summary>
internal static class Nfc
{
    private const int FirstCombining = 0x300;
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Tables> Unicode = new(Tables.Load);

    /// <summary>The text in form C; half a surrogate pair is refused.</summary>
    /// <exception cref="ArgumentException">It holds half a surrogate pair.</exception>
    public static string Of(string text)
    {
        if (text.All(c => c < FirstCombining))
        {
            return text;
        }

        var runes = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i += char.IsSurrogate(text[i]) ? 2 : 1)
        {
            Decompose(char.ConvertToUtf32(text, i), runes);
        }

        Order(runes);
        return string.Concat(Compose(runes).Select(char.ConvertFromUtf32));
    }

    private static void Decompose(int rune, List<int> into)
    {
        var syllable = rune - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Tails)
        {
            into.Add(LeadBase + (syllable / (Vowels * Tails)));
            into.Add(VowelBase + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails != 0)
            {
                into.Add(TailBase + (syllable % Tails));
            }
        }
        else if (Unicode.Value.Parts.TryGetValue(rune, out var parts))
        {
            Array.ForEach(parts, part => Decompose(part, into));
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Sorts the marks after each base by their class; those of one class keep their order.</summary>
    private static void Order(List<int> runes)
    {
        for (var start = 0; start < runes.Count; start++)
        {
            var end = start;
            while (end < runes.Count && ClassOf(runes[end]) > 0)
            {
                end++;
            }

            foreach (var mark in runes[start..end].OrderBy(ClassOf))
            {
                runes[start] = mark;
                start++;
            }
        }
    }

    private static List<int> Compose(List<int> runes)
    {
        var done = new List<int>(runes.Count);
        var (start, last) = (-1, 0);
        foreach (var rune in runes)
        {
            var kind = ClassOf(rune);
            var free = start == done.Count - 1 || last < kind;
            if (start >= 0 && free && Pair(done[start], rune) is { } whole)
            {
                done[start] = whole;
                continue;
            }

            (start, last) = kind == 0 ? (done.Count, 0) : (start, kind);
            done.Add(rune);
        }

        return done;
    }

    private static int? Pair(int first, int second) => (first - LeadBase, first - HangulBase, second - VowelBase, second - TailBase) switch
    {
        (>= 0 and < Leads, _, >= 0 and < Vowels, _) => HangulBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Tails),
        (_, >= 0 and < Leads * Vowels * Tails, _, > 0 and < Tails) when (first - HangulBase) % Tails == 0 => first + second - TailBase,
        _ => Unicode.Value.Wholes.TryGetValue((first, second), out var whole) ? whole : null,
    };

    private static int ClassOf(int rune) => rune < FirstCombining ? 0 : Unicode.Value.Classes.GetValueOrDefault(rune);

    /// <summary>What <c>nfc.txt</c> says: <c>first-last:class</c>, <c>whole=first second</c>, and <c>whole>parts</c> for what is never put together again.</summary>
    private sealed record Tables(Dictionary<int, int> Classes, Dictionary<int, int[]> Parts, Dictionary<(int First, int Second), int> Wholes)
    {
        public static Tables Load()
        {
            var tables = new Tables([], [], []);
            using var reader = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("nfc.txt")!);
            while (reader.ReadLine() is { } line)
            {
                tables.Add(line, line.Split('-', ':', '=', '>', ' '));
            }

            return tables;
        }

        private void Add(string line, string[] numbers)
        {
            if (line.Contains(':', StringComparison.Ordinal))
            {
                var kind = int.Parse(numbers[2], CultureInfo.InvariantCulture);
                for (var rune = Hex(numbers[0]); rune <= Hex(numbers[1]); rune++)
                {
                    Classes[rune] = kind;
                }

                return;
            }

            var parts = Parts[Hex(numbers[0])] = [.. numbers[1..].Select(Hex)];
            if (line.Contains('=', StringComparison.Ordinal))
            {
                Wholes[(parts[0], parts[1])] = Hex(numbers[0]);
            }
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
