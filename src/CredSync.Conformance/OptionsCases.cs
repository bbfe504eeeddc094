using System.ComponentModel.DataAnnotations;
using System.Reflection;
using CredSync.Registration;
using static CredSync.Conformance.Requirement;

namespace CredSync.Conformance;

/// <summary>What configuration, lint and the reference pages read from an options class.</summary>
internal static class OptionsCases
{
    public static IEnumerable<ConformanceCase> For(Type options)
    {
        yield return new("options describe themselves", "Lint, the schema and the reference pages know a setting only by its description.", _ =>
        {
            Describe(options);
            return Task.CompletedTask;
        });
        yield return new("defaults pass their own validator", "A default that is refused makes every new configuration fail.", _ =>
        {
            object defaults = Activator.CreateInstance(options) ?? throw new ConformanceException("The options class cannot be made without arguments.");
            List<ValidationResult> errors = [];
            Require(Validator.TryValidateObject(defaults, new ValidationContext(defaults), errors, validateAllProperties: true), string.Join("; ", errors.Select(error => error.ErrorMessage)));
            return Task.CompletedTask;
        });
    }

    private static void Describe(Type options)
    {
        Require(options is { IsSealed: true, IsClass: true }, $"{options.Name} is not a sealed class.");
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (PropertyInfo property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            SettingAttribute? setting = property.GetCustomAttribute<SettingAttribute>();
            Require(setting is not null, $"{options.Name}.{property.Name} has no [Setting].");
            Require(names.Add(setting!.Name), $"{options.Name} has two settings called {setting.Name}.");
            Require(setting.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'), $"The setting {setting.Name} is not lower-case words joined by _.");
            Require(property.CanWrite, $"{options.Name}.{property.Name} cannot be set.");
        }
    }
}
