using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>
/// Makes, extends and withdraws exceptions. They are in force when the operation answers, and end by the clock. The condition of
/// one is never edited: what it suppressed was suppressed for the reason that it gives.
/// </summary>
internal sealed class ExceptionOperations(IHouse house, RuleStore store, RuleBook book, RuleChanges changes)
{
    public async Task<Outcome<ExceptionRow>> CreateAsync(
        ActingPrincipal actor, ExceptionOptions options, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.ExceptionsManage) { Force = actor.Home, Reason = reason }, cancellationToken);
        if (Fault(actor, options, session.Now) is { } fault) return fault;
        if (await TitleAsync(session, actor.Home, options.Rule, cancellationToken) is not { } title)
            return Failure.Invalid("There is no such rule among the nation's and your own. Give the rule as the alert names it.", "rule");
        var exception = new RuleException
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = actor.Home,
            Forces = [.. Forces(actor, options).Select(force => force.Value)],
            Rule = options.Rule,
            RuleTitle = title,
            Condition = [.. options.Condition],
            WholeRule = options.WholeRule,
            Reason = options.Reason.Trim(),
            Owner = options.Owner?.Trim() is { Length: > 0 } owner ? owner : RuleOperations.Name(actor),
            CreatedAt = session.Now,
            CreatedBy = RuleOperations.Name(actor),
            ExpiresAt = options.ExpiresAt,
        };
        session.Db.Add(exception);
        session.Record(actor.Home, $"exception/{exception.Id}",
            $"An exception from the rule '{title}' was made until {options.ExpiresAt:yyyy-MM-dd}{(options.WholeRule ? "; it turns the whole rule off" : "")}.",
            new Dictionary<string, FieldChange> { ["reason"] = new(null, exception.Reason), ["forces"] = new(null, string.Join(", ", ExceptionBook.Forces(exception))) },
            action: "exceptions.created");
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        await RenewAsync(cancellationToken);
        return ExceptionQueries.Row(exception, ExceptionBook.Forces(exception).Select(ForceId.Of), [], session.Now);
    }

    /// <summary>Moves its end, by a new decision: the condition stays as it is, and so does what it was made for.</summary>
    public async Task<Outcome<ExceptionRow>> ExtendAsync(
        ActingPrincipal actor, Guid id, uint version, DateTimeOffset expiresAt, string why, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, id, reason, cancellationToken);
        if (RuleOperations.Sentence(why, "why") is { } sentence) return sentence;
        if (EndFault(expiresAt, session.Now) is { } fault) return fault;
        if (await FindAsync(session, id, cancellationToken) is not { } exception) return Failure.NotFound;
        if (exception.RemovedAt is not null) return Failure.Conflict("It was withdrawn, and stays so. Make a new exception if it is needed again.");
        if (exception.Version != version) return Stale;
        if (exception.ExpiresAt != expiresAt)
        {
            session.Record(actor.Home, $"exception/{id}", $"The exception from the rule '{exception.RuleTitle}' ends on {expiresAt:yyyy-MM-dd} now.",
                new Dictionary<string, FieldChange> { ["expiresAt"] = new($"{exception.ExpiresAt:O}", $"{expiresAt:O}"), ["why"] = new(null, why.Trim()) },
                action: "exceptions.extended");
            (exception.ExpiresAt, exception.ExtendedAt, exception.ExtendedBy, exception.ExtendedWhy) =
                (expiresAt, session.Now, RuleOperations.Name(actor), why.Trim());
            var saved = await session.CommitAsync(cancellationToken);
            if (!saved.Succeeded) return saved.Failure;
            await RenewAsync(cancellationToken);
        }

        return ExceptionQueries.Row(exception, ExceptionBook.Forces(exception).Select(ForceId.Of), [], session.Now);
    }

    /// <summary>Ends it now; it stays in the list as removed.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">That of what the person saw; null to end it whatever was changed since.</param>
    /// <param name="why">For those who read the list later.</param>
    /// <param name="reason">Where the controller demands it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<Done>> RemoveAsync(
        ActingPrincipal actor, Guid id, uint? version, string? why, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, id, reason, cancellationToken);
        if (why?.Length > 400) return Failure.Invalid("Say it in at most 400 characters.", "why");
        if (await FindAsync(session, id, cancellationToken) is not { } exception) return Failure.NotFound;
        if (exception.RemovedAt is not null) return default(Done);
        if (version is { } seen && exception.Version != seen) return Stale;
        (exception.RemovedAt, exception.RemovedBy, exception.RemovedWhy) = (session.Now, RuleOperations.Name(actor), why?.Trim() ?? "");
        session.Record(actor.Home, $"exception/{id}", $"The exception from the rule '{exception.RuleTitle}' was removed.",
            new Dictionary<string, FieldChange> { ["why"] = new(null, exception.RemovedWhy) }, action: "exceptions.removed");
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) await RenewAsync(cancellationToken);
        return saved;
    }

    private static readonly Failure Stale = Failure.Conflict(
        "Somebody else changed this exception in the meantime, so your change was not saved. Load it again and repeat your change.");

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken) => house.EnterAsync(
        actor, new Access(Permissions.ExceptionsManage) { Force = actor.Home, Subject = $"exception/{id}", Reason = reason }, cancellationToken);

    private static Task<RuleException?> FindAsync(HouseSession session, Guid id, CancellationToken cancellationToken)
    {
        var home = session.Principal.Home;
        return session.Db.Set<RuleException>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken);
    }

    /// <summary>Forces that an exception is for; empty for a force's own.</summary>
    internal static IReadOnlyList<ForceId> Forces(ActingPrincipal actor, ExceptionOptions options) => actor.IsCentre ? [.. options.Forces.Distinct()] : [];

    internal static Failure? Fault(ActingPrincipal actor, ExceptionOptions options, DateTimeOffset now)
    {
        if (ConditionFault(options) is { } fault) return fault;
        if (RuleOperations.Sentence(options.Reason, "reason") is { } sentence) return sentence;
        if (options.Owner?.Trim().Length > 80) return Failure.Invalid("The owner's name has at most 80 characters.", "owner");
        if (EndFault(options.ExpiresAt, now) is { } end) return end;
        if (actor.IsCentre && options.Forces.Count is 0 or > 100)
            return Failure.Invalid("Say for which forces it is. What holds for all forces belongs into the rule itself.", "forces");
        return !actor.IsCentre && options.Forces.Any(force => force != actor.Home)
            ? Failure.Invalid("A force's exceptions are for itself alone.", "forces") : null;
    }

    private static Failure? EndFault(DateTimeOffset expiresAt, DateTimeOffset now) => expiresAt <= now || expiresAt > now + RuleException.Longest
        ? Failure.Invalid("An exception ends in the future and within a year; it is renewed by a new decision.", "expiresAt") : null;

    internal static Failure? ConditionFault(ExceptionOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Rule) || options.Rule.Length > 200) return Failure.Invalid("Give the rule as the alert names it.", "rule");
        if (options.Condition.Count > RuleException.MostParts) return Failure.Invalid($"A condition has at most {RuleException.MostParts} parts.", "condition");
        if (options.Condition.Count == 0 && !options.WholeRule)
            return Failure.Invalid("An exception names one known object: give at least one field and value. To turn the whole rule off, say so with 'wholeRule'.", "condition");
        if (options.Condition.Count > 0 && options.WholeRule)
            return Failure.Invalid("An exception has a condition, or turns the whole rule off; not both.", "wholeRule");
        return options.Condition.Select(part => part.Fault()).FirstOrDefault(fault => fault is not null) is { } fault ? Failure.Invalid(fault, "condition") : null;
    }

    /// <summary>Title of the rule that alerts name so: the nation's, or one of the organisation's own.</summary>
    private async Task<string?> TitleAsync(HouseSession session, ForceId home, string rule, CancellationToken cancellationToken)
    {
        var own = await session.Db.Set<DetectionRule>().AsNoTracking().Where(each => each.ForceId == home && each.Names.Contains(rule))
            .Select(each => each.Title).FirstOrDefaultAsync(cancellationToken);
        return own ?? (await store.NationalAsync<DetectionRule, string>(
            rules => rules.Where(each => each.Names.Contains(rule)).Select(each => each.Title), cancellationToken)).FirstOrDefault();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var exceptions = await store.ExceptionsAsync(cancellationToken);
        book.Exceptions = exceptions;
        // A field that no rule asks for is found by its name alone until the program knows it.
        if (!exceptions.Fields.IsSubsetOf(book.Program.Fields)) changes.Raise();
    }
}
