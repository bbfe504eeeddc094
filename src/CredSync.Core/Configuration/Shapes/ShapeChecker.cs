using System.Globalization;
using CredSync.Core.Configuration.Yaml;

namespace CredSync.Core.Configuration.Shapes;

/// <summary>Compares what is written with what may stand there.</summary>
internal static class ShapeChecker
{
    /// <summary>Checks a node and everything below it.</summary>
    /// <param name="node">What is written.</param>
    /// <param name="shape">What may stand there.</param>
    /// <param name="what">How the place is called in findings, for example <c>'name'</c>.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public static void Check(Node node, Shape shape, string what, FindingList findings)
    {
        switch (shape)
        {
            case LaterShape later:
                Check(node, later.Value, what, findings);
                return;
            case EitherShape either:
                Check(node, node is ScalarNode { IsEmpty: false } ? either.Brief : either.Full, what, findings);
                return;
        }

        if (node is ScalarNode { IsEmpty: true })
        {
            findings.Add(Codes.NoValue, node.Position, $"{what} has no value.", "give it one, or remove the key");
            return;
        }

        switch (shape, node)
        {
            case (ValueShape value, ScalarNode scalar):
                CheckScalar(scalar, value.Type, findings);
                break;
            case (ListShape list, SequenceNode sequence):
                CheckList(sequence, list, what, findings);
                break;
            case (TableShape table, MappingNode mapping):
                foreach (MappingEntry entry in mapping.Entries)
                {
                    CheckScalar(entry.Key, Types.Text, findings);
                    Check(entry.Value, table.Value, $"'{Show.Text(entry.Key.Text)}'", findings);
                }

                break;
            case (RecordShape record, MappingNode mapping):
                CheckRecord(mapping, record, what, findings);
                break;
            default:
                findings.Add(Codes.WrongKind, node.Position, $"{what} is {Found(node)} where {Wanted(shape)} is expected.", shape is ListShape && node is ScalarNode ? "put it in brackets: [ … ]" : null);
                break;
        }
    }

    private static void CheckScalar(ScalarNode scalar, ScalarType type, FindingList findings)
    {
        if (Scalars.ShowsSecret(scalar.Text))
        {
            findings.Add(Codes.InlineSecret, scalar.Position, "A secret stands in the file for everybody to read.", "write env:NAME or file:/path in the setting made for it, and replace the secret at its issuer");
            return;
        }

        // Checked before the guess of other readers, so that '>= 80' says what is missing rather than asks for quotes.
        Problem? problem = scalar.Text.Length == 0 ? new Problem(Codes.NoValue, "The value is empty.", "give it one, or remove the key") : type.Check(scalar);
        problem ??= Implicit(scalar, type);
        if (problem is { } wrong)
        {
            findings.Add(wrong.Code, scalar.Position, wrong.Sentence, wrong.Suggestion);
        }
    }

    private static Problem? Implicit(ScalarNode scalar, ScalarType type)
    {
        if (scalar.IsOverride)
        {
            return null;
        }

        if (type.IsNative)
        {
            return scalar.IsPlain ? null : new Problem(Codes.ImplicitType, $"'{Show.Text(scalar.Text)}' is quoted, but {type.Expected} is expected.", $"write {scalar.Text}");
        }

        return scalar.IsPlain && type.MayBeShown && Scalars.GuessedType(scalar.Text) is { } guess
            ? new Problem(Codes.ImplicitType, $"Without quotes, '{scalar.Text}' is {guess} to other readers of this file; here it is a text.", $"write '{scalar.Text}' in quotes")
            : null;
    }

    private static void CheckList(SequenceNode sequence, ListShape list, string what, FindingList findings)
    {
        if (sequence.Items.Count < list.AtLeast)
        {
            findings.Add(Codes.NoValue, sequence.Position, string.Create(CultureInfo.InvariantCulture, $"{what} needs at least {list.AtLeast} item{(list.AtLeast == 1 ? "" : "s")}."), null);
        }

        foreach (Node item in sequence.Items)
        {
            Check(item, list.Item, $"An item of {what}", findings);
        }
    }

    private static void CheckRecord(MappingNode mapping, RecordShape record, string what, FindingList findings)
    {
        HashSet<string>? meant = null;
        foreach (MappingEntry entry in mapping.Entries)
        {
            if (record.Find(entry.Key.Text) is { } field)
            {
                Check(entry.Value, field.Shape, $"'{field.Key}'", findings);
                continue;
            }

            string? nearest = Suggest.Nearest(entry.Key.Text, record.Fields.Select(f => f.Key).Where(k => mapping.Find(k) is null));
            (meant ??= []).Add(nearest ?? "");
            findings.Add(Codes.UnknownKey, entry.Key.Position, $"{record.Name} has no '{Show.Text(entry.Key.Text)}'.",
                nearest is not null ? $"did you mean '{nearest}'?" : $"it has {Show.And([.. record.Fields.Select(f => f.Key).Order(StringComparer.Ordinal)])}");
        }

        // A key that is only misspelt is not reported a second time as missing.
        foreach (Field field in record.Fields)
        {
            if (field.Required && mapping.Find(field.Key) is null && meant?.Contains(field.Key) != true)
            {
                findings.Add(Codes.MissingKey, mapping.Position, $"{what} needs '{field.Key}': {Lower(field.Summary)}", field.Example is null ? null : $"for example {field.Key}: {field.Example}");
            }
        }

        foreach (KeyRule rule in record.Rules)
        {
            CheckKeys(mapping, rule, what, meant, findings);
        }
    }

    private static void CheckKeys(MappingNode mapping, KeyRule rule, string what, HashSet<string>? meant, FindingList findings)
    {
        string[] keys = rule switch
        {
            KeyRule.OneOf one => one.Keys,
            KeyRule.AtMostOneOf most => most.Keys,
            KeyRule.SomeOf some => some.Keys,
            KeyRule.OnlyWith with => with.Keys,
            _ => [],
        };
        MappingEntry[] written = [.. mapping.Entries.Where(e => Array.IndexOf(keys, e.Key.Text) >= 0)];
        bool isMeant = meant is not null && keys.Any(meant.Contains);
        switch (rule)
        {
            case KeyRule.OneOf or KeyRule.AtMostOneOf when written.Length > 1:
                findings.Add(Codes.WrongKeys, written[1].Key.Position, $"'{written[1].Key.Text}' does not go together with '{written[0].Key.Text}'.", rule is KeyRule.OneOf ? "put both under 'all' or 'any'" : "remove one of them");
                break;
            case KeyRule.OneOf or KeyRule.SomeOf when written.Length == 0 && !isMeant:
                findings.Add(Codes.MissingKey, mapping.Position, $"{what} needs {(rule is KeyRule.OneOf ? "one" : "at least one")} of {Show.Or([.. keys.Select(k => $"'{k}'")])}.", null);
                break;
            case KeyRule.OnlyWith only when written.Length == 0 && !isMeant && mapping.Entries.Find(e => e.Key.Text == only.Key) is { Key: { } key }:
                findings.Add(Codes.WrongKeys, key.Position, $"'{only.Key}' goes together with {Show.Or([.. keys.Select(k => $"'{k}'")])}, which is not there.", null);
                break;
        }
    }

    private static string Found(Node node) => node switch { ScalarNode => "a single value", SequenceNode => "a list", _ => "a mapping" };

    private static string Wanted(Shape shape) => shape switch
    {
        ValueShape value => value.Type.Expected,
        ListShape => "a list",
        _ => "a mapping",
    };

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
