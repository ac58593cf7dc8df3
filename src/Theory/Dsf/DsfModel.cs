using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>A model with given weights: what its matrices are on an input, and what its own definition says the outputs are.</summary>
/// <param name="Name">What figures and comparisons call it.</param>
/// <param name="System">The system on an input <c>[L,d]</c>, float64.</param>
/// <param name="Direct">The outputs <c>[L,p]</c> by the model's own definition, which makes no use of the matrices.</param>
public sealed record DsfModel(string Name, Func<Tensor, DsfSystem> System, Func<Tensor, Tensor> Direct);
