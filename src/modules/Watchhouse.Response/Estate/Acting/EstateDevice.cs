using System.Text.Json;
using System.Text.RegularExpressions;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>A device as Defender has it.</summary>
internal sealed partial record EstateDevice(string Id, string Name, string System, string Health)
{
    public string Words => $"{Name} ({System})";

    /// <summary>The device, or why nothing is done to it.</summary>
    public static async Task<(EstateDevice? Device, string Why)> FindAsync(EstateVisit visit, string target, CancellationToken stop)
    {
        List<JsonElement> found;
        if (MachineId().IsMatch(target))
        {
            found = await visit.Api.ReadAsync($"api/machines/{target}", stop) is { } page ? [page.Body] : [];
        }
        else if (Name_().IsMatch(target))
        {
            // Devices have their full names; people know the short one.
            found = await visit.Api.ListAsync($"api/machines?$filter={Uri.EscapeDataString($"startswith(computerDnsName,'{target.ToLowerInvariant()}')")}", stop) ?? [];
            found = found.FindAll(each => IsNamed(each.Text("computerDnsName"), target));
        }
        else
        {
            return (null, "Name the device as Defender does (its full name), or by its id of 40 digits.");
        }

        // A device that was set up anew has its old self beside it.
        if (found.Count > 1) found = found.FindAll(each => string.Equals(each.Text("healthStatus"), "Active", StringComparison.OrdinalIgnoreCase));
        if (found.Count > 1) return (null, $"Defender has {found.Count} active devices named {target}. Name the one by its id.");
        if (found.Count == 0 || found[0].Text("id") is not { Length: > 0 } id) return (null, $"Defender has no active device {target}.");
        var device = new EstateDevice(id, found[0].Text("computerDnsName") ?? target, found[0].Text("osPlatform") ?? "unknown system", found[0].Text("healthStatus") ?? "unknown");
        var tags = found[0].TryGetProperty("machineTags", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(tag => tag.ValueKind == JsonValueKind.String).Select(tag => tag.GetString()!).ToList() : [];
        if (visit.Limits.Covers(target, device.Id, device.Name))
            return (null, $"{device.Name} is on the force's list of what is never touched. A person of the force does this by hand, if at all.");
        if (tags.Exists(tag => DomainController().IsMatch(tag)))
            return (null, $"{device.Name} bears the tag of a domain controller, which is never isolated from here.");
        if (!visit.Limits.ServersToo && !Workstation().IsMatch(device.System))
            return (null, $"{device.Words} is not known to be a workstation; servers, domain controllers among them, are isolated only where the force allows it.");
        return (device, "");
    }

    private static bool IsNamed(string? name, string target) =>
        name is not null && (name.Equals(target, StringComparison.OrdinalIgnoreCase) || name.StartsWith(target + ".", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^[0-9a-fA-F]{40}\\z")]
    private static partial Regex MachineId();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,252}\\z")]
    private static partial Regex Name_();

    [GeneratedRegex("^(domain[ _-]?controller|dc)\\z", RegexOptions.IgnoreCase)]
    private static partial Regex DomainController();

    // WindowsServer2022, Linux, unknown and whatever comes are no workstations until somebody says so.
    [GeneratedRegex("^(Windows(7|8|8\\.1|10|11)(WVD)?|macOS)\\z", RegexOptions.IgnoreCase)]
    private static partial Regex Workstation();
}
