using System.Globalization;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Import;

/// <summary>Reads files, lays their events ready, and waits while a running centre takes them up.</summary>
internal sealed class ImportRun(ImportOptions options, ImportSpool spool, CancellationToken cancellationToken)
{
    private const int MostWaiting = 64;
    private const long DiskToLeave = 1L << 30;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly ImportProgress _progress = new();
    private readonly string _run = spool.NewRun();
    private long _total;
    private long _read;
    private long _events;
    private int _batches;

    /// <summary>0; 1 where not all of it could be read or was taken; 2 for bad usage or when nothing could be read.</summary>
    public static int Run(ImportOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (Check(options) is { } wrong)
            {
                Console.Error.WriteLine(wrong);
                return 2;
            }

            var spool = new ImportSpool(options.Data);
            if (CheckForce(options, spool) is { } unknown)
            {
                Console.Error.WriteLine(unknown);
                return 2;
            }

            return new ImportRun(options, spool, cancellationToken).Execute();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped before the end: what was laid ready is taken up. Importing the same files again brings no event twice.");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static string? Check(ImportOptions options)
    {
        if (!ImportFormats.IsSourceName(options.Source, out var rule)) return $"'{options.Source}' is no name of a source. {rule}";
        if (!Directory.Exists(Path.Combine(options.Data, "ledger")))
            return $"There is no centre in '{options.Data}'. Name its directory with --data, or start it once: watchhouse serve --data {options.Data}";
        return options.Files.FirstOrDefault(file => !File.Exists(file) && !Directory.Exists(file)) is { } missing
            ? $"There is no file or directory '{missing}'."
            : null;
    }

    private static string? CheckForce(ImportOptions options, ImportSpool spool)
    {
        var known = spool.Forces() ?? NationalForces();
        return known.Contains(options.Force)
            ? null
            : $"There is no force '{options.Force}'. Name one by its tag, such as "
                + $"{string.Join(", ", known.Where(tag => tag != "NMC").Order(StringComparer.Ordinal).Take(3))}.";
    }

    // A centre that has not been started since it learned to import has not written its own list down yet.
    private static HashSet<string> NationalForces()
    {
        using var source = EventFiles.Open(Path.Combine(AppContext.BaseDirectory, "national", "organisations.csv"), new EventFileOptions());
        var (parser, block, record) = (source.CreateParser(), new EventBlock(), new EventRecord());
        var tags = new HashSet<string>(StringComparer.Ordinal);
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out _) is var outcome and not ParseOutcome.End)
            {
                if (outcome == ParseOutcome.Event && record.Text("id") is { } tag && record.Text("until") is null) tags.Add(tag);
            }
        }

        return tags;
    }

    private int Execute()
    {
        var files = EventFiles.Find(options.Files).ToList();
        if (files.Count == 0)
        {
            Console.Error.WriteLine($"There is no event file in {string.Join(", ", options.Files)}.");
            return 2;
        }

        _total = files.Sum(file => new FileInfo(file).Length);
        var reader = new ImportFile(Ready, Tell, bytes => _read += bytes);
        var (read, isAll) = (0, true);
        foreach (var file in files)
        {
            if (Read(reader, file) is { Events: > 0 } report)
            {
                read++;
                isAll &= report is { IsWhole: true, Rejected: 0 };
            }
            else
            {
                isAll = false;
            }
        }

        _progress.Clear();
        if (read == 0) return 2;
        return Wait(read) && isAll ? 0 : 1;
    }

    private FileReport? Read(ImportFile reader, string file)
    {
        try
        {
            if (new FileInfo(file) is { Length: 0 })
            {
                Tell($"{file}: the file is empty.");
                return null;
            }

            var report = reader.Read(file, options, cancellationToken);
            if (report is { Events: 0, Rejected: 0, IsWhole: true }) Tell($"{file}: there is no event in the file.");
            else if (report.Events == 0) Tell($"{file}: no event could be read from the file. Where its format was not recognised, name it with --format.");
            return report;
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException or NotSupportedException
            || (e is IOException && e is not SpoolException))
        {
            Tell($"{file}: {e.Message}");
            return null;
        }
    }

    private void Ready(ImportBatch batch)
    {
        while (spool.Waiting(_run) >= MostWaiting && spool.IsServed())
        {
            cancellationToken.ThrowIfCancellationRequested();
            _progress.Show("Waiting for the centre", (double)_read / Math.Max(1, _total), _events);
            Thread.Sleep(Look);
        }

        try
        {
            if (new DriveInfo(spool.Directory).AvailableFreeSpace < DiskToLeave)
                throw new IOException("less than 1 GiB of the disk is free");
            spool.Write(_run, _batches, batch);
        }
        catch (IOException e)
        {
            throw new SpoolException(
                $"Events cannot be laid ready in '{spool.Directory}': {e.Message}. {_events:N0} events lie ready or are taken up; "
                + "make room and import the same files again, which brings no event twice.", e);
        }

        _batches++;
        _events += batch.Count;
        _progress.Show("Reading", (double)_read / Math.Max(1, _total), _events);
    }

    // True when everything is in the journal, or lies ready for it.
    private bool Wait(int files)
    {
        var what = string.Create(CultureInfo.InvariantCulture,
            $"{_events:N0} events of {files:N0} {(files == 1 ? "file" : "files")}, for {options.Force} as source {options.Source}");
        int waiting;
        while ((waiting = spool.Waiting(_run)) > 0)
        {
            if (!spool.IsServed())
            {
                _progress.Clear();
                Console.Out.WriteLine($"{what}, lie ready in '{spool.Directory}': the centre takes them up when it is started with 'watchhouse serve'.");
                return true;
            }

            cancellationToken.ThrowIfCancellationRequested();
            _progress.Show("Taken up", 1 - ((double)waiting / _batches), _events);
            Thread.Sleep(Look);
        }

        _progress.Clear();
        if (spool.Refused(_run) is > 0 and var refused)
        {
            Console.Error.WriteLine($"The centre did not take {refused:N0} of {_batches:N0} batches; its log says why.");
            return false;
        }

        Console.Out.WriteLine($"{what}, are in the journal.");
        return true;
    }

    private void Tell(string problem)
    {
        _progress.Clear();
        Console.Error.WriteLine(problem);
    }

    /// <summary>Nothing more can be laid ready: the other files cannot either.</summary>
    private sealed class SpoolException(string message, Exception inner) : IOException(message, inner);
}
