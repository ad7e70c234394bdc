using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace MixedModels.Reporting.Tests.Browser;

/// <summary>A headless Chromium spoken to by its DevTools protocol; it keeps every event it is sent.</summary>
internal sealed class BrowserSession : IAsyncDisposable
{
    private static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    private readonly Process process;
    private readonly DirectoryInfo profile;
    private readonly ClientWebSocket socket = new();
    private readonly List<JsonElement> events = [];
    private int lastId;

    private BrowserSession(Process process, DirectoryInfo profile) => (this.process, this.profile) = (process, profile);

    /// <summary>The browser's program; null where there is none on the PATH.</summary>
    public static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>The events received so far.</summary>
    public IReadOnlyList<JsonElement> Events => events;

    public static async Task<BrowserSession> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("mixed-browser-");
        var start = new ProcessStartInfo(Program!) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--headless", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", "--window-size=800,900", $"--user-data-dir={folder.FullName}", "about:blank" })
            start.ArgumentList.Add(argument);
        if (Environment.IsPrivilegedProcess) start.ArgumentList.Insert(0, "--no-sandbox");
        var session = new BrowserSession(Process.Start(start)!, folder);
        session.process.ErrorDataReceived += (_, _) => { };
        session.process.BeginErrorReadLine();
        var port = await session.PortAsync(cancellationToken);
        using var http = new HttpClient();
        using var targets = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list"), cancellationToken));
        var page = targets.RootElement.EnumerateArray().First(target => target.GetProperty("type").GetString() == "page");
        await session.socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), cancellationToken);
        foreach (var domain in new[] { "Page", "Network", "Runtime", "Log" }) await session.SendAsync($"{domain}.enable", "{}", cancellationToken);
        return session;
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    public async Task<JsonElement> SendAsync(string method, string parameters, CancellationToken cancellationToken)
    {
        var id = ++lastId;
        var text = $"{{\"id\":{id},\"method\":\"{method}\",\"params\":{parameters}}}";
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        while (true)
        {
            var message = await ReceiveAsync(cancellationToken);
            if (message.TryGetProperty("id", out var answered) && answered.GetInt32() == id) return message;
        }
    }

    /// <summary>Opens a file and waits until it is loaded.</summary>
    public async Task OpenAsync(string path, CancellationToken cancellationToken)
    {
        await SendAsync("Page.navigate", $"{{\"url\":{JsonSerializer.Serialize(new Uri(path).AbsoluteUri)}}}", cancellationToken);
        while (!events.Any(message => Method(message) == "Page.loadEventFired")) await ReceiveAsync(cancellationToken);
    }

    /// <summary>The value of an expression in the page, as text.</summary>
    public async Task<string> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        var answer = await SendAsync("Runtime.evaluate", $"{{\"expression\":{JsonSerializer.Serialize($"String({expression})")},\"returnByValue\":true}}", cancellationToken);
        return answer.GetProperty("result").GetProperty("result").GetProperty("value").GetString()!;
    }

    /// <summary>Presses the Tab key.</summary>
    public async Task PressTabAsync(CancellationToken cancellationToken)
    {
        foreach (var type in new[] { "rawKeyDown", "keyUp" })
            await SendAsync("Input.dispatchKeyEvent", $"{{\"type\":\"{type}\",\"key\":\"Tab\",\"code\":\"Tab\",\"windowsVirtualKeyCode\":9}}", cancellationToken);
    }

    public static string? Method(JsonElement message) => message.TryGetProperty("method", out var method) ? method.GetString() : null;

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        try
        {
            profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser may still be writing; the folder is a temporary one.
        }
    }

    private async Task<string> PortAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(profile.FullName, "DevToolsActivePort");
        while (true)
        {
            if (File.Exists(file) && await File.ReadAllLinesAsync(file, cancellationToken) is [{ Length: > 0 } port, ..]) return port;
            await Task.Delay(50, cancellationToken);
        }
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, cancellationToken);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var received = JsonDocument.Parse(message.ToArray()).RootElement.Clone();
        if (Method(received) is not null) events.Add(received);
        return received;
    }
}
