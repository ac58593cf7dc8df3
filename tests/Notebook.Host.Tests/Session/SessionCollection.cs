namespace Attn.Host.Tests.Session;

/// <summary>
/// A session owns the process's console and its notebook host, and a front end times what its kernel does: tests that open one run one
/// after another.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SessionCollection
{
    public const string Name = "sessions";
}
