using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>A credential is served in the form, and under the media type, that is asked for.</summary>
public sealed class OpenBadgesAcceptTests
{
    [Theory]
    [InlineData(null, "application/vc+ld+json", "text/plain")]
    [InlineData("*/*", "application/vc+ld+json", "text/plain")]
    [InlineData("application/vc", "application/vc", "text/plain")]
    [InlineData("application/ld+json", "application/ld+json", "text/plain")]
    [InlineData("application/json;q=0.9, application/vc+ld+json", "application/vc+ld+json", "text/plain")]
    [InlineData("application/json", "application/json", "text/plain")]
    [InlineData("application/vc+jwt", "application/vc+ld+json", "application/vc+jwt")]
    [InlineData("text/html,*/*;q=0.8", "application/vc+ld+json", "text/plain")]
    [InlineData("nonsense, ;q=", "application/vc+ld+json", "text/plain")]
    public void The_media_type_is_the_one_asked_for_or_that_of_open_badges(string? accept, string document, string token)
    {
        OpenBadgesAccept.DocumentType(Asking(accept)).ShouldBe(document);
        OpenBadgesAccept.TokenType(Asking(accept)).ShouldBe(token);
    }

    [Theory]
    [InlineData(null, "json")]
    [InlineData("*/*", "json")]
    [InlineData("application/vc", "json")]
    [InlineData("application/vc+jwt", "jwt")]
    [InlineData("text/plain", "jwt")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "html")]
    [InlineData("image/*", "png")]
    [InlineData("image/svg+xml", "svg")]
    [InlineData("text/html;q=0, application/json;q=0.1", "json")]
    public void The_form_is_the_one_asked_for(string? accept, string form) => OpenBadgesAccept.FormOf(Asking(accept), hasJson: true, hasToken: true).ShouldBe(form);

    private static PublicRequest Asking(string? accept) => new()
    {
        Method = "GET", Path = "/credentials/x", At = DateTimeOffset.UnixEpoch,
        Headers = accept is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Accept"] = accept },
    };
}
