using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration.Files;

/// <summary>Checks and makes sources and issuers.</summary>
internal sealed class ConnectionBinder(AdapterCatalogue adapters, Func<string, Secret> secrets)
{
    public SourceDefinition? BindSource(MappingNode root, Defaults defaults, FindingList findings)
    {
        string? adapter = root.Text("adapter");
        OptionsShape? options = adapter is null ? null : adapters.SourceOptions(adapter);
        Check(root, "The source", SourceShape.With(options), options, adapters.Sources.Select(a => a.Name), findings);
        TimeSpan? every = Duration(root, "every", findings);
        TimeSpan? freshness = Duration(root, "expected_freshness", findings);
        if (root.Text("source") is not { } name || options is null)
        {
            return null;
        }

        return new SourceDefinition(
            name, adapter!, options.Bind(root, secrets, findings), every ?? defaults.Every, root.Text("cron"), root.Text("paused") == "true",
            freshness ?? defaults.ExpectedFreshness, root.PositionOf("source"))
        {
            Consent = root.Text("consent") switch { "required" => SourceConsent.Required, "given" => SourceConsent.Given, _ => SourceConsent.NotRefused },
            Absence = root.Text("absence") == "withdraw" ? SourceAbsence.Withdraw : SourceAbsence.Keep,
            CallsPerMinute = int.TryParse(root.Text("calls_per_minute"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int calls) && calls > 0 ? calls : null,
            Webhook = WebhookBinder.Bind(root, adapter!, adapters.Sources.Single(a => a.Name == adapter).Webhooks, secrets, findings),
        };
    }

    public IssuerDefinition? BindIssuer(MappingNode root, FindingList findings)
    {
        string? adapter = root.Text("adapter");
        OptionsShape? options = adapter is null ? null : adapters.IssuerOptions(adapter);
        Check(root, "The issuer", IssuerShape.With(options), options, adapters.Issuers.Select(a => a.Name), findings);
        return root.Text("issuer") is not { } name || options is null
            ? null
            : new IssuerDefinition(name, adapter!, options.Bind(root, secrets, findings), root.Text("consent") == "required", root.PositionOf("issuer"));
    }

    public static IEnumerable<CourseTag> BindTags(MappingNode root)
    {
        if (root.Text("source") is not { } source)
        {
            yield break;
        }

        foreach (MappingEntry tag in root.Mapping("tags")?.Entries ?? [])
        {
            if (tag.Value is SequenceNode courses)
            {
                yield return new CourseTag(source, tag.Key.Text, [.. courses.Items.OfType<ScalarNode>().Select(c => c.Text)]);
            }
        }
    }

    /// <summary>A duration that is longer than nothing; null when there is none.</summary>
    public static TimeSpan? Duration(MappingNode? root, string key, FindingList findings)
    {
        if (root?.Scalar(key) is not { } scalar || !Scalars.TryDuration(scalar.Text, out TimeSpan duration))
        {
            return null;
        }

        if (duration >= TimeSpan.FromSeconds(1))
        {
            return duration;
        }

        findings.Add(Codes.OutOfRange, scalar.Position, $"{Show.Text(scalar.Text)} is less than 1s.", null);
        return null;
    }

    private static void Check(MappingNode root, string what, RecordShape shape, OptionsShape? options, IEnumerable<string> installed, FindingList findings)
    {
        if (options is null)
        {
            // Without its adapter nothing is known of a connection's own keys, so that only the common ones are checked, and those that look like one.
            string[] absent = [.. shape.Fields.Select(f => f.Key).Where(k => root.Find(k) is null)];
            MappingEntry[] common = [.. root.Entries.Where(e => shape.Find(e.Key.Text) is not null || Suggest.Nearest(e.Key.Text, absent) is not null)];
            ShapeChecker.Check(new MappingNode(root.Position, [.. common]), shape, what, findings);
            if (root.Scalar("adapter") is { } adapter && Scalars.IsName(adapter.Text))
            {
                string[] names = [.. installed];
                findings.Add(Codes.UnknownAdapter, adapter.Position, $"There is no adapter '{Show.Text(adapter.Text)}' installed.",
                    Suggest.DidYouMean(adapter.Text, names) ?? $"there is {Show.And(names)}");
            }

            return;
        }

        ShapeChecker.Check(root, shape, what, findings);
        foreach (MappingEntry entry in root.Entries)
        {
            if (entry.Value is ScalarNode { IsEmpty: false } scalar && shape.Find(entry.Key.Text)?.Shape is ValueShape { Type: TextType }
                && LooksSecret(entry.Key.Text) && Scalars.KindOfSecret(scalar.Text) == SecretText.Secret)
            {
                findings.Add(Codes.InlineSecret, scalar.Position, $"'{entry.Key.Text}' stands in the file for everybody to read.", "write env:NAME or file:/path, and replace the secret at its issuer");
            }
        }
    }

    private static bool LooksSecret(string key) =>
        key.EndsWith("token", StringComparison.Ordinal) || key.EndsWith("secret", StringComparison.Ordinal) || key.EndsWith("password", StringComparison.Ordinal)
        || key.EndsWith("api_key", StringComparison.Ordinal) || key.EndsWith("private_key", StringComparison.Ordinal);
}
