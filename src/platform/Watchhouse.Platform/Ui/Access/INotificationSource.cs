using Watchhouse.Platform.Acting;

namespace Watchhouse.Platform.Ui;

/// <summary>What waits for this person.</summary>
/// <param name="Words">'3 approvals'.</param>
/// <param name="Count">How many, for the number on the bell.</param>
/// <param name="Address">Where they are dealt with.</param>
public sealed record WaitingNotice(string Words, int Count, string Address);

/// <summary>
/// Something that can wait for a person. A module registers one when it has such a thing; without any, the shell
/// shows no bell.
/// </summary>
public interface INotificationSource
{
    ValueTask<WaitingNotice?> CountAsync(ActingPrincipal principal, CancellationToken cancellationToken);
}
