using System.Reflection;
using CredSync.Messages;
using PublicApiGenerator;

namespace CredSync.Architecture.Tests;

/// <summary>What others compile against or receive does not change unseen.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData(typeof(IssueCredential), "CredSync.Messages.IssueCredential")]
    [InlineData(typeof(IssueCredentials), "CredSync.Messages.IssueCredentials")]
    [InlineData(typeof(CredentialIssued), "CredSync.Messages.CredentialIssued")]
    [InlineData(typeof(CredentialsIssued), "CredSync.Messages.CredentialsIssued")]
    [InlineData(typeof(CredentialRefused), "CredSync.Messages.CredentialRefused")]
    [InlineData(typeof(RevokeCredential), "CredSync.Messages.RevokeCredential")]
    [InlineData(typeof(CredentialRevoked), "CredSync.Messages.CredentialRevoked")]
    [InlineData(typeof(RevocationRefused), "CredSync.Messages.RevocationRefused")]
    public void The_full_name_of_a_message_is_part_of_the_wire(Type message, string name) => message.FullName.ShouldBe(name);

    [Fact]
    public void Every_message_type_is_a_sealed_record_in_the_namespace_of_messages()
    {
        Type[] messages = [.. Rooms.Abstractions.GetTypes().Where(t => t.Namespace == "CredSync.Messages" && t.IsPublic)];
        messages.Length.ShouldBe(8);
        messages.ShouldAllBe(t => t.IsSealed && t.GetMethod("<Clone>$") != null);
        Rooms.Host.GetTypes().Where(t => t.GetInterfaces().Any(i => i.FullName?.StartsWith("MassTransit.IConsumer`1", StringComparison.Ordinal) == true))
            .SelectMany(t => t.GetInterfaces()).Where(i => i.IsGenericType).SelectMany(i => i.GenericTypeArguments).SelectMany(a => a.IsGenericType ? a.GenericTypeArguments : [a])
            .ShouldAllBe(m => m.Namespace == "CredSync.Messages");
    }

    [Fact]
    public void The_public_surface_of_the_abstractions_is_the_approved_one() => Approve(Rooms.Abstractions);

    // What an executable of somebody's own calls. Pages are public because the framework wants them so, and settings have a test of their own.
    [Fact]
    public void The_public_surface_of_the_host_is_the_approved_one() =>
        Approve(Rooms.Host, [.. Rooms.Host.GetExportedTypes().Where(t => t.Namespace == "CredSync.Host" && !t.Name.EndsWith("Options", StringComparison.Ordinal))]);

    [Fact]
    public void The_public_surface_of_the_kit_is_the_approved_one() => Approve(Rooms.Conformance);

    // To accept a change on purpose, copy the received file over the approved one; the diff is then part of the review.
    private static void Approve(Assembly assembly, Type[]? types = null)
    {
        string approved = Path.Combine(AppContext.BaseDirectory, "Approved", $"{assembly.GetName().Name}.txt");
        string received = assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, IncludeTypes = types }).Replace("\r\n", "\n", StringComparison.Ordinal);
        string receivedFile = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.received.txt");
        File.WriteAllText(receivedFile, received);
        received.ShouldBe(File.Exists(approved) ? File.ReadAllText(approved).Replace("\r\n", "\n", StringComparison.Ordinal) : "", $"The public surface changed; when that is meant, copy {receivedFile} over the approved file.");
    }
}
