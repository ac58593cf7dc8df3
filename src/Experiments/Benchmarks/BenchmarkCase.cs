using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>One mechanism to be timed at one length.</summary>
/// <param name="Mechanism">The catalogue row.</param>
/// <param name="Form">The form to run, one of the row's.</param>
/// <param name="Shape">The self-attention problem: the sequence that is read, or that stands before the decoded token.</param>
/// <param name="Mode">What is timed.</param>
/// <param name="Causal">Whether a token sees only what came before it; decoding always is so.</param>
/// <param name="Dtype">The dtype of the tensors.</param>
/// <param name="Device">Where they lie.</param>
public sealed record BenchmarkCase(
    AttentionMechanism Mechanism, AttentionForm Form, AttentionShape Shape, BenchmarkMode Mode, bool Causal, ScalarType Dtype, Device Device)
{
    /// <summary>The call that is timed: the whole shape, or its last token when decoding.</summary>
    /// <exception cref="ArgumentException">The mechanism does not serve it.</exception>
    public AttentionInputs Inputs(long seed)
    {
        if (Mode != BenchmarkMode.Decode)
            return AttentionInputs.Random(Mechanism, Shape, seed, Dtype, Causal, device: Device);
        var step = Shape with { QueryLength = 1, KeyLength = Mechanism.State is null ? Shape.KeyLength : 1 };
        if (!Mechanism.Serves(step, causal: true))
            throw new ArgumentException($"mode: got decode, needs another: {Mechanism.Id} has neither a state nor a causal form for one query and many keys.");
        return AttentionInputs.Random(Mechanism, step, seed, Dtype, causal: true, initialState: Mechanism.State is not null, Device);
    }

    /// <summary>What the timed call costs by the row's own formulas; a backward pass counts two and a half forward ones in FLOPs and two in elements.</summary>
    public AttentionCost Cost
    {
        get
        {
            var step = Mode == BenchmarkMode.Decode ? Shape with { QueryLength = 1, KeyLength = Mechanism.State is null ? Shape.KeyLength : 1 } : Shape;
            var cost = Mechanism.Cost(step, Mode == BenchmarkMode.Decode || Causal);
            return Mode switch
            {
                BenchmarkMode.ForwardBackward => cost with { Flops = cost.Flops * 3.5, Elements = cost.Elements * 3 },
                // The state is read and written besides the token itself.
                BenchmarkMode.Decode when Mechanism.State is not null => cost with { Elements = cost.Elements + 2 * cost.StateElements },
                _ => cost,
            };
        }
    }

    /// <summary>Tokens that one timed call handles.</summary>
    public double Tokens => (double)Shape.Batch * (Mode == BenchmarkMode.Decode ? 1 : Shape.QueryLength);
}
