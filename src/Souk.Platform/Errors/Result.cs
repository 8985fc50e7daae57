using System.Diagnostics.CodeAnalysis;

namespace Souk.Platform.Errors;

/// <summary>What a use case answers: its value, or the reason for which it was refused.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error) => (_value, Error) = (value, error);

    /// <summary>Why it was refused, or null when it was done.</summary>
    public Error? Error { get; }

    /// <summary>Tells whether it was refused, with both sides named.</summary>
    public bool Refused([NotNullWhen(true)] out Error? error, [MaybeNullWhen(true)] out T value)
    {
        (error, value) = (Error, _value);
        return error is not null;
    }

    /// <summary>The value; asking a refusal for it is a bug and throws.</summary>
    /// <exception cref="InvalidOperationException">The result is a refusal.</exception>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"A refusal has no value: {Error.Kind.Code}.");

    /// <summary>The same refusal, or the value turned into another.</summary>
    public Result<TOther> Map<TOther>(Func<T, TOther> turn) => Error is null ? turn(_value!) : Error;

    /// <summary>A value is a result.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A refusal is a result.</summary>
    public static implicit operator Result<T>(Error error) => new(default, error);
}

/// <summary>The value of a use case that has nothing to tell but that it was done.</summary>
public readonly record struct Done;
