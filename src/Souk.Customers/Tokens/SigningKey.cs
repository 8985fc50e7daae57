using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Souk.Platform.Hosting;

namespace Souk.Customers.Tokens;

/// <summary>A key (P-256) that tokens are signed with. Its private part never leaves this service's database.</summary>
internal sealed class SigningKey
{
    /// <summary>Its identifier: the thumbprint of its public part (RFC 7638).</summary>
    public required string Kid { get; init; }

    /// <summary>The key pair as it is stored. Only <see cref="Stored"/> writes it and only <see cref="Pair"/> reads it.</summary>
    public required byte[] PrivateKey { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>From when on nothing that it signed is valid any more.</summary>
    public DateTime? RetiredAt { get; set; }

    public static SigningKey Make(DateTime now)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var thumbprint = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(pair)).ComputeJwkThumbprint();
        return new SigningKey { Kid = Base64UrlEncoder.Encode(thumbprint), PrivateKey = Stored(pair), CreatedAt = now };
    }

    /// <summary>What tokens are signed with.</summary>
    public SigningCredentials Credentials() => new(new ECDsaSecurityKey(Pair()) { KeyId = Kid }, SecurityAlgorithms.EcdsaSha256);

    /// <summary>What tokens are checked with.</summary>
    public PublicKey Public()
    {
        using var pair = Pair();
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        return new PublicKey(Kid, "EC", "P-256", Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y), SecurityAlgorithms.EcdsaSha256, "sig");
    }

    /// <summary>The bytes to be stored of a pair: PKCS #8.</summary>
    private static byte[] Stored(ECDsa pair) => pair.ExportPkcs8PrivateKey();

    /// <summary>The pair in the stored bytes.</summary>
    /// <exception cref="SettingException">It is no key, or one of another strength than it was made with.</exception>
    private ECDsa Pair()
    {
        const int Bits = 256;
        var pair = ECDsa.Create();
        try
        {
            pair.ImportPkcs8PrivateKey(PrivateKey, out _);
        }
        catch (CryptographicException e)
        {
            throw new SettingException($"The signing key {Kid} in the database of customers can't be read: {e.Message}");
        }

        return pair.KeySize == Bits ? pair : throw new SettingException($"The signing key {Kid} in the database of customers has {pair.KeySize} bits; ES256 needs {Bits}.");
    }
}

/// <summary>The public part of a signing key (RFC 7517).</summary>
/// <param name="Kid">Its identifier, which stands in the header of each token that it signed.</param>
/// <param name="Kty">EC.</param>
/// <param name="Crv">P-256.</param>
/// <param name="X">The point's x coordinate, Base64url.</param>
/// <param name="Y">The point's y coordinate, Base64url.</param>
/// <param name="Alg">ES256.</param>
/// <param name="Use">sig: for signatures.</param>
internal sealed record PublicKey(string Kid, string Kty, string Crv, string X, string Y, string Alg, string Use)
{
    public static readonly PublicKey Example = new(
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "EC", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "ES256", "sig");
}
