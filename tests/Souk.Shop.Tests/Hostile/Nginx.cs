using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>
/// A real nginx of a test's own, under <c>deploy/nginx/souk.conf</c> as it stands but for the ports: in a folder of its own, without
/// privileges, and gone with the test, however that ends.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    /// <summary>Serves until its standard input ends, and removes everything. nginx writes its number when it listens.</summary>
    private const string Script = """
        set -e
        folder=$(mktemp -d /tmp/souk-nginx-XXXXXX)
        trap 'rm -rf "$folder"' EXIT
        printf '%s' "$1" >"$folder/nginx.conf"
        printf '%s' "$2" >"$folder/souk.conf"
        "$0" -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" &
        until [ -s "$folder/nginx.pid" ]; do
            kill -0 $! 2>/dev/null
            sleep 0.05
        done
        echo serves
        cat >/dev/null
        kill $!
        wait $! || true
        """;

    /// <summary>What stands around the file: nothing that it could lean on.</summary>
    private const string Around = """
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        events {}
        http {
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            include souk.conf;
        }
        """;

    private const string HowToInstall = "nginx is not installed (Debian: apt-get install nginx-light); these tests put it before a shop.";

    private readonly Process _process;

    private Nginx(Process process, int port) => (_process, Address) = (process, new Uri($"http://127.0.0.1:{port}"));

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The file that is tested.</summary>
    public static string Configuration([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "deploy", "nginx", "souk.conf"));

    /// <summary>Puts it before a shop.</summary>
    public static Task<Nginx> Before(RunningShop shop, params (string Written, string Instead)[] changes) => Before(service => [shop.Http(service).BaseAddress!.Authority], changes);

    /// <summary>
    /// Puts it before the instances of each service, by its name. Where nginx is not installed the test is skipped; in CI, where it
    /// must be, it fails.
    /// </summary>
    /// <param name="instances">The hosts and ports of a service.</param>
    /// <param name="changes">What else reads differently in the file.</param>
    public static async Task<Nginx> Before(Func<string, string[]> instances, params (string Written, string Instead)[] changes)
    {
        var program = Program();
        var ports = FreePort.Some(2);
        (string Written, string Instead)[] places =
        [
            ("listen 80;", $"listen 127.0.0.1:{ports[0]};"), ("listen [::]:80;", $"listen 127.0.0.1:{ports[1]};"),
            .. new[] { ("customers", 8000), ("reviews", 8001), ("sales", 8002), ("inventory", 8003) }
                .Select(s => ($"server 127.0.0.1:{s.Item2};", string.Concat(instances(s.Item1).Select(i => $"server {i};")))),
        ];
        var configuration = changes.Concat(places).Aggregate(Configuration(), Change);

        // Whoever may do everything would hide what an ordinary user can't do.
        string[] asNobody = Environment.IsPrivilegedProcess ? ["runuser", "-u", "nobody", "--"] : [];
        string[] command = [.. asNobody, "sh", "-c", Script, program, Around, configuration];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/tmp" })!;
        return await process.StandardOutput.ReadLineAsync() == "serves"
            ? new Nginx(process, ports[0])
            : throw new InvalidOperationException($"{program} did not start; its words are above.");
    }

    /// <summary>Sends a request through it.</summary>
    /// <param name="method">How.</param>
    /// <param name="path">What for.</param>
    /// <param name="body">The body, or null.</param>
    /// <param name="from">The address of this machine that it comes from.</param>
    /// <param name="headers">What else it says.</param>
    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? body = null, string from = "127.0.0.1", params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(ConnectingFrom(from));
        using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = body };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
        }

        using var response = await http.SendAsync(request);
        return await Answer.Read(response);
    }

    /// <summary>Sends a path through it as it is written, which no client library would do.</summary>
    public Task<string> SendAsWritten(string method, string path, string? token) => RawConnection.Ask(Address, AsWritten(method, path, token));

    /// <summary>A request for a path as it is written.</summary>
    public static string AsWritten(string method, string path, string? token) =>
        $"{method} {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}{(method == "POST" ? "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]" : "\r\n")}";

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Change(string text, (string Written, string Instead) change)
    {
        text.ShouldContain(change.Written);
        return text.Replace(change.Written, change.Instead, StringComparison.Ordinal);
    }

    private static SocketsHttpHandler ConnectingFrom(string address) => new()
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>Where it is: Debian puts it where only the administrator's path leads.</summary>
    private static string Program()
    {
        var program = new[] { "/usr/sbin" }.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).Select(f => Path.Combine(f, "nginx")).FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", HowToInstall);
            Assert.Fail(HowToInstall);
        }

        return program;
    }
}
