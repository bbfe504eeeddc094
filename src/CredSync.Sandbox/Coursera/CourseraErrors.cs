namespace CredSync.Sandbox.Coursera;

/// <summary>Errors, whose bodies share no shape.</summary>
internal static class CourseraErrors
{
    public static PlayAnswer BadRequest(string message) => JsonBody.Answer(400, json =>
    {
        json.WriteStartObject();
        json.WriteString("message", message);
        json.WriteNumber("statusCode", 400);
        json.WriteEndObject();
    });

    public static PlayAnswer NoRoute() => JsonBody.Answer(400, json =>
    {
        json.WriteStartObject();
        json.WriteString("msg", "No route for this request.");
        json.WriteEndObject();
    });

    public static PlayAnswer BadToken(string code, string text) => JsonBody.Answer(401, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("fault");
        json.WriteString("faultstring", text);
        json.WriteStartObject("detail");
        json.WriteString("errorcode", code);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static PlayAnswer NotAuthorized() => Coded(403, "Not Authorized", "The app is not authorized for this organization.");

    public static PlayAnswer WrongHost(string path) => JsonBody.Answer(403, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("timestamp", 0);
        json.WriteNumber("status", 403);
        json.WriteString("error", "Forbidden");
        json.WriteString("path", path);
        json.WriteEndObject();
    });

    public static PlayAnswer NotFound() => Coded(404, "notFound", "Not found.");

    private static PlayAnswer Coded(int status, string code, string message) => JsonBody.Answer(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("errorCode", code);
        json.WriteString("message", message);
        json.WriteNull("details");
        json.WriteEndObject();
    });
}
