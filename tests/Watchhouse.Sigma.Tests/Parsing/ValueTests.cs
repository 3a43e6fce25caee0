namespace Watchhouse.Sigma.Tests;

/// <summary>What values and modifiers of a rule ask of an event.</summary>
public sealed class ValueTests
{
    [Theory]
    // Plain scalars keep their written text where they are no numbers: YAML 1.1 would make booleans, octals and dates of them.
    [InlineData("F: on", """{"F": "on"}""", true)]
    [InlineData("F: on", """{"F": true}""", false)]
    [InlineData("F: yes", """{"F": "YES"}""", true)]
    [InlineData("F: no", """{"F": "no"}""", true)]
    [InlineData("F: 0777", """{"F": "0777"}""", true)]
    [InlineData("F: 0777", """{"F": 511}""", false)]
    [InlineData("F: 0x17", """{"F": "0x17"}""", true)]
    [InlineData("F: 0x17", """{"F": 23}""", false)]
    [InlineData("F: 2024-01-01", """{"F": "2024-01-01"}""", true)]
    [InlineData("F: 1.10", """{"F": "1.10"}""", true)]
    [InlineData("F: 1_000", """{"F": "1_000"}""", true)]
    [InlineData("F: 12:30", """{"F": "12:30"}""", true)]
    [InlineData("F: true", """{"F": true}""", true)]
    [InlineData("F: true", """{"F": "True"}""", true)]
    [InlineData("F: 4624", """{"F": "4624"}""", true)]
    [InlineData("F: 4624", """{"F": 4624.0}""", true)]
    [InlineData("F: '4624'", """{"F": 4624}""", true)]
    [InlineData("F: -5", """{"F": -5}""", true)]
    // null, the empty text and absence are three things.
    [InlineData("F: null", "{}", true)]
    [InlineData("F: null", """{"F": null}""", true)]
    [InlineData("F: null", """{"F": ""}""", false)]
    [InlineData("F: ~", "{}", true)]
    [InlineData("F:", "{}", true)]
    [InlineData("F: ''", "{}", false)]
    [InlineData("F: ''", """{"F": ""}""", true)]
    [InlineData("F: 'null'", "{}", false)]
    [InlineData("F: []", "{}", true)]
    [InlineData("F|neq: []", "{}", false)]
    [InlineData("F|exists: true", """{"F": null}""", true)]
    [InlineData("F|exists: 'false'", """{"F": ""}""", false)]
    // Wildcards go with the modifiers: the pattern is padded, never anchored anew.
    [InlineData("F|endswith: '8???'", """{"F": "x8abc"}""", true)]
    [InlineData("F|endswith: '8???'", """{"F": "x8ab"}""", false)]
    [InlineData("F|contains: 'a*c'", """{"F": "xxabbbcxx"}""", true)]
    [InlineData(@"F|contains: 'a\*c'", """{"F": "xa*cx"}""", true)]
    [InlineData(@"F|contains: 'a\*c'", """{"F": "xabcx"}""", false)]
    [InlineData("F|startswith: 'a?c'", """{"F": "a\u00e9cd"}""", true)]
    [InlineData(@"F|contains: '\Temp\'", """{"F": "C:\\Temp\\x"}""", true)]
    [InlineData("F: 'a*b'", """{"F": "a\nb"}""", true)]
    [InlineData("F|cased: Abc", """{"F": "abc"}""", false)]
    [InlineData("F|contains|cased: B*d", """{"F": "aBcde"}""", true)]
    [InlineData("F|cased|startswith: b", """{"F": "Bc"}""", false)]
    // all, neq
    [InlineData("F|contains|all: [a, b]", """{"F": "xbxa"}""", true)]
    [InlineData("F|contains|all: [a, b]", """{"F": "a"}""", false)]
    [InlineData("F|all: [a, b]", """{"F": ["b", "a"]}""", true)]
    [InlineData("F|all|contains: [a]", """{"F": "xa"}""", true)]
    [InlineData("F|neq: [a, b]", """{"F": "c"}""", true)]
    [InlineData("F|neq: [a, b]", """{"F": "B"}""", false)]
    [InlineData("F|neq: a", "{}", true)]
    [InlineData("F|contains|neq: a", """{"F": "bab"}""", false)]
    // Regular expressions: raw text, by case, anywhere.
    [InlineData(@"F|re: 'a\\b'", """{"F": "xa\\bx"}""", true)]
    [InlineData("F|re: 'A.C'", """{"F": "abc"}""", false)]
    [InlineData("F|re|i: 'A.C'", """{"F": "abc"}""", true)]
    [InlineData("F|re|ignorecase: 'A.C'", """{"F": "abc"}""", true)]
    [InlineData("F|re: '^b$'", """{"F": "a\nb"}""", false)]
    [InlineData("F|re|m: '^b$'", """{"F": "a\nb"}""", true)]
    [InlineData("F|re: 'a.b'", """{"F": "a\nb"}""", false)]
    [InlineData("F|re|s: 'a.b'", """{"F": "a\nb"}""", true)]
    [InlineData("F|re: 'b$'", """{"F": "b\n"}""", false)]
    [InlineData("F|re|i|m|s: '^B.c$'", """{"F": "a\nb\nc"}""", true)]
    // Dashes of the command line: five characters, at the start of a word.
    [InlineData("F|windash: '-enc'", """{"F": "/enc"}""", true)]
    [InlineData("F|windash: '/enc'", """{"F": "\u2013enc"}""", true)]
    [InlineData("F|windash|contains: ' -a -b'", """{"F": "x \u2014a \u2015b"}""", true)]
    [InlineData("F|contains|windash: '-a'", """{"F": "x/ab"}""", true)]
    [InlineData("F|windash: 'a-b'", """{"F": "a/b"}""", false)]
    [InlineData("F|windash: '-a-b'", """{"F": "/a-b"}""", true)]
    // Networks.
    [InlineData("F|cidr: 10.0.0.0/8", """{"F": "10.9.8.7"}""", true)]
    [InlineData("F|cidr: 10.0.0.0/8", """{"F": "::ffff:10.9.8.7"}""", true)]
    [InlineData("F|cidr: 10.0.0.0/8", """{"F": "110.0.0.1"}""", false)]
    [InlineData("F|cidr: 10.0.0.0/8", """{"F": "host10.0.0.1"}""", false)]
    [InlineData("F|cidr: 'fe80::/10'", """{"F": "FE80::1"}""", true)]
    [InlineData("F|cidr: 'fe80::/10'", """{"F": "2001:db8::1"}""", false)]
    [InlineData("F|cidr: 192.168.1.77/24", """{"F": "192.168.1.1"}""", true)]
    [InlineData("F|cidr|neq: 10.0.0.0/8", """{"F": "11.0.0.1"}""", true)]
    // Numbers.
    [InlineData("F|gt: 5", """{"F": "6"}""", true)]
    [InlineData("F|gte: 5", """{"F": 5}""", true)]
    [InlineData("F|lt: 5", """{"F": "many"}""", false)]
    [InlineData("F|lte: 5.5", """{"F": 5.5}""", true)]
    [InlineData("F|lt: 5", "{}", false)]
    // Other fields.
    [InlineData("F|fieldref: G", """{"F": "Ab", "G": "aB"}""", true)]
    [InlineData("F|fieldref: G", """{"F": "a"}""", false)]
    [InlineData("F|fieldref|neq: G", """{"F": "a", "G": "b"}""", true)]
    [InlineData("F|fieldref|startswith: G", """{"F": "abc", "G": "AB"}""", true)]
    [InlineData("F|fieldref|endswith: G", """{"F": "abc", "G": "BC"}""", true)]
    [InlineData("F|fieldref|contains: G", """{"F": "abc", "G": "b"}""", true)]
    [InlineData("F|fieldref|cased: G", """{"F": "a", "G": "A"}""", false)]
    // Times, as they are written.
    [InlineData("F|hour: 23", """{"F": "2024-12-30T23:15:00+02:00"}""", true)]
    [InlineData("F|minute: 15", """{"F": "2024-12-30 23:15:00"}""", true)]
    [InlineData("F|day: 30", """{"F": "2024-12-30T23:15:00Z"}""", true)]
    [InlineData("F|week: 1", """{"F": "2024-12-30T23:15:00Z"}""", true)]
    [InlineData("F|month: 12", """{"F": "2024-12-30T23:15:00Z"}""", true)]
    [InlineData("F|year: 2024", """{"F": "2024-12-30T23:15:00Z"}""", true)]
    [InlineData("F|hour: 1", """{"F": "noon"}""", false)]
    // Encodings.
    [InlineData("F|base64: abc", """{"F": "YWJj"}""", true)]
    [InlineData("F|base64offset|contains: foobar", """{"F": "eGZvb2JhcnkK"}""", true)]
    [InlineData("F|base64offset|contains: foobar", """{"F": "eHhmb29iYXJ5"}""", true)]
    [InlineData("F|wide|base64offset|contains: ping", """{"F": "cABpAG4AZwA="}""", true)]
    [InlineData("F|utf16le|base64: ab", """{"F": "YQBiAA=="}""", true)]
    [InlineData("F|utf16be|base64: ab", """{"F": "AGEAYg=="}""", true)]
    [InlineData("F|utf16|base64: ab", """{"F": "//5hAGIA"}""", true)]
    // Arrays and objects.
    [InlineData("F: b", """{"F": ["a", "b"]}""", true)]
    [InlineData("F|contains: needle", """{"F": {"x": [{"y": "a needle"}]}}""", true)]
    [InlineData("a.b: 1", """{"a.b": 1, "a": {"b": 2}}""", true)]
    [InlineData("a.b: 2", """{"a": [{"b": 1}, {"b": 2}]}""", true)]
    [InlineData("f: a", """{"F": "a"}""", false)]
    public void Read_Item_MatchesAsSpecified(string item, string json, bool matches) => Assert.Equal(matches, RuleTexts.Matches(RuleTexts.Items(item), json));

    [Theory]
    [InlineData("F|contans: a", "'contans' is unknown")]
    [InlineData("F|contains|re: a", "re must come before")]
    [InlineData("F|i: a", "flag of re")]
    [InlineData("F|re|base64: a", "After re only")]
    [InlineData("F|re|cidr: a", "does not go")]
    [InlineData("F|re: 'a('", "cannot be read")]
    [InlineData("F|re: '(?=a)b'", "backtracking")]
    [InlineData(@"F|re: '(a)\1'", "backtracking")]
    [InlineData("F|base64: 'a*'", "wildcards")]
    [InlineData("F|cidr: 10.0.0.0/33", "out of range")]
    [InlineData("F|cidr: here", "not a network")]
    [InlineData("F|gt: many", "not a number")]
    [InlineData("F|gt|contains: 5", "do not fit together")]
    [InlineData("F|hour: 1.5", "not a whole number")]
    [InlineData("F|exists: perhaps", "true or false")]
    [InlineData("F|startswith|fieldref: G", "fieldref must come before")]
    [InlineData("F|fieldref|expand: '%G%'", "no expand")]
    [InlineData("F|contains: null", "null takes no modifier")]
    [InlineData("F: {a: b}", "holds a list or a map")]
    [InlineData("F: [[a]]", "holds a list or a map")]
    [InlineData("'|exists': true", "needs a field")]
    [InlineData("'': null", "null needs a field")]
    [InlineData("F|windash: '-a -b -c -d -e -f'", "windash gives more than")]
    public void Read_ItemThatMakesNoSense_RejectedWithLineAndReason(string item, string reason)
    {
        var report = RuleTexts.Rejected(RuleTexts.Items("G: 1", item));

        Assert.Contains(reason, report.Reason);
        Assert.Equal(6, report.Line);
    }

    [Fact]
    public void Read_Keywords_SearchEveryValueButNotKeysOfTheEngine()
    {
        var any = RuleTexts.Rule("  k: [needle, 'h?y']\n  condition: k\n");
        var all = RuleTexts.Rule("  k: {'|all': [one, two]}\n  condition: k\n");
        var regex = RuleTexts.Rule("  k: {'|re': 'n[aeiou]+dle'}\n  condition: k\n");
        var mixed = RuleTexts.Rule("  k: [needle, {F: 1}]\n  condition: k\n");

        Assert.True(RuleTexts.Matches(any, """{"a": {"b": ["a NEEDLE in"]}}"""));
        Assert.True(RuleTexts.Matches(any, """{"a": "hay"}"""));
        Assert.False(RuleTexts.Matches(any, """{"_id": "needle", "needle": "x"}"""));
        Assert.True(RuleTexts.Matches(all, """{"a": "one", "b": "two"}"""));
        Assert.False(RuleTexts.Matches(all, """{"a": "one"}"""));
        Assert.True(RuleTexts.Matches(regex, """{"a": "a noodle needle"}"""));
        Assert.True(RuleTexts.Matches(mixed, """{"F": 1}"""));
        Assert.True(RuleTexts.Matches(mixed, """{"G": "needles"}"""));
    }

    [Fact]
    public void Read_Expand_PutsTheForcesListInAndLeavesEscapedPercentSigns()
    {
        SigmaLoadOptions Lists(params string[] values) => new() { ValueLists = new Dictionary<string, IReadOnlyList<string>> { ["name"] = values } };
        var rule = RuleTexts.Items(@"F|expand: '\%plain%name%'");

        Assert.True(RuleTexts.Matches(rule, """{"F": "%plainsrv7"}""", Lists("other", "srv*")));
        Assert.False(RuleTexts.Matches(rule, """{"F": "%plain%name%"}""", Lists("srv")));
        Assert.True(RuleTexts.Matches(RuleTexts.Items("F: '%name%'"), """{"F": "%name%"}"""));
        Assert.Equal(["name"], RuleTexts.Read(rule, Lists("a")).Placeholders);
        Assert.Equal(RuleState.PlaceholderMissing, SigmaLoader.Parse(rule, "t.yml").Reports[0].State);
        // An empty list would turn the rule off without a word.
        Assert.Equal(RuleState.PlaceholderMissing, SigmaLoader.Parse(rule, "t.yml", Lists()).Reports[0].State);
    }
}
