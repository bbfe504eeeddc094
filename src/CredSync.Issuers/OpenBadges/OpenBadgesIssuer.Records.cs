using System.Text;
using System.Text.Json;
using CredSync.OpenBadges.Clr;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;

namespace CredSync.Issuers.OpenBadges;

// A person's credentials as one record.
internal sealed partial class OpenBadgesIssuer
{
    public Task<CredentialDocument> CompileAsync(LearnerRecordRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ct.ThrowIfCancellationRequested();
        OpenBadgesSigner open = Open();
        var record = new LearnerRecord
        {
            Id = open.Facts.RecordId(request.SubjectId, request.At),
            Name = request.Name,
            Issuer = open.Facts.Profile,
            ValidFrom = request.At,
            AwardedDate = request.At,
            Subject = new()
            {
                Id = open.Facts.SubjectId(request.SubjectId),
                Credentials = [.. request.Credentials.Select(Element)],
                Achievements = [.. request.Stacks.SelectMany(static s => s.Parts.Append(s.Whole)).DistinctBy(static f => f.Id).Select(f => AchievementOf(f, open.Facts))],
                Associations = [.. request.Stacks.SelectMany(s => Association.Stack(s.Parts.Select(p => open.Facts.AchievementId(p.Id)), open.Facts.AchievementId(s.Whole.Id)))],
            },
        };
        try
        {
            return Task.FromResult(new CredentialDocument("application/vc+ld+json", "json", CredentialJson.Write(open.Secure(record.ToJson(), request.At))));
        }
        catch (ProofException fault)
        {
            throw new IssuerException(FaultKind.Rejected, "record-cannot-be-signed", $"The record cannot be signed: {fault.Message}", inner: fault);
        }
    }

    private static Achievement AchievementOf(CredentialFacts facts, OpenBadgesFacts issuer) => issuer.Address is { } address
        ? OpenBadgesMapping.Achievement(facts, address)
        : OpenBadgesMapping.Achievement(facts, issuer);

    private static JsonElement Element(CredentialDocument document)
    {
        if (document.Extension == "json")
        {
            using JsonDocument json = JsonDocument.Parse(document.Content);
            return json.RootElement.Clone();
        }

        return JsonSerializer.SerializeToElement(Encoding.ASCII.GetString(document.Content.Span));
    }
}
