using System.Text;
using System.Text.Json;
using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Normalisation.Tests;

/// <summary>Real records: every one gets a table, and nothing of it is lost or bent.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData("attack")]
    [InlineData("cloud")]
    [InlineData("network")]
    [InlineData("regression")]
    [InlineData("telemetry")]
    public void Normalise_EventSet_NothingLostAndEverythingOfItsKind(string set)
    {
        var (count, tables) = (0, new SortedDictionary<string, int>());
        using var source = EventFiles.Open(SharedData.Path($"detection/events/{set}.ndjson.gz"), new());
        var (parser, block, record, result) = (source.CreateParser(), new EventBlock(), new EventRecord(), new NormalisedEvent());
        var normaliser = new EventNormaliser(TableMappings.Default);
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out _) is var outcome and not ParseOutcome.End)
            {
                if (outcome != ParseOutcome.Event) continue;
                // All of the small kinds and one in ten of the rest: the checks are slower than what they check.
                normaliser.Normalise(record, new("test", set, Row.Received), result);
                tables[result.Table] = tables.GetValueOrDefault(result.Table) + 1;
                if (tables[result.Table] < 500 || ++count % 10 == 0) RowCheck.Check(record, result);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", tables.Select(table => $"{table.Key} {table.Value}")));
        Assert.NotEmpty(tables);
    }

    public static TheoryData<string, string> MicrosoftSamples => new()
    {
        { "panther-azure-activity", "AzureActivity,AzureDiagnostics" },
        { "panther-defender-xdr-advanced-hunting", "AlertEvidence,AlertInfo" },
        { "panther-entra-diagnostics", "AADManagedIdentitySignInLogs,AADNonInteractiveUserSignInLogs,AADServicePrincipalSignInLogs,AuditLogs,SigninLogs" },
        { "panther-graph-alerts-v2", "SecurityAlert" },
        { "panther-o365-audit-entra", "OfficeActivity" },
        { "panther-o365-audit-exchange-lowercased", "OfficeActivity" },
        { "panther-o365-audit-sharepoint", "OfficeActivity" },
        { "msdocs-o365-management-activity", "OfficeActivity" },
        { "msgraph-directoryaudit", "AuditLogs" },
        { "msgraph-security-alert-v2", "SecurityAlert" },
        { "msgraph-signin", "SigninLogs" },
        { "otrf-goldensaml-advancedhunting", "CloudAppEvents,DeviceEvents,IdentityDirectoryEvents" },
        { "otrf-goldensaml-auditlogs", "AuditLogs" },
        { "otrf-goldensaml-officeactivity", "OfficeActivity" },
        { "sentinel-auditlogs", "AuditLogs" },
        { "sentinel-azureactivity", "AzureActivity" },
        { "sentinel-officeactivity", "OfficeActivity" },
        { "sentinel-signinlogs", "SigninLogs" },
        { "stratus-azure-entra", "AuditLogs,AzureActivity,AzureDiagnostics" },
    };

    [Theory]
    [MemberData(nameof(MicrosoftSamples))]
    public void Normalise_MicrosoftSamples_TheirTablesAndNothingLost(string file, string tables)
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(SharedData.Path($"m365/{file}.jsonl")))
        {
            Row.Each(Encoding.UTF8.GetBytes(Unwrap(line)), null, ".json", null, null, (record, result) =>
            {
                found[result.Table] = found.GetValueOrDefault(result.Table) + 1;
                RowCheck.Check(record, result);
            });
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", found.Select(table => $"{table.Key} {table.Value}")));
        Assert.Subset(tables.Split(',').ToHashSet(), found.Keys.ToHashSet());
    }

    [Theory]
    [InlineData("sentinel-signinlogs", "UserPrincipalName,AppDisplayName,IPAddress,ResultType,Id,CreatedDateTime,DeviceDetail,LocationDetails")]
    [InlineData("sentinel-officeactivity", "UserId,Operation,OfficeWorkload,OfficeId,RecordType,Start_Time")]
    [InlineData("sentinel-auditlogs", "OperationName,InitiatedBy,TargetResources,Id,Result,Category")]
    [InlineData("panther-o365-audit-exchange-lowercased", "UserId,Operation,OfficeWorkload,OfficeId,RecordType,UserType")]
    [InlineData("panther-entra-diagnostics", "OperationName")]
    public void Normalise_SamplesOfOneTable_FillTheColumnsThatHuntsAskFor(string file, string columns)
    {
        foreach (var line in File.ReadLines(SharedData.Path($"m365/{file}.jsonl")))
        {
            foreach (var row in Row.All(Encoding.UTF8.GetBytes(Unwrap(line)), null, ".json"))
            {
                foreach (var column in columns.Split(',')) Assert.True(row[column] is not null, $"{row.Table} {column} {row.Columns} {row.Unknown}");
            }
        }
    }

    // Some sets keep the record beside notes of where it comes from.
    private static string Unwrap(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("log", out var log) ? log.GetRawText() : line;
    }
}
