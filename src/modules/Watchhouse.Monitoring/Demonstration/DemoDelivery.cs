using System.Security.Cryptography;
using System.Text;
using Watchhouse.Monitoring.Ingest.Intake;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>Events of one force and source as a collector gives them to the intake. Pure.</summary>
internal static class DemoDelivery
{
    /// <summary>The deliveries of events: one for each force and source, in the order in which they first appear.</summary>
    public static IEnumerable<(DemoForce Force, Delivery Delivery)> Of(IEnumerable<DemoEvent> events) =>
        events.GroupBy(each => (each.Force, each.Source)).Select(group => (group.Key.Force, Make(group.Key.Source, [.. group.Select(each => each.Line)])));

    private static Delivery Make(DemoSource source, IReadOnlyList<string> lines)
    {
        var payload = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return new()
        {
            Source = source.Name,
            Batches = [new IntakeBatch(source.Name, source.Format, lines.Count, payload)],
            // From the content alone: what is given again after a new start is known as a repeat.
            Key = $"{source.Name}\n{Convert.ToHexString(SHA256.HashData(payload))}",
        };
    }
}
