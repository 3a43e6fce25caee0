namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// Who or what an alert is about: alerts of one rule about one of these are one alert. Pure.
/// </summary>
/// <param name="Kind">user, host, address, app, group or source.</param>
/// <param name="Value">As the event writes it.</param>
internal sealed record AlertEntity(string Kind, string Value)
{
    public const int Longest = 200;

    private static readonly (string Kind, string[] Names)[] Kinds =
    [
        ("user",
        [
            "UserPrincipalName", "userPrincipalName", "properties.userPrincipalName", "initiatedBy.user.userPrincipalName",
            "properties.initiatedBy.user.userPrincipalName", "InitiatedBy.user.userPrincipalName", "UserId", "Caller", "caller",
            "userIdentity.arn", "TargetUserName", "SubjectUserName", "AccountName", "User",
        ]),
        ("host", ["Computer", "DeviceName", "properties.DeviceName", "host.name", "hostname", "Hostname"]),
        ("address", ["IPAddress", "ipAddress", "properties.ipAddress", "callerIpAddress", "CallerIpAddress", "ClientIP", "sourceIPAddress", "SourceIp", "IpAddress", "src_ip", "c-ip"]),
        ("app", ["AppId", "appId", "properties.appId", "ApplicationId", "applicationId", "ClientAppId", "OAuthAppId"]),
    ];

    /// <summary>Names that are asked for.</summary>
    public static IEnumerable<string> Fields => Kinds.SelectMany(kind => kind.Names);

    /// <summary>The first that the event has, or the source it came from.</summary>
    public static AlertEntity Of(Func<string, string?> field, string source)
    {
        foreach (var (kind, names) in Kinds)
        {
            foreach (var name in names)
            {
                // A dash is how Windows writes that there is none.
                if (field(name) is { Length: > 0 } value && value != "-") return new(kind, Cut(value));
            }
        }

        return OfSource(source);
    }

    /// <summary>The source itself, where nothing else is named.</summary>
    public static AlertEntity OfSource(string source) => new("source", Cut(source));

    /// <summary>Everyone and everything of these kinds that an event names: the first of each kind.</summary>
    public static IEnumerable<AlertEntity> AllOf(Func<string, string?> field) =>
        from kind in Kinds
        let value = kind.Names.Select(field).FirstOrDefault(text => text is { Length: > 0 } and not "-")
        where value is not null
        select new AlertEntity(kind.Kind, Cut(value));

    /// <summary>Of a correlation's group: its values are what it is about.</summary>
    public static AlertEntity OfGroup(IReadOnlyDictionary<string, string> group, string source) =>
        group.Count == 0 ? new("source", Cut(source)) : new("group", Cut(string.Join(", ", group.Values)));

    private static string Cut(string value) => value.Length <= Longest ? value : value[..Longest];
}
