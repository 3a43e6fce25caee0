using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Evtx;

/// <summary>Prints records on standard output, and what could not be read on standard error.</summary>
internal static class EvtxDump
{
    private const int FlushAt = 256 * 1024;

    // EPIPE, which .NET gives as it is.
    private const int BrokenPipe = 32;

    /// <summary>0, however many records were damaged; 2 where the file is no event log or cannot be opened.</summary>
    public static int Run(string path, bool flat, CancellationToken cancellationToken)
    {
        try
        {
            using var source = Open(path);
            if (source is EvtxSource log) return Dump(log, flat, path, cancellationToken);
            Console.Error.WriteLine($"{path} is not a Windows event log: it begins neither with ElfFile nor with ElfChnk.");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            Console.Error.WriteLine($"{path}: {e.Message}");
            return 2;
        }
    }

    private static BlockSource Open(string path) => path == "-"
        ? EventFiles.Open(Console.OpenStandardInput(), ReadLimits.Default)
        : EventFiles.Open(path, new EventFileOptions());

    private static int Dump(EvtxSource source, bool flat, string path, CancellationToken cancellationToken)
    {
        using var output = OpenOutput();
        var buffer = new ArrayBufferWriter<byte>(FlushAt * 2);
        using var json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 });
        var parser = flat ? source.CreateParser() : source.CreateNestedParser();
        var block = new EventBlock();
        var record = new EventRecord();
        var (records, rejected, warned) = (0L, 0L, 0);
        while (!cancellationToken.IsCancellationRequested && Read(source, block, path))
        {
            Warn();
            parser.Start(block);
            while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
            {
                if (outcome == ParseOutcome.Rejected)
                {
                    rejected++;
                    Console.Error.WriteLine($"{path}: record {record.Position}: {reason}");
                    continue;
                }

                records++;
                json.Reset(buffer);
                EventJson.Write(record, json);
                json.Flush();
                buffer.Write("\n"u8);
                if (buffer.WrittenCount >= FlushAt && !Flush(buffer, output)) return 0;
            }
        }

        Warn();
        if (!Flush(buffer, output)) return 0;
        if (rejected > 0 || source.Skipped.Count > 0)
        {
            Console.Error.WriteLine(
                $"{path}: {records} records read, {rejected} rejected; {source.Chunks} chunks read, {source.DamagedChunks} passed over.");
        }

        if (cancellationToken.IsCancellationRequested) Console.Error.WriteLine("Stopped before the end: what was printed is not all.");
        if (source.Chunks > 0 || source.DamagedChunks == 0) return cancellationToken.IsCancellationRequested ? 2 : 0;
        Console.Error.WriteLine($"{path}: no chunk could be read.");
        return 2;

        void Warn()
        {
            for (; warned < source.Skipped.Count; warned++) Console.Error.WriteLine($"{path}: {source.Skipped[warned]}");
        }
    }

    // A packed log may be cut off: what came before that is still printed.
    private static bool Read(EvtxSource source, EventBlock block, string path)
    {
        try
        {
            return source.Read(block);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            Console.Error.WriteLine($"{path}: reading stopped: {e.Message}");
            return false;
        }
    }

    // False where nobody reads any more, as after "| head": then the work is done.
    private static bool Flush(ArrayBufferWriter<byte> buffer, Stream output)
    {
        try
        {
            output.Write(buffer.WrittenSpan);
            output.Flush();
            buffer.ResetWrittenCount();
            return true;
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            return false;
        }
    }

    // The console's own stream says nothing of a reader that has gone, and the rest of a large log would be read in vain.
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek) return pipe;
        // A file may have other writers, whose place in it is the descriptor's and not that of a stream.
        pipe.Dispose();
        return Console.OpenStandardOutput();
    }
}
