using System.Text;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Watchhouse.Testing;

/// <summary>Checks a page for accessibility with axe-core.</summary>
public static class Axe
{
    /// <summary>
    /// The serious and critical violations of a page, one paragraph each with the elements concerned; empty when there
    /// are none. <paramref name="exceptRules"/> are ids of axe rules that the caller has a written reason to leave out.
    /// </summary>
    public static async Task<string> ViolationsAsync(IPage page, params string[] exceptRules)
    {
        var options = new AxeRunOptions
        {
            ResultTypes = [ResultType.Violations],
            Rules = exceptRules.ToDictionary(rule => rule, _ => new RuleOptions { Enabled = false }),
        };
        var result = await page.RunAxe(options);
        return Describe(result.Violations.Where(violation => violation.Impact is "serious" or "critical"));
    }

    /// <summary>Fails the test with the readable list when the page has serious or critical violations.</summary>
    public static async Task AssertCleanAsync(IPage page, params string[] exceptRules)
    {
        var violations = await ViolationsAsync(page, exceptRules);
        Assert.True(violations.Length == 0, $"{page.Url} is not accessible:\n{violations}");
    }

    private static string Describe(IEnumerable<AxeResultItem> violations)
    {
        var text = new StringBuilder();
        foreach (var violation in violations)
        {
            text.Append(violation.Impact).Append(' ').Append(violation.Id).Append(": ").AppendLine(violation.Help);
            foreach (var node in violation.Nodes)
                text.Append("  ").Append(node.Target).Append("  ").AppendLine(node.Html);
        }

        return text.ToString();
    }
}
