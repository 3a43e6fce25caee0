namespace Watchhouse.Telemetry.Tests;

public sealed class AuditdTests
{
    [Fact]
    public void Read_RecordsOfOneEvent_ValuesDecodedWhereTheyWereEncoded()
    {
        var found = Found.In(
            """
            type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13 a0=7fffd19c5592 a1=0 ppid=2686 auid=500 comm="cat" exe="/bin/cat" subj=unconfined_u:unconfined_r key="sshd_config"
            """ + "\u001DARCH=x86_64 SYSCALL=openat AUID=\"shadowman\"\n" + """
            type=EXECVE msg=audit(1364481363.243:24287): argc=4 a0="curl" a1=2D48 a2="1000" a3[0]=6162 a3[1]=6364 a4=31
            type=PROCTITLE msg=audit(1364481363.243:24287): proctitle=636174002F6574632F736861646F77
            type=PATH msg=audit(1364481363.243:24287): item=0 name="/etc/ssh/sshd_config" inode=409248 nametype=NORMAL
            node=srv1 type=USER_CMD msg=audit(1364481370.0:3): pid=5 uid=1000 msg='cwd="/root" cmd=6C73202D6C terminal=pts/0 res=success'
            type=SYSCALL msg=audit(1364481363.243:24288): a0=31 key=6162016364
            """);

        Assert.Equal(6, found.Count);
        Assert.Equal(("SYSCALL", "1364481363.243", "24287", "/bin/cat", "sshd_config"), (found[0]["type"], found[0]["TimeCreated"], found[0]["serial"], found[0]["exe"], found[0]["key"]));
        Assert.Equal(("openat", "shadowman", "7fffd19c5592"), (found[0]["SYSCALL"], found[0]["AUID"], found[0]["a0"]));
        Assert.Equal(("curl", "-H", "1000", "abcd", "1"), (found[1]["a0"], found[1]["a1"], found[1]["a2"], found[1]["a3"], found[1]["a4"]));
        Assert.Equal("cat /etc/shadow", found[2]["proctitle"]);
        Assert.Equal(("/etc/ssh/sshd_config", "NORMAL"), (found[3]["name"], found[3]["nametype"]));
        Assert.Equal(("srv1", "ls -l", "success", "/root"), (found[4]["node"], found[4]["cmd"], found[4]["res"], found[4]["cwd"]));
        Assert.Equal(("31", "ab", "cd"), (found[5]["a0"], found[5]["key[0]"], found[5]["key[1]"]));
    }
}
