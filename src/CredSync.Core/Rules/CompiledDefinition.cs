namespace CredSync.Core.Rules;

/// <summary>A definition, ready to be decided: its rules as nodes, and the words that do not depend on the person.</summary>
internal sealed class CompiledDefinition
{
    private static readonly RuleTrace Held = new() { Node = "not held yet", Met = false, Missing = "the person has it already" };

    public CompiledDefinition(CredentialDefinition definition, int rank, RuleBookSetting setting, Func<string, int> rankOf)
    {
        Definition = definition;
        Rank = rank;
        int leaves = 0;
        Earn = Compile(definition.Earn, setting, rankOf, ref leaves);
        Unless = definition.Unless is null ? null : Compile(definition.Unless, setting, rankOf, ref leaves);
        AsksForCredentials = CredentialOrder.AskedFor(definition).Any();
        Suffixes = [.. definition.Issuers.Select((issuer, i) => i == 0 ? "" : "@" + issuer.Issuer)];
        AsksForConsent = [.. definition.Issuers.Select(issuer => setting.ConsentRequiredBy.Contains(issuer.Issuer))];
    }

    public CredentialDefinition Definition { get; }

    /// <summary>Its place in the order of decisions.</summary>
    public int Rank { get; }

    public RuleNode Earn { get; }

    public RuleNode? Unless { get; }

    public bool AsksForCredentials { get; }

    /// <summary>What each issuer adds to an occurrence: nothing for the main one, <c>@name</c> for the others, so that each has its own key.</summary>
    public string[] Suffixes { get; }

    /// <summary>Whether each issuer takes only people who said that they consent.</summary>
    public bool[] AsksForConsent { get; }

    /// <summary>Whether a person may hold it again after it expires, or shortly before.</summary>
    public bool IsRenewable => Definition is { Occurrence: Occurrence.Once, Validity: not null };

    /// <summary>The trace of a decision that did not have to look at the rule.</summary>
    public static RuleTrace HeldTrace => Held;

    public IEnumerable<RuleNode> Leaves() => Unless is null ? Earn.Leaves() : Earn.Leaves().Concat(Unless.Leaves());

    private static RuleNode Compile(Rule rule, RuleBookSetting setting, Func<string, int> rankOf, ref int leaves)
    {
        switch (rule)
        {
            case CourseRule course:
                return new CourseNode(course, setting, leaves++);
            case CredentialRule credential:
                return new CredentialNode(credential, rankOf(credential.Credential));
            default:
                var children = new RuleNode[rule.Children.Count];
                for (int i = 0; i < children.Length; i++)
                {
                    children[i] = Compile(rule.Children[i], setting, rankOf, ref leaves);
                }

                return new GroupNode(rule, children);
        }
    }
}
