using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Watchhouse.Testing;

/// <summary>"watchhouse serve" as a child process on loopback, which a test can also kill.</summary>
public sealed partial class WatchhouseProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private WatchhouseProcess(Process process, Uri baseAddress)
    {
        _process = process;
        BaseAddress = baseAddress;
        Client = new HttpClient { BaseAddress = baseAddress };
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseAddress { get; }

    /// <summary>A client on <see cref="BaseAddress"/>, without a session.</summary>
    public HttpClient Client { get; }

    /// <summary>The lines that it has written so far to standard output and standard error.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the program and waits until /health/ready answers 200.</summary>
    public static async Task<WatchhouseProcess> StartAsync(
        WatchhouseOptions options, CancellationToken cancellationToken = default)
    {
        var port = options.Port ?? FreePort.Next();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        string[] demo = options.Demo ? ["--demo"] : [];
        string[] served = ["--data", options.DataDirectory, "--urls", address.ToString().TrimEnd('/')];
        var start = WatchhouseProgram.StartInfo(["serve", .. served, .. demo, .. options.Arguments]);
        foreach (var (name, value) in options.Environment)
            start.Environment[name] = value;

        var watchhouse = new WatchhouseProcess(new Process { StartInfo = start }, address);
        watchhouse.Begin();
        try
        {
            await watchhouse.WaitUntilReadyAsync(options.ReadyTimeout, cancellationToken);
            return watchhouse;
        }
        catch
        {
            await watchhouse.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the program on the data folder <paramref name="data"/>, all else at its default.</summary>
    public static Task<WatchhouseProcess> StartAsync(
        TempDirectory data, bool demo = false, CancellationToken cancellationToken = default) =>
        StartAsync(new WatchhouseOptions { DataDirectory = data.FullName, Demo = demo }, cancellationToken);

    /// <summary>SIGKILL: nothing is flushed, nothing is closed. What was acknowledged must have survived.</summary>
    public void KillHard()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, as a service manager stops it; SIGKILL if it does not end in 20 seconds.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
            return;

        if (SendSignal(_process.Id, SigTerm) != 0 && !_process.HasExited)
            throw new InvalidOperationException($"SIGTERM was refused: error {Marshal.GetLastPInvokeError()}.");

        using var deadline = new CancellationTokenSource(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            KillHard();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        _process.Dispose();
    }

    private void Begin()
    {
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
            _output.Enqueue(line.Data);
    }

    private async Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var last = "it never answered";
        while (watch.Elapsed < timeout)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"watchhouse ended with exit code {ExitCode}.\n{Told()}");

            try
            {
                using var response = await Client.GetAsync("/health/ready", cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK)
                    return;
                last = $"it last answered {(int)response.StatusCode}";
            }
            catch (HttpRequestException)
            {
                // Nothing listens on the port before the host is built.
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new TimeoutException($"watchhouse was not ready after {timeout.TotalSeconds:0} s: {last}.\n{Told()}");
    }

    private string Told() => _output.IsEmpty ? "It wrote nothing." : "It wrote:\n" + string.Join('\n', _output);

    // .NET can only send SIGKILL to a child.
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
