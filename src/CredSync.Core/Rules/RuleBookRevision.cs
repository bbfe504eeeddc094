using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CredSync.Issuers;

namespace CredSync.Core.Rules;

/// <summary>The revision of a rule book: a hash of what it says, not of how its files spell it.</summary>
internal static class RuleBookRevision
{
    public static string Of(IReadOnlyList<CredentialDefinition> definitions, RuleBookSetting setting)
    {
        var text = new StringBuilder(256 + (definitions.Count * 256));
        Line(text, setting.TimeZone.Id);
        foreach (CourseTag tag in setting.Tags.OrderBy(t => t.Source, StringComparer.Ordinal).ThenBy(t => t.Tag, StringComparer.Ordinal))
        {
            Line(text, ["tag", tag.Source, tag.Tag, .. tag.Courses.Order(StringComparer.Ordinal)]);
        }

        foreach (string issuer in setting.ConsentRequiredBy.Order(StringComparer.Ordinal))
        {
            Line(text, "consent", issuer);
        }

        foreach ((string source, Configuration.SourceConsent consent) in setting.SourceConsents.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            Line(text, "source consent", source, consent.ToString());
        }

        foreach (CredentialDefinition definition in definitions)
        {
            Write(text, definition);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    /// <summary>A rule as text that says everything about it; two rules that say the same give the same text.</summary>
    public static string Canonical(Rule rule)
    {
        var text = new StringBuilder();
        Write(text, rule);
        return text.ToString();
    }

    private static void Write(StringBuilder text, CredentialDefinition definition)
    {
        Line(text, "credential", definition.Id, definition.Name, definition.Description, definition.Criteria, definition.CriteriaUrl ?? "",
            definition.AchievementType, definition.Version ?? "", definition.Colour ?? "", definition.IncludeResult ? "result" : "",
            definition.Validity?.ToString() ?? "", definition.Approval?.By ?? "", definition.Occurrence.ToString(), definition.OnRevoked.ToString());
        if (definition.Approval is { } approval && (approval.Because is not null || approval.Within is not null))
        {
            Line(text, "approval", approval.Because ?? "", approval.Within?.ToString("c", CultureInfo.InvariantCulture) ?? "", approval.AfterThat.ToString());
        }

        if (definition.Grace > TimeSpan.Zero)
        {
            Line(text, "grace", definition.Grace.ToString("c", CultureInfo.InvariantCulture));
        }

        foreach (Skill skill in definition.Skills)
        {
            Line(text, "skill", skill.Name, skill.Url ?? "", skill.Framework ?? "", skill.Code ?? "");
        }

        Line(text, ["keywords", .. definition.Tags]);
        foreach (IssuerChoice issuer in definition.Issuers)
        {
            Line(text, "issuer", issuer.Issuer, issuer.Template ?? "");
        }

        Write(text, definition.Earn);
        if (definition.Unless is { } unless)
        {
            Line(text, "unless");
            Write(text, unless);
        }
    }

    private static void Write(StringBuilder text, Rule rule)
    {
        switch (rule)
        {
            case CourseRule course:
                Line(text, "course", course.Source ?? "", course.Key ?? "", course.Tag ?? "", course.Run ?? "", course.ContentType?.ToString() ?? "",
                    course.Score?.ToString() ?? "", course.Passed?.ToString() ?? "", course.From is { } from ? RuleWords.Date(from) : "",
                    course.To is { } to ? RuleWords.Date(to) : "");
                foreach ((string name, string value) in course.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
                {
                    Line(text, "attribute", name, value);
                }

                break;
            case CredentialRule credential:
                Line(text, "asks", credential.Credential);
                break;
            default:
                int count = rule is AtLeastRule some ? some.Count : 0;
                Line(text, rule is AllRule ? "all" : rule is AnyRule ? "any" : "some", count.ToString(CultureInfo.InvariantCulture),
                    rule.Children.Count.ToString(CultureInfo.InvariantCulture), rule.Within?.ToString() ?? "");
                if (rule is AllRule { InOrder: true })
                {
                    Line(text, "in order");
                }

                foreach (Rule child in rule.Children)
                {
                    Write(text, child);
                }

                break;
        }
    }

    // Each part with its length, so that no two different contents give the same text.
    private static void Line(StringBuilder text, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            text.Append(part.Length).Append(':').Append(part).Append(',');
        }

        text.Append('\n');
    }
}
