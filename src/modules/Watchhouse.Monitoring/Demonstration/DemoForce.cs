using System.Globalization;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>
/// A force of the demonstration with made-up people, computers and networks. Domains end in .example (RFC 2606), addresses are those
/// kept for documentation (RFC 5737): inside is 198.51.100.0/24, the way out 192.0.2.0/24, and strangers come from 203.0.113.0/24.
/// </summary>
internal sealed record DemoForce(ForceId Id, string Slug, int Number, IReadOnlyList<DemoSource> Sources)
{
    public const int Officers = 60;
    public const int Workstations = 40;

    private static readonly string[] Grades = ["pc", "pc", "pc", "dc", "sgt", "staff"];

    /// <summary>Forces that let the Centre watch, so that its duty manager sees them.</summary>
    public static IReadOnlyList<DemoForce> All { get; } =
    [
        Of(0, "KNT", "kent", DemoSource.Defender, DemoSource.Records),
        Of(1, "ESX", "essex", DemoSource.Defender, DemoSource.Firewall),
        Of(2, "SRY", "surrey", DemoSource.Defender),
        Of(3, "GMP", "greater-manchester", DemoSource.Defender, DemoSource.Firewall),
        Of(4, "CHS", "cheshire", DemoSource.Firewall, DemoSource.Linux),
        Of(5, "DVC", "devon-and-cornwall", DemoSource.Records, DemoSource.Firewall),
        Of(6, "SYP", "south-yorkshire", DemoSource.Defender, DemoSource.Records),
        Of(7, "NYP", "north-yorkshire", DemoSource.Linux),
        Of(8, "TVP", "thames-valley", DemoSource.Defender, DemoSource.Firewall),
        Of(9, "SWP", "south-wales", DemoSource.Records),
        Of(10, "DRB", "derbyshire", DemoSource.Defender, DemoSource.Records),
        Of(11, "MER", "merseyside", DemoSource.Firewall, DemoSource.Linux),
    ];

    public string Domain => $"{Slug}.demo.example";

    /// <summary>The name of its Windows domain.</summary>
    public string Netbios => Id.Value + "DEMO";

    public Guid Tenant => DemoDice.Of($"tenant/{Id}").Id();

    /// <summary>The address under which its people are seen from outside.</summary>
    public string Egress => $"192.0.2.{(Number + 10).ToString(CultureInfo.InvariantCulture)}";

    public static DemoForce Find(string id) => All.Single(force => force.Id.Value == id);

    /// <summary>The account of a person, such as pc2117: a grade and a collar number.</summary>
    public string Account(int person) => string.Create(CultureInfo.InvariantCulture, $"{Grades[person % Grades.Length]}{2100 + (person * 17) + Number}");

    public string Mail(int person) => $"{Account(person)}@{Domain}";

    /// <summary>The id of a person in the directory.</summary>
    public Guid PersonId(int person) => DemoDice.Of($"person/{Id}/{person}").Id();

    public string Workstation(int number) => string.Create(CultureInfo.InvariantCulture, $"{Id}-WS{(number % Workstations) + 1:D3}.{Domain}");

    /// <summary>DC01, FS01, BACKUP01, APP01 …</summary>
    public string Server(string name) => $"{Id}-{name}.{Domain}";

    /// <summary>The address of a workstation inside.</summary>
    public string Inside(int number) => $"198.51.100.{(((number + Number) % Workstations) + 100).ToString(CultureInfo.InvariantCulture)}";

    public string Administrator => $"adm.helpdesk@{Domain}";

    public bool Has(DemoSource source) => Sources.Contains(source);

    public override string ToString() => Id.Value;

    private static DemoForce Of(int number, string id, string slug, params DemoSource[] more) =>
        new(ForceId.Of(id), slug, number, [DemoSource.Office, DemoSource.SignIns, DemoSource.DirectoryAudits, DemoSource.Windows, .. more]);
}
