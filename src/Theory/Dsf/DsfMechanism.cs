using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>A row of the catalogue as a system: its input is a token's value, and queries, keys and further tensors make the matrices.</summary>
public sealed class DsfMechanism
{
    private readonly Func<AttentionInputs, HeadSystem> _head;

    internal DsfMechanism(AttentionMechanism row, Func<AttentionInputs, HeadSystem> head) => (Row, _head) = (row, head);

    /// <summary>The row.</summary>
    public AttentionMechanism Row { get; }

    /// <summary>The system of every sequence and head at a call, in compact form: <see cref="HeadSystem.ToSystem(int)"/> writes the matrices out.</summary>
    /// <param name="inputs">A causal call of self-attention with no state before it, in host memory; computed in float64.</param>
    /// <returns>Tensors <c>[B,H,T,n]</c>, float64.</returns>
    /// <exception cref="ArgumentException">Another kind of call.</exception>
    public HeadSystem Of(AttentionInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (!inputs.Causal)
            throw new ArgumentException("inputs: got a noncausal call, needs a causal one: a system only knows what came before.", nameof(inputs));
        if (inputs.Q.size(2) != inputs.K.size(2))
            throw new ArgumentException($"inputs: got {inputs.Q.size(2)} queries for {inputs.K.size(2)} keys, needs as many.", nameof(inputs));
        if (inputs.InitialState is not null)
            throw new ArgumentException("inputs: got an initial state, needs none: systems start from zero.", nameof(inputs));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var head = _head(inputs.Map((_, tensor) => tensor.to(ScalarType.Float64)));
        // Copies: a tensor of the caller may be one of the head's, and is not to be moved.
        return new(Own(head.Decay), Own(head.Keys), Own(head.Queries));
    }

    /// <summary>The outputs by the recurrence over the full matrices, <c>[B,H,T,Dv]</c>, float64.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    /// <inheritdoc cref="Of" path="/exception"/>
    public Tensor Run(AttentionInputs inputs)
    {
        using var scope = NewDisposeScope();
        return Of(inputs).ToSystem((int)inputs.V.size(3)).Run(inputs.V).MoveToOuterDisposeScope();
    }

    private static Tensor Own(Tensor tensor) => tensor.contiguous().clone().MoveToOuterDisposeScope();
}
