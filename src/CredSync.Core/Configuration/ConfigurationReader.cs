using CredSync.Core.Configuration.Files;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Core.People;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration;

/// <summary>Reads a configuration: parses, checks and binds all files, and reports everything that is wrong with them in one pass. Pure.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="files">Its files, in any order.</param>
    /// <param name="adapters">The installed adapters.</param>
    /// <param name="secrets">Gives the secret that a reference (<c>env:NAME</c>, <c>file:/path</c>) names; called for references only, and must not read it yet.</param>
    /// <param name="overrides">
    /// Values from outside the files, put into their place before anything is checked. Keys are <c>sources.NAME.KEY</c>, <c>issuers.NAME.KEY</c>, <c>credentials.NAME.KEY</c>,
    /// <c>credsync.KEY</c> or <c>people.KEY</c>, with further keys joined by dots.
    /// </param>
    /// <returns>The configuration, unless there is an error among the findings. Wrong text gives findings, never an exception.</returns>
    public static ConfigurationResult Read(
        IReadOnlyList<ConfigurationFile> files, AdapterCatalogue adapters, Func<string, Secret> secrets, IReadOnlyDictionary<string, string> overrides)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(adapters);
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentNullException.ThrowIfNull(overrides);
        return new Reading(adapters, secrets).Read(files, overrides);
    }

    /// <summary>The file with the people directory, as <c>people.yaml</c> names it; whoever reads files adds it to them under this path.</summary>
    /// <param name="files">The files.</param>
    /// <param name="overrides">Values from outside the files.</param>
    /// <returns>The path, beside people.yaml unless it is an absolute one; null when there is no directory, or people.yaml cannot be read.</returns>
    public static string? DirectoryPath(IReadOnlyList<ConfigurationFile> files, IReadOnlyDictionary<string, string> overrides)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(overrides);
        ConfigurationFile? people = files.FirstOrDefault(f => FileSorter.KindOf(f.Path, out _) == FileKind.People);
        string? path = overrides.GetValueOrDefault("people.directory.file") ?? (people is null ? null : YamlReader.Read(people, new FindingList())?.Mapping("directory")?.Text("file"));
        return path is null || people is null || path.StartsWith('/') || path.Contains(':', StringComparison.Ordinal) ? path : people.Path[..(people.Path.LastIndexOf('/') + 1)] + path;
    }

    private sealed class Reading(AdapterCatalogue adapters, Func<string, Secret> secrets)
    {
        private readonly FindingList findings = new();
        private readonly NameTable names = new();
        private readonly List<ReadFile> read = [];
        private readonly List<SourceDefinition> sources = [];
        private readonly List<IssuerDefinition> issuers = [];
        private readonly List<CredentialDefinition> definitions = [];
        private readonly List<RuleTest> tests = [];

        public ConfigurationResult Read(IReadOnlyList<ConfigurationFile> files, IReadOnlyDictionary<string, string> overrides)
        {
            string? directoryPath = DirectoryPath(files, overrides);
            ReadFiles(directoryPath is null ? files : [.. files.Where(f => f.Path != directoryPath)]);
            Overrides.Apply(overrides, read, findings);
            CollectNames();
            MappingNode? credsync = Root(FileKind.Credsync, OrganisationShape.Credsync);
            MappingNode? people = Root(FileKind.People, OrganisationShape.People);
            Organisation organisation = OrganisationBinder.BindOrganisation(credsync);
            Defaults defaults = OrganisationBinder.BindDefaults(credsync, names, findings);
            PeoplePolicy policy = OrganisationBinder.BindPeople(people, organisation.Namespace, findings) with
            {
                NewPeople = OrganisationBinder.BindNewPeople(credsync),
                Directory = BindDirectory(people?.Mapping("directory"), files.FirstOrDefault(f => f.Path == directoryPath), organisation),
            };
            BindConnections(defaults);
            BindCredentials(defaults);
            RuleBookSetting setting = Setting(organisation);
            BookLint.CheckCycles(definitions, findings);
            foreach (CredentialDefinition definition in definitions)
            {
                BookLint.CheckTags(definition, setting, findings);
            }

            // Suspicions about a whole that does not hold together would only distract.
            if (findings.Errors == 0)
            {
                BookLint.CheckLookAlikes(definitions, findings);
                CheckUnusedTags();
            }

            Configuration? configuration = findings.Errors > 0 ? null : new Configuration
            {
                Organisation = organisation,
                People = policy,
                Defaults = defaults,
                Retention = OrganisationBinder.BindRetention(credsync, findings),
                Sources = [.. sources.OrderBy(s => s.Name, StringComparer.Ordinal)],
                Issuers = [.. issuers.OrderBy(i => i.Name, StringComparer.Ordinal)],
                RuleBook = RuleBook.Create(definitions, setting),
                Tests = tests,
            };
            return new ConfigurationResult(configuration, findings.Sorted());
        }

        private void ReadFiles(IReadOnlyList<ConfigurationFile> files)
        {
            HashSet<FileKind> present = [];
            foreach ((ConfigurationFile file, FileKind? kind, bool isExpected, FindingList own, MappingNode? root) in Each(files, Parse))
            {
                findings.AddRange(own);
                if (kind is not { } holds)
                {
                    if (!isExpected)
                    {
                        findings.Add(Codes.StrayFile, new FilePosition(file.Path, 0, 0), "This file is not read.", "configuration is credsync.yaml, people.yaml, and the files in sources, issuers and credentials");
                    }

                    continue;
                }

                if (holds is FileKind.Credsync or FileKind.People && !present.Add(holds))
                {
                    findings.Add(Codes.DuplicateName, new FilePosition(file.Path, 0, 0), $"There is more than one {FileSorter.Stem(file.Path)}.yaml.", "keep one of them");
                    continue;
                }

                present.Add(holds);
                if (root is null)
                {
                    // What it would have defined is not reported as missing on top.
                    names.Of(holds).Add(FileSorter.Stem(file.Path));
                    continue;
                }

                read.Add(new ReadFile(holds, file, root));
            }

            if (!present.Contains(FileKind.Credsync))
            {
                findings.Add(Codes.MissingFile, new FilePosition("credsync.yaml", 0, 0), "There is no credsync.yaml: whose configuration is it?", "add one with organisation: { name: …, namespace: … }");
            }
        }

        private static (ConfigurationFile File, FileKind? Kind, bool IsExpected, FindingList Own, MappingNode? Root) Parse(ConfigurationFile file)
        {
            var own = new FindingList();
            FileKind? kind = FileSorter.KindOf(file.Path, out bool isExpected);
            return (file, kind, isExpected, own, kind is null ? null : YamlReader.Read(file, own));
        }

        // Files do not depend on each other; for a few, starting more threads takes longer than reading.
        private static IEnumerable<TResult> Each<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> work) =>
            items.Count < 50 ? items.Select(work) : items.AsParallel().AsOrdered().Select(work);

        private void CollectNames()
        {
            Dictionary<(FileKind, string), string> first = [];
            foreach (ReadFile file in read.Where(f => f.Kind is not (FileKind.Credsync or FileKind.People)))
            {
                if (file.Name is not { } name)
                {
                    names.Of(file.Kind).Add(FileSorter.Stem(file.File.Path));
                    continue;
                }

                names.Of(file.Kind).Add(name);
                if (!first.TryAdd((file.Kind, name), file.File.Path))
                {
                    findings.Add(Codes.DuplicateName, file.Root.PositionOf(file.NameKey), $"The {file.NameKey} '{Show.Text(name)}' is defined twice; the first is in {first[(file.Kind, name)]}.", "rename one of them");
                }
                else if (FileSorter.Stem(file.File.Path) != name)
                {
                    findings.Add(Codes.FileName, file.Root.PositionOf(file.NameKey), $"The file is not named after what it holds.", $"name it {Show.Text(name)}.yaml, so that people find it");
                }

                if (file.Kind == FileKind.Source)
                {
                    foreach (CourseTag tag in ConnectionBinder.BindTags(file.Root))
                    {
                        if (!names.Tags.TryGetValue(tag.Tag, out HashSet<string>? givers))
                        {
                            names.Tags.Add(tag.Tag, givers = new HashSet<string>(StringComparer.Ordinal));
                        }

                        givers.Add(tag.Source);
                    }
                }
            }
        }

        private MappingNode? Root(FileKind kind, RecordShape shape)
        {
            MappingNode? root = read.Find(f => f.Kind == kind)?.Root;
            if (root is not null)
            {
                ShapeChecker.Check(root, shape, "The file", findings);
            }

            return root;
        }

        private void BindConnections(Defaults defaults)
        {
            var binder = new ConnectionBinder(adapters, secrets);
            foreach (ReadFile file in read)
            {
                if (file.Kind == FileKind.Source && binder.BindSource(file.Root, defaults, findings) is { } source)
                {
                    sources.Add(source);
                    if (adapters.Sources.FirstOrDefault(a => a.Name == source.Adapter)?.GivesScore(source.Options) == false)
                    {
                        names.WithoutScores.Add(source.Name);
                    }
                }
                else if (file.Kind == FileKind.Issuer && binder.BindIssuer(file.Root, findings) is { } issuer)
                {
                    issuers.Add(issuer);
                }
            }
        }

        private void BindCredentials(Defaults defaults)
        {
            HashSet<string> ids = new(StringComparer.Ordinal);
            foreach ((FindingList own, CredentialDefinition? definition, List<RuleTest> stories) in Each(read.FindAll(f => f.Kind == FileKind.Credential), file => BindCredential(file, defaults)))
            {
                findings.AddRange(own);
                tests.AddRange(stories);
                if (definition is not null && ids.Add(definition.Id))
                {
                    definitions.Add(definition);
                }
            }
        }

        private (FindingList Own, CredentialDefinition? Definition, List<RuleTest> Stories) BindCredential(ReadFile file, Defaults defaults)
        {
            var own = new FindingList();
            ShapeChecker.Check(file.Root, CredentialShape.Credential, "The credential", own);
            CredentialDefinition? definition = new CredentialBinder(names, defaults, own).Bind(file.Root);
            if (definition is not null)
            {
                new IssuerLint(adapters, issuers, sources).Check(definition, file.Root, own);
            }

            List<RuleTest> stories = [.. new TestBinder(names, own).Bind(file.Name ?? "", file.Root)];
            if (definition is not null && own.Errors == 0 && stories.Count == 0)
            {
                own.Add(Codes.NoTests, definition.Position, $"Nothing tests the rule of '{definition.Id}'.", "add a story under 'tests'");
            }

            return (own, definition, stories);
        }

        private PeopleDirectory BindDirectory(MappingNode? settings, ConfigurationFile? file, Organisation organisation)
        {
            if (settings?.Scalar("file") is not { } path)
            {
                return PeopleDirectory.Empty;
            }

            if (file is null)
            {
                findings.Add(Codes.MissingFile, path.Position, $"There is no file '{Show.Text(path.Text)}', or it cannot be read.", "write its path as seen from the folder of people.yaml");
                return PeopleDirectory.Empty;
            }

            return new DirectoryBinder(settings, file, names, Zone(organisation), findings).Bind();
        }

        private static TimeZoneInfo Zone(Organisation organisation) => organisation.TimeZone == "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone);

        private RuleBookSetting Setting(Organisation organisation) => new()
        {
            TimeZone = Zone(organisation),
            Tags = [.. read.Where(f => f.Kind == FileKind.Source).SelectMany(f => ConnectionBinder.BindTags(f.Root))],
            SourceConsents = sources.Where(s => s.Consent != SourceConsent.NotRefused).ToDictionary(s => s.Name, s => s.Consent, StringComparer.Ordinal),
            ConsentRequiredBy = issuers.Where(i => i.ConsentRequired).Select(i => i.Name).ToHashSet(StringComparer.Ordinal),
        };

        private void CheckUnusedTags()
        {
            HashSet<string> used = [.. definitions.SelectMany(d => d.Unless is null ? d.Earn.All() : d.Earn.All().Concat(d.Unless.All()))
                .OfType<CourseRule>().Select(c => c.Tag).OfType<string>()];
            foreach (ReadFile file in read.Where(f => f.Kind == FileKind.Source))
            {
                foreach (MappingEntry tag in file.Root.Mapping("tags")?.Entries ?? [])
                {
                    if (!used.Contains(tag.Key.Text))
                    {
                        findings.Add(Codes.UnusedTag, tag.Key.Position, $"No rule asks for the tag '{Show.Text(tag.Key.Text)}'.", "remove it, or use it in a rule");
                    }
                }
            }
        }
    }
}
