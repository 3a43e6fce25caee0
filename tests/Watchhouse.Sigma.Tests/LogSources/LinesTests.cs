using System.Text;

namespace Watchhouse.Sigma.Tests;

/// <summary>Lines of logs through reader, table and detector: each fires the rule that was written for it.</summary>
public sealed class LinesTests
{
    [Theory]
    [InlineData("""203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /item?id=1%20UNION%20ALL%20SELECT%20x HTTP/1.1" 200 12 "-" "Mozilla" """, "web_sql_injection_in_access_logs")]
    [InlineData("#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)\n2026-05-01 10:00:00 GET /a - 200 Wget/1.9+cvs-stable+(Red+Hat+modified)\n2026-05-01 10:00:00 GET /a cmd=whoami 200 sqlmap/1.5", "web_susp_useragents")]
    [InlineData("<85>Oct 11 22:14:15 h sudo[3]:    alice : TTY=pts/0 ; PWD=/srv/alice ; USER=#-1 ; COMMAND=/bin/sh", "lnx_sudo_exploit_cve_2019_14287")]
    [InlineData("Oct 11 22:14:15 h sshd-session[3]: error: buffer_get_string_ret: unexpected internal error", "lnx_sshd_susp_ssh")]
    [InlineData("type=EXECVE msg=audit(1364481363.243:1): argc=3 a0=\"chattr\" a1=\"-i\" a2=\"/etc/x\"", "lnx_auditd_chattr_immutable_removal")]
    [InlineData("<14>Oct 11 22:14:15 h audispd: type=EXECVE msg=audit(1364481363.243:1): argc=3 a0=\"chattr\" a1=2D69 a2=\"/etc/x\"", "lnx_auditd_chattr_immutable_removal")]
    [InlineData("#separator \\x09\n#path\tdce_rpc\n#fields\tts\tendpoint\toperation\n#types\ttime\tstring\tstring\n1.0\tsvcctl\tCreateServiceW", "zeek_dce_rpc_mitre_bzar_execution")]
    [InlineData("""{"@timestamp":"x","agent":{"type":"filebeat"},"message":"type=EXECVE msg=audit(1364481363.243:1): argc=3 a0=\"chattr\" a1=\"-i\" a2=\"/etc/x\""}""", "lnx_auditd_chattr_immutable_removal")]
    [InlineData("RecordId,CreationDate,Operation,AuditData\n1,2026-05-01,New-InboxRule,\"{\"\"CreationTime\"\":\"\"2026-05-01T10:00:00\"\",\"\"Workload\"\":\"\"Exchange\"\",\"\"Operation\"\":\"\"New-InboxRule\"\",\"\"Parameters\"\":[{\"\"Name\"\":\"\"DeleteMessage\"\",\"\"Value\"\":\"\"True\"\"}]}\"\n", "microsoft365_susp_inbox_rule_creation_or_update_activity")]
    [InlineData("TimeGenerated [UTC],OperationName,Category,LoggedByService,Type,Result\n\"4/28/2026, 3:05:26.000 PM\",Delete conditional access policy,Policy,Conditional Access,AuditLogs,success\n", "azure_aad_secops_ca_policy_removedby_bad_actor")]
    [InlineData("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Eventlog'/><EventID>1102</EventID><Channel>Security</Channel></System><UserData><LogFileCleared><SubjectUserName>x</SubjectUserName></LogFileCleared></UserData></Event>", "win_security_audit_log_cleared")]
    [InlineData("""{"event":{"dataset":"endpoint.events.process","type":["start"]},"host":{"os":{"type":"windows"}},"process":{"executable":"C:\\Windows\\System32\\whoami.exe","command_line":"whoami /priv","parent":{"executable":"C:\\x.exe"},"pe":{"original_file_name":"whoami.exe"}}}""", "proc_creation_win_whoami_priv_discovery")]
    [InlineData("""{"TimeGenerated":"x","Type":"DeviceProcessEvents","ActionType":"ProcessCreated","FolderPath":"C:\\Windows\\System32\\whoami.exe","ProcessCommandLine":"whoami /priv","InitiatingProcessFolderPath":"C:\\x.exe"}""", "proc_creation_win_whoami_priv_discovery")]
    public void Detect_LinesAsTheyAreWritten_TheirRuleFires(string text, string rule) =>
        Assert.Contains(rule, MicrosoftRecords.Detect(Encoding.UTF8.GetBytes(text)).SelectMany(each => each.Rules.Prepend(each.Source)));
}
