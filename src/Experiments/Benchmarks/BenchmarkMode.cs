namespace Attn.Experiments;

/// <summary>What is timed of a mechanism.</summary>
public enum BenchmarkMode
{
    /// <summary>A forward pass over the whole sequence.</summary>
    Forward,

    /// <summary>A forward pass and the gradients of every input.</summary>
    ForwardBackward,

    /// <summary>One token more after a sequence: a step of the state, or one query against all keys.</summary>
    Decode,
}
