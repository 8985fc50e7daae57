namespace Souk.Platform.Errors;

/// <summary>The refusals that any service can answer, whatever it is about.</summary>
public static class CommonErrors
{
    /// <summary>The request's form is wrong; the fields are listed.</summary>
    public static readonly ErrorKind ValidationFailed = new("validation_failed", 422, "One or more fields are wrong");

    /// <summary>The body is not JSON.</summary>
    public static readonly ErrorKind MalformedJson = new("malformed_json", 400, "The body is not valid JSON");

    /// <summary>The body's media type is not one that the operation takes.</summary>
    public static readonly ErrorKind UnsupportedMediaType = new("unsupported_media_type", 415, "The body must be JSON");

    /// <summary>The body is over the limit.</summary>
    public static readonly ErrorKind BodyTooLarge = new("body_too_large", 413, "The body is too large");

    /// <summary>Nothing is served at that path.</summary>
    public static readonly ErrorKind NotFound = new("not_found", 404, "There is nothing here");

    /// <summary>The path exists, the method does not.</summary>
    public static readonly ErrorKind MethodNotAllowed = new("method_not_allowed", 405, "This path does not take that method");

    /// <summary>The request itself is broken (below the level of any field).</summary>
    public static readonly ErrorKind BadRequest = new("bad_request", 400, "The request can't be understood");

    /// <summary>The body arrived too slowly.</summary>
    public static readonly ErrorKind RequestTimeout = new("request_timeout", 408, "The request took too long to arrive");

    /// <summary>No token, or one that is not valid.</summary>
    public static readonly ErrorKind Unauthenticated = new("unauthenticated", 401, "A valid bearer token is needed");

    /// <summary>A webhook that came in is not signed as it must be.</summary>
    public static readonly ErrorKind SignatureInvalid = new("signature_invalid", 401, "The signature is missing, wrong or old");

    /// <summary>The token is valid and does not allow this.</summary>
    public static readonly ErrorKind Forbidden = new("forbidden", 403, "The caller may not do this");

    /// <summary>The caller has a second factor, and must show it again for this.</summary>
    public static readonly ErrorKind StepUpRequired = new("step_up_required", 403, "This needs the second factor, shown in the last minutes");

    /// <summary>The Idempotency-Key was used before for another request.</summary>
    public static readonly ErrorKind IdempotencyKeyReused = new("idempotency_key_reused", 422, "The Idempotency-Key was used for another request");

    /// <summary>An edit must name the version that it edits.</summary>
    public static readonly ErrorKind PreconditionRequired = new("precondition_required", 428, "Send If-Match with the ETag that you read");

    /// <summary>The edited version is not the current one.</summary>
    public static readonly ErrorKind PreconditionFailed = new("precondition_failed", 412, "It was changed since you read it");

    /// <summary>The address or the account has sent more requests than its share.</summary>
    public static readonly ErrorKind RateLimited = new("rate_limited", 429, "Too many requests");

    /// <summary>The queue is full; nothing has started.</summary>
    public static readonly ErrorKind Busy = new("busy", 503, "The service is at its limit; nothing has started");

    /// <summary>The database can't store now (disk full, input/output error).</summary>
    public static readonly ErrorKind StorageUnavailable = new("storage_unavailable", 503, "The service can't store anything now; nothing has changed");

    /// <summary>The database went away during a commit; sent again with its Idempotency-Key, the request gets the one true answer.</summary>
    public static readonly ErrorKind OutcomeUnknown = new("outcome_unknown", 503, "The database went away while this was being stored; nobody knows whether it was");

    /// <summary>Another service that is needed here does not answer.</summary>
    public static readonly ErrorKind DependencyUnavailable = new("dependency_unavailable", 503, "A service that is needed here does not answer");

    /// <summary>A bug or a broken machine.</summary>
    public static readonly ErrorKind Internal = new("internal_error", 500, "Something went wrong here");

    /// <summary>What an HTTP status means when nothing more is known about a refusal.</summary>
    public static ErrorKind OfStatus(int status) => status switch
    {
        401 => Unauthenticated,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        408 => RequestTimeout,
        413 => BodyTooLarge,
        415 => UnsupportedMediaType,
        429 => RateLimited,
        503 => Busy,
        >= 500 => Internal,
        _ => BadRequest,
    };
}
