using Microsoft.Playwright;

namespace Souk.Customers.Tests.Factors;

/// <summary>
/// A real browser without a screen, with a device for passkeys that always finds its owner's finger (WebAuthn level 3, 11.2: a virtual
/// authenticator). It shows a page of the shop, from where scripts use passkeys as a shop's own page would.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";
    private const string HowToInstall = "Chromium is not installed (Debian: apt-get install chromium); the tests of passkeys need a real browser.";

    private static readonly string[] Flags =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _context;
    private readonly IPage _page;
    private readonly string _folder;

    private Browser(IPlaywright playwright, IBrowserContext context, IPage page, string folder) => (_playwright, _context, _page, _folder) = (playwright, context, page, folder);

    /// <summary>Opens a page of an origin. Where there is no browser the test is skipped; in CI, where it must be, it fails.</summary>
    public static async Task<Browser> At(string origin)
    {
        if (!File.Exists(Program))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", HowToInstall);
            Assert.Fail(HowToInstall);
        }

        var folder = Directory.CreateTempSubdirectory("souk-browser-").FullName;
        var playwright = await Playwright.CreateAsync();
        var context = await playwright.Chromium.LaunchPersistentContextAsync(folder, new() { ExecutablePath = Program, Args = Flags, Headless = true });
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/*", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>Shop</title>" }));
        await page.GotoAsync(origin);
        var devices = await context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object> { ["options"] = Device() });
        return new Browser(playwright, context, page, folder);
    }

    /// <summary>Makes a passkey; the credential as the shop wants it.</summary>
    public Task<string> Makes(string options) => _page.EvaluateAsync<string>(
        "async options => JSON.stringify(await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options))}))", options);

    /// <summary>Uses a passkey; the credential as the shop wants it.</summary>
    public Task<string> Uses(string options) => _page.EvaluateAsync<string>(
        "async options => JSON.stringify(await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options))}))", options);

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        _playwright.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Dictionary<string, object> Device() => new()
    {
        ["protocol"] = "ctap2",
        ["transport"] = "internal",
        ["hasResidentKey"] = true,
        ["hasUserVerification"] = true,
        ["isUserVerified"] = true,
        ["automaticPresenceSimulation"] = true,
    };
}
