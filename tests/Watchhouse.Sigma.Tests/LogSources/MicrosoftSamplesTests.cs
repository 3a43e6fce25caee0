namespace Watchhouse.Sigma.Tests;

public sealed class MicrosoftSamplesTests
{
    private const string Unified = "m365/*/audit, m365/*/threat_management, m365/*/threat_detection by unified audit log";
    private const string Signins = "azure/*/signinlogs by Entra sign-ins";
    private const string Unknown = "(unknown source)";

    /// <summary>
    /// How many records of a file belong where. No rule of SigmaHQ is about what stays unknown: interfaces' own answers, alerts of
    /// Graph, AlertInfo and AlertEvidence, rows of identity and application events, resource logs of storage and key vaults.
    /// </summary>
    [Theory]
    [InlineData("msdocs-o365-api-envelopes.jsonl", 16, Unknown)]
    [InlineData("msdocs-o365-management-activity.jsonl", 7, Unified, 2, "m365/*/audit, m365/*/threat_management, m365/*/threat_detection, m365/*/exchange by")]
    [InlineData("msgraph-directoryaudit.jsonl", 2, "azure/*/auditlogs by Entra audit of Graph")]
    [InlineData("msgraph-signin.jsonl", 1, "azure/*/signinlogs by Entra sign-ins of Graph")]
    [InlineData("msgraph-security-alert-v2.jsonl", 1, Unknown)]
    [InlineData("otrf-goldensaml-advancedhunting.jsonl", 9, Unknown)]
    [InlineData("otrf-goldensaml-auditlogs.jsonl", 4, "azure/*/auditlogs by Entra audit in Log Analytics")]
    [InlineData("otrf-goldensaml-officeactivity.jsonl", 1, "m365/*/audit, m365/*/exchange by OfficeActivity table")]
    [InlineData("panther-azure-activity.jsonl", 124, "azure/*/activitylogs by Azure activity by diagnostic settings", 11, Unknown)]
    [InlineData("panther-defender-xdr-advanced-hunting.jsonl", 2, Unknown)]
    [InlineData("panther-entra-diagnostics.jsonl", 17, Signins, 17, "azure/*/auditlogs by Entra audit by", 2, "azure/*/auditlogs, azure/*/activitylogs by Entra audit by its properties")]
    [InlineData("panther-graph-alerts-v2.jsonl", 2, Unknown)]
    [InlineData("panther-o365-audit-entra.jsonl", 1, Unified)]
    [InlineData("panther-o365-audit-exchange-lowercased.jsonl", 6, "m365/*/audit, m365/*/threat_management, m365/*/threat_detection, m365/*/exchange by unified audit log, lower-cased")]
    [InlineData("panther-o365-audit-sharepoint.jsonl", 3, Unified)]
    [InlineData("sentinel-auditlogs.jsonl", 5, "azure/*/auditlogs by Entra audit in Log Analytics")]
    [InlineData("sentinel-azureactivity.jsonl", 195, "azure/*/activitylogs by Azure activity in Log Analytics")]
    [InlineData("sentinel-officeactivity.jsonl", 152, "m365/*/audit by OfficeActivity table", 8, "m365/*/audit, m365/*/exchange by OfficeActivity table")]
    [InlineData("sentinel-signinlogs.jsonl", 34, Signins)]
    [InlineData("stratus-azure-entra.jsonl", 2, "azure/*/activitylogs by Azure activity", 2, Unknown, 2, "azure/*/auditlogs by Entra audit of Graph")]
    public void Read_EveryRecordOfAFile_RoutedToItsLogSource(string file, params object[] expected)
    {
        var left = MicrosoftRecords.In(file).Select(each => each.Source).ToList();

        for (var at = 0; at < expected.Length; at += 2)
            Assert.Equal(expected[at], left.RemoveAll(source => source.StartsWith((string)expected[at + 1], StringComparison.Ordinal)));
        Assert.Empty(left);
    }

    /// <summary>
    /// Which rule fires on which records. Each pair was held against the raw record: its operation, activity, result and
    /// parameters are what the rule asks for.
    /// </summary>
    [Theory]
    [InlineData("msdocs-o365-management-activity.jsonl")]
    [InlineData("msgraph-directoryaudit.jsonl")]
    [InlineData("msgraph-signin.jsonl")]
    [InlineData("otrf-goldensaml-auditlogs.jsonl", "azure_app_credential_added: 1 2", "azure_app_appid_uri_changes: 3", "azure_app_delegated_permissions_all_users: 4", "azure_app_permissions_msft: 4")]
    [InlineData("otrf-goldensaml-officeactivity.jsonl")]
    [InlineData(
        "panther-azure-activity.jsonl",
        "azure_suppression_rule_created: 7 8",
        "azure_network_firewall_policy_modified_or_deleted: 23 24 25",
        "azure_keyvault_modified_or_deleted: 30 31 32 42",
        "azure_keyvault_key_modified_or_deleted: 34 35 37 38 39",
        "azure_keyvault_secrets_modified_or_deleted: 44 46",
        "azure_rare_operations: 88 89 90",
        "azure_virtual_network_modified_or_deleted: 120 121 122",
        "azure_creating_number_of_resources_detection: 130")]
    [InlineData(
        "panther-entra-diagnostics.jsonl",
        "azure_account_lockout: 5 7",
        "azure_ad_only_single_factor_auth_required: 17 18",
        "azure_ad_sign_ins_from_unknown_devices: 17 18",
        "azure_ad_suspicious_signin_bypassing_mfa: 17 18",
        "azure_aad_secops_ca_policy_updatedby_bad_actor: 19 20",
        "azure_aad_secops_ca_policy_removedby_bad_actor: 24",
        "azure_ad_user_added_to_admin_role: 34",
        "azure_service_principal_created: 36")]
    [InlineData("panther-o365-audit-entra.jsonl")]
    [InlineData("panther-o365-audit-exchange-lowercased.jsonl", "microsoft365_susp_email_forwarding_activity: 1 2 3 4 5 6", "microsoft365_susp_inbox_rule_creation_or_update_activity: 3")]
    [InlineData("panther-o365-audit-sharepoint.jsonl")]
    [InlineData("sentinel-auditlogs.jsonl", "azure_app_credential_added: 1 2 3 4 5")]
    [InlineData(
        "sentinel-azureactivity.jsonl",
        "azure_firewall_modified_or_deleted: 3 6 15 171 173",
        "azure_network_firewall_policy_modified_or_deleted: 4",
        "azure_virtual_network_modified_or_deleted: 38 41 43 60 101 140 141 142 143 145 152 153 155",
        "azure_network_virtual_device_modified_or_deleted: 40 49 52",
        "azure_creating_number_of_resources_detection: 44 146",
        "azure_network_security_modified_or_deleted: 61 100",
        "azure_application_gateway_modified_or_deleted: 62 108",
        "azure_rare_operations: 174")]
    [InlineData("sentinel-officeactivity.jsonl")]
    [InlineData(
        "sentinel-signinlogs.jsonl",
        "azure_ad_only_single_factor_auth_required: 1 2 3 4 6 7 8 9 10 11 12 13 14 15 16 17 18 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34")]
    [InlineData("stratus-azure-entra.jsonl", "azure_keyvault_modified_or_deleted: 3", "azure_app_appid_uri_changes: 5")]
    public void Detect_EveryRecordOfAFile_ExactlyTheseRules(string file, params string[] expected)
    {
        var found = MicrosoftRecords.In(file)
            .SelectMany(each => each.Rules.Select(rule => (rule, each.Position)))
            .GroupBy(pair => pair.rule, pair => pair.Position)
            .Select(group => $"{group.Key}: {string.Join(' ', group)}");

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }
}
