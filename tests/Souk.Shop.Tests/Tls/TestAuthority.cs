using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Souk.Platform.Values;

namespace Souk.Tests.Tls;

/// <summary>An authority of a test's own, with a folder for its certificates and keys.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("souk-tls-").FullName;
    private readonly DateTimeOffset _now = new MicrosecondClock().GetUtcNow();
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Souk's test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _root = request.CreateSelfSigned(_now.AddYears(-2), _now.AddYears(2));
        CaFile = Write("ca.pem", _root.ExportCertificatePem());
    }

    public string CaFile { get; }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A certificate with its key for a name or an address, good until so many days from now.</summary>
    public X509Certificate2 Issue(string name, int days = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var signed = request.Create(_root, _now.AddDays(days).AddDays(-100), _now.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>The same in PEM files, as the settings want them.</summary>
    public (string Certificate, string Key) IssueFiles(string name, int days = 10)
    {
        using var issued = Issue(name, days);
        var stem = Guid.CreateVersion7().ToString("N");
        return (Write($"{stem}.pem", issued.ExportCertificatePem()), Write($"{stem}.key", issued.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
