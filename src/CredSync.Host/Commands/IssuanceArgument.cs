using System.CommandLine;
using System.Globalization;

namespace CredSync.Host.Commands;

/// <summary>An argument that is an issuance id and may be left out. The library reads such a value only when it is asked for, and throws then; here it is refused with the rest of the command line.</summary>
internal static class IssuanceArgument
{
    /// <summary>The argument.</summary>
    /// <param name="description">What it is for.</param>
    /// <param name="shows">The command that shows such ids.</param>
    public static Argument<Guid?> Create(string description, string shows)
    {
        var id = new Argument<Guid?>("issuance") { Description = description, Arity = ArgumentArity.ZeroOrOne };
        id.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && !Guid.TryParse(word.Value, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"'{word.Value}' is no issuance id; {shows} shows them.");
            }
        });
        return id;
    }
}
