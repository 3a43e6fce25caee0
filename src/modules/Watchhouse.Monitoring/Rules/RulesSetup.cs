using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules.Lists;

namespace Watchhouse.Monitoring.Rules;

/// <summary>What rules and exceptions add to the module.</summary>
internal static class RulesSetup
{
    public static void AddRules(this IServiceCollection services)
    {
        services.AddSingleton<RuleBook>();
        services.AddSingleton<RuleChanges>();
        services.AddSingleton<RuleStore>();
        services.AddSingleton<ShippedRules>();
        services.AddHostedService<RuleCompiler>();
        services.AddSingleton<RuleQueries>();
        services.AddSingleton<RuleOperations>();
        services.AddSingleton<ValueListOperations>();
    }

    public static void MapRules(this IEndpointRouteBuilder endpoints)
    {
        RuleEndpoints.Map(endpoints);
        ValueListEndpoints.Map(endpoints);
    }
}
