using System.Text.Json;
using System.Text.RegularExpressions;

namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>What errors of Microsoft's mean: what happened, what it means, what to do. Pure.</summary>
public static partial class ApiWords
{
    /// <summary>The error of an answer: <c>{"error":{"code","message"}}</c>, or OAuth's <c>{"error","error_description"}</c>.</summary>
    public static (string Code, string Message) Error(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return ("", "");
            var root = document.RootElement;
            // ARM says "error" or, for some providers, code and message at the top.
            if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object) root = error;
            return (Text(root, "code") ?? Text(root, "error") ?? "", Text(root, "message") ?? Text(root, "error_description") ?? "");
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }

    /// <summary>What a refusal of a token means.</summary>
    public static string Token(string description, ApiPurpose purpose)
    {
        var match = EntraCode().Match(description);
        var code = match.Success ? match.Value : "";
        var (what, act) = code switch
        {
            "AADSTS7000222" => ("the client secret has expired", "Make a new secret for the application in the force's tenant and enter it here."),
            "AADSTS7000215" => ("the client secret is wrong", "Enter the secret's value (not its id), or make a new one in the force's tenant."),
            "AADSTS700027" or "AADSTS7000214" => ("the certificate is not one that the application knows, or has expired",
                "Add the certificate that was entered here to the application in the force's tenant."),
            "AADSTS700016" => ("the tenant has no such application",
                "Check the client id, and that an administrator of the force has given consent in this tenant."),
            "AADSTS7000112" or "AADSTS7000218" => ("the application is switched off or needs another kind of credential",
                "Ask the force's administrator to look at the application in the tenant."),
            "AADSTS90002" or "AADSTS900023" => ("there is no such tenant", "Check the tenant id."),
            "AADSTS65001" or "AADSTS650051" or "AADSTS650052" or "AADSTS500011" => ("the force has given no consent for this API, or has withdrawn it",
                "Ask the force's administrator to give consent to the application again."),
            "AADSTS53003" or "AADSTS530003" => ("a policy of conditional access of the force blocks the application",
                "Ask the force to let the centre's address through for this application."),
            _ => ("the identity platform gave this reason: " + (code.Length > 0 ? code : "none that is known"),
                "Look the code up at https://login.microsoftonline.com/error, and ask the force's administrator."),
        };
        return $"Microsoft Entra ID gives no token: {what}{(code.Length > 0 && !what.Contains(code, StringComparison.Ordinal) ? $" ({code})" : "")}. "
            + $"{purpose.Meanwhile} {act}";
    }

    /// <summary>What a refusal of a request that bore a token means.</summary>
    public static string Access(string api, string permission, int status, string code, ApiPurpose purpose) =>
        $"{api} refuses the application ({status}{(code.Length > 0 ? $", {code}" : "")}): it lacks the permission {permission}, or the force has withdrawn its consent. "
            + $"{purpose.Meanwhile} Ask the force's administrator to give consent again.";

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("AADSTS[0-9]{4,8}")]
    private static partial Regex EntraCode();
}
