using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Rules.Import;
using Watchhouse.Monitoring.Rules.Lists;
using Watchhouse.Monitoring.Rules.Noise;
using Watchhouse.Monitoring.Rules.Pages;
using Watchhouse.Monitoring.Rules.Trials;

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
        services.AddSingleton<NoiseReport>();
        services.AddSingleton<IEventHistory, LakeHistory>();
        services.AddSingleton(new TrialBounds());
        services.AddSingleton<RuleTrials>();
        services.AddHostedService(static s => s.GetRequiredService<RuleTrials>());
        services.AddSingleton<IRuleImports, RuleImport>();
        services.AddSingleton<ExceptionQueries>();
        services.AddSingleton<ExceptionOperations>();
        services.AddSingleton<RuleInsights>();
        services.AddSingleton<ArrivingTables>();
    }

    public static void MapRules(this IEndpointRouteBuilder endpoints)
    {
        RuleEndpoints.Map(endpoints);
        ValueListEndpoints.Map(endpoints);
        NoiseEndpoints.Map(endpoints);
        TrialEndpoints.Map(endpoints);
        ImportEndpoints.Map(endpoints);
        ExceptionEndpoints.Map(endpoints);
    }
}
