using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Watchhouse.Journal.Framing;

namespace Watchhouse.Journal.Storage;

/// <summary>
/// A small record that is replaced atomically: two slots in blocks of their own, written in turn, each with a counter
/// and a CRC-32C. A write that a crash tears leaves the other slot. The file never grows, so a full disk does not
/// keep a consumer from committing what frees space.
/// </summary>
internal sealed class SlotFile : IDisposable
{
    /// <summary>A block of its own for each slot, so that a torn block is never the good one.</summary>
    private const int SlotSize = 4096;

    private const int Header = 20;
    private const uint Magic = 0x544F4C53; // "SLOT"

    private readonly SafeFileHandle _handle;
    private readonly byte[] _buffer = new byte[SlotSize];
    private long _counter;

    private SlotFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>Makes the file with its first record, under another name first: it is whole or not there.</summary>
    public static SlotFile Create(string path, ReadOnlySpan<byte> record)
    {
        var temporary = path + ".new";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.ReadWrite))
        {
            RandomAccess.Write(handle, new byte[2 * SlotSize], 0);
            new SlotFile(handle).Write(record);
        }

        File.Move(temporary, path);
        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        return new SlotFile(OpenHandle(path)) { _counter = 1 };
    }

    /// <summary>Opens the file and reads the newest record.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What a person can do when it is damaged.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="JournalCorruptException">Neither slot is whole.</exception>
    public static SlotFile Open(string path, string remedy, out byte[] record)
    {
        var file = new SlotFile(OpenHandle(path));
        byte[]? best = null;
        for (var slot = 0; slot < 2; slot++)
        {
            if (file.Read(slot, out var counter) is { } found && counter > file._counter)
                (best, file._counter) = (found, counter);
        }

        if (best is not null)
        {
            record = best;
            return file;
        }

        file.Dispose();
        throw new JournalCorruptException(
            $"The journal's file {path} is damaged: neither of its two records is whole. " + remedy);
    }

    /// <summary>Replaces the record; on disk when it returns.</summary>
    public void Write(ReadOnlySpan<byte> record)
    {
        var slot = _buffer.AsSpan();
        slot.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(slot[8..], record.Length);
        BinaryPrimitives.WriteInt64LittleEndian(slot[12..], _counter + 1);
        record.CopyTo(slot[Header..]);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[4..], Crc32C.Of(slot.Slice(8, Header - 8 + record.Length)));
        RandomAccess.Write(_handle, slot, (_counter + 1) % 2 * SlotSize);
        RandomAccess.FlushToDisk(_handle);
        _counter++;
    }

    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle OpenHandle(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private byte[]? Read(int index, out long counter)
    {
        counter = 0;
        var slot = _buffer.AsSpan();
        if (RandomAccess.Read(_handle, slot, (long)index * SlotSize) < SlotSize
            || BinaryPrimitives.ReadUInt32LittleEndian(slot) != Magic)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(slot[8..]);
        if (length is < 0 or > SlotSize - Header
            || Crc32C.Of(slot.Slice(8, Header - 8 + length)) != BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]))
            return null;
        counter = BinaryPrimitives.ReadInt64LittleEndian(slot[12..]);
        return slot.Slice(Header, length).ToArray();
    }
}
