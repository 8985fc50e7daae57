using Microsoft.Extensions.Configuration;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Starts one service on fresh databases, as often as a test likes, each time on another port.</summary>
/// <param name="service">Which.</param>
internal sealed class StartingShop(string service) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("souk-start-");
    private TestStorage? _storage;

    public TestStorage Storage => _storage!;

    public async ValueTask InitializeAsync() => _storage = await TestStorage.In(_folder.FullName);

    public Task<Shop> Start() => Shop.Start([Shop.Services.Single(s => s.Name == service)], new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Souk:Data"] = _folder.FullName,
        [$"Services:{service}:Url"] = $"http://127.0.0.1:{FreePort.Some(1)[0]}",
    }).AddInMemoryCollection(Storage.Settings).Build());

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
