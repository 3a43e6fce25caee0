namespace Watchhouse.Sigma.Tests;

public sealed class PipelineTests
{
    private static SigmaLoadOptions With(params string[] pipelines) => new()
    {
        Pipelines = SigmaPipeline.InOrder(pipelines.Select((text, at) => SigmaPipeline.Read(text, $"p{at}.yml"))),
    };

    private static string Items(string items) => "name: p\ntransformations:\n" + items;

    private static bool Matches(string item, string pipeline, string json) => RuleTexts.Matches(RuleTexts.Items(item.Split('\n')), json, With(Items(pipeline)));

    [Theory]
    [InlineData("F: 1", "- {type: field_name_mapping, mapping: {F: G}}", """{"G": 1}""", true)]
    [InlineData("F: 1", "- {type: field_name_mapping, mapping: {F: G}}", """{"F": 1}""", false)]
    [InlineData("F: 1", "- {type: field_name_mapping, mapping: {F: [G, H]}}", """{"H": 1}""", true)]
    [InlineData("F|neq: 1", "- {type: field_name_mapping, mapping: {F: [G, H]}}", """{"G": 2, "H": 1}""", false)]
    [InlineData("F|neq: 1", "- {type: field_name_mapping, mapping: {F: [G, H]}}", """{"G": 2, "H": 2}""", true)]
    [InlineData("F|contains|all: [a, b]", "- {type: field_name_mapping, mapping: {F: [G, H]}}", """{"G": "a", "H": "b"}""", false)]
    [InlineData("X|fieldref: F", "- {type: field_name_mapping, mapping: {F: G}}", """{"X": 1, "G": 1}""", true)]
    [InlineData("F: 1", "- {type: field_name_prefix, prefix: a.}", """{"a": {"F": 1}}""", true)]
    [InlineData("F: 1", "- {type: field_name_suffix, suffix: .raw}", """{"F.raw": 1}""", true)]
    [InlineData("win.F: 1", "- {type: field_name_prefix_mapping, mapping: {win.: [winlog., w_]}}", """{"w_F": 1}""", true)]
    [InlineData("F: 1\nG: 2", "- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [G]}]}", """{"F": 1}""", true)]
    [InlineData("F: 1\nG: 2", "- {type: drop_detection_item, field_name_conditions: [{type: exclude_fields, mode: re, fields: ['^F']}]}", """{"F": 1}""", true)]
    [InlineData("F: 'C:\\Temp\\x'", """- {type: replace_string, regex: '^C:', replacement: '*'}""", """{"F": "D:\\Temp\\x"}""", true)]
    [InlineData("F: 'ab-cd'", """- {type: replace_string, regex: '(\w+)-(?P<last>\w+)', replacement: '\g<last>_\1'}""", """{"F": "cd_ab"}""", true)]
    [InlineData("F|contains: 'a.b'", """- {type: replace_string, regex: '[*.]', replacement: '', skip_special: true}""", """{"F": "xabx"}""", true)]
    [InlineData("F: 17", """- {type: replace_string, regex: '^', replacement: '0x'}""", """{"F": "0x17"}""", true)]
    [InlineData("F: a", "- {type: map_string, mapping: {a: [x, 'y*']}}", """{"F": "yes"}""", true)]
    [InlineData("F|cased: aB", "- {type: case, method: upper}", """{"F": "AB"}""", true)]
    [InlineData("F|cased: fileName", "- {type: case, method: snake_case}", """{"F": "file_name"}""", true)]
    [InlineData("F: aB", "- {type: regex, method: plain}", """{"F": "ab"}""", false)]
    [InlineData("F: aB", "- {type: regex}", """{"F": "ab"}""", true)]
    [InlineData("F: [a, b]", "- {type: set_value, value: 7}", """{"F": 7}""", true)]
    [InlineData("F: a", "- {type: set_value, value: null}", "{}", true)]
    [InlineData("F: '5'", "- {type: convert_type, target_type: num}", """{"F": 5.0}""", true)]
    [InlineData("F: 5", "- {type: convert_type, target_type: str}", """{"F": "5"}""", true)]
    [InlineData("Hashes|contains: ['SHA1=AB', 'MD5=CD']", "- {type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: File}", """{"FileMD5": "cd"}""", true)]
    [InlineData("Hashes: '0123456789abcdef0123456789abcdef'", "- {type: hashes_fields, valid_hash_algos: [MD5], field_prefix: h, drop_algo_prefix: true}", """{"h": "0123456789abcdef0123456789abcdef"}""", true)]
    [InlineData("F: 1", "- {type: add_condition, conditions: {index: 'a*', 'n|gt': 3}}", """{"F": 1, "index": "abc", "n": 4}""", true)]
    [InlineData("F: 1", "- {type: add_condition, conditions: {index: a}}", """{"F": 1}""", false)]
    [InlineData("F: 1", "- {type: add_condition, conditions: {index: a}, negated: true}", """{"F": 1, "index": "a"}""", false)]
    [InlineData("F: 1", "- {type: add_condition, template: true, conditions: {from: $product}}", """{"F": 1, "from": "test"}""", true)]
    [InlineData("F: 1", "- {type: nest, items: [{type: field_name_prefix, prefix: a_}, {type: field_name_suffix, suffix: _b}]}", """{"a_F_b": 1}""", true)]
    public void Apply_Transformation_ChangesWhatTheRuleAsks(string item, string pipeline, string json, bool matches) =>
        Assert.Equal(matches, Matches(item, pipeline, json));

    [Theory]
    [InlineData("rule_conditions: [{type: logsource, product: test}]", true)]
    [InlineData("rule_conditions: [{type: logsource, product: windows}]", false)]
    [InlineData("rule_conditions: [{type: logsource, product: windows}], rule_cond_not: true", true)]
    [InlineData("rule_conditions: [{type: logsource, product: windows}, {type: is_sigma_rule}], rule_cond_op: or", true)]
    [InlineData("rule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_correlation_rule}}, rule_cond_expr: a and not b", true)]
    [InlineData("rule_conditions: [{type: contains_detection_item, field: F, value: 1}]", true)]
    [InlineData("rule_conditions: [{type: contains_detection_item, field: F, value: 2}]", false)]
    [InlineData("rule_conditions: [{type: contains_field, field: G}]", false)]
    [InlineData("rule_conditions: [{type: processing_item_applied, processing_item_id: first}]", true)]
    [InlineData("rule_conditions: [{type: processing_item_applied, processing_item_id: second}]", false)]
    [InlineData("rule_conditions: [{type: processing_state, key: k, val: '3', op: gte}]", true)]
    [InlineData("rule_conditions: [{type: processing_state, key: none, val: 3}]", false)]
    [InlineData("rule_conditions: [{type: tag, tag: attack.t1}]", true)]
    [InlineData("rule_conditions: [{type: rule_attribute, attribute: level, value: medium, op: gte}]", true)]
    [InlineData("rule_conditions: [{type: rule_attribute, attribute: status, value: stable, op: lt}]", true)]
    [InlineData("rule_conditions: [{type: rule_attribute, attribute: date, value: '2024-01-01', op: lt}]", false)]
    [InlineData("rule_conditions: [{type: rule_attribute, attribute: tags, value: attack.t1, op: in}]", true)]
    [InlineData("rule_conditions: [{type: rule_attribute, attribute: custom, value: mine}]", true)]
    [InlineData("detection_item_conditions: [{type: match_value, value: 1}]", true)]
    [InlineData("detection_item_conditions: [{type: is_null}]", false)]
    [InlineData("detection_item_conditions: [{type: contains_wildcard}]", false)]
    [InlineData("detection_item_conditions: [{type: match_string, pattern: '.*'}]", false)]
    [InlineData("detection_item_conditions: [{type: match_string, cond: all, negate: true, pattern: '.*'}]", true)]
    [InlineData("detection_item_conditions: [{type: processing_item_applied, processing_item_id: touched}]", true)]
    [InlineData("field_name_conditions: [{type: include_fields, fields: [F]}]", true)]
    [InlineData("field_name_conditions: [{type: exclude_fields, fields: [F]}]", false)]
    [InlineData("field_name_conditions: [{type: processing_item_applied, processing_item_id: none}]", false)]
    public void Apply_Conditions_DecideWhetherTheItemActs(string conditions, bool acts)
    {
        var pipeline = Items($$"""
              - {id: first, type: set_state, key: k, val: 10}
              - {id: touched, type: field_name_mapping, mapping: {E: F} }
              - {type: field_name_prefix, prefix: p_, {{conditions}} }
            """);
        var rule = "title: t\nstatus: test\nlevel: high\ndate: 2024-05-05\ntags: [attack.t1]\ncustom: mine\n" + RuleTexts.Items("E: 1")["title: t\n".Length..];

        Assert.Equal(acts, RuleTexts.Matches(rule.Replace("E: 1", conditions.Contains("detection_item, field: F") || conditions.Contains("touched") ? "E: 1" : "F: 1"), """{"p_F": 1}""", With(pipeline)));
    }

    [Fact]
    public void Apply_SeveralPipelines_ByPriorityAndWithOneState()
    {
        var late = "name: late\npriority: 20\ntransformations: [{type: field_name_suffix, suffix: _2, rule_conditions: [{type: processing_state, key: k, val: v}]}]";
        var early = "name: early\npriority: 10\ntransformations: [{type: field_name_suffix, suffix: _1}, {type: set_state, key: k, val: v}]";

        Assert.True(RuleTexts.Matches(RuleTexts.Items("F: 1"), """{"F_1_2": 1}""", With(late, early)));
    }

    [Fact]
    public void Apply_ChangeLogsourceAndAttributes_OnTheRuleItself()
    {
        var rule = RuleTexts.Read(RuleTexts.Items("F: 1"), With(Items("""
              - {type: change_logsource, product: windows, service: sysmon}
              - {type: set_custom_attribute, attribute: index, value: main}
              - {type: add_field, field: [X, Y]}
              - {type: remove_field, field: X}
            """)));

        Assert.Equal(new SigmaLogSource("windows", null, "sysmon"), rule.LogSource);
        Assert.Equal("main", rule.Custom["index"]);
        Assert.Equal(["Y"], rule.Fields);
    }

    [Fact]
    public void Apply_Placeholders_FromVariablesOrAsWildcards()
    {
        var rule = RuleTexts.Items("F|contains|expand: '%servers%-%n%'");
        var values = With("name: p\nvars: {servers: [a, b]}\ntransformations: [{type: value_placeholders, include: [servers]}, {type: wildcard_placeholders}]");

        Assert.True(RuleTexts.Matches(rule, """{"F": "x b-77 x"}""", values));
        Assert.False(RuleTexts.Matches(rule, """{"F": "x c-77 x"}""", values));
        Assert.Equal(RuleState.PlaceholderMissing, SigmaLoader.Parse(rule, "t.yml", With("name: p\nvars: {servers: a}\ntransformations: [{type: value_placeholders}]")).Reports[0].State);
    }

    [Theory]
    [InlineData("- {type: rule_failure, message: not for us, rule_conditions: [{type: logsource, product: test}]}", "not for us")]
    [InlineData("- {type: detection_item_failure, message: no such field, field_name_conditions: [{type: include_fields, fields: [F]}]}", "no such field (field F)")]
    [InlineData("- {type: drop_detection_item}", "dropped every part")]
    [InlineData("- {type: convert_type, target_type: num}", "not a number")]
    [InlineData("- {type: strict_field_mapping_failure}", "F is not mapped")]
    [InlineData("- {type: hashes_fields, valid_hash_algos: [MD5]}", "none of MD5")]
    public void Apply_RuleThatThePipelineRefuses_RejectedWithReason(string pipeline, string reason)
    {
        var report = SigmaLoader.Parse(RuleTexts.Items("F: text"), "t.yml", With(Items(pipeline))).Reports[0];

        Assert.Equal(RuleState.Rejected, report.State);
        Assert.Contains(reason, report.Reason);
        Assert.Contains(pipeline.Contains("drop") ? "" : "p0.yml:3", report.Reason);
    }

    [Theory]
    [InlineData("- {type: field_name_maping, mapping: {a: b}}", "the transformation 'field_name_maping' is unknown")]
    [InlineData("- {type: field_name_mapping, maping: {a: b}}", "needs 'mapping'")]
    [InlineData("- {type: field_name_prefix, prefix: a, surprise: 1}", "knows no 'surprise'")]
    [InlineData("- {type: query_expression_placeholders, expression: x}", "no query here")]
    [InlineData("- {type: field_name_transform, transform_func: lower}", "function of a program")]
    [InlineData("- {type: field_name_prefix, prefix: a, rule_conditions: [{type: odd}]}", "'odd' is unknown among rule_conditions")]
    [InlineData("- {type: field_name_prefix, prefix: a, rule_conditions: [{type: logsource, vendor: x}]}", "knows no 'vendor'")]
    [InlineData("- {type: field_name_prefix, prefix: a, rule_conditions: {x: {type: is_sigma_rule}}, rule_cond_expr: x and y}", "has no 'y'")]
    [InlineData("- {type: field_name_prefix, prefix: a, rule_cond_op: xor}", "must be one of and, or")]
    [InlineData("- {type: replace_string, regex: '(', replacement: ''}", "cannot be read")]
    [InlineData("- {type: add_condition, conditions: {'F|oops': 1}}", "'oops' is unknown")]
    [InlineData("- just text", "must be a map")]
    public void Read_PipelineThatCannotBeUsed_ErrorNamesFileAndLine(string pipeline, string reason)
    {
        var error = Assert.Throws<FormatException>(() => SigmaPipeline.Read(Items("  " + pipeline), "house.yml"));

        Assert.StartsWith("house.yml:3:", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Read_PostprocessingAndFinalizers_ToldToHaveNoEffect()
    {
        var options = With("name: p\nallowed_backends: [splunk]\npostprocessing: [{type: embed, prefix: x}]\nfinalizers: [{type: concat}]\n");
        var report = SigmaLoader.Parse(RuleTexts.Items("F: 1"), "t.yml", options).Reports[^1];

        Assert.Equal(("p0.yml", RuleState.Applied), (report.File, report.State));
        Assert.Contains("'postprocessing' (line 3) has no effect", report.Reason);
        Assert.Contains("'finalizers' (line 4) has no effect", report.Reason);
    }

    [Fact]
    public void Apply_Correlation_ItsFieldsAreMappedToo()
    {
        var yaml = "title: r\nname: r\nlogsource: {product: test}\ndetection: {s: {A: 1}, condition: s}\n---\n"
            + "title: c\ncorrelation: {type: value_count, rules: [r], group-by: [User, who], timespan: 5m, condition: {field: Ip, gte: 2}, aliases: {who: {r: Name}}}\n";
        var set = SigmaLoader.Parse(yaml, "t.yml", With(Items("- {type: field_name_mapping, mapping: {User: user.name, Ip: source.ip, Name: full_name, who: wrong}, rule_conditions: [{type: logsource, product: test}]}")));
        var correlation = Assert.Single(set.Correlations);

        Assert.Equal(["user.name", "who"], correlation.GroupBy);
        Assert.Equal(["source.ip"], correlation.ValueFields);
        Assert.Equal("full_name", correlation.Aliases["who"]["r"]);
        var several = SigmaLoader.Parse(yaml, "t.yml", With(Items("- {type: field_name_mapping, mapping: {User: [a, b]}}")));
        Assert.Contains("several names", several.Reports[1].Reason);
    }

    [Fact]
    public void Apply_FilterOfARule_ChangedWithIt()
    {
        var yaml = RuleTexts.Items("F: 1") + "---\ntitle: f\nlogsource: {product: test}\nfilter: {rules: any, s: {U: x}, condition: not s}\n";

        Assert.False(RuleTexts.Matches(yaml, """{"p_F": 1, "p_U": "x"}""", With(Items("- {type: field_name_prefix, prefix: p_}"))));
        Assert.True(RuleTexts.Matches(yaml, """{"p_F": 1, "U": "x"}""", With(Items("- {type: field_name_prefix, prefix: p_}"))));
    }
}
