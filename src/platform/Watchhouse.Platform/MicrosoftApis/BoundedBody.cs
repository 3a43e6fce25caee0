namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>Reads an answer's body up to a bound.</summary>
public static class BoundedBody
{
    /// <summary>The body; null when it is larger.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int most, CancellationToken stop)
    {
        if (content.Headers.ContentLength > most) return null;
        await using var stream = await content.ReadAsStreamAsync(stop);
        var buffer = new byte[(int)Math.Clamp(content.Headers.ContentLength ?? 0, 16 * 1024, 1 << 20)];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, (long)most + 1));
            var read = await stream.ReadAsync(buffer.AsMemory(length), stop);
            if (read == 0) return buffer.AsMemory(0, length);
            length += read;
            if (length > most) return null;
        }
    }
}
