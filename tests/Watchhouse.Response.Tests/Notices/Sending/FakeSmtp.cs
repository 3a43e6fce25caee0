using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>What goes wrong with one mail.</summary>
internal enum SmtpFault
{
    None,

    /// <summary>451 at the recipient: come back later.</summary>
    Greylisted,

    /// <summary>550 at the recipient.</summary>
    NoMailbox,

    /// <summary>The mail is taken, and the connection ends before that is said.</summary>
    DropsAfterData,

    /// <summary>The connection ends at once.</summary>
    DropsAtOnce,

    /// <summary>550 at the sender.</summary>
    WrongSender,
}

/// <summary>A mail server of a few lines (RFC 5321), on loopback, failing as told. It keeps what it takes.</summary>
internal sealed class FakeSmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Recipient and text of each mail that was taken.</summary>
    public ConcurrentQueue<(string To, string Text)> Taken { get; } = new();

    public Func<SmtpFault> Next { get; set; } = () => SmtpFault.None;

    public static FakeSmtp Start()
    {
        var fake = new FakeSmtp();
        fake._listener.Start();
        fake._serving = fake.ServeAsync();
        return fake;
    }

    public static string Header(string text, string name) =>
        text.Split("\r\n").First(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = TalkAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var fault = Next();
                if (fault == SmtpFault.DropsAtOnce) return;
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 fake ESMTP");
                var to = "";
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    switch (line.Split(' ', ':')[0].ToUpperInvariant())
                    {
                        case "EHLO" or "HELO":
                            await writer.WriteLineAsync("250 fake");
                            break;
                        case "MAIL":
                            await writer.WriteLineAsync(fault == SmtpFault.WrongSender ? "550 5.7.1 <x@example.org> not yours" : "250 ok");
                            break;
                        case "RCPT":
                            to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                            await writer.WriteLineAsync(fault switch { SmtpFault.Greylisted => "451 4.7.1 Greylisted, come back", SmtpFault.NoMailbox => $"550 5.1.1 <{to}> no such user", _ => "250 ok" });
                            break;
                        case "DATA":
                            await writer.WriteLineAsync("354 go on");
                            var text = new StringBuilder();
                            while (await reader.ReadLineAsync(_stop.Token) is { } part && part != ".") text.Append(part).Append("\r\n");
                            Taken.Enqueue((to, text.ToString()));
                            if (fault == SmtpFault.DropsAfterData) return;
                            await writer.WriteLineAsync("250 taken");
                            break;
                        case "QUIT":
                            await writer.WriteLineAsync("221 bye");
                            return;
                        default:
                            await writer.WriteLineAsync("250 ok");
                            break;
                    }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side left.
            }
        }
    }
}
