using System.Globalization;
using System.Text.Json;
using CredSync.Sandbox.Moodle;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>
/// What had happened on the recorded site: the times and grades that only the recordings know. Two bulk answers give them for everybody; where a
/// status call told a second, it is written out here.
/// </summary>
internal static class RecordedHistory
{
    public static void Add(MoodleWorld world)
    {
        Dictionary<(int Course, int User), DateTimeOffset> completed = [];
        Dictionary<(int Course, int User), double> totals = [];
        foreach (JsonElement row in Recording.Read("alt.report.all").Body.GetProperty("data").GetProperty("rows").EnumerateArray())
        {
            string?[] cells = [.. row.GetProperty("columns").EnumerateArray().Select(cell => cell.GetString())];
            if (cells[2]!.Length > 0 && world.Courses.First(x => x.IdNumber == cells[0]).Id is var course && world.Users.First(x => x.Email == cells[2]).Id is var user)
            {
                if (cells[4]!.Length > 0)
                {
                    completed[(course, user)] = DateTimeOffset.ParseExact(
                        cells[4]!, "dddd, d MMMM yyyy, h:mm tt", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                }

                if (cells[5]!.Length > 0)
                {
                    totals[(course, user)] = double.Parse(cells[5]!, CultureInfo.InvariantCulture);
                }
            }
        }

        // To the second, where a status call told them.
        completed[(2, 8)] = RecordedMoodle.At(1791594140);
        completed[(2, 27)] = RecordedMoodle.At(1789749503);
        completed[(5, 8)] = RecordedMoodle.At(1795176275);
        completed[(6, 8)] = RecordedMoodle.At(1792442140);
        Safety(world, completed);
        FirstAid(world, completed);
        Grades(world);
        Iso(world, completed, totals);
        Lead(world, completed);
        foreach (((int course, int user), DateTimeOffset at) in completed.Where(x => x.Key.Course is 7 or 8))
        {
            world.MarkComplete(course, user, at);
        }

        world.SelfComplete(9, 8, RecordedMoodle.At(1794869103));
        world.SelfComplete(9, 9, RecordedMoodle.At(1794920029));
    }

    private static void Safety(MoodleWorld world, Dictionary<(int Course, int User), DateTimeOffset> completed)
    {
        foreach (((_, int user), DateTimeOffset at) in completed.Where(x => x.Key.Course == 2))
        {
            if (user is 48 or 49 or 69)
            {
                world.MarkComplete(2, user, at);
            }
            else if (user is not (53 or 54))
            {
                world.SelfComplete(2, user, at);
            }
        }
    }

    private static void FirstAid(MoodleWorld world, Dictionary<(int Course, int User), DateTimeOffset> completed)
    {
        foreach (((_, int user), DateTimeOffset at) in completed.Where(x => x.Key.Course == 3 && x.Key.User is not (8 or 48)))
        {
            world.CompleteActivity(3, user, at.AddDays(-5));
            world.CompleteActivity(2, user, at);
        }

        world.CompleteActivity(3, 8, RecordedMoodle.At(1787260675));
        world.CompleteActivity(2, 8, RecordedMoodle.At(1789425549));
        for (int user = 42; user <= 47; user++)
        {
            world.CompleteActivity(2, user, RecordedMoodle.At(1788136391));
        }
    }

    private static void Grades(MoodleWorld world)
    {
        foreach (JsonElement user in Recording.Read("grades.all-users").Body.GetProperty("usergrades").EnumerateArray())
        {
            JsonElement item = user.GetProperty("gradeitems")[0];
            JsonElement total = user.GetProperty("gradeitems")[1];
            if (item.GetProperty("graderaw").ValueKind == JsonValueKind.Number)
            {
                world.Grade(
                    4, user.GetProperty("userid").GetInt32(), item.GetProperty("graderaw").GetDouble(), RecordedMoodle.At(item.GetProperty("gradedategraded").GetInt64()),
                    RecordedMoodle.At(total.GetProperty("gradedategraded").GetInt64()), item.GetProperty("feedback").GetString());
            }
        }
    }

    private static void Iso(MoodleWorld world, Dictionary<(int Course, int User), DateTimeOffset> completed, Dictionary<(int Course, int User), double> totals)
    {
        foreach (((_, int user), DateTimeOffset at) in completed.Where(x => x.Key.Course == 5))
        {
            if (totals.TryGetValue((5, user), out double grade))
            {
                world.Grade(5, user, grade, at.AddDays(-10), RecordedMoodle.At(1795437914));
            }
            else
            {
                world.SelfComplete(5, user, at);
            }
        }
    }

    private static void Lead(MoodleWorld world, Dictionary<(int Course, int User), DateTimeOffset> completed)
    {
        foreach (((_, int user), DateTimeOffset at) in completed.Where(x => x.Key.Course == 6))
        {
            world.Approve(6, user, completed[(2, user)] < at ? at : at.AddDays(-20));
        }
    }
}
