using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using QRCoder;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>What shows that it is the owner who adds a factor.</summary>
internal sealed class FactorProof
{
    public static readonly FactorProof Example = new() { CurrentPassword = "SecurePass123" };

    /// <summary>The password; needed as long as the account has no second factor. Later the factor is shown instead, by a step-up.</summary>
    [Text(1, Customer.PasswordMost, Secret = true)]
    public string? CurrentPassword { get; set; }
}

/// <summary>What an authenticator app needs to know. It is told once.</summary>
/// <param name="Secret">The secret in Base32, to be typed where nothing can be scanned.</param>
/// <param name="OtpauthUri">The same as a link that opens the app.</param>
/// <param name="QrCodePng">The link as a QR code to be scanned: a PNG in Base64.</param>
internal sealed record NewAuthenticator([Personal] string Secret, [Personal] string OtpauthUri, [Personal] string QrCodePng)
{
    public static readonly NewAuthenticator Example = Of(new Authenticator { Secret = Base32Encoding.ToBytes("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP") }, "johndoe");

    /// <summary>How many dots wide a module of the QR code is.</summary>
    private const int Dots = 6;

    public static NewAuthenticator Of(Authenticator authenticator, string username)
    {
        var uri = authenticator.Uri(username);
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return new NewAuthenticator(Base32Encoding.ToString(authenticator.Secret), uri, Convert.ToBase64String(png.GetGraphic(Dots)));
    }
}

/// <summary>Makes the secret of an authenticator app. It does not count until a code of the app has confirmed it; a new one replaces one that waits.</summary>
internal sealed class AddAuthenticator(FactorOwner owner, GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/second-factor/authenticator", async (Body<FactorProof> body, Caller caller, Origin origin, AddAuthenticator use) =>
            (await use.Run(caller, origin, body.Value.CurrentPassword)).Ok())
        .WithTags("second factor").Allow(Access.SignedIn)
        .Describe("Add an authenticator app", "Scan the QR code with the app, or open the link, or type the secret; then confirm with the first code. All three are told once.")
        .Takes(FactorProof.Example).Answers(200, NewAuthenticator.Example)
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.CurrentPasswordWrong, CustomersErrors.TooManyGuesses, FactorErrors.AuthenticatorExists, CommonErrors.StepUpRequired);

    private async Task<Result<NewAuthenticator>> Run(Caller caller, Origin origin, string? password)
    {
        if ((await owner.WithPassword(caller, origin, password)).Refused(out var refused, out var customer))
        {
            return refused;
        }

        var made = Authenticator.Of(customer.Id, time.GetUtcNow().UtcDateTime);
        return await writer.Write<NewAuthenticator>(async db =>
        {
            if (await db.Authenticators.AnyAsync(a => a.CustomerId == customer.Id && a.ConfirmedAt != null))
            {
                return FactorErrors.AuthenticatorExists.With("Remove the app that this account has before adding another.");
            }

            await db.Authenticators.Where(a => a.CustomerId == customer.Id).ExecuteDeleteAsync();
            db.Add(made);
            return NewAuthenticator.Of(made, customer.Username);
        });
    }
}
