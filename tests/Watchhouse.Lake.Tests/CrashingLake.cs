namespace Watchhouse.Lake.Tests;
internal static class CrashingLake { public const string Command = "--crashing-lake"; public static Task<int> RunAsync(string d) => Task.FromResult(1); }
