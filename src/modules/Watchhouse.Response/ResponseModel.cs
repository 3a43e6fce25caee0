using Microsoft.EntityFrameworkCore;
using Watchhouse.Response.Bulletins;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Correlation;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;
using Watchhouse.Response.Shifts;

namespace Watchhouse.Response;

/// <summary>The entities of response.</summary>
internal static class ResponseModel
{
    public static void Configure(ModelBuilder model)
    {
        model.ConfigurePlaybooks();
        model.ConfigureNotices();
        model.ConfigureIncidents();
        model.ConfigureCorrelation();
        model.ConfigureBulletins();
        model.ConfigureClocks();
        model.ConfigureShifts();
        EstateModel.Configure(model);
    }
}
