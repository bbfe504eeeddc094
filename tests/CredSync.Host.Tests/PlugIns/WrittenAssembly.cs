using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace CredSync.Host.Tests.PlugIns;

/// <summary>Writes an assembly that holds nothing but its name and one reference.</summary>
internal static class WrittenAssembly
{
    public static string Write(string folder, string name, string reference, Version version)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString(name + ".dll"), metadata.GetOrAddGuid(NameBasedUuid.Create(Guid.Empty, name)), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(name), new Version(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddAssemblyReference(metadata.GetOrAddString(reference), version, default, default, default, default);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var image = new BlobBuilder();
        new ManagedPEBuilder(new PEHeaderBuilder(imageCharacteristics: Characteristics.Dll | Characteristics.ExecutableImage), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        string path = Path.Combine(folder, name + ".dll");
        File.WriteAllBytes(path, [.. image.ToImmutableArray()]);
        return path;
    }
}
