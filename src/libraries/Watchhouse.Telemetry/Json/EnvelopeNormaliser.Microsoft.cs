namespace Watchhouse.Telemetry;

/// <summary>
/// Records of Entra, Azure and Microsoft 365 say some things only between the lines, and rules use the names that the portals
/// show for them. They are added under names that begin with _, which keywords do not search:
/// _extended.X and _modified.X for the value of the property called X in a list of pairs, _outcome for success or failure,
/// _activity for an activity's name without its trailing blank, _provider for the first part of an Azure operation, _protocol and
/// _places for a sign-in, and _kind for a Graph type without its prefix.
/// </summary>
internal sealed partial class EnvelopeNormaliser
{
    private void AddMicrosoftNames()
    {
        var count = _record.NodeCount;
        var (isSignIn, result) = (false, -1);
        for (var at = 1; at < count; at = _record[at].End)
        {
            if (_record[at].NameLength is < 4 or > 19) continue;
            var name = _record.NameOf(_record[at]);
            if (((Interest[name.Length] >> (name[0] & 63)) & 1) == 0) continue;
            switch (name.Length)
            {
                case 4 when name.SequenceEqual("Type"u8):
                case 8 when name.SequenceEqual("category"u8) || name.SequenceEqual("Category"u8):
                    isSignIn |= _record[at].Kind == EventNodeKind.Text
                        && (_record.ValueOf(_record[at]).EndsWith("SignInLogs"u8) || _record.ValueOf(_record[at]).EndsWith("SigninLogs"u8));
                    break;
                case 13 when name.SequenceEqual("clientAppUsed"u8):
                    isSignIn = true;
                    break;
                case 10 when name.SequenceEqual("resultType"u8) || name.SequenceEqual("ResultType"u8) || name.SequenceEqual("resulttype"u8):
                    result = at;
                    break;
                case 12 when name.SequenceEqual("ResultStatus"u8) || name.SequenceEqual("resultStatus"u8) || name.SequenceEqual("resultstatus"u8):
                    AddOutcome(_record.ValueOf(_record[at]));
                    break;
                case 18 when name.SequenceEqual("ExtendedProperties"u8) || name.SequenceEqual("extendedproperties"u8):
                    AddPairs(at, "_extended."u8, "Name"u8, "Value"u8);
                    break;
                case 15 when name.SequenceEqual("targetResources"u8) || name.SequenceEqual("TargetResources"u8):
                    AddModified(at);
                    break;
                case 10 when name.SequenceEqual("properties"u8) && _record[at].Kind == EventNodeKind.Mapping:
                    if (_record.FindIn(at, "targetResources"u8) is > 0 and var resources) AddModified(resources);
                    if (_record.FindIn(at, "activityDisplayName"u8) is > 0 and var inner) AddActivity(inner);
                    break;
                case 13 when name.SequenceEqual("operationName"u8):
                    AddActivity(at);
                    if (_record[at].Kind == EventNodeKind.Text && _record.ValueOf(_record[at]).IndexOf((byte)'/') is > 0 and var slash)
                        AddLeaf("_provider"u8, at, 0, _record[at].ValueLength - slash);
                    break;
                case 13 when name.SequenceEqual("OperationName"u8):
                case 19 when name.SequenceEqual("activityDisplayName"u8) || name.SequenceEqual("ActivityDisplayName"u8):
                    AddActivity(at);
                    break;
                case 11 when name.SequenceEqual("@odata.type"u8) && _record.ValueOf(_record[at]).StartsWith("#microsoft.graph."u8):
                    AddLeaf("_kind"u8, at, "#microsoft.graph.".Length, 0);
                    break;
                default: break;
            }
        }

        if (isSignIn)
        {
            AddSignInOutcome(result);
            AddSignInDetails();
        }
    }

    // ResultStatus of the unified audit log: Succeeded and Failed, and of Exchange True and False.
    private void AddOutcome(ReadOnlySpan<byte> status)
    {
        var isSuccess = Is(status, "Succeeded") || Is(status, "Success") || Is(status, "True");
        if (isSuccess || Is(status, "Failed") || Is(status, "Failure") || Is(status, "False"))
            AddOwnText("_outcome"u8, isSuccess ? "success"u8 : "failure"u8);
    }

    // A sign-in succeeded when its error code is zero; the portal shows that as its status.
    private void AddSignInOutcome(int result)
    {
        if (result < 0) result = _record.FindPath("status", "errorCode");
        if (result < 0) result = _record.FindPath("properties", "status", "errorCode");
        if (result < 0) result = _record.FindPath("Status", "errorCode");
        if (result < 0 || _record[result].Kind is not (EventNodeKind.Number or EventNodeKind.Text)) return;
        var code = _record.ValueOf(_record[result]);
        if (code.IsEmpty || code.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return;
        AddOwnText("_outcome"u8, code.SequenceEqual("0"u8) ? "success"u8 : "failure"u8);
    }

    // Of the protocol the portal writes two words; and no known place is an empty list, which is no value of its own.
    private void AddSignInDetails()
    {
        var within = _record.Find("properties"u8);
        if (within < 0 || _record[within].Kind != EventNodeKind.Mapping) within = 0;
        var protocol = _record.FindIn(within, "authenticationProtocol"u8);
        if (protocol < 0) protocol = _record.Find("AuthenticationProtocol"u8);
        if (protocol > 0 && Is(_record.ValueOf(_record[protocol]), "deviceCode")) AddOwnText("_protocol"u8, "Device Code"u8);
        var places = _record.FindIn(within, "networkLocationDetails"u8);
        if (places > 0 && _record[places].Kind == EventNodeKind.Sequence && _record[places].End == places + 1) AddOwnText("_places"u8, "[]"u8);
    }

    private void AddActivity(int node)
    {
        if (_record[node].Kind != EventNodeKind.Text) return;
        var value = _record.ValueOf(_record[node]);
        var trimmed = value.TrimEnd((byte)' ').Length;
        if (trimmed > 0 && trimmed < value.Length) AddLeaf("_activity"u8, node, 0, value.Length - trimmed);
    }

    private void AddModified(int resources)
    {
        if (_record[resources].Kind != EventNodeKind.Sequence) return;
        var end = _record[resources].End;
        for (var at = resources + 1; at < end; at = _record[at].End)
        {
            if (_record[at].Kind == EventNodeKind.Mapping && _record.FindIn(at, "modifiedProperties"u8) is > 0 and var list)
                AddPairs(list, "_modified."u8, "displayName"u8, "newValue"u8);
        }
    }

    private void AddPairs(int list, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> nameKey, ReadOnlySpan<byte> valueKey)
    {
        if (_record[list].Kind != EventNodeKind.Sequence) return;
        var end = _record[list].End;
        for (var at = list + 1; at < end && !context.IsFull(_record); at = _record[at].End)
        {
            if (_record[at].Kind != EventNodeKind.Mapping) continue;
            var (name, value) = (_record.FindIn(at, nameKey), _record.FindIn(at, valueKey));
            if (name < 0 || value < 0 || _record[name].Kind != EventNodeKind.Text) continue;
            if (_record[value].Kind == EventNodeKind.Null || _record[value].IsContainer) continue;
            var property = _record.ValueOf(_record[name]);
            if (property.Length + prefix.Length > _name.Length || (_record[name].Flags & EventNodeFlags.ValueEscaped) != 0) continue;
            prefix.CopyTo(_name);
            property.CopyTo(_name.AsSpan(prefix.Length));
            var quotes = Quotes(value);
            AddLeaf(_name.AsSpan(0, prefix.Length + property.Length), value, quotes, quotes);
        }
    }

    // A new value of Entra is itself JSON: "False" with its quotation marks.
    private int Quotes(int value)
    {
        var text = _record.ValueOf(_record[value]);
        if ((_record[value].Flags & EventNodeFlags.ValueEscaped) == 0)
            return text.Length >= 2 && text[0] == (byte)'"' && text[^1] == (byte)'"' ? 1 : 0;
        if (text.Length >= 12 && text.StartsWith("\\u0022"u8) && text.EndsWith("\\u0022"u8)) return 6;
        return text.Length >= 4 && text.StartsWith("\\\""u8) && text.EndsWith("\\\""u8) && text[^3] != (byte)'\\' ? 2 : 0;
    }

    private void AddOwnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _record.AddText(name, value);
        _record[0].End = _record.NodeCount;
    }

    private static bool Is(ReadOnlySpan<byte> text, string word) => System.Text.Ascii.EqualsIgnoreCase(text, word);
}
