using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Souk.Customers.Sessions;

/// <summary>
/// What buys the next access token of a session: its identifier and two random halves of 256 bits. One half stays the same for the
/// session's life, the other is replaced at each use; whoever sends the right lasting half with an old turn shows a token that
/// was used before. So one row a session is enough, however often it is refreshed. Only digests are stored.
/// </summary>
internal sealed class RefreshToken
{
    /// <summary>How long one is as text.</summary>
    public const int Characters = 107;

    private const int IdBytes = 16;
    private const int HalfBytes = 32;
    private readonly byte[] _bytes;

    private RefreshToken(byte[] bytes) => _bytes = bytes;

    /// <summary>The session.</summary>
    public Guid Session => new(_bytes.AsSpan(0, IdBytes));

    /// <summary>The digest of the half that stays.</summary>
    public byte[] FamilyHash => SHA256.HashData(_bytes.AsSpan(IdBytes, HalfBytes));

    /// <summary>The digest of the half that changes.</summary>
    public byte[] TurnHash => SHA256.HashData(_bytes.AsSpan(IdBytes + HalfBytes, HalfBytes));

    /// <summary>The first one of a session.</summary>
    public static RefreshToken First(Guid session) => new([.. session.ToByteArray(), .. RandomNumberGenerator.GetBytes(2 * HalfBytes)]);

    /// <summary>Reads one; nothing is said about whether it counts.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out RefreshToken? token)
    {
        var bytes = new byte[IdBytes + (2 * HalfBytes)];
        token = text.Length == Characters && Base64Url.DecodeFromChars(text, bytes, out _, out var length) == OperationStatus.Done && length == bytes.Length ? new RefreshToken(bytes) : null;
        return token is not null;
    }

    /// <summary>The one after this.</summary>
    public RefreshToken Next() => new([.. _bytes.AsSpan(0, IdBytes + HalfBytes), .. RandomNumberGenerator.GetBytes(HalfBytes)]);

    /// <summary>Whether it was made for a session, now or earlier.</summary>
    public bool IsOf(Session session) => session.FamilyHash is { } hash && CryptographicOperations.FixedTimeEquals(hash, FamilyHash);

    /// <summary>What the client keeps.</summary>
    public override string ToString() => Base64Url.EncodeToString(_bytes);
}
