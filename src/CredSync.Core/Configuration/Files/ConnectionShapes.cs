using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration.Files;

/// <summary>What stands in files under <c>sources/</c>.</summary>
internal static class SourceShape
{
    public static readonly IReadOnlyList<Field> Common =
    [
        new("source", "Name of the source; part of every completion's key, so choose it once.", new ValueShape(Types.Name)) { Required = true, Example = "moodle-hr" },
        new("adapter", "What it connects to.", new ValueShape(Types.Name)) { Required = true, Example = "moodle" },
        new("every", "How often it is read.", new ValueShape(Types.Duration)) { Example = "5m" },
        new("cron", "When it is read, instead of 'every'; in the organisation's time zone.", new ValueShape(Types.Cron)) { Example = "0 0/15 6-20 ? * MON-FRI" },
        new("paused", "Whether it is not read for now.", new ValueShape(Types.Boolean)) { Default = "false" },
        new("expected_freshness", "After how long without anything new it is reported as stale.", new ValueShape(Types.Duration)) { Example = "2d" },
        new("consent", "Whether people must have said that they consent (required), only not refused (not-refused), or consent by using it (given).",
            new ValueShape(new ChoiceType("not-refused", "required", "given"))) { Default = "not-refused" },
        new("absence", "What comes of a completion that is not there any more, though the platform does not say that it was taken back: nothing (keep), or it is withdrawn once it is missing twice, a day or more apart (withdraw).",
            new ValueShape(new ChoiceType("keep", "withdraw"))) { Default = "keep" },
        new("calls_per_minute", "How many calls a minute its platform may be asked for, over all sources that ask the same host; a backfill lets what happens now go first. Left out, as many as it takes.",
            new ValueShape(Types.CallsPerMinute)) { Example = "60" },
        new("tags", "Names for groups of its courses, which rules may ask for; each with course keys, in which * stands for any characters.",
            new TableShape("tag", new ListShape(new ValueShape(Types.Text), atLeast: 1))) { Example = "{ data-elective: [\"STAT-*\"] }" },
        new("webhook", "How it takes deliveries that its platform sends, beside being read.", WebhookShape.Webhook) { Example = "{ proof: standard-webhooks, secrets: [env:MOODLE_HOOK_SECRET] }" },
    ];

    public static readonly IReadOnlyCollection<string> CommonKeys = [.. Common.Select(f => f.Key)];

    /// <summary>The shape with the settings of one adapter.</summary>
    public static RecordShape With(OptionsShape? options) => new(
        "A source", "One connection to one learning platform.", [.. Common, .. options?.Fields ?? []], new KeyRule.AtMostOneOf("every", "cron"));
}

/// <summary>What stands in files under <c>issuers/</c>.</summary>
internal static class IssuerShape
{
    public static readonly IReadOnlyList<Field> Common =
    [
        new("issuer", "Name of the issuer.", new ValueShape(Types.Name)) { Required = true, Example = "northwind-badges" },
        new("adapter", "What mints the credentials.", new ValueShape(Types.Name)) { Required = true, Example = "open-badges" },
        new("consent", "Whether people must have said that they consent (required), or only not refused (not-refused).",
            new ValueShape(new ChoiceType("not-refused", "required"))) { Default = "not-refused" },
    ];

    public static readonly IReadOnlyCollection<string> CommonKeys = [.. Common.Select(f => f.Key)];

    /// <summary>The shape with the settings of one adapter.</summary>
    public static RecordShape With(OptionsShape? options) => new("An issuer", "One connection to something that mints credentials.", [.. Common, .. options?.Fields ?? []]);
}
