namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>Writes an answer in one of Moodle's two output formats.</summary>
internal abstract class AnswerWriter : IDisposable
{
    public abstract string ContentType { get; }

    public abstract void BeginObject();

    public abstract void EndObject();

    public abstract void BeginList();

    public abstract void EndList();

    /// <summary>Names the next value of an object.</summary>
    public abstract void Name(string name);

    public abstract void Text(string? value);

    public abstract void Integer(long? value);

    public abstract void Number(double? value);

    public abstract void Flag(bool? value);

    /// <summary>A member that Moodle knows and this answer does not have: nothing in JSON, an explicit null in XML.</summary>
    public virtual void Absent(string name)
    {
    }

    public abstract void Error(MoodleError error, bool debug);

    /// <summary>Throws away what was written.</summary>
    public abstract void Reset();

    public abstract ReadOnlyMemory<byte> Finish();

    public virtual void Dispose()
    {
    }

    public void Member(string name, string? value)
    {
        Name(name);
        Text(value);
    }

    public void Member(string name, long? value)
    {
        Name(name);
        Integer(value);
    }

    public void Member(string name, double? value)
    {
        Name(name);
        Number(value);
    }

    public void Member(string name, bool? value)
    {
        Name(name);
        Flag(value);
    }

    public void BeginObject(string name)
    {
        Name(name);
        BeginObject();
    }

    public void BeginList(string name)
    {
        Name(name);
        BeginList();
    }

    public void EmptyList(string name)
    {
        BeginList(name);
        EndList();
    }
}
