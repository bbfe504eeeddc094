using System.Reflection;
using Microsoft.Extensions.Logging;

namespace CredSync.Architecture.Tests;

/// <summary>Nothing personal can get into a log through a message template.</summary>
public sealed class PrivacyTests
{
    private static readonly string[] Personal = ["name", "email", "mail", "person", "learner", "recipient", "payload", "body", "token", "secret", "password", "idnumber", "username"];

    public static TheoryData<string, string> Templates => [.. Rooms.All.SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Select(m => (Method: m, Template: m.GetCustomAttribute<LoggerMessageAttribute>())).Where(m => m.Template is not null)
        .Select(m => ($"{m.Method.DeclaringType!.FullName}.{m.Method.Name}", m.Template!.Message))];

    [Theory, MemberData(nameof(Templates))]
    public void A_log_template_has_no_place_for_personal_data_or_secrets(string method, string template)
    {
        string[] places = [.. System.Text.RegularExpressions.Regex.Matches(template, @"\{@?(\w+)").Select(m => m.Groups[1].Value.ToLowerInvariant())];
        places.Intersect(Personal).ShouldBeEmpty(method);
    }

    [Fact]
    public void Event_ids_are_distinct()
    {
        int[] ids = [.. Rooms.Host.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)).Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId).OfType<int>()];
        ids.ShouldNotBeEmpty();
        ids.ShouldBeUnique();
    }
}
