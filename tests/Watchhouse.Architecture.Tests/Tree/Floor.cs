namespace Watchhouse.Architecture.Tests.Tree;

/// <summary>The floors of the house, lowest first: a project may stand only on floors below its own.</summary>
internal enum Floor
{
    Library = 1,
    Platform = 2,
    Module = 3,
    Program = 4,
}
