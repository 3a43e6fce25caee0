using System.Globalization;
using System.Text;

namespace Watchhouse.Ledger.Tests;

/// <summary>Appends without end and prints what was acknowledged, until it is killed.</summary>
internal static class CrashingWriter
{
    public const string Command = "--crashing-writer";

    public static async Task<int> RunAsync(string directory, string key)
    {
        await using var writer = await LedgerWriter.OpenAsync(Scratch.Options(directory, key));
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var seed = Environment.ProcessId;
        var workers = Enumerable.Range(0, 16).Select(async worker =>
        {
            for (var i = 0; ; i++)
            {
                var text = $"{{\"process\":{seed},\"worker\":{worker},\"i\":{i},\"pad\":\"{new string('x', i * 37 % 900)}\"}}";
                var receipt = await writer.AppendAsync(Encoding.UTF8.GetBytes(text));
                var line = string.Create(CultureInfo.InvariantCulture, $"{receipt.Index} {receipt.LeafHash} {receipt.TreeSize}");
                lock (output)
                    output.WriteLine(line);
            }
        });
        await Task.WhenAll(workers);
        return 0;
    }
}
