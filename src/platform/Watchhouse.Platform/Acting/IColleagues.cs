using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Acting;

/// <summary>Somebody to whom work can be given.</summary>
/// <param name="Id">As <see cref="ActingPrincipal.Subject"/> has it.</param>
/// <param name="Name">Their name.</param>
public sealed record Colleague(string Id, string Name);

/// <summary>Who keeps people tells who of an organisation may do something, so that it can be given to them.</summary>
public interface IColleagues
{
    /// <summary>
    /// People of an organisation who hold the permission now, by name; at most 500. The caller asks about the acting principal's own
    /// organisation alone: whom another employs is that one's business.
    /// </summary>
    Task<IReadOnlyList<Colleague>> HoldingAsync(ForceId home, Permission permission, CancellationToken cancellationToken);
}
