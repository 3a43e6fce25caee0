using Microsoft.Extensions.Logging;
using Watchhouse.Cacao;
using Watchhouse.Platform.Data;

namespace Watchhouse.Response.Playbooks;

/// <summary>A playbook of this house, and the text that it was read from.</summary>
internal sealed record ListedPlaybook(Guid Id, CacaoPlaybook Playbook, string Text);

/// <summary>The playbooks of this house: the nation's, and those in the folder <c>playbooks</c> of the data directory. Read at the start.</summary>
internal sealed partial class PlaybookBook(HouseDirectory directory, ILogger<PlaybookBook> log)
{
    private Dictionary<Guid, ListedPlaybook> _byId = [];

    public IReadOnlyList<ListedPlaybook> All { get; private set; } = [];

    public ListedPlaybook? Find(Guid id) => _byId.GetValueOrDefault(id);

    public void Open(string nationalData)
    {
        var found = new Dictionary<Guid, ListedPlaybook>();
        foreach (var folder in new[] { Path.Combine(nationalData, "playbooks"), Path.Combine(directory.Path, "playbooks") }.Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                var (playbook, text, fault) = Read(path);
                if (playbook is null) Unusable(log, Path.GetFileName(path), fault!);
                // One of the same id in the data directory takes the nation's place when it is newer.
                else if (CacaoIds.UuidOf(playbook.Id) is { } id && (!found.TryGetValue(id, out var known) || known.Playbook.Modified < playbook.Modified)) found[id] = new(id, playbook, text);
            }
        }

        _byId = found;
        All = [.. found.Values.OrderBy(each => each.Playbook.Name, StringComparer.Ordinal)];
    }

    internal static (CacaoPlaybook? Playbook, string Text, string? Fault) Read(string path)
    {
        var limits = new CacaoLimits();
        if (new FileInfo(path).Length > limits.MostBytes) return (null, "", $"The file is larger than {limits.MostBytes:N0} bytes.");
        var bytes = File.ReadAllBytes(path);
        var read = CacaoReader.Read(bytes, limits);
        if (read.Playbook is null) return (null, "", string.Join(" ", read.Faults.Take(3).Select(each => each.Words)));
        var fault = read.Playbook.Steps.Values.Select(EstateCommand.Fault).FirstOrDefault(each => each is not null);
        return fault is null ? (read.Playbook, System.Text.Encoding.UTF8.GetString(bytes), null) : (null, "", fault);
    }

    [LoggerMessage(4501, LogLevel.Warning, "The playbook {File} is not used. {Fault}")]
    private static partial void Unusable(ILogger logger, string file, string fault);
}
