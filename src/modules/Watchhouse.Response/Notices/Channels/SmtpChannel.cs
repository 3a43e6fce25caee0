using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>
/// Mail through a server of the operator's, where Notify has no template for it. The Message-ID is made of the delivery's id, so that a repeat
/// after a lost answer is the same message to servers and mailboxes.
/// </summary>
internal sealed class SmtpChannel(IOptions<NoticesOptions> options) : INoticeChannel
{
    private const string Who = "The mail server";

    public NoticeChannel Channel => NoticeChannel.Smtp;

    public bool IsSetUp => options.Value is { Address: not null, Smtp.Host: not null };

    public bool CanLook => false;

    public async Task<SendAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var mail = Mail(message, settings);
        if (mail is null) return new(SendOutcome.Refused, "The mail address of the person is no valid one. Correct it in the directory.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Timeout);
        using var client = new SmtpClient();
        client.LocalDomain = new Uri(settings.Address!).IdnHost;
        var isSending = false;
        try
        {
            await client.ConnectAsync(settings.Smtp.Host!, settings.Smtp.Port, settings.Smtp.Security switch
            {
                SmtpOptions.Tls => SecureSocketOptions.SslOnConnect,
                SmtpOptions.None => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, limit.Token);
            if (settings.Smtp.UserName is { } user) await client.AuthenticateAsync(user, settings.Smtp.Secret() ?? "", limit.Token);
            isSending = true;
            await client.SendAsync(mail, limit.Token);
        }
        catch (SmtpCommandException e)
        {
            return Refused(e);
        }
        catch (Exception e) when (e is AuthenticationException or SslHandshakeException or NotSupportedException or UnauthorizedAccessException)
        {
            return new(SendOutcome.TryLater, $"{Who} did not accept this house's name and password, or offers no safe connection, so nothing was sent. The operator of the house must look into it.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return isSending ? new(SendOutcome.Unclear, $"{Who} broke off or was too slow while it took the message.")
                : new(SendOutcome.TryLater, $"{Who} could not be reached, so nothing was sent.");
        }

        try
        {
            await client.DisconnectAsync(true, limit.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It had taken the message.
        }

        return new(SendOutcome.Sent, $"{Who} took it; whether it arrived is not told.");
    }

    public Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken cancellationToken) => Task.FromResult(new SendAnswer(SendOutcome.Unclear, ""));

    internal static MimeMessage? Mail(OutgoingMessage message, NoticesOptions settings)
    {
        if (!MailboxAddress.TryParse(message.Address, out var to) || !MailboxAddress.TryParse(settings.Smtp.From, out var from)) return null;
        var mail = new MimeMessage
        {
            MessageId = $"{message.Reference}@{new Uri(settings.Address!).IdnHost}",
            Date = message.CreatedAt,
            Subject = NoticeWords.Subject,
            Body = new TextPart("plain") { Text = $"{message.Words}\r\n\r\n{message.Link}\r\n\r\n{NoticeWords.Footer}\r\n" },
        };
        mail.From.Add(from);
        mail.To.Add(to);
        // RFC 3834: no absence note answers it.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    // RFC 5321, section 4.2.1: 4yz is for now, 5yz for good; of the server's words nothing is kept, they quote addresses.
    private static SendAnswer Refused(SmtpCommandException e) => (int)e.StatusCode switch
    {
        >= 400 and < 500 => new(SendOutcome.TryLater, $"{Who} does not take it yet ({(int)e.StatusCode})."),
        530 or 534 or 535 or 538 => new(SendOutcome.TryLater, $"{Who} did not accept this house's name and password ({(int)e.StatusCode}). The operator of the house must correct them."),
        _ when e.ErrorCode == SmtpErrorCode.SenderNotAccepted => new(SendOutcome.TryLater, $"{Who} does not accept the sender of this house ({(int)e.StatusCode}). The operator of the house must correct it."),
        _ => new(SendOutcome.Refused, $"{Who} refused it ({(int)e.StatusCode}): the mailbox does not exist or takes nothing from here. Correct the address before you send it again."),
    };
}
