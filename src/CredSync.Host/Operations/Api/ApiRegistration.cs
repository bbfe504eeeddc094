using System.Text.Json;
using System.Text.Json.Serialization;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace CredSync.Host.Operations.Api;

/// <summary>The interface for programs: the same operations as the command line and the screens.</summary>
internal static class ApiRegistration
{
    /// <summary>Where it is.</summary>
    public const string Root = "/api/v1";

    private const int LongestBody = 64 * 1024;

    public static void AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.MaxDepth = 16;
            o.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemWords>();
        services.AddOpenApi("v1", o =>
        {
            o.ShouldInclude = d => d.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true;
            o.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "CredSync", Version = "v1", Description = "What operators see and do. Lists are paged: 'next' of a page is the 'after' of the next one." };
                document.Servers = [];
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key: credsync keys make" },
                };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
                return Task.CompletedTask;
            });
        });
    }

    public static void MapApi(this WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup(Root).WithMetadata(new RequestSizeLimitAttribute(LongestBody)).AddEndpointFilter(async (context, next) =>
            Shield.LacksChangeHeader(context.HttpContext)
                ? Results.Problem($"A change by a session needs the header {Shield.ChangeHeader}, so that another site cannot ask for it.", statusCode: StatusCodes.Status403Forbidden)
                : await next(context).ConfigureAwait(false));
        api.MapReading();
        api.MapFailures();
        api.MapJobs();
        api.MapHoldsAndSources();
        api.MapRevocations();
        api.MapPeople();
        api.MapKeys();
        api.Map("{**rest}", () => Results.Problem("There is nothing at this address.", statusCode: StatusCodes.Status404NotFound)).ExcludeFromDescription();
        app.MapOpenApi("/api/openapi/{documentName}.json").RequireAuthorization(Permit.For(Role.Viewer, "read"));
        app.MapScalarApiReference("/api/docs", o => o.WithTitle("CredSync").WithOpenApiRoutePattern("/api/openapi/{documentName}.json").DisableDefaultFonts().DisableTelemetry().DisableAgent())
            .RequireAuthorization(Permit.For(Role.Viewer, "read"));
    }

    /// <summary>Asks for a role and a scope, and says in the description which answers there are.</summary>
    public static RouteHandlerBuilder For(this RouteHandlerBuilder route, Role role, string scope, string name, string summary) => route
        .RequireAuthorization(Permit.For(role, scope)).WithName(name).WithSummary(summary).WithDescription($"Needs the role {Actor.Word(role)}, and the scope {scope} of keys that are limited.")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);
}

/// <summary>Turns what cannot be into problem details, in the words of the services.</summary>
internal sealed class ProblemWords(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        (int status, string? detail) = exception switch
        {
            ActException { IsMissing: true } => (StatusCodes.Status404NotFound, exception.Message),
            ActException => (StatusCodes.Status409Conflict, exception.Message),
            CursorException or QueryException => (StatusCodes.Status400BadRequest, exception.Message),

            // What the framework says of a body may quote it; the status says enough.
            BadHttpRequestException bad => (bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The body is too long." : "The request cannot be read: a value is missing or of another kind."),
            JsonException => (StatusCodes.Status400BadRequest, "The body is not the JSON that is wanted."),
            StorageException or CollisionException => (StatusCodes.Status503ServiceUnavailable, exception.Message),
            _ => (0, null),
        };
        if (status == 0)
        {
            return ValueTask.FromResult(false);
        }

        httpContext.Response.StatusCode = status;
        return problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = { Status = status, Detail = detail } });
    }
}
