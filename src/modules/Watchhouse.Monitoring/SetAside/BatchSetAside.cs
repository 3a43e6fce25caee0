using System.Text;
using Watchhouse.Journal;
using Watchhouse.Lake;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Normalisation;

namespace Watchhouse.Monitoring.SetAside;

/// <summary>A batch that a consumer set aside, with the beginning of its bytes; all of them are in the archive.</summary>
internal sealed record BatchSetAside(
    string Consumer, Guid Id, string Owner, string Source, DateTimeOffset ReceivedAt, int Events, byte[] Sample, bool IsCut, string Failure)
{
    public const string Detection = "detect";
    public const string Archive = "archive";

    // Far below what the lake takes, so that whatever made the batch fail, its lines do not.
    private const int MostPiece = 4 << 20;

    public static BatchSetAside Of(string consumer, JournalBatch batch, Exception failure)
    {
        var payload = batch.Payload.Span;
        var length = Math.Min(payload.Length, Detective.MostRawBytes);
        return new(consumer, batch.Id, batch.Owner, batch.Source, batch.ReceivedAt, batch.Count, payload[..length].ToArray(), length < payload.Length,
            failure.GetType().Name);
    }

    /// <summary>The lake's rows of a batch that none could be made of: each line as it came, filed under the time of receipt.</summary>
    public static LakeRow[] RowsOf(JournalBatch batch)
    {
        var rows = new List<LakeRow>();
        var lines = new PayloadLines();
        var number = 0;
        foreach (var range in lines.Split(batch.Payload))
        {
            var pieces = 0;
            for (var rest = batch.Payload[range]; !rest.IsEmpty && (pieces > 0 || !rest.Span.Trim(" \t"u8).IsEmpty);)
            {
                var piece = rest[..Math.Min(rest.Length, MostPiece)];
                rest = rest[piece.Length..];
                rows.Add(new LakeRow
                {
                    Owner = batch.Owner,
                    Table = TableCatalogue.CatchAll,
                    Time = batch.ReceivedAt,
                    Source = batch.Source,
                    EventId = DerivedId.OfLine(batch.Owner, batch.Source, batch.ReceivedAt, pieces++, piece.Span),
                    ReceivedAt = batch.ReceivedAt,
                    Raw = piece,
                    Format = batch.Format,
                    Line = number,
                });
            }

            number++;
        }

        return [.. rows];
    }
}
