using System.Diagnostics;

namespace Watchhouse.Monitoring.Tests.Clients;

/// <summary>A log shipper of Debian, run as a child process with a configuration of its own.</summary>
internal sealed class Shipper : IAsyncDisposable
{
    /// <summary>Where eng/test.sh unpacks syslog-ng, whose package does not bear rsyslog beside it.</summary>
    private const string SyslogNgVariable = "WATCHHOUSE_TEST_SYSLOG_NG";
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private Shipper(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static string Rsyslog => Found("rsyslog with omelasticsearch", "/usr/sbin/rsyslogd",
        "/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so", "/usr/lib/aarch64-linux-gnu/rsyslog/omelasticsearch.so");

    public static string RsyslogWithTls => Found("rsyslog with TLS by OpenSSL", "/usr/sbin/rsyslogd",
        "/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so", "/usr/lib/aarch64-linux-gnu/rsyslog/lmnsd_ossl.so");

    public static string Curl => Found("curl", "/usr/bin/curl");

    public static string SyslogNgRoot
    {
        get
        {
            var root = Environment.GetEnvironmentVariable(SyslogNgVariable) ?? "";
            return root + Found("syslog-ng with its http destination", root + "/usr/sbin/syslog-ng")[..0];
        }
    }

    public static Shipper Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new Shipper(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Starts syslog-ng in the foreground, with everything it keeps in a folder.</summary>
    public static Shipper SyslogNg(string folder, string configuration)
    {
        var root = SyslogNgRoot;
        File.WriteAllText(Path.Combine(folder, "syslog-ng.conf"), configuration);
        var modules = Directory.GetDirectories(root + "/usr/lib/syslog-ng").Single(d => char.IsAsciiDigit(Path.GetFileName(d)[0]));
        return Start(root + "/usr/sbin/syslog-ng",
        [
            "-F", "--no-caps", "-f", Path.Combine(folder, "syslog-ng.conf"), "--module-path=" + modules,
            "--persist-file=" + Path.Combine(folder, "persist"), "--pidfile=" + Path.Combine(folder, "pid"), "--control=" + Path.Combine(folder, "control"),
        ], ("LD_LIBRARY_PATH", root + "/usr/lib/syslog-ng"));
    }

    /// <summary>Waits for a program that ends by itself; what it wrote to standard output.</summary>
    public async Task<string> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await _output + await _errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(await _output + await _errors);
        _process.Dispose();
    }

    private static string Found(string what, string program, params string[] oneOf)
    {
        if (File.Exists(program) && (oneOf.Length == 0 || oneOf.Any(File.Exists))) return program;
        var reason = $"{what} is not installed. Run ./eng/test.sh, which installs it.";
        if (Environment.GetEnvironmentVariable("WATCHHOUSE_TESTS_REQUIRE_SERVERS") == "1") Assert.Fail(reason);
        Assert.Skip(reason);
        return "";
    }
}
