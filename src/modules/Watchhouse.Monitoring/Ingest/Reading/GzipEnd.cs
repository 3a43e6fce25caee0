using System.IO.Compression;

namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>
/// The platform's gzip stream ends without a word where its input breaks off. So a last member (RFC 1952, section 2.2)
/// with known content is read behind the request's own: it comes out at the end if, and only if, all before it was whole.
/// </summary>
internal static class GzipEnd
{
    private static ReadOnlySpan<byte> Mark => "\0end of content\0"u8;

    /// <summary>The member, packed.</summary>
    public static ReadOnlyMemory<byte> Member { get; } = Pack();

    /// <summary>Takes the mark off the end; false when it is not there.</summary>
    public static bool Take(IngestBody body)
    {
        if (!body.Bytes.EndsWith(Mark)) return false;
        body.Shorten(Mark.Length);
        return true;
    }

    private static byte[] Pack()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression)) gzip.Write(Mark);
        return packed.ToArray();
    }
}
