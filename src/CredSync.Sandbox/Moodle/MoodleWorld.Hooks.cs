using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle;

/// <content>The plugin <c>local_webhooks</c>, when the site has it.</content>
public sealed partial class MoodleWorld
{
    private readonly List<ReadOnlyMemory<byte>> _hooks = [];
    private int _completions;

    /// <summary>The token that stands in every message of the plugin; null: the site has not the plugin. Default null.</summary>
    public string? HookToken { get; set; }

    internal void TellCompletion(CourseState course, int userId, DateTimeOffset at)
    {
        if (HookToken is not { } token)
        {
            return;
        }

        long number = 5501 + _completions++;
        _hooks.Add(JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("eventname", @"\core\event\course_completed");
            json.WriteString("component", "core");
            json.WriteString("action", "completed");
            json.WriteString("target", "course");
            json.WriteString("objecttable", "course_completions");
            json.WriteString("objectid", Text(number));
            json.WriteString("crud", "u");
            json.WriteNumber("edulevel", 2);
            json.WriteNumber("contextid", 300 + course.Course.Id);
            json.WriteNumber("contextlevel", 50);
            json.WriteString("contextinstanceid", Text(course.Course.Id));

            // Cron did it; and numbers come as text or not, as the database likes.
            json.WriteString("userid", "0");
            json.WriteString("courseid", Text(course.Course.Id));
            json.WriteString("relateduserid", Text(userId));
            json.WriteNumber("anonymous", 0);
            json.WriteStartObject("other");
            json.WriteNumber("relateduserid", userId);
            json.WriteEndObject();
            json.WriteNumber("timecreated", at.ToUnixTimeSeconds());
            json.WriteString("host", "learn.example.org");
            json.WriteString("token", token);
            json.WriteString("extra", "");
            json.WriteEndObject();
        }).Body);

        static string Text(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    internal IReadOnlyList<ReadOnlyMemory<byte>> TakeHooks()
    {
        lock (Gate)
        {
            ReadOnlyMemory<byte>[] taken = [.. _hooks];
            _hooks.Clear();
            return taken;
        }
    }
}
