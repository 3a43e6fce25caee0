namespace Watchhouse.Telemetry;

/// <summary>Windows events: Event with System and EventData, and the winlog object of Winlogbeat.</summary>
internal sealed partial class EnvelopeNormaliser
{
    private void LiftEvent(int envelope)
    {
        for (var at = envelope + 1; at < _before[envelope].End; at = _before[at].End)
        {
            if (Is(at, "System"u8)) LiftSystem(at);
            else if (Is(at, "EventData"u8)) LiftData(at);
            else if (Is(at, "UserData"u8)) LiftUserData(at);
            else if (Is(at, "RenderingInfo"u8)) Copy(at);
        }
    }

    private void LiftWinlog(int envelope)
    {
        for (var at = envelope + 1; at < _before[envelope].End; at = _before[at].End)
        {
            if (Is(at, "event_data"u8)) LiftData(at);
            else if (Is(at, "user_data"u8)) LiftMembers(at);
            else if (Is(at, "channel"u8)) CopyAs("Channel"u8, at);
            else if (Is(at, "event_id"u8)) CopyAs("EventID"u8, at);
            else if (Is(at, "computer_name"u8)) CopyAs("Computer"u8, at);
            else if (Is(at, "provider_name"u8)) CopyAs("Provider_Name"u8, at);
            else if (Is(at, "provider_guid"u8)) CopyAs("Provider_Guid"u8, at);
            else if (Is(at, "record_id"u8)) CopyAs("EventRecordID"u8, at);
            else if (Is(at, "task"u8)) CopyAs("Task"u8, at);
            else if (Is(at, "opcode"u8)) CopyAs("Opcode"u8, at);
            else if (Is(at, "version"u8)) CopyAs("Version"u8, at);
            else if (Is(at, "keywords"u8)) CopyAs("Keywords"u8, at);
        }
    }

    // An element with attributes becomes a field an attribute: Provider_Name, Execution_ProcessID.
    private void LiftSystem(int system)
    {
        for (var at = system + 1; at < _before[system].End; at = _before[at].End)
        {
            if (_before[at].Kind != EventNodeKind.Mapping)
            {
                if (_before[at].Kind != EventNodeKind.Null) Copy(at);
                continue;
            }

            for (var inner = at + 1; inner < _before[at].End; inner = _before[inner].End)
            {
                if (Is(inner, "#text"u8) || Is(inner, "$value"u8) || Is(inner, "Value"u8)) CopyAs(Name(at), inner);
                else if (Is(inner, "#attributes"u8) && _before[inner].Kind == EventNodeKind.Mapping) LiftAttributes(at, inner);
                else LiftAttribute(at, inner);
            }
        }
    }

    private void LiftAttributes(int element, int attributes)
    {
        for (var at = attributes + 1; at < _before[attributes].End; at = _before[at].End) LiftAttribute(element, at);
    }

    private void LiftAttribute(int element, int attribute)
    {
        var name = Name(element);
        var part = Name(attribute).TrimStart("@#"u8);
        // TimeCreated has nothing but its time, which the flat form writes under the element's own name.
        if (name.SequenceEqual("TimeCreated"u8) && part.SequenceEqual("SystemTime"u8))
        {
            CopyAs(name, attribute);
            return;
        }

        if (name.Length + 1 + part.Length > _name.Length) return;
        name.CopyTo(_name);
        _name[name.Length] = (byte)'_';
        part.CopyTo(_name.AsSpan(name.Length + 1));
        CopyAs(_name.AsSpan(0, name.Length + 1 + part.Length), attribute);
    }

    private void LiftUserData(int data)
    {
        // The one element inside names the kind of data; its members are the fields.
        for (var at = data + 1; at < _before[data].End; at = _before[at].End)
        {
            if (_before[at].Kind == EventNodeKind.Mapping) LiftMembers(at);
            else Copy(at);
        }
    }

    private void LiftMembers(int container)
    {
        for (var at = container + 1; at < _before[container].End; at = _before[at].End)
        {
            if (!Is(at, "#attributes"u8) && !Is(at, "xmlns"u8)) CopyWithoutSpaces(at);
        }
    }

    private void LiftData(int data)
    {
        if (_before[data].Kind != EventNodeKind.Mapping)
        {
            if (_before[data].Kind != EventNodeKind.Null) Copy(data);
            return;
        }

        for (var at = data + 1; at < _before[data].End; at = _before[at].End)
        {
            if (Is(at, "#attributes"u8)) continue;
            if (Is(at, "Data"u8) && _before[at].IsContainer && LiftNamedData(at)) continue;
            CopyWithoutSpaces(at);
        }
    }

    // XML-to-JSON converters that know nothing of events: Data is a list of objects with a name and a text.
    private bool LiftNamedData(int data)
    {
        if (_before[data].Kind == EventNodeKind.Mapping) return LiftNamed(data);
        var any = false;
        for (var at = data + 1; at < _before[data].End; at = _before[at].End)
            any |= _before[at].Kind == EventNodeKind.Mapping && LiftNamed(at);
        return any;
    }

    private bool LiftNamed(int item)
    {
        var (name, text) = (-1, -1);
        for (var at = item + 1; at < _before[item].End; at = _before[at].End)
        {
            if (Is(at, "@Name"u8) || Is(at, "Name"u8)) name = at;
            else if (Is(at, "#text"u8) || Is(at, "$value"u8) || Is(at, "text"u8)) text = at;
            else if (Is(at, "#attributes"u8))
            {
                for (var inner = at + 1; inner < _before[at].End; inner = _before[inner].End)
                {
                    if (Is(inner, "Name"u8)) name = inner;
                }
            }
        }

        if (name < 0 || _before[name].Kind != EventNodeKind.Text) return false;
        if (text >= 0) CopyAs(_record.ValueOf(_before[name]), text);
        return true;
    }
}
