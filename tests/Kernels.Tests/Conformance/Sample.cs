using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>One point of the test matrix; its text is what a failing test is called.</summary>
public sealed record Sample(string Id, AttentionShape Shape, ScalarType Dtype, bool Causal, bool InitialState)
{
    public AttentionMechanism Row => Catalog.Find(Id);

    public AttentionInputs Inputs(long seed = 1) => AttentionInputs.Random(Row, Shape, seed, Dtype, Causal, InitialState);

    public override string ToString() =>
        $"{Id} {Shape}-{Dtype.ToString().ToLowerInvariant()}{(Causal ? "-causal" : "")}{(InitialState ? "-state" : "")}";
}
