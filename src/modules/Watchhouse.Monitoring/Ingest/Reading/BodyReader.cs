using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Watchhouse.Monitoring.Ingest.Intake;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>Reads a request's body, unpacked, up to the limits. Slow senders are ended by the server's least data rate.</summary>
internal sealed class BodyReader(IngestLimits limits, IngestMemory memory)
{
    private const int FirstBytes = 64 * 1024;

    // A window of 8 MiB: what zstd's own levels up to 19 use. The library's default would let a sender ask for 128 MiB.
    private const int ZstdWindowLog = 23;

    /// <returns>The body, which the caller disposes of, or why there is none.</returns>
    public async Task<(IngestBody? Body, Refusal? Refusal)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.ContentLength > limits.MaxBodyBytes) return (null, TooLarge());
        if (Charset(request) is { } charset) return (null, charset);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limits.MaxBodyBytes;

        var coding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        var isGzip = coding is "gzip" or "x-gzip";
        var packed = new CountingStream(request.Body, isGzip ? GzipEnd.Member : default);
        Stream? plain = coding switch
        {
            "" or "identity" => packed,
            _ when isGzip => new GZipStream(packed, CompressionMode.Decompress),
            "zstd" => Zstd(packed),
            _ => null,
        };
        if (plain is null)
            return (null, new Refusal(RefusalKind.Unsupported, "The Content-Encoding is not read here. Send gzip, zstd, or nothing packed."));

        var body = new IngestBody(memory);
        Refusal? refusal;
        try
        {
            await using (plain) refusal = await FillAsync(body, plain, packed, request.ContentLength, cancellationToken);
            if (refusal is null && isGzip) refusal = GzipEnd.Take(body) ? Filled(body) : Damaged(coding);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            refusal = Damaged(coding);
        }
        catch (BadHttpRequestException e)
        {
            refusal = e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => TooLarge(),
                StatusCodes.Status408RequestTimeout => new Refusal(RefusalKind.BrokenOff,
                    "The request came too slowly and was ended. Send smaller batches, or over a better line."),
                _ => new Refusal(RefusalKind.Unreadable, "The request breaks off or breaks the rules of HTTP."),
            };
        }
        catch (IOException)
        {
            refusal = new Refusal(RefusalKind.BrokenOff, "The connection was lost before the request was whole. Send it again.");
        }
        catch
        {
            body.Dispose();
            throw;
        }

        refusal ??= SkipMark(body);
        if (refusal is null) return (body, null);
        body.Dispose();
        return (null, refusal);
    }

    private async Task<Refusal?> FillAsync(
        IngestBody body, Stream plain, CountingStream packed, long? length, CancellationToken cancellationToken)
    {
        // One more than announced, so that the end is seen without growing.
        var first = plain == packed && length is { } known ? (int)known + 1 : FirstBytes;
        if (!body.TryGrow(first)) return Busy();
        while (true)
        {
            if (body.Room.IsEmpty && !body.TryGrow((int)Math.Min(body.Length * 2L, limits.MaxBodyBytes + 1L))) return Busy();
            var read = await plain.ReadAsync(body.Room, cancellationToken);
            if (read == 0) break;
            body.Filled(read);
            if (body.Length > limits.MaxBodyBytes) return TooLarge();
            if (body.Length > 1 << 20 && body.Length > packed.Count * limits.MaxRatio)
                return new Refusal(RefusalKind.TooLarge,
                    $"The content unpacks to more than {limits.MaxRatio} times its size, which events do not. Send it packed less, or plain.");
        }

        return packed.Count == 0 ? Nothing : Filled(body);
    }

    private static readonly Refusal Nothing = new(RefusalKind.Empty, "The request has no content. Send at least one event.");

    private static Refusal? Filled(IngestBody body) => body.Length == 0 ? Nothing : null;

    private static Refusal Damaged(string coding) =>
        new(RefusalKind.Unreadable, $"The {coding} content is damaged or breaks off. Pack it again and send it whole.");

    public Refusal Busy() => new(RefusalKind.Busy,
        "More events arrive than there is room for. Keep these and send them again in a moment.", limits.RetryAfter);

    private Refusal TooLarge() => new(RefusalKind.TooLarge,
        $"The content is larger than {limits.MaxBodyBytes} bytes, packed or unpacked. Send smaller batches.");

    private static DecompressionStream Zstd(Stream packed)
    {
        var stream = new DecompressionStream(packed, leaveOpen: true);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        return stream;
    }

    private static Refusal? Charset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue) return null;
        return type.Charset.Value!.Trim('"').ToLowerInvariant() is "utf-8" or "utf8" or "us-ascii"
            ? null
            : new Refusal(RefusalKind.Unsupported, "The charset is not read here. Send UTF-8.");
    }

    // A byte order mark (Unicode, section 23.8): that of UTF-8 is passed over, any other says that it is not UTF-8.
    private static Refusal? SkipMark(IngestBody body)
    {
        var bytes = body.Bytes;
        if (bytes.StartsWith(Mark)) body.Skip(Mark.Length);
        else if (bytes.Length >= 2 && (bytes[0], bytes[1]) is (0xFF, 0xFE) or (0xFE, 0xFF))
            return new Refusal(RefusalKind.Unreadable, "The content is UTF-16. Send UTF-8.");
        return null;
    }

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];
}
