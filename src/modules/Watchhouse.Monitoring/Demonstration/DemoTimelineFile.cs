using System.Text.Json;
using Watchhouse.Platform.Data;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>Keeps in the data directory when the episodes of its demonstration began, so that a new start goes on from there.</summary>
internal sealed class DemoTimelineFile(HouseDirectory directory)
{
    private string File => Path.Combine(directory.Path, "demonstration.json");

    /// <summary>The timeline from this moment on; it is on disk when this returns.</summary>
    public DemoTimeline Continue(DateTimeOffset now)
    {
        var before = Read();
        var timeline = DemoTimeline.Continue(before, now);
        if (timeline == before) return timeline;
        var part = File + ".part";
        System.IO.File.WriteAllText(part, JsonSerializer.Serialize(timeline));
        System.IO.File.Move(part, File, overwrite: true);
        return timeline;
    }

    private DemoTimeline? Read()
    {
        try
        {
            return System.IO.File.Exists(File) ? JsonSerializer.Deserialize<DemoTimeline>(System.IO.File.ReadAllText(File)) : null;
        }
        catch (JsonException)
        {
            // A file that a crash cut short tells nothing: the stories begin anew.
            return null;
        }
    }
}
