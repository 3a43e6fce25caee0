namespace Watchhouse.Platform.Data;

/// <summary>Where keys of the centre lie: apart from what they protect, readable by its account alone.</summary>
/// <param name="Path">Full path of the directory, which exists.</param>
public sealed record KeyDirectory(string Path);
