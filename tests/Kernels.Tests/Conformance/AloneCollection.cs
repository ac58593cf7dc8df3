namespace Attn.Kernels.Tests.Conformance;

/// <summary>Tests that count what the whole process holds run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone in the process";
}
