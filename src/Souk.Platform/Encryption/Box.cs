using System.Security.Cryptography;

namespace Souk.Platform.Encryption;

/// <summary>
/// AES-256-GCM (NIST SP 800-38D): a random nonce of 96 bits, the tag of 128 bits, the ciphertext. A data key encrypts far fewer than
/// the 2^32 values for which random nonces are good, because it is replaced by age.
/// </summary>
internal static class Box
{
    private const int Nonce = 12;
    private const int Tag = 16;

    /// <summary>Encrypts bytes, so that they open only together with what they are about.</summary>
    public static byte[] Lock(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> about)
    {
        var box = new byte[Nonce + Tag + plain.Length];
        var nonce = box.AsSpan(0, Nonce);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(nonce, plain, box.AsSpan(Nonce + Tag), box.AsSpan(Nonce, Tag), about);
        return box;
    }

    /// <summary>Decrypts them; null when the key is another one, or they were changed, or they are about something else.</summary>
    public static byte[]? Unlock(byte[] key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> about)
    {
        if (box.Length < Nonce + Tag)
        {
            return null;
        }

        var plain = new byte[box.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        try
        {
            aes.Decrypt(box[..Nonce], box[(Nonce + Tag)..], box.Slice(Nonce, Tag), plain, about);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
