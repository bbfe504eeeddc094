namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>One web-service function.</summary>
internal interface IMoodleFunction
{
    /// <summary>The name in <c>wsfunction</c>.</summary>
    string Name { get; }

    /// <summary>Reads the parameters and writes the answer; called while the world stands still.</summary>
    /// <exception cref="MoodleError">The call is answered with this error instead.</exception>
    void Answer(MoodleCall call, AnswerWriter answer);
}
