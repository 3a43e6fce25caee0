using System.Globalization;

namespace Watchhouse.Lake.Files;

/// <summary>Where things lie under the root of a lake.</summary>
internal sealed class LakeLayout(string root)
{
    public const string Packed = ".parquet";
    public const string Index = ".ids";
    public const string Temporary = ".tmp";

    public string Root { get; } = Path.GetFullPath(root);

    public string OwnerDirectory(string owner) => Path.Combine(Root, owner);

    public string DayDirectory(string owner, DateOnly day) =>
        Path.Combine(Root, owner, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public string PackedPath(LakeFile file) => Stem(file) + Packed;

    public string IndexPath(LakeFile file) => Stem(file) + Index;

    /// <summary>Every name that a file ever has on disk.</summary>
    public string[] AllPaths(LakeFile file)
    {
        var (packed, index) = (PackedPath(file), IndexPath(file));
        return [packed, index, packed + Temporary, index + Temporary];
    }

    private string Stem(LakeFile file) => Path.Combine(DayDirectory(file.Owner, file.Day), $"{file.Table}.{file.Id:N}");
}
