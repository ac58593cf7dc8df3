namespace Attn.Kernels.Tests.Linear;

/// <summary>Tests during which no other test runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
