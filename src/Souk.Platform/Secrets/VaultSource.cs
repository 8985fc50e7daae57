using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Secrets;

/// <summary>
/// Settings from a vault. It is read once before anything starts; after that, in the background, the token is kept alive and the secret
/// read again. A vault that is away later on changes nothing: what was read last stays, and a line says so.
/// </summary>
internal sealed class VaultSource : ConfigurationProvider, IConfigurationSource, IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly VaultClient _vault;
    private readonly VaultSettings _settings;
    private readonly TimeProvider _time;
    private readonly Action<string> _tell;
    private readonly CancellationTokenSource _stop = new();
    private VaultToken _token;
    private TimeSpan _firstLease;
    private DateTimeOffset? _renewAt;
    private DateTimeOffset? _readAt;

    private VaultSource(VaultClient vault, VaultSettings settings, TimeProvider time, Action<string> tell, VaultToken token)
    {
        (_vault, _settings, _time, _tell, _token) = (vault, settings, time, tell, token);
        Take(token, isNew: true);
    }

    /// <summary>Signs in and reads the secret.</summary>
    /// <exception cref="SettingException">It can't.</exception>
    public static async Task<VaultSource> Open(VaultSettings settings, TimeProvider time, Action<string> tell)
    {
        var vault = new VaultClient(settings);
        try
        {
            var source = new VaultSource(vault, settings, time, tell, await vault.LogIn(CancellationToken.None));
            await source.Read(CancellationToken.None);
            _ = Task.Run(() => source.Keep(source._stop.Token));
            return source;
        }
        catch (VaultException e)
        {
            vault.Dispose();
            throw new SettingException($"{VaultSettings.Section} at {settings.Address}: {e.Message}");
        }
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Dispose()
    {
        _stop.Cancel();
        _vault.Dispose();
    }

    private async Task Keep(CancellationToken stop)
    {
        var failures = 0;
        while (Next() is { } next)
        {
            try
            {
                await Task.Delay(failures == 0 ? Positive(next - _time.GetUtcNow()) : Pause(failures), _time, stop);
                await KeepToken(stop);
                await KeepRead(stop);
                failures = 0;
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (VaultException e)
            {
                failures++;
                _tell($"{VaultSettings.Section}: {e.Message} What was read before stays.");
            }
        }
    }

    private DateTimeOffset? Next() => _renewAt < _readAt || _readAt is null ? _renewAt : _readAt;

    private async Task KeepToken(CancellationToken stop)
    {
        if (_renewAt is not { } due || due > _time.GetUtcNow())
        {
            return;
        }

        if (_token.Renewable)
        {
            try
            {
                Take(await _vault.Renew(_token, stop), isNew: false);
                return;
            }
            catch (VaultException e) when (e.Refused)
            {
                // It has lived as long as it may, or somebody ended it: there is nothing left but to sign in again.
            }
        }

        await SignInAgain(stop);
    }

    private async Task KeepRead(CancellationToken stop)
    {
        if (_readAt is not { } due || due > _time.GetUtcNow())
        {
            return;
        }

        try
        {
            await Read(stop);
        }
        catch (VaultException e) when (e.Refused)
        {
            await SignInAgain(stop);
            await Read(stop);
        }
    }

    private async Task SignInAgain(CancellationToken stop) => Take(await _vault.LogIn(stop), isNew: true);

    private async Task Read(CancellationToken stop)
    {
        var settings = await _vault.Read(_token, stop);
        _readAt = _time.GetUtcNow() + _settings.Refresh;
        if (settings.Count != Data.Count || settings.Any(s => !Data.TryGetValue(s.Key, out var before) || before != s.Value))
        {
            Data = settings;
            OnReload();
        }
    }

    /// <summary>Notes when to renew: after two thirds of the lease, and each process at a moment of its own.</summary>
    private void Take(VaultToken token, bool isNew)
    {
        _token = token;
        _firstLease = isNew ? token.Lease ?? TimeSpan.Zero : _firstLease;
        _renewAt = _time.GetUtcNow() + (token.Lease * (0.66 - (0.1 * Chance())));

        // Near the end of its longest life a token is renewed for ever shorter spans; a new one is better than a flood of renewals.
        _token = token.Lease < _firstLease / 3 ? token with { Renewable = false } : token;
    }

    private static TimeSpan Pause(int failures)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, 10))) * (0.75 + (0.5 * Chance()));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    /// <summary>From 0 to 1.</summary>
    private static double Chance() => RandomNumberGenerator.GetInt32(1001) / 1000.0;
}
