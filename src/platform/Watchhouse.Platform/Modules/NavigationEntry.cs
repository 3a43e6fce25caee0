using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Platform.Modules;

/// <summary>One entry of the navigation at the left.</summary>
/// <param name="Title">One or two words, sentence case.</param>
/// <param name="Address">The page's path.</param>
/// <param name="Icon">The name of a regular 20 px Fluent icon, such as <c>People</c>.</param>
/// <param name="Permission">Who sees the entry: those who hold it.</param>
/// <param name="Order">Place in the list, low first; groups change at each hundred.</param>
public sealed record NavigationEntry(string Title, string Address, string Icon, Permission Permission, int Order)
{
    /// <summary>Who does not see it although they could: those who hold this come to the page from another entry.</summary>
    public Permission? Unless { get; init; }
}
