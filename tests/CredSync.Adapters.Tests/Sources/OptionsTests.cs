using System.ComponentModel.DataAnnotations;
using System.Reflection;
using CredSync.Registration;

namespace CredSync.Adapters.Tests.Sources;

public sealed class OptionsTests
{
    private static readonly Type[] SettingTypes =
    [
        typeof(string), typeof(int), typeof(decimal), typeof(bool), typeof(TimeSpan), typeof(Uri), typeof(Secret), typeof(IReadOnlyList<string>), typeof(IReadOnlyDictionary<string, string>),
    ];

    public static async Task<TheoryData<string>> Names()
    {
        await using SourceBench bench = new();
        return new TheoryData<string>(bench.Adapters.Select(a => a.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Options_are_sealed_described_and_their_defaults_are_valid(string adapter)
    {
        await using SourceBench bench = new();
        Type type = bench.Adapters.Single(a => a.Name == adapter).OptionsType;
        type.IsSealed.ShouldBeTrue();
        object defaults = Activator.CreateInstance(type)!;
        List<ValidationResult> errors = [];
        Validator.TryValidateObject(defaults, new ValidationContext(defaults), errors, validateAllProperties: true).ShouldBeTrue(string.Join("; ", errors.Select(e => e.ErrorMessage)));
        HashSet<string> names = [];
        foreach (PropertyInfo property in type.GetProperties())
        {
            SettingAttribute setting = property.GetCustomAttribute<SettingAttribute>().ShouldNotBeNull($"{property.Name} has no [Setting]");
            setting.Name.ShouldMatch("^[a-z][a-z0-9_]*$");
            names.Add(setting.Name).ShouldBeTrue($"{setting.Name} is there twice");
            setting.Summary.ShouldEndWith(".");
            Type bare = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            (bare.IsEnum || SettingTypes.Contains(bare)).ShouldBeTrue($"{property.Name} has a type that configuration cannot write");
            property.CanWrite.ShouldBeTrue();
        }
    }
}
