namespace Watchhouse.Platform.Data;

/// <summary>Where a module keeps files that are no records of the database, each in a directory of its own below it.</summary>
/// <param name="Path">Full path of the directory, which exists.</param>
public sealed record HouseDirectory(string Path);
