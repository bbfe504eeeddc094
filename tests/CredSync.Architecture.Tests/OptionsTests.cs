using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Xml.Linq;
using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Architecture.Tests;

/// <summary>Options are sealed, documented, and good by default.</summary>
public sealed class OptionsTests
{
    public static TheoryData<Type> OptionsTypes => [.. Rooms.All.SelectMany(a => a.GetTypes()).Where(t => t.Name.EndsWith("Options", StringComparison.Ordinal) && t is { IsPublic: true, IsAbstract: false }
        && t.GetConstructor(Type.EmptyTypes) is not null && (t.Assembly == Rooms.Host || t.GetProperties().Any(p => p.GetCustomAttribute<SettingAttribute>() is not null)))];

    [Theory, MemberData(nameof(OptionsTypes))]
    public void An_options_type_is_sealed(Type type) => type.IsSealed.ShouldBeTrue();

    [Theory, MemberData(nameof(OptionsTypes))]
    public void The_defaults_of_an_options_type_pass_its_own_validation(Type type)
    {
        object options = Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.GetCustomAttribute<SettingAttribute>() is null or { Required: false }))
        {
            object? value = property.GetValue(options);
            foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>().Where(_ => value is not null))
            {
                rule.IsValid(value).ShouldBeTrue($"{type.Name}.{property.Name} = {value} breaks {rule.GetType().Name}");
            }
        }
    }

    [Theory, MemberData(nameof(OptionsTypes))]
    public void Every_option_says_what_it_means(Type type)
    {
        XElement[] members = [.. XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member")];
        foreach (PropertyInfo property in type.GetProperties())
        {
            string name = $"P:{type.FullName}.{property.Name}";
            members.Where(m => (string?)m.Attribute("name") == name).Select(m => m.Element("summary")?.Value.Trim().Length ?? 0).FirstOrDefault().ShouldBeGreaterThan(10, name);
        }
    }

    [Fact]
    public void Installed_adapters_have_settings_with_distinct_names()
    {
        var services = new ServiceCollection();
        var builder = new Builder(services);
        CredSync.Sources.BuiltInSources.AddBuiltInSources(builder);
        CredSync.Issuers.BuiltInIssuers.AddBuiltInIssuers(builder);
        Type[] types = [.. services.Select(s => s.ImplementationInstance).Select(i => (i as SourceAdapter)?.OptionsType ?? (i as IssuerAdapter)?.OptionsType).OfType<Type>()];
        types.ShouldNotBeEmpty();
        foreach (Type type in types)
        {
            string[] names = [.. type.GetProperties().Select(p => p.GetCustomAttribute<SettingAttribute>()).OfType<SettingAttribute>().Select(s => s.Name)];
            names.ShouldBeUnique($"settings of {type.Name}");
            names.ShouldAllBe(n => n.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'));
        }
    }

    private sealed record Builder(IServiceCollection Services) : ICredSyncBuilder;
}
