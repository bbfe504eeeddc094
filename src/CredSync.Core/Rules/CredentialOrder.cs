namespace CredSync.Core.Rules;

/// <summary>The order in which definitions are decided: a credential that a rule asks for comes before the credential whose rule asks for it.</summary>
internal static class CredentialOrder
{
    /// <summary>Orders definitions; the order depends only on their ids and rules.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="cycles">Ids that ask for each other in a circle, each circle once, starting with its smallest id.</param>
    public static List<CredentialDefinition> Sort(IReadOnlyList<CredentialDefinition> definitions, out List<IReadOnlyList<string>> cycles)
    {
        Dictionary<string, CredentialDefinition> byId = new(definitions.Count, StringComparer.Ordinal);
        foreach (CredentialDefinition definition in definitions)
        {
            byId.TryAdd(definition.Id, definition);
        }

        var walk = new Walk(byId);
        foreach (CredentialDefinition definition in definitions.OrderBy(d => d.Id, StringComparer.Ordinal))
        {
            walk.Visit(definition.Id);
        }

        cycles = walk.Cycles;
        return walk.Sorted;
    }

    /// <summary>The credentials that a definition's rules ask for, in the order in which they are written.</summary>
    public static IEnumerable<CredentialRule> AskedFor(CredentialDefinition definition)
    {
        IEnumerable<Rule> rules = definition.Unless is null ? definition.Earn.All() : definition.Earn.All().Concat(definition.Unless.All());
        return rules.OfType<CredentialRule>();
    }

    private sealed class Walk(Dictionary<string, CredentialDefinition> byId)
    {
        private readonly Dictionary<string, bool> finished = new(StringComparer.Ordinal);
        private readonly HashSet<string> seenCycles = new(StringComparer.Ordinal);

        public List<CredentialDefinition> Sorted { get; } = [];

        public List<IReadOnlyList<string>> Cycles { get; } = [];

        // Its own stack: a chain of ten thousand credentials must not end the process.
        public void Visit(string first)
        {
            List<(string Id, IEnumerator<CredentialRule> Remaining)> path = [];
            Enter(first, path);
            while (path.Count > 0)
            {
                (string id, IEnumerator<CredentialRule> rest) = path[^1];
                if (!rest.MoveNext())
                {
                    finished[id] = true;
                    Sorted.Add(byId[id]);
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                string next = rest.Current.Credential;
                if (!finished.TryGetValue(next, out bool done))
                {
                    Enter(next, path);
                }
                else if (!done)
                {
                    Report([.. path.SkipWhile(p => p.Id != next).Select(p => p.Id)]);
                }
            }
        }

        private void Enter(string id, List<(string Id, IEnumerator<CredentialRule> Remaining)> path)
        {
            if (byId.TryGetValue(id, out CredentialDefinition? definition) && finished.TryAdd(id, false))
            {
                path.Add((id, AskedFor(definition).GetEnumerator()));
            }
        }

        private void Report(List<string> circle)
        {
            int smallest = circle.IndexOf(circle.Min(StringComparer.Ordinal)!);
            List<string> turned = [.. circle[smallest..], .. circle[..smallest]];
            if (seenCycles.Add(string.Join(' ', turned)))
            {
                Cycles.Add(turned);
            }
        }
    }
}
