using System.Text.Json;

namespace CredSync.Sandbox.Coursera;

/// <summary>The organisation itself, its members and its programs.</summary>
internal static class OrganisationLists
{
    public static PlayAnswer Organisation(CourseraWorld world) => JsonBody.Answer(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("elements");
        json.WriteStartObject();
        json.WriteString("id", world.OrganisationId);
        json.WriteString("name", world.Name);
        json.WriteString("slug", world.Slug);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("paging");
        json.WriteEndObject();
        json.WriteStartObject("linked");
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static PlayAnswer Users(CourseraWorld world, PlayRequest request) => CourseraPage.Read(request, 1000) is not { } page
        ? CourseraErrors.BadRequest("A parameter is not of its type.")
        : page.Answer([.. world.Members.Where(member => member.DeletedAt is null)], world.PagingOnWire, (json, member) =>
        {
            json.WriteStartObject();
            json.WriteString("id", member.ExternalId);
            json.WriteString("externalId", member.ExternalId);
            json.WriteString("fullName", member.FullName);
            json.WriteString("email", member.Email);
            json.WriteStartArray("membershipProgramIds");
            foreach (CourseraProgram program in world.Programs)
            {
                json.WriteStringValue(program.Id);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    public static PlayAnswer Programs(CourseraWorld world, PlayRequest request)
    {
        bool? exclude = request["excludeContent"] switch { "true" => true, "false" => false, _ => null };
        return exclude is null || CourseraPage.Read(request, 1000) is not { } page
            ? CourseraErrors.BadRequest("excludeContent is required.")
            : page.Answer(world.Programs, world.PagingOnWire, (json, program) => Program(json, world, program, exclude.Value));
    }

    private static void Program(Utf8JsonWriter json, CourseraWorld world, CourseraProgram program, bool exclude)
    {
        json.WriteStartObject();
        json.WriteString("id", program.Id);
        json.WriteString("name", program.Name);
        json.WriteString("tagline", "");
        json.WriteString("url", "https://www.coursera.org/programs/" + program.Slug);
        if (!exclude)
        {
            json.WriteStartArray("contentIds");
            foreach (CourseraContent content in world.Contents.Where(content => program.ContentIds.Contains(content.Id)))
            {
                json.WriteStartObject();
                json.WriteString("contentId", content.Id);
                json.WriteString("contentType", content.ContentType);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
