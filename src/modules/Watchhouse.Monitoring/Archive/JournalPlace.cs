using System.Globalization;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Monitoring.Archive;

/// <summary>
/// How places in the journal are counted in the lake. The lake's positions only ever rise; a journal that was lost and begun
/// anew counts from 1 again, and what it holds must not pass for something that is stored already. So the lake's position is
/// that of the journal and an offset, which is kept in a file beside the manifest.
/// </summary>
internal sealed class JournalPlace(string directory)
{
    private readonly string _path = Path.Combine(directory, "journal-offset");

    /// <summary>What is added to a place in the journal.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads the offset, and changes it where the journal is another than the one that was stored.</summary>
    /// <returns>Whether the journal is another.</returns>
    public bool Open(long stored, long tail)
    {
        if (File.Exists(_path))
        {
            Offset = long.TryParse(File.ReadAllText(_path), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? offset
                : throw new InvalidDataException(
                    $"The file {_path} must hold a number and does not. It says from where the lake counts the journal's batches; restore it from a backup of the lake.");
        }

        if (tail + Offset >= stored) return false;
        Offset = stored;
        var temporary = _path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Offset.ToString(CultureInfo.InvariantCulture)));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
        // Lost in a power cut, the offset would let a grown journal pass for one that is stored.
        DirectoryFlush.Flush(directory);
        return true;
    }
}
