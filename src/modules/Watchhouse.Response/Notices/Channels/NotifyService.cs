using System.Net;
using Microsoft.Extensions.Options;
using Notify.Client;
using Notify.Exceptions;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>GOV.UK Notify, which mail and text share. It knows a message by our reference, so one whose answer was lost is looked for.</summary>
internal sealed class NotifyService(ApiHttp http, IOptions<NoticesOptions> options, TimeProvider clock)
{
    private const string Who = "GOV.UK Notify";

    public NoticesOptions Options => options.Value;

    public Task<SendAnswer> SendAsync(OutgoingMessage message, bool isText, CancellationToken stop) => CallAsync(async client =>
    {
        var fields = new Dictionary<string, dynamic> { ["words"] = message.Words, ["link"] = message.Link };
        var id = isText
            ? (await client.SendSmsAsync(message.Address, Options.Notify.TextTemplate, fields, message.Reference).ConfigureAwait(false)).id
            : (await client.SendEmailAsync(message.Address, Options.Notify.EmailTemplate, fields, message.Reference).ConfigureAwait(false)).id;
        return new SendAnswer(SendOutcome.Sent, $"{Who} took it.") { ProviderId = id };
    }, isSending: true, stop);

    public Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken stop) => CallAsync(async client =>
    {
        var found = (await client.GetNotificationsAsync("", "", message.Reference).ConfigureAwait(false)).notifications;
        // The newest is the one that counts: an earlier one failed before it was sent again.
        if (found is not { Count: > 0 }) return new SendAnswer(SendOutcome.NotThere, $"{Who} knows nothing of it.");
        var newest = found.OrderByDescending(each => each.createdAt, StringComparer.Ordinal).First();
        return Answer(newest.status) with { ProviderId = newest.id };
    }, isSending: false, stop);

    /// <summary>What Notify's words for a state mean (its documentation, 'Status: text' and 'Status: email').</summary>
    internal static SendAnswer Answer(string? status) => status switch
    {
        "delivered" => new(SendOutcome.Delivered, "It arrived."),
        "permanent-failure" => new(SendOutcome.Refused, "The address or number does not exist or takes nothing. Correct it before you send it again."),
        "temporary-failure" => new(SendOutcome.TryLater, "It could not be brought: the mailbox is full or the telephone is off."),
        "technical-failure" => new(SendOutcome.TryLater, $"{Who} could not bring it for reasons of its own."),
        _ => new(SendOutcome.Sent, $"{Who} took it and is bringing it."),
    };

    private async Task<SendAnswer> CallAsync(Func<NotificationClient, Task<SendAnswer>> call, bool isSending, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Options.Timeout);
        using var through = new NotifyHttp(http.Client, clock, limit.Token);
        try
        {
            // The library waits for answers on the thread that calls it.
            return await Task.Run(async () =>
            {
                var client = new NotificationClient(through, Options.Notify.Key()) { BaseUrl = Options.Notify.Address };
                through.BaseAddress = new Uri(Options.Notify.Address);
                return await call(client).ConfigureAwait(false);
            }, limit.Token);
        }
        catch (Exception e) when (e is NotifyAuthException or IOException or UnauthorizedAccessException && through.Broken is null)
        {
            return new(isSending ? SendOutcome.TryLater : SendOutcome.Unclear, $"The key of {Who} in the settings cannot be used, so nothing was sent. The operator of the house must correct it.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            stop.ThrowIfCancellationRequested();
            var answer = Failed(through);
            // A question that failed says nothing of the message.
            return isSending ? answer : answer with { Outcome = SendOutcome.Unclear };
        }
    }

    private static SendAnswer Failed(NotifyHttp through)
    {
        if (through.Status is not { } status) return through.Broken is HttpRequestException broken ? HttpAnswers.Broken(broken, Who) : HttpAnswers.Late(Who);
        var error = through.Error.Length > 0 ? $", {through.Error}" : "";
        return status switch
        {
            HttpStatusCode.BadRequest when through.Error is "BadRequestError" => new(SendOutcome.Refused, $"{Who} refused it (400{error}): the service may not write to this person, or the template lacks a field. Look into the service's settings."),
            HttpStatusCode.BadRequest => new(SendOutcome.Refused, $"{Who} refused it (400{error}): the address or number is no valid one. Correct it before you send it again."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(SendOutcome.TryLater, $"{Who} does not accept the key of this house ({(int)status}). The operator must correct it, and the clock of the machine must be right."),
            HttpStatusCode.NotFound => new(SendOutcome.TryLater, $"{Who} does not know the template (404). The operator must correct its id."),
            HttpStatusCode.TooManyRequests => new(SendOutcome.TryLater, $"{Who} takes no more for now (429{error}).") { RetryAfter = through.RetryAfter },
            >= HttpStatusCode.InternalServerError => new(SendOutcome.TryLater, $"{Who} has a fault ({(int)status}).") { RetryAfter = through.RetryAfter },
            _ when (int)status < 300 => new(SendOutcome.Unclear, $"{Who} gave an answer that makes no sense."),
            _ => new(SendOutcome.Refused, $"{Who} refused it ({(int)status}{error})."),
        };
    }
}

/// <summary>Mail through Notify.</summary>
internal sealed class NotifyEmailChannel(NotifyService notify) : INoticeChannel
{
    public NoticeChannel Channel => NoticeChannel.NotifyEmail;

    public bool IsSetUp => notify.Options is { Address: not null, Notify: { IsOn: true, EmailTemplate: not null } };

    public bool CanLook => true;

    public Task<SendAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) => notify.SendAsync(message, isText: false, cancellationToken);

    public Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken cancellationToken) => notify.LookAsync(message, cancellationToken);
}

/// <summary>Text messages through Notify.</summary>
internal sealed class NotifyTextChannel(NotifyService notify) : INoticeChannel
{
    public NoticeChannel Channel => NoticeChannel.NotifyText;

    public bool IsSetUp => notify.Options is { Address: not null, Notify: { IsOn: true, TextTemplate: not null } };

    public bool CanLook => true;

    public Task<SendAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) => notify.SendAsync(message, isText: true, cancellationToken);

    public Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken cancellationToken) => notify.LookAsync(message, cancellationToken);
}
