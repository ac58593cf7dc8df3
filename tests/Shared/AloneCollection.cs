namespace Attn.Tests;

/// <summary>Tests that count what the whole process holds, or the processor time that it takes, run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone in the process";
}
