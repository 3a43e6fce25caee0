using System.Globalization;
using System.Security.Cryptography;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>
/// The folder <c>import</c> of a data directory, through which files get into the journal: the journal has one writer, so the
/// command that reads them writes batches here, and the running centre takes them up in the order of their names. The owner of
/// the directory alone can read it or write in it.
/// </summary>
public sealed class ImportSpool
{
    /// <summary>Bytes that a batch aims at.</summary>
    public const int BatchBytes = 1 << 20;

    /// <summary>Events that a batch aims at.</summary>
    public const int BatchEvents = 5000;

    /// <summary>Longest event that is imported: whatever comes with it, the batch then fits into the journal.</summary>
    public const int EventBytes = 4 << 20;

    private const string Ready = ".batch";
    private const string SetAside = ".refused";
    private const int RunDigits = 10;
    private const long LargestFile = 14L << 20;

    /// <summary>The folder of a data directory, made where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public ImportSpool(string dataDirectory)
    {
        Directory = Path.Combine(dataDirectory, "import");
        if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(Directory);
        else System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Full path of the folder.</summary>
    public string Directory { get; }

    private string LockFile => Path.Combine(Directory, "lock");

    private string ForcesFile => Path.Combine(Directory, "forces");

    /// <summary>A name for the batches of one import, which sorts behind those of every import that lies here.</summary>
    public string NewRun()
    {
        var last = 0L;
        foreach (var file in System.IO.Directory.EnumerateFiles(Directory))
        {
            var name = Path.GetFileName(file);
            if (name.Length > RunDigits && long.TryParse(name.AsSpan(0, RunDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                last = Math.Max(last, number);
        }

        // Two imports may begin at once: what is drawn keeps them apart.
        return string.Create(CultureInfo.InvariantCulture, $"{last + 1:D10}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
    }

    /// <summary>Lays a batch ready. It is on disk when this returns.</summary>
    /// <exception cref="IOException">The disk is full or does not answer.</exception>
    public void Write(string run, int number, ImportBatch batch)
    {
        var name = Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{run}-{number:D8}"));
        var part = name + ".part";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(part, how))
            {
                batch.Write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, name + Ready);
            DirectoryFlush.Flush(Directory);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>How many batches of an import wait to be taken up.</summary>
    public int Waiting(string run) => System.IO.Directory.EnumerateFiles(Directory, run + "*" + Ready).Count();

    /// <summary>How many batches of an import the centre would not take; its log says why.</summary>
    public int Refused(string run) => System.IO.Directory.EnumerateFiles(Directory, run + "*" + SetAside).Count();

    /// <summary>Whether a centre runs that takes batches up.</summary>
    public bool IsServed()
    {
        try
        {
            // Shared with whoever else asks; whoever takes up holds it alone.
            using var held = new FileStream(LockFile, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Tags of the organisations that exist, as the centre last wrote them down; null where it never did.</summary>
    public IReadOnlySet<string>? Forces() =>
        File.Exists(ForcesFile) ? File.ReadAllLines(ForcesFile).ToHashSet(StringComparer.Ordinal) : null;

    /// <summary>Takes the right to take batches up; null while another has it.</summary>
    internal FileStream? TryLock()
    {
        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal void WriteForces(IEnumerable<string> tags)
    {
        var part = ForcesFile + ".part";
        File.WriteAllLines(part, tags);
        File.Move(part, ForcesFile, overwrite: true);
    }

    /// <summary>Batches that wait, the oldest first.</summary>
    internal IReadOnlyList<string> Files() => [.. System.IO.Directory.EnumerateFiles(Directory, "*" + Ready).Order(StringComparer.Ordinal)];

    /// <exception cref="InvalidDataException">The file is no batch.</exception>
    internal static ImportBatch Read(string file) => new FileInfo(file).Length > LargestFile
        ? throw new InvalidDataException("The file is larger than any batch.")
        : ImportBatch.Read(File.ReadAllBytes(file));

    /// <summary>Removes what commands that were killed left half-written.</summary>
    internal void RemoveHalves(DateTimeOffset before)
    {
        foreach (var part in System.IO.Directory.EnumerateFiles(Directory, "*.part"))
        {
            if (File.GetLastWriteTimeUtc(part) < before.UtcDateTime) File.Delete(part);
        }
    }

    internal static void Refuse(string file) => File.Move(file, Path.ChangeExtension(file, SetAside), overwrite: true);
}
