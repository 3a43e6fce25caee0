using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>The register as read from files, whole and checked, before anything is stored.</summary>
internal sealed record RegisterContent(IReadOnlyList<Organisation> Organisations, IReadOnlyList<Area> Areas, IReadOnlyDictionary<ForceId, ForceId> SuccessorOf);

/// <summary>A row of a register file that breaks a rule.</summary>
internal sealed class RegisterFileException(string file, int line, string reason)
    : StorageUnusableException($"{file}, line {line}: {reason} Nothing of the register was loaded. Correct the row and start again.");

/// <summary>
/// Reads <c>organisations.csv</c>, <c>areas.csv</c> and <c>tiles.csv</c>. Every row is checked before one is used: a
/// malformed row names its file, line and reason, and nothing is half-loaded.
/// </summary>
internal static class RegisterFiles
{
    public static RegisterContent Read(string directory)
    {
        var successors = new Dictionary<ForceId, ForceId>();
        var organisations = Organisations(Path.Combine(directory, "organisations.csv"), successors);
        var known = organisations.ToDictionary(o => o.Id);
        Tiles(Path.Combine(directory, "tiles.csv"), known);
        return new RegisterContent(organisations, Areas(Path.Combine(directory, "areas.csv"), known), successors);
    }

    private static List<Organisation> Organisations(string path, Dictionary<ForceId, ForceId> successors)
    {
        var all = new List<Organisation>();
        var seen = new HashSet<ForceId>();
        foreach (var row in Rows(path))
        {
            var id = row.Tag("id");
            if (!seen.Add(id)) throw row.Wrong($"the tag '{id}' stands twice");
            var (from, until) = (row.Day("from"), row.Day("until"));
            if (from >= until) throw row.Wrong("'until' is not after 'from'");
            if (row.Optional("successor") is not null)
            {
                if (until is null) throw row.Wrong("an organisation with a successor has ended; 'until' is empty");
                successors[id] = row.Tag("successor");
            }

            all.Add(new Organisation
            {
                Id = id,
                Kind = row.Text("kind") switch
                {
                    "centre" => OrganisationKind.Centre,
                    "territorial" => OrganisationKind.Territorial,
                    "other_force" => OrganisationKind.OtherForce,
                    "partner" => OrganisationKind.Partner,
                    var other => throw row.Wrong($"'{other}' is no kind; use centre, territorial, other_force or partner"),
                },
                OfficialName = row.Text("official_name"),
                ShortName = row.Text("short_name"),
                WelshName = row.Optional("welsh_name"),
                ForceCode = row.Optional("force_code"),
                Slug = row.Optional("slug"),
                Region = row.Text("region"),
                Jurisdiction = row.Text("jurisdiction"),
                OnsCode = row.Optional("ons_code"),
                RocuRegion = row.Optional("rocu_region"),
                Officers = row.Number("officers_fte_2025"),
                From = from,
                Until = until,
                Note = row.Optional("note"),
            });
        }

        foreach (var (id, successor) in successors)
            if (!seen.Contains(successor))
                throw new RegisterFileException(Path.GetFileName(path), 1, $"the successor '{successor}' of '{id}' has no row.");
        if (!seen.Contains(ForceId.Centre))
            throw new RegisterFileException(Path.GetFileName(path), 1, $"the Centre ({ForceId.Centre}) is missing.");
        return all;
    }

    private static void Tiles(string path, Dictionary<ForceId, Organisation> known)
    {
        var taken = new HashSet<(int, int)>();
        foreach (var row in Rows(path))
        {
            var organisation = row.Known("force_id", known);
            var (column, line) = (row.Number("column"), row.Number("row"));
            if (column is not (>= 0 and < 40) || line is not (>= 0 and < 40)) throw row.Wrong("a tile lies between 0 and 39");
            if (!taken.Add((column.Value, line.Value))) throw row.Wrong($"the place {column}, {line} is taken twice");
            (organisation.TileColumn, organisation.TileRow) = (column, line);
        }
    }

    private static List<Area> Areas(string path, Dictionary<ForceId, Organisation> known)
    {
        var all = new List<Area>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in Rows(path))
        {
            var code = row.Text("lad_code");
            if (!seen.Add(code)) throw row.Wrong($"the district '{code}' stands twice");
            all.Add(new Area
            {
                Code = code,
                Name = row.Text("lad_name"),
                Region = row.Text("region"),
                Force = row.Known("force_id", known).Id,
                Basis = row.Text("basis"),
            });
        }

        return all;
    }

    private static IEnumerable<RegisterRow> Rows(string path)
    {
        var name = Path.GetFileName(path);
        if (!File.Exists(path)) throw new RegisterFileException(name, 1, $"the file is not in '{Path.GetDirectoryName(path)}'.");
        using var text = new StreamReader(path);
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            MissingFieldFound = null,
            BadDataFound = bad => throw new RegisterFileException(name, bad.Context.Parser?.RawRow ?? 0, "the quotes of this row do not close."),
        });
        if (!csv.Read() || !csv.ReadHeader()) throw new RegisterFileException(name, 1, "the file has no header.");
        var width = csv.HeaderRecord!.Length;
        while (csv.Read())
        {
            if (csv.Parser.Count != width)
                throw new RegisterFileException(name, csv.Parser.RawRow, $"the row has {csv.Parser.Count} fields, the header {width}.");
            yield return new RegisterRow(csv, name);
        }
    }
}

/// <summary>One row, with its line for complaints.</summary>
internal sealed class RegisterRow(CsvReader csv, string file)
{
    public RegisterFileException Wrong(string reason) => new(file, csv.Parser.RawRow, reason + ".");

    public string? Optional(string column)
    {
        if (!csv.HeaderRecord!.Contains(column)) throw new RegisterFileException(file, 1, $"the column '{column}' is missing.");
        var text = csv.GetField(column)?.Trim();
        return string.IsNullOrEmpty(text) ? null : text;
    }

    public string Text(string column) => Optional(column) ?? throw Wrong($"'{column}' is empty");

    public int? Number(string column) => Optional(column) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong($"'{column}' is '{text}', which is not a whole number");

    public DateOnly? Day(string column) => Optional(column) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw Wrong($"'{column}' is '{text}', which is not a date like 2026-04-01");

    public ForceId Tag(string column) => ForceId.TryParse(Text(column), null, out var id) ? id
        : throw Wrong($"'{Text(column)}' is not a tag of two to eight upper-case letters or digits");

    public Organisation Known(string column, Dictionary<ForceId, Organisation> known) =>
        known.TryGetValue(Tag(column), out var organisation) ? organisation
        : throw Wrong($"no organisation has the tag '{Text(column)}'");
}
