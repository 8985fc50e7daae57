using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Security;

/// <summary>
/// TLS between services, where it is configured: the certificate that a service shows, the authorities that it takes others' certificates
/// from, and whether services must show one to each other too. Names, times and chains are checked by the framework.
/// </summary>
internal sealed class ServiceTls
{
    private readonly X509Certificate2? _certificate;
    private readonly X509Certificate2Collection _chain;
    private readonly X509ChainPolicy? _trust;

    private ServiceTls(X509Certificate2? certificate, X509Certificate2Collection chain, X509ChainPolicy? trust, bool mutual) =>
        (_certificate, _chain, _trust, Mutual) = (certificate, chain, trust, mutual);

    /// <summary>Whether <c>/internal</c> answers only to connections that showed a certificate of the authorities.</summary>
    public bool Mutual { get; }

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="own">Where this service listens.</param>
    /// <param name="now">The time, against which its own certificate is checked: one that is over would only puzzle others.</param>
    /// <exception cref="SettingException">One can't be used.</exception>
    public static ServiceTls Read(IConfiguration configuration, Uri own, DateTimeOffset now)
    {
        var (file, ca) = (configuration["Tls:Certificate"], configuration["Tls:Ca"]);
        var mutual = SoukSettings.Flag(configuration, "Tls:Mutual", false);
        var (certificate, chain) = file is null ? (null, []) : Certificate(file, configuration["Tls:Key"] ?? file, configuration["Tls:KeyPassword"]);
        if (certificate is null && own.Scheme == "https")
        {
            throw new SettingException($"Tls:Certificate is missing; a service at {own} needs a certificate to show.");
        }

        if (certificate is not null && certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            throw new SettingException($"Tls:Certificate is '{file}', which was good until {certificate.NotAfter.ToUniversalTime():u}.");
        }

        return mutual && (certificate is null || ca is null || own.Scheme != "https")
            ? throw new SettingException("Tls:Mutual needs Tls:Certificate, Tls:Ca and an address with https.")
            : new ServiceTls(certificate, chain, Trust.InOnly(ca, "Tls:Ca"), mutual);
    }

    /// <summary>How this service answers.</summary>
    public void Serve(HttpsConnectionAdapterOptions https)
    {
        (https.ServerCertificate, https.ServerCertificateChain) = (_certificate, _chain);

        // Whatever the machine's OpenSSL still allows (RFC 8996 retires what is older).
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (Mutual)
        {
            // Clients of the shop come through the same door and have no certificate; a wrong one is refused at once.
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.OnAuthenticate = (_, options) => options.CertificateChainPolicy = _trust;
        }
    }

    /// <summary>How it asks others.</summary>
    public SslClientAuthenticationOptions Ask() => new()
    {
        CertificateChainPolicy = _trust,
        ClientCertificateContext = Mutual ? SslStreamCertificateContext.Create(_certificate!, _chain, offline: true) : null,
    };

    /// <summary>Refuses <c>/internal</c> to whoever showed no certificate, where that is set.</summary>
    public static Task RequireCertificate(HttpContext http, RequestDelegate next) =>
        http.Request.Path.StartsWithSegments("/internal", StringComparison.OrdinalIgnoreCase) && http.Connection.ClientCertificate is null
            ? new Refusal(CommonErrors.Unauthenticated.With("Services show their certificate here.")).ExecuteAsync(http)
            : next(http);

    private static (X509Certificate2 Own, X509Certificate2Collection Chain) Certificate(string file, string key, string? password)
    {
        try
        {
            var own = password is null ? X509Certificate2.CreateFromPemFile(file, key) : X509Certificate2.CreateFromEncryptedPemFile(file, password, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            chain.RemoveAt(0);
            return (own, chain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingException($"Tls:Certificate is '{file}' with the key '{key}', which can't be used: {e.Message}");
        }
    }
}
