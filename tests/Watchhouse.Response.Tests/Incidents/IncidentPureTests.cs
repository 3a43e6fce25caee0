using CsCheck;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Tests.Incidents;

public sealed class IncidentPureTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Severity_OfMoreImpactOrUrgency_IsNeverLess() =>
        Gen.Select(Gen.Enum<IncidentImpact>(), Gen.Enum<IncidentUrgency>(), Gen.Enum<IncidentImpact>(), Gen.Enum<IncidentUrgency>())
            .Where((impact, urgency, more, sooner) => more >= impact && sooner >= urgency)
            .Sample((impact, urgency, more, sooner) => IncidentRules.Severity(more, sooner) >= IncidentRules.Severity(impact, urgency));

    [Fact]
    public void Next_OfEveryState_LeadsToItsEndAndBack()
    {
        foreach (var status in Enum.GetValues<IncidentStatus>())
        {
            Assert.DoesNotContain(status, IncidentRules.Next(status));
            Assert.Contains(IncidentStatus.Closed, Reached(status));
            if (status != IncidentStatus.New) Assert.DoesNotContain(IncidentStatus.New, Reached(status));
        }

        static HashSet<IncidentStatus> Reached(IncidentStatus from)
        {
            var reached = new HashSet<IncidentStatus>();
            for (var open = new Queue<IncidentStatus>([from]); open.TryDequeue(out var at);)
                foreach (var next in IncidentRules.Next(at).Where(reached.Add)) open.Enqueue(next);
            return reached;
        }
    }

    [Fact]
    public void Report_OfAnIncident_ReadsSo() => Assert.Equal(
        """
        **OFFICIAL-SENSITIVE — Chief officers only**

        # Consent phishing

        Incident I-260314-2345, KNT

        ## In short

        An app took the mailbox of one person.

        | What | How it stands |
        | --- | --- |
        | State | Closed |
        | Severity | High (impact serious, urgency now) |
        | National category | C5 Moderate incident, confirmed by NCSC under X-12 |
        | Opened | 14 Mar 2026 09:30 by Test analyst (NMC) |
        | Contained | 14 Mar 2026 10:15, 45 min after it was opened |
        | Closed | 15 Mar 2026 11:30, 26 h 0 min after it was opened |
        | Owner | nobody |

        ## Whom and what it touches

        | Kind | Name | How it is known |
        | --- | --- | --- |
        | user | sergeant@kent.example | Consent given to an unknown app |
        | app | Duty \| planner | the app |

        ## What happened

        | When | What | Who |
        | --- | --- | --- |
        | 14 Mar 2026 09:30 | The incident was opened. | Test analyst (NMC) |
        | 14 Mar 2026 10:15 | The consent was removed. | Test officer (KNT) |

        ## What is to be done

        No task was given.

        ## What was learnt

        The review is not written yet.

        """.ReplaceLineEndings("\n"),
        IncidentReport.Of(Model).ToMarkdown());

    [Fact]
    public void Graph_OfAlertsAndEntities_NamesEachOnceAndAlwaysTheSame()
    {
        var graph = EntityGraph.Of(Model with { Alerts = [.. Model.Alerts, .. Model.Alerts], Entities = [new("user", "sergeant@kent.example", ""), .. Model.Entities] });

        Assert.Equal(["Consent given to an unknown app (2)", "sergeant@kent.example", "Duty | planner"], graph.Nodes.Select(node => node.Text));
        Assert.Equal(("a0", "e0"), Assert.Single(graph.Edges) is var (from, to) ? (from.Key, to.Key) : default);
        Assert.Equal(2, graph.Rows);
    }

    private static IncidentModel Model => new(
        new(Guid.Empty, ForceId.Of("KNT"), "I-260314-2345", "Consent phishing", "High", "Closed", null, false, null, Start, Start, Start.AddHours(26)), 1,
        "An app took the mailbox of one person.", "Serious", "Now", "OFFICIAL-SENSITIVE", "Chief officers only", new(4, 5, "NCSC", "X-12", Start), "Test analyst (NMC)", Start.AddMinutes(45), "", ["Open"],
        [new(Guid.Empty, "status", "The consent was removed.", "Test officer (KNT)", Start.AddMinutes(45), Start.AddMinutes(45)), new(Guid.Empty, "opened", "The incident was opened.", "Test analyst (NMC)", Start, Start)],
        [new(Guid.Empty, "Consent given to an unknown app", "high", "user", "sergeant@kent.example", ["T1528"], Start)], [new("app", "Duty | planner", "the app")], [], [], []);
}
