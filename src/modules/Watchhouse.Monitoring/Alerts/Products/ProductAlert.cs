using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Products;

/// <summary>
/// What a security product says of an alert that it raised itself (Microsoft Graph, <c>security/alerts_v2</c>), as it said last.
/// It has the id of its alert in the queue; a table of its own keeps the queue's rows short.
/// </summary>
internal sealed class ProductAlert : IOwnedByForce
{
    public const int LongestDescription = 4000;
    public const int LongestLink = 500;
    public const int LongestName = 200;

    /// <summary>The id of the <see cref="Alert"/>.</summary>
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>In words: Microsoft Defender for Endpoint.</summary>
    public required string Product { get; set; }

    /// <summary>The product's own id of the alert.</summary>
    public required string ProductId { get; init; }

    /// <summary>The product's id of the incident that it put the alert into; empty where it names none.</summary>
    public string Incident { get; set; } = "";

    /// <summary>new, inProgress, resolved or unknown.</summary>
    public string Status { get; set; } = "";

    /// <summary>truePositive, falsePositive, informationalExpectedActivity or unknown.</summary>
    public string Classification { get; set; } = "";

    public string Determination { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>Its page in the product; empty where that is not an address of Microsoft's.</summary>
    public string Link { get; set; } = "";

    /// <summary>When the product changed it last. What was said before that changes nothing.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>What the product rests it on: a JSON list of <see cref="ProductEvidence"/>.</summary>
    public string Evidence { get; set; } = "[]";
}

/// <summary>A thing that a product names as evidence.</summary>
/// <param name="Kind">device, user, process, file, address, mailbox, application or another of Microsoft's words.</param>
/// <param name="Name">Its name: of a process its file, of a user the name for signing in.</param>
/// <param name="Detail">What tells it apart: a command line, a hash, a path; empty where there is nothing.</param>
/// <param name="Verdict">unknown, suspicious, malicious or noThreatsFound; empty where the product says none.</param>
/// <param name="Remediation">What the product did about it: none, blocked, remediated and others.</param>
internal sealed record ProductEvidence(string Kind, string Name, string Detail, string Verdict, string Remediation);
