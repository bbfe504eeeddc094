using System.Buffers;
using System.Text.Json;

namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>The answer as JSON, whose strings are plain ASCII with escapes, as PHP writes them.</summary>
internal sealed class JsonAnswer : AnswerWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonAnswer() => _writer = new Utf8JsonWriter(_buffer);

    public override string ContentType => "application/json";

    public override void BeginObject() => _writer.WriteStartObject();

    public override void EndObject() => _writer.WriteEndObject();

    public override void BeginList() => _writer.WriteStartArray();

    public override void EndList() => _writer.WriteEndArray();

    public override void Name(string name) => _writer.WritePropertyName(name);

    public override void Text(string? value) => _writer.WriteStringValue(value);

    public override void Integer(long? value)
    {
        if (value is { } number)
        {
            _writer.WriteNumberValue(number);
        }
        else
        {
            _writer.WriteNullValue();
        }
    }

    public override void Number(double? value)
    {
        if (value is { } number)
        {
            _writer.WriteNumberValue(number);
        }
        else
        {
            _writer.WriteNullValue();
        }
    }

    public override void Flag(bool? value)
    {
        if (value is { } flag)
        {
            _writer.WriteBooleanValue(flag);
        }
        else
        {
            _writer.WriteNullValue();
        }
    }

    public override void Error(MoodleError error, bool debug)
    {
        _writer.WriteStartObject();
        _writer.WriteString("exception", error.ExceptionClass);
        if (error.ErrorCode is not null)
        {
            _writer.WriteString("errorcode", error.ErrorCode);
        }

        _writer.WriteString("message", error.Message);
        if (debug && error.DebugInfo is not null)
        {
            _writer.WriteString("debuginfo", error.DebugInfo);
        }

        _writer.WriteEndObject();
    }

    public override void Reset()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
    }

    public override ReadOnlyMemory<byte> Finish()
    {
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public override void Dispose()
    {
        _writer.Dispose();
        base.Dispose();
    }
}
