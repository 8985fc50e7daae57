using System.Collections.Concurrent;
using System.Text.Json;

namespace Souk.Fuzz.Requests;

/// <summary>What answers told: identifiers, cursors, versions, each in a pool of the latest ones; and who takes part now.</summary>
internal sealed class Seen
{
    private const int Most = 24;
    private const int DeepestLook = 4;

    private readonly ConcurrentDictionary<string, Pool> _pools = new();

    /// <summary>Names in paths and bodies that mean the same.</summary>
    public static string PoolOf(string name, string collection) => name switch
    {
        "product_id" or "item_id" or "good_id" => "products",
        "username" or "customer_id" or "customer_username" => "usernames",
        "good_name" or "name" or "q" => "names",
        "next" or "after" => "cursors",
        "id" => collection switch { "moderation-queue" => "reviews", "checkout" => "orders", var other => other },
        _ => name,
    };

    /// <summary>The value of a pool that a plan means, or null when nothing is known yet.</summary>
    public (string Text, bool IsNumber)? Find(string pool, int number) => _pools.TryGetValue(pool, out var known) ? known.At(number) : null;

    /// <summary>Replaces what a pool holds.</summary>
    public void Set(string pool, string value)
    {
        var only = new Pool();
        only.Add((value, false));
        _pools[pool] = only;
    }

    /// <summary>Adds to a pool.</summary>
    public void Add(string pool, string value, bool isNumber = false) => _pools.GetOrAdd(pool, _ => new Pool()).Add((value, isNumber));

    /// <summary>Learns from an answer. The first admin is left alone: without one the show would be over.</summary>
    public void Learn(Operation from, JsonElement body, string? etag)
    {
        if (etag is not null)
        {
            Add("etags", etag);
        }

        Look(from.Collection, body, 0);
    }

    private void Look(string collection, JsonElement at, int depth)
    {
        if (depth > DeepestLook)
        {
            return;
        }

        if (at.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in at.EnumerateArray().Take(3))
            {
                Look(collection, item, depth + 1);
            }
        }
        else if (at.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in at.EnumerateObject().Take(40))
            {
                Note(collection, field);
                Look(field.Value.ValueKind == JsonValueKind.Array && field.Name != "items" ? field.Name : collection, field.Value, depth + 1);
            }
        }
    }

    private void Note(string collection, JsonProperty field)
    {
        var tells = field.Name is "id" or "username" or "next" or "name" or "sku" || field.Name.EndsWith("_id", StringComparison.Ordinal) || field.Name.EndsWith("_token", StringComparison.Ordinal);
        if (tells && field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number && $"{field.Value}" is { Length: > 0 and < 600 } value && value != "admin")
        {
            Add(PoolOf(field.Name, collection), value, field.Value.ValueKind == JsonValueKind.Number);
        }
    }

    private sealed class Pool
    {
        private readonly List<(string Text, bool IsNumber)> _values = [];
        private int _next;

        public void Add((string Text, bool IsNumber) value)
        {
            lock (_values)
            {
                if (_values.Count < Most)
                {
                    _values.Add(value);
                }
                else
                {
                    _values[_next++ % Most] = value;
                }
            }
        }

        public (string Text, bool IsNumber) At(int number)
        {
            lock (_values)
            {
                return _values[number % _values.Count];
            }
        }
    }
}
