#!/usr/bin/env python3
"""Writes the table catalogue of Watchhouse.Normalisation from published schemas.

Usage: eng/tables.py SCHEMAS.json RECORD-TYPES.json

SCHEMAS.json maps table name to column name to KQL type; RECORD-TYPES.json is the list of AuditLogRecordType values of the
Office 365 Management Activity API. NOTICE names the sources of both. Only facts are taken: names, types and numbers.
"""

import fnmatch
import json
import pathlib
import sys

# What the sources of a police force can feed, all of advanced hunting, and the tables that published hunts join with.
WANTED = """
AAD* ADFSSignInLogs AuditLogs SigninLogs EntraIdSignInEvents GraphAPIAuditEvents MicrosoftGraphActivityLogs NetworkAccessTraffic
OfficeActivity EnrichedMicrosoft365AuditLogs PowerBIActivity Power*Activity Dynamics365Activity DataverseActivity
MicrosoftPurviewInformationProtection McasShadowItReporting Intune* Windows365AuditLogs
AzureActivity AzureDiagnostics AzureMetrics AZFW* AZKV* AGW* AKSAudit* AppServiceAuditLogs AppServiceHTTPLogs Storage*Logs
MicrosoftAzureBastionAuditLogs SQLSecurityAuditEvents ContainerRegistryLoginEvents AzureDevOpsAuditing
Device* Email* UrlClickEvents Identity* CloudAppEvents OAuthAppInfo Alert AlertInfo AlertEvidence ExposureGraph*
Security* SecureScore* Sentinel* Anomalies BehaviorAnalytics User*Analytics HuntingBookmark Watchlist ConfidentialWatchlist
ThreatIntel* ProtectionStatus
Event WindowsEvent WindowsFirewall Syslog CommonSecurityLog LinuxAuditLog W3CIISLog Dns* ETWEvent
ASim* AWS* GCPAuditLogs GoogleCloudSCC Heartbeat Operation Usage LAQueryLogs
VMConnection VMBoundPort VMComputer VMProcess NetworkSessions NSPAccessLogs NTANetAnalytics
""".split()

LETTERS = {"string": "s", "int": "i", "long": "l", "real": "r", "bool": "b", "datetime": "d", "dynamic": "o", "guid": "g", "timespan": "t"}


def tables(source):
    schemas = json.loads(pathlib.Path(source).read_text(encoding="utf-8"))
    for name in sorted(schemas):
        if any(fnmatch.fnmatchcase(name, wanted) for wanted in WANTED):
            columns = schemas[name] | {"TimeGenerated": "datetime", "Type": "string"}
            yield " ".join([name, *(f"{column}:{LETTERS[columns[column]]}" for column in sorted(columns))])


def record_types(source):
    for each in json.loads(pathlib.Path(source).read_text(encoding="utf-8")):
        yield f'  {each["value"]}: {each["name"]}'


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    library = pathlib.Path(__file__).resolve().parent.parent / "src/libraries/Watchhouse.Normalisation"
    head = "# Written by eng/tables.py. Table, then column:kind (s string, i int, l long, r real, b bool, d datetime, o dynamic, g guid, t timespan).\n"
    (library / "Tables/tables.txt").write_text(head + "\n".join(tables(sys.argv[1])) + "\n", encoding="utf-8")
    head = "# Written by eng/tables.py: AuditLogRecordType of the Office 365 Management Activity API.\nvalues:\n"
    types = dict(line.split(": ", 1) for line in record_types(sys.argv[2]))
    body = "\n".join(f"    {number.strip()}: {name}" for number, name in types.items())
    (library / "Mappings/values-record-types.yml").write_text(head + "  record-types:\n" + body + "\n", encoding="utf-8")


main()
