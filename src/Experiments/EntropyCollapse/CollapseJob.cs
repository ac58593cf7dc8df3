namespace Attn.Experiments;

/// <summary>One run of several.</summary>
/// <param name="Name">What the model is called.</param>
/// <param name="Options">What keeps its training stable.</param>
/// <param name="Rate">The largest learning rate.</param>
/// <param name="Seed">Fixes weights and text.</param>
public sealed record CollapseJob(string Name, CollapseOptions Options, double Rate, int Seed);
