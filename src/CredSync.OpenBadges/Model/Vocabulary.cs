using System.Collections.Frozen;

namespace CredSync.OpenBadges.Model;

/// <summary>The fixed words of Open Badges 3.0. Where a term may be extended, <c>ext:</c> and letters, digits, <c>. | _ -</c> is allowed too.</summary>
public static class Vocabulary
{
    /// <summary>Values of <c>achievementType</c>; may be extended.</summary>
    public static IReadOnlySet<string> AchievementTypes { get; } = Words(
        "Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment", "AssociateDegree", "Award", "Badge", "BachelorDegree",
        "Certificate", "CertificateOfCompletion", "Certification", "CommunityService", "Competency", "Course", "CoCurricular", "Degree",
        "Diploma", "DoctoralDegree", "Fieldwork", "GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram", "License",
        "Membership", "ProfessionalDoctorate", "QualityAssuranceCredential", "MasterCertificate", "MasterDegree", "MicroCredential",
        "ResearchDoctorate", "SecondarySchoolDiploma");

    /// <summary>Values of <c>identityType</c> and <c>identifierType</c>; may be extended.</summary>
    public static IReadOnlySet<string> IdentityTypes { get; } = Words(
        "name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress", "nationalIdentityNumber", "isbn", "issn",
        "lisSourcedId", "oneRosterSourcedId", "sisSourcedId", "ltiContextId", "ltiDeploymentId", "ltiToolId", "ltiPlatformId", "ltiUserId",
        "identifier");

    /// <summary>Values of an alignment's <c>targetType</c>; may be extended.</summary>
    public static IReadOnlySet<string> AlignmentTargets { get; } = Words(
        "ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel", "CTDL");

    /// <summary>Values of <c>resultType</c>; may be extended.</summary>
    public static IReadOnlySet<string> ResultTypes { get; } = Words(
        "GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "PredictedScore", "RawScore", "Result", "RubricCriterion",
        "RubricCriterionLevel", "RubricScore", "ScaledScore", "Status");

    /// <summary>Values of a result's <c>status</c>; may not be extended.</summary>
    public static IReadOnlySet<string> ResultStatuses { get; } = Words(
        "Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew");

    /// <summary>Values of an association's <c>associationType</c> (CLR 2.0), read as "source <i>type</i> target"; may not be extended.</summary>
    public static IReadOnlySet<string> AssociationTypes { get; } = Words(
        "exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy");

    private static FrozenSet<string> Words(params ReadOnlySpan<string> words) => FrozenSet.Create(StringComparer.Ordinal, words);
}
