using System.Text.Json;
using Souk.Platform.Errors;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Traffic;
using Souk.Platform.Values;

namespace Souk.Platform.OpenApi;

/// <summary>One refusal as a client sees it.</summary>
internal sealed record RefusalPage(int Status, string ContentType, ErrorKind Kind, object Body);

/// <summary>
/// The refusals that an operation can meet: its own, and those that follow from what it takes and who may call it. Their bodies
/// come from the code that writes the real ones.
/// </summary>
internal static class RefusalPages
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static IEnumerable<RefusalPage> Of(Declared operation, string currency) =>
        Implied(operation).Concat(operation.OwnRefusals).Distinct().Select(kind => Page(operation, Occurrence(operation, kind, currency)));

    private static RefusalPage Page(Declared operation, Error error)
    {
        if (operation.IsV1)
        {
            var (status, body) = Refusal.V1(error, operation.Manner);
            return new(status, "application/json", error.Kind, body);
        }

        return new(error.Kind.Status, Refusal.ProblemJson, error.Kind, Refusal.Problem(error, operation.Path, Trace));
    }

    private static IEnumerable<ErrorKind> Implied(Declared operation)
    {
        var rule = operation.Access.Rule;
        var everyone = operation.Access == Access.Anyone;
        var byPermission = !everyone && operation.Access != Access.SignedIn && operation.Access != Access.Service;

        // The second contract hides what belongs to another customer; the first says that it is forbidden.
        var forbids = byPermission && (operation.IsV1 || !rule.StartsWith("self|", StringComparison.Ordinal));
        (bool Meets, ErrorKind[] Kinds)[] implied =
        [
            (operation.Body is not null, [CommonErrors.MalformedJson, CommonErrors.BodyTooLarge, CommonErrors.UnsupportedMediaType]),
            (!everyone, [CommonErrors.Unauthenticated]),
            (forbids, [CommonErrors.Forbidden]),
            (operation.TakesIfMatch, [CommonErrors.PreconditionFailed, CommonErrors.PreconditionRequired]),
            (operation.Body is not null || operation.Params is not null || operation.TakesIdempotencyKey, [CommonErrors.ValidationFailed]),
            (operation.TakesIdempotencyKey, [CommonErrors.IdempotencyKeyReused]),
            (operation.RateClass != RateClass.Free, [CommonErrors.RateLimited]),
            (true, [CommonErrors.Internal]),
            (operation.Method != "GET", [CommonErrors.Busy, CommonErrors.StorageUnavailable]),
        ];
        return implied.Where(i => i.Meets).SelectMany(i => i.Kinds);
    }

    /// <summary>One occurrence of a refusal. Where it names fields, they are the operation's own.</summary>
    private static Error Occurrence(Declared operation, ErrorKind kind, string currency) => kind switch
    {
        _ when kind == CommonErrors.ValidationFailed => Binding.Invalid([WrongField(operation, new Reading(operation.IsV1 ? Strictness.Lax : Strictness.Strict, currency))]),
        _ when kind == CommonErrors.MalformedJson => kind.With(kind.Title) with
        {
            Fields = [new FieldError(["body", 0], "json_invalid", "JSON decode error", new { }, new Dictionary<string, object> { ["error"] = "Expecting value" })],
        },
        _ when kind == CommonErrors.Unauthenticated => Access.Unauthenticated(),
        _ when kind == CommonErrors.Forbidden => Access.Forbidden(operation.Access.Rule.Split('|')[^1]),
        _ when kind == CommonErrors.StepUpRequired => StepUp.Required(new StepUpRules(new Uri("https://shop.example"), Money.Zero).Offer()),
        _ => kind.With(kind.Title),
    };

    /// <summary>What the reader says of an empty body, or of fields that are hardly ever right.</summary>
    private static FieldError WrongField(Declared operation, Reading reading)
    {
        if (operation.Body is { } body)
        {
            RecordShape.Of(body).Read(JsonSerializer.SerializeToElement(new { }), reading, new Place(["body"]));
            Misread(body, _ => "body", reading);
        }

        if (operation.Params is { } parameters)
        {
            Misread(parameters, name => operation.InPath(name) ? "path" : "query", reading);
        }

        return reading.Errors.Count > 0 ? reading.Errors[0]
            : new FieldError(["header", Persistence.IdempotencyKey.Header], "idempotency_key", "Input should be 1 to 255 visible ASCII characters", "");
    }

    private static void Misread(Type type, Func<string, string> location, Reading reading)
    {
        foreach (var field in RecordShape.Of(type).Fields)
        {
            var place = new Place([location(field.Name), field.Name], field.Secret);
            field.Shape.Read(Binding.Text("?"), reading, place);
            field.Shape.Read(Binding.Text(""), reading, place);
        }
    }
}
