using System.Globalization;
using System.Text;

namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>The answer as XML, in Moodle's RESPONSE, MULTIPLE, SINGLE, KEY and VALUE elements.</summary>
internal sealed class XmlAnswer : AnswerWriter
{
    private const string Head = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n";
    private readonly StringBuilder _text = new();
    private readonly Stack<bool> _keyOpenAround = new();
    private bool _keyOpen;
    private bool _isError;

    public override string ContentType => "application/xml; charset=utf-8";

    public override void BeginObject() => Begin("<SINGLE>\n");

    public override void EndObject() => End("</SINGLE>\n");

    public override void BeginList() => Begin("<MULTIPLE>\n");

    public override void EndList() => End("</MULTIPLE>\n");

    public override void Name(string name)
    {
        _text.Append("<KEY name=\"").Append(name).Append("\">");
        _keyOpen = true;
    }

    public override void Text(string? value)
    {
        if (value is null)
        {
            _text.Append("<VALUE null=\"null\"/>\n");
        }
        else
        {
            _text.Append("<VALUE>").Append(Escape(value)).Append("</VALUE>\n");
        }

        CloseKey(_keyOpen);
    }

    public override void Integer(long? value) => Text(value?.ToString(CultureInfo.InvariantCulture));

    public override void Number(double? value) => Text(value?.ToString(CultureInfo.InvariantCulture));

    public override void Flag(bool? value) => Text(value switch { null => null, true => "1", false => "0" });

    public override void Absent(string name)
    {
        Name(name);
        Text(null);
    }

    public override void Error(MoodleError error, bool debug)
    {
        _isError = true;
        _text.Append("<EXCEPTION class=\"").Append(error.ExceptionClass).Append("\">\n");
        if (error.ErrorCode is not null)
        {
            _text.Append("<ERRORCODE>").Append(Escape(error.ErrorCode)).Append("</ERRORCODE>\n");
        }

        _text.Append("<MESSAGE>").Append(Escape(error.Message)).Append("</MESSAGE>\n");
        if (debug && error.DebugInfo is not null)
        {
            _text.Append("<DEBUGINFO>").Append(Escape(error.DebugInfo)).Append("</DEBUGINFO>\n");
        }

        _text.Append("</EXCEPTION>\n");
    }

    public override void Reset()
    {
        _text.Clear();
        _keyOpenAround.Clear();
        _keyOpen = false;
        _isError = false;
    }

    public override ReadOnlyMemory<byte> Finish() =>
        Encoding.UTF8.GetBytes(_isError ? Head + _text : Head + "<RESPONSE>\n" + _text + "</RESPONSE>\n");

    private static string Escape(string value) =>
        value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);

    private void Begin(string tag)
    {
        _keyOpenAround.Push(_keyOpen);
        _keyOpen = false;
        _text.Append(tag);
    }

    private void End(string tag)
    {
        _text.Append(tag);
        CloseKey(_keyOpenAround.Pop());
    }

    private void CloseKey(bool wasOpen)
    {
        if (wasOpen)
        {
            _text.Append("</KEY>\n");
        }

        _keyOpen = false;
    }
}
