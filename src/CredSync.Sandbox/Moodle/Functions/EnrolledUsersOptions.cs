using System.Globalization;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>The options of <see cref="GetEnrolledUsers"/>. A name that Moodle does not know is ignored, a number that is none counts as 0.</summary>
internal sealed record EnrolledUsersOptions
{
    public bool OnlyActive { get; private init; }

    public bool OnlySuspended { get; private init; }

    public string? WithCapability { get; private init; }

    public int? GroupId { get; private init; }

    public HashSet<string>? Fields { get; private init; }

    private int From { get; init; }

    private int Number { get; init; }

    private string SortBy { get; init; } = "id";

    private bool Descending { get; init; }

    public static EnrolledUsersOptions Read(ParameterReader parameters)
    {
        EnrolledUsersOptions options = new();
        foreach (ParameterReader option in parameters.Objects("options"))
        {
            string name = option.Text("name");
            string value = option.Text("value");
            option.Close();
            options = name switch
            {
                "withcapability" => options with { WithCapability = value.Length > 0 ? value : null },
                "groupid" => options with { GroupId = ToNumber(value) is var id and not 0 ? id : null },
                "onlyactive" => options with { OnlyActive = ToNumber(value) != 0 },
                "onlysuspended" => options with { OnlySuspended = ToNumber(value) != 0 },
                "userfields" => options with { Fields = [.. value.Split(',').Select(field => field.Trim())] },
                "limitfrom" => options with { From = ToNumber(value) },
                "limitnumber" => options with { Number = ToNumber(value) },
                "sortby" => options with { SortBy = value },
                "sortdirection" => options with { Descending = IsDescending(value) },
                _ => options,
            };
        }

        if (options.SortBy is not ("id" or "firstname" or "lastname" or "siteorder"))
        {
            throw MoodleError.InvalidParameter("Invalid value for sortby parameter (value: " + options.SortBy + "), allowed values are: id,firstname,lastname,siteorder");
        }

        return options is { OnlyActive: true, OnlySuspended: true }
            ? throw MoodleError.Coding("Both onlyactive and onlysuspended are set, this is probably not what you want!")
            : options;
    }

    public void RequireCapabilities(MoodleCall call, CourseState course)
    {
        if (WithCapability is not null)
        {
            call.Require(MoodleCapabilities.RoleReview, course);
        }

        if (GroupId is not null)
        {
            call.Require(MoodleCapabilities.AccessAllGroups, course);
        }

        if (OnlyActive || OnlySuspended)
        {
            call.Require(MoodleCapabilities.EnrolReview, course);
        }
    }

    public IEnumerable<MoodleEnrolment> Sort(MoodleCall call, CourseState course)
    {
        IEnumerable<MoodleEnrolment> sorted = SortBy switch
        {
            "firstname" => course.ByUserId().OrderBy(enrolment => User(enrolment.UserId).FirstName, StringComparer.Ordinal),
            "lastname" or "siteorder" => course.ByName(User),
            _ => course.ByUserId(),
        };
        return Descending ? sorted.Reverse() : sorted;

        MoodleUser User(int id) => call.World.FindUser(id)!.User;
    }

    /// <summary>A limit of 0 or less means everything.</summary>
    public IEnumerable<T> Page<T>(IEnumerable<T> rows)
    {
        IEnumerable<T> rest = rows.Skip(From);
        return Number > 0 ? rest.Take(Number) : rest;
    }

    private static bool IsDescending(string value) => value switch
    {
        "ASC" or "asc" => false,
        "DESC" or "desc" => true,
        _ => throw MoodleError.InvalidParameter("Invalid value for sortdirection parameter (value: " + value + "), allowed values are: ASC,DESC"),
    };

    /// <summary>As PHP reads a number: leading digits count, anything else is 0.</summary>
    private static int ToNumber(string value)
    {
        ReadOnlySpan<char> text = value.AsSpan().Trim();
        int length = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        return int.TryParse(text[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }
}
