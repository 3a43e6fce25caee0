using System.Text;

namespace Watchhouse.Telemetry;

/// <summary>UTF-16 turned into UTF-8 as it streams by, as PowerShell's Out-File writes it. Lone surrogates become U+FFFD.</summary>
internal sealed class Utf16Stream(Stream inner, bool bigEndian) : ForwardStream
{
    private readonly Decoder _decoder = new UnicodeEncoding(bigEndian, byteOrderMark: false).GetDecoder();
    private readonly byte[] _input = new byte[16 * 1024];
    private readonly char[] _characters = new char[(16 * 1024) + 2];
    private readonly byte[] _output = new byte[64 * 1024];
    private readonly Encoder _encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();
    private int _at;
    private int _length;
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        while (_at == _length)
        {
            if (_ended) return 0;
            var read = inner.Read(_input);
            _ended = read == 0;
            var characters = _decoder.GetChars(_input.AsSpan(0, read), _characters, flush: _ended);
            _length = _encoder.GetBytes(_characters.AsSpan(0, characters), _output, flush: _ended);
            _at = 0;
        }

        var count = Math.Min(buffer.Length, _length - _at);
        _output.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
