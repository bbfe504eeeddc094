using Microsoft.AspNetCore.Authorization;

namespace CredSync.Host.Operations.Access;

/// <summary>Asks for a role and, of keys that are limited, a scope.</summary>
internal sealed class Permit(Role role, string scope) : IAuthorizationRequirement
{
    public Role Role => role;

    public string Scope => scope;

    /// <summary>The policy.</summary>
    public static AuthorizationPolicy For(Role role, string scope) => new AuthorizationPolicyBuilder(AccessSchemes.Any).AddRequirements(new Permit(role, scope)).Build();
}

/// <summary>Answers the question.</summary>
internal sealed class PermitHandler : AuthorizationHandler<Permit>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Permit requirement)
    {
        if (context.User.WhyNot(requirement.Role, requirement.Scope) is null)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>The ways to sign in.</summary>
internal static class AccessSchemes
{
    /// <summary>Chooses between a key and a session by what a request brings.</summary>
    public const string Any = "any";

    /// <summary>A session in a cookie.</summary>
    public const string Session = "session";

    /// <summary>A key of a program.</summary>
    public const string Key = "key";

    /// <summary>OpenID Connect.</summary>
    public const string OpenId = "openid";
}
