using CredSync.Completions;
using CredSync.Core.People;
using CsCheck;

namespace CredSync.Core.Tests.People;

public sealed class PersonMatcherTests
{
    private static readonly Guid Ada = new("aaaaaaaa-0000-0000-0000-000000000000");
    private static readonly Guid Ben = new("bbbbbbbb-0000-0000-0000-000000000000");

    private static IReadOnlyDictionary<IdentifierKey, Guid> DeskOfAda => Known((("email", "", "desk@northwind.example"), Ada), (("external_id", "", "nw-1"), Ada));

    private static DirectoryEntry Row(string number, string email) => new()
    {
        Id = new IdentifierKey("external_id", "", number), Keys = [new("external_id", "", number), new("email", "", email)], Email = email,
    };

    [Fact]
    public void Keys_are_trimmed_folded_scoped_and_strongest_first()
    {
        PersonMatcher.Keys("moodle", [new("email", " Ada@Northwind.Example "), new("lms_user_id", "7"), new("external_id", "NW-7"), new("username", "Ada")], PeoplePolicy.Default)
            .ShouldBe(
            [
                new IdentifierKey("external_id", "", "nw-7"), new IdentifierKey("lms_user_id", "moodle", "7"), new IdentifierKey("username", "moodle", "ada"),
                new IdentifierKey("email", "", "ada@northwind.example"), new IdentifierKey("email_sha1", "", "4fb089e49ea431f6b5a69f4db96200a0b50ffcf5"),
            ]);
    }

    [Fact]
    public void An_address_and_its_hash_meet()
    {
        // xAPI 1.0.3, Data 2.4.2.3: SHA-1 of the address with its mailto: scheme.
        IdentifierKey hash = PersonMatcher.Keys("lrs", [new("email_sha1", "C89DA884114CB795065CE008EF6F25750A78E8BE")], PeoplePolicy.Default).Single();
        PersonMatcher.Keys("moodle", [new("email", "Foo@bar.com"), new("email", "foo@bar.com")], PeoplePolicy.Default).ShouldBe([new IdentifierKey("email", "", "foo@bar.com"), hash]);
    }

    [Fact]
    public void A_strong_identifier_links_whatever_the_address_says() =>
        Match(Known((("external_id", "", "nw-7"), Ada), (("email", "", "shared@northwind.example"), Ben)), ("external_id", "NW-7"), ("email", "shared@northwind.example"))
            .ShouldBe(new PersonMatch.Known(Ada));

    [Fact]
    public void Strong_identifiers_of_different_people_are_ambiguous()
    {
        PersonMatch.Unsure unsure = Match(Known((("external_id", "", "nw-7"), Ben), (("lms_user_id", "moodle", "7"), Ada)), ("external_id", "NW-7"), ("lms_user_id", "7"))
            .ShouldBeOfType<PersonMatch.Unsure>();
        unsure.Cause.ShouldBe("person-ambiguous");
        unsure.Candidates.ShouldBe([Ada, Ben]);
    }

    [Fact]
    public void An_address_links_when_nothing_stronger_contradicts() =>
        Match(Known((("email", "", "ada@northwind.example"), Ada)), ("lms_user_id", "7"), ("email", "Ada@northwind.example")).ShouldBe(new PersonMatch.Known(Ada));

    [Fact]
    public void An_address_of_somebody_with_another_number_is_held_with_both_candidates()
    {
        PersonMatch.Unsure unsure = Match(DeskOfAda, ("external_id", "NW-2"), ("email", "desk@northwind.example")).ShouldBeOfType<PersonMatch.Unsure>();
        unsure.Cause.ShouldBe("person-contradicted");
        unsure.Candidates.ShouldBe([.. new[] { Ada, Subject("external_id", "", "nw-2") }.Order()]);
    }

    [Fact]
    public void An_address_of_somebody_with_another_number_makes_a_new_person_where_people_said_so() =>
        PersonMatcher.Match("moodle", [new("external_id", "NW-2"), new("email", "desk@northwind.example")], DeskOfAda, new PeoplePolicy { MayCreateContradicted = true })
            .ShouldBe(new PersonMatch.New(Subject("external_id", "", "nw-2")));

    [Fact]
    public void Whom_the_directory_knows_is_not_contradicted_by_an_address()
    {
        DirectoryEntry ben = Row("nw-2", "desk@northwind.example");
        IReadOnlyList<IdentifierKey> keys = PersonMatcher.Keys("moodle", [new("email", "desk@northwind.example")], PeoplePolicy.Default);
        PersonMatcher.Match(keys, new DirectoryFinding.Person(ben), DeskOfAda, PeoplePolicy.Default).ShouldBe(new PersonMatch.New(Subject("external_id", "", "nw-2")));
    }

    [Fact]
    public void A_person_who_was_seen_before_the_directory_had_them_stays_the_same()
    {
        IReadOnlyList<IdentifierKey> keys = PersonMatcher.Keys("moodle", [new("lms_user_id", "9")], PeoplePolicy.Default);
        DirectoryEntry ada = Row("nw-1", "ada@northwind.example");
        PersonMatcher.Match(keys, new DirectoryFinding.Person(ada), Known((("email", "", "ada@northwind.example"), Ada)), new PeoplePolicy { MayCreateUnknown = false }).ShouldBe(new PersonMatch.Known(Ada));
    }

    [Fact]
    public void Whom_the_directory_gives_two_people_is_held_with_both()
    {
        IReadOnlyList<IdentifierKey> keys = PersonMatcher.Keys("moodle", [new("lms_user_id", "9")], PeoplePolicy.Default);
        PersonMatch.Unsure unsure = PersonMatcher.Match(keys, new DirectoryFinding.Several([new("external_id", "", "nw-1"), new("external_id", "", "nw-2")]), Known((("external_id", "", "nw-1"), Ada)), PeoplePolicy.Default)
            .ShouldBeOfType<PersonMatch.Unsure>();
        unsure.Cause.ShouldBe("person-ambiguous");
        unsure.Candidates.ShouldBe([.. new[] { Ada, Subject("external_id", "", "nw-2") }.Order()]);
    }

    [Fact]
    public void Addresses_of_different_people_are_ambiguous() =>
        Match(Known((("email", "", "a@northwind.example"), Ada), (("email", "", "b@northwind.example"), Ben)), ("email", "a@northwind.example"), ("email", "b@northwind.example"))
            .ShouldBeOfType<PersonMatch.Unsure>().Cause.ShouldBe("person-ambiguous");

    [Fact]
    public void A_new_person_is_named_by_the_strongest_identifier() =>
        Match(Known(), ("username", "ada"), ("external_id", "NW-7")).ShouldBe(new PersonMatch.New(Subject("external_id", "", "nw-7")));

    [Fact]
    public void The_same_login_name_on_two_platforms_is_two_people()
    {
        PersonMatch moodle = PersonMatcher.Match("moodle", [new("username", "ada")], Known(), PeoplePolicy.Default);
        PersonMatcher.Match("edx", [new("username", "ada")], Known(), PeoplePolicy.Default).ShouldNotBe(moodle);
    }

    [Fact]
    public void Where_people_must_be_in_the_directory_nobody_is_created() =>
        PersonMatcher.Match("moodle", [new("external_id", "NW-7")], Known(), new PeoplePolicy { MayCreateUnknown = false })
            .ShouldBeOfType<PersonMatch.Unsure>().Cause.ShouldBe("person-unknown");

    [Fact]
    public void Kinds_that_the_policy_does_not_list_are_not_used() =>
        PersonMatcher.Match("moodle", [new("email", "ada@northwind.example")], Known((("email", "", "ada@northwind.example"), Ada)), new PeoplePolicy { MatchOrder = ["external_id"] })
            .ShouldBeOfType<PersonMatch.Unsure>().Cause.ShouldBe("person-unknown");

    [Fact]
    public void Where_addresses_must_be_verified_others_do_not_count()
    {
        var policy = new PeoplePolicy { EmailMustBeVerified = true };
        IReadOnlyDictionary<IdentifierKey, Guid> known = Known((("email", "", "ada@northwind.example"), Ada));
        PersonMatcher.Match("moodle", [new("lms_user_id", "7"), new("email", "ada@northwind.example")], known, policy).ShouldBeOfType<PersonMatch.New>();
        PersonMatcher.Match("moodle", [new("lms_user_id", "7"), new("email", "ada@northwind.example", Verified: true)], known, policy).ShouldBe(new PersonMatch.Known(Ada));
    }

    [Fact]
    public void The_order_of_identifiers_does_not_change_the_answer() =>
        Gen.Select(
            Gen.Select(Gen.OneOf("external_id", "sso_uid", "lms_user_id", "username", "email"), Gen.OneOf("a", "b", "c")).Array[1, 5],
            Gen.Select(Gen.OneOf("external_id", "sso_uid", "lms_user_id", "username", "email"), Gen.OneOf("a", "b", "c"), Gen.Bool).Array[0, 6], Gen.Int)
        .Sample((identifiers, held, seed) =>
        {
            PersonIdentifier[] straight = [.. identifiers.Select(i => new PersonIdentifier(i.Item1, i.Item2))];
            PersonIdentifier[] shuffled = [.. straight];
            new Random(seed).Shuffle(shuffled);
            Dictionary<IdentifierKey, Guid> known = [];
            foreach ((string kind, string value, bool first) in held)
            {
                known.TryAdd(new IdentifierKey(kind, IdentifierKinds.IsScopedToSource(kind) ? "moodle" : "", value), first ? Ada : Ben);
            }

            PersonMatch answer = PersonMatcher.Match("moodle", straight, known, PeoplePolicy.Default);
            Text(PersonMatcher.Match("moodle", shuffled, known, PeoplePolicy.Default)).ShouldBe(Text(answer));
        });

    private static string Text(PersonMatch match) => match is PersonMatch.Unsure unsure ? $"{unsure.Cause} {string.Join(',', unsure.Candidates)}" : match.ToString();

    private static PersonMatch Match(IReadOnlyDictionary<IdentifierKey, Guid> known, params (string Kind, string Value)[] identifiers) =>
        PersonMatcher.Match("moodle", [.. identifiers.Select(i => new PersonIdentifier(i.Kind, i.Value))], known, PeoplePolicy.Default);

    private static Dictionary<IdentifierKey, Guid> Known(params ((string Kind, string Scope, string Value) Key, Guid Subject)[] known) =>
        known.ToDictionary(k => new IdentifierKey(k.Key.Kind, k.Key.Scope, k.Key.Value), k => k.Subject);

    private static Guid Subject(string kind, string scope, string value) => NameBasedUuid.Create(PeoplePolicy.Default.Namespace, $"{kind}|{scope}|{value}");
}
