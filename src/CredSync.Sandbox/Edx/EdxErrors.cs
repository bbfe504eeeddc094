namespace CredSync.Sandbox.Edx;

/// <summary>Errors of the several APIs.</summary>
internal static class EdxErrors
{
    public static PlayAnswer Detail(int status, string detail) => One(status, "detail", detail);

    public static PlayAnswer OAuth(int status, string error) => One(status, "error", error);

    public static PlayAnswer Code(int status, string code) => One(status, "error_code", code);

    public static PlayAnswer Developer(int status, string code, string message) => JsonBody.Answer(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("developer_message", message);
        json.WriteString("error_code", code);
        json.WriteEndObject();
    });

    private static PlayAnswer One(int status, string name, string value) => JsonBody.Answer(status, json =>
    {
        json.WriteStartObject();
        json.WriteString(name, value);
        json.WriteEndObject();
    });
}
