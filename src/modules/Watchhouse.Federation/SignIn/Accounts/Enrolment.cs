using System.Text;
using QRCoder;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Cookies;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>
/// An authenticator that is being registered: its key travels sealed in the form, so that nothing is stored until the
/// person has shown that the app holds it.
/// </summary>
internal sealed class Enrolment(SealedCookies seals)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>What the form shows: the sealed key, the key to type, and the picture to scan.</summary>
    public sealed record Offer(string Sealed, string Key, string Picture);

    public Offer Begin(Person person) => Show(person, Totp.NewKey());

    /// <summary>The same offer again, after a mistake, so that the app need not scan twice.</summary>
    public Offer Again(Person person, string sealedKey) => Open(person, sealedKey) is { } key ? Show(person, key) : Begin(person);

    public string? Open(Person person, string sealedKey) => seals.Open<string>(Purpose(person), sealedKey);

    private Offer Show(Person person, string key)
    {
        using var data = QRCodeGenerator.GenerateQrCode(Totp.KeyUri(key, person.Email), QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        var picture = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg.GetGraphic(6)));
        return new Offer(seals.Seal(Purpose(person), key, Patience), string.Join(' ', key.Chunk(4).Select(c => new string(c))), picture);
    }

    private static string Purpose(Person person) => $"totp-enrolment:{person.Id}";
}
