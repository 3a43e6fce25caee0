using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Bulletins;

/// <summary>The notices about bulletins. A key names the force too: after a merger its notices lie beside its successor's.</summary>
internal static class BulletinNotice
{
    public static Notice Of(BulletinCopy copy, string what, string words, params Role[] more) =>
        new(copy.ForceId, $"bulletin/{copy.BulletinId}/{copy.To}/{what}", "bulletin", copy.Severity.ToString().ToLowerInvariant(), words, $"/bulletins/{copy.BulletinId}")
        {
            Roles = [Role.SecurityOfficer, .. more],
        };
}

/// <summary>
/// Chases forces that have not answered, at set times before and after the answer is due. The notices, and when the next are due, are
/// stored in one transaction, so each step is taken once, whenever the program stops.
/// </summary>
internal sealed class BulletinChaser(IHouse house, INotices notices, RunSignal signal)
{
    private const int MostAtOnce = 20;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("bulletins");

    /// <summary>Takes on every bulletin that is due. Answers how many forces were chased.</summary>
    public async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        List<Guid> due;
        await using (var session = await OpenAsync(cancellationToken))
        {
            var now = session.Now;
            due = await session.Db.Set<Bulletin>().AsNoTracking().Where(each => each.NextChaseAt != null && each.NextChaseAt <= now)
                .OrderBy(each => each.NextChaseAt).Select(each => each.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        }

        var chased = 0;
        foreach (var id in due) chased += await OneAsync(id, cancellationToken);
        return chased;
    }

    /// <summary>Adds a notice for each force that has not answered; the caller commits.</summary>
    /// <param name="session">A session of the program, which sees every force's copy.</param>
    /// <param name="notices">Where notices are stored.</param>
    /// <param name="bulletin">The bulletin; what it says of chases is changed.</param>
    /// <param name="step">What makes these notices one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> SendAsync(HouseSession session, INotices notices, Bulletin bulletin, string step, CancellationToken cancellationToken)
    {
        var silent = await session.Db.Set<BulletinCopy>().AsNoTracking().Where(each => each.BulletinId == bulletin.Id && each.AnsweredAt == null).ToListAsync(cancellationToken);
        if (silent.Count == 0) return 0;
        var receipts = await session.Db.Set<BulletinReceipt>().Where(each => each.BulletinId == bulletin.Id && each.AnsweredAt == null).ToListAsync(cancellationToken);
        var isOver = session.Now >= bulletin.AnswerBy;
        foreach (var copy in silent)
        {
            var words = isOver ? "The time to answer a bulletin of the Centre is over, and your force has not answered." : "A bulletin of the Centre waits for your force's answer.";
            // What is overdue is heard of by who owns the force's risk, too.
            await notices.AddAsync(session, BulletinNotice.Of(copy, $"chase/{bulletin.Round}/{step}", words, isOver ? [Role.Siro] : []), cancellationToken);
        }

        foreach (var receipt in receipts) (receipt.Chases, receipt.ChasedAt) = (receipt.Chases + 1, session.Now);
        (bulletin.Chases, bulletin.ChasedAt) = (bulletin.Chases + 1, session.Now);
        return silent.Count;
    }

    private async Task<int> OneAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var bulletin = await session.Db.Set<Bulletin>().FirstAsync(each => each.Id == id, cancellationToken);
        if (bulletin.State != BulletinState.Published || bulletin.NextChaseAt is not { } at || at > session.Now) return 0;
        var step = string.Create(CultureInfo.InvariantCulture, $"{bulletin.AnswerBy:yyyyMMddHHmm}/{ChaseSchedule.Latest(session.Now, bulletin.AnswerBy)}");
        var chased = await SendAsync(session, notices, bulletin, step, cancellationToken);
        bulletin.NextChaseAt = ChaseSchedule.After(session.Now, bulletin.AnswerBy);
        if (chased > 0)
        {
            session.Record(ForceId.Centre, $"bulletin/{id}", $"{chased} forces that have not answered bulletin {bulletin.Number} were chased.", action: "bulletins.chased");
            session.Db.Add(BulletinOperations.Entry(session, bulletin, "chased", chased == 1 ? "1 force that has not answered was chased." : $"{chased} forces that have not answered were chased.", "Watchhouse"));
        }

        // A force that answered in this moment is found so in the next round.
        if (!(await session.CommitAsync(cancellationToken)).Succeeded) return 0;
        signal.Raise(ForceId.Centre);
        return chased;
    }

    private Task<HouseSession> OpenAsync(CancellationToken cancellationToken) => house.EnterAsync(Job, new Access(Permissions.BulletinsWrite) { Logged = false }, cancellationToken);
}

/// <summary>Chases once a minute, for as long as the program runs.</summary>
internal sealed partial class BulletinWorker(BulletinChaser chaser, ILogger<BulletinWorker> log) : BackgroundService
{
    // How often it looks goes by real time; what it looks for goes by the house's clock.
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await chaser.RoundAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                Failed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await Task.Delay(Every, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(4561, LogLevel.Error, "Forces that have not answered a bulletin could not be chased; it is tried again in a minute.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
