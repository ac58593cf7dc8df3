namespace Attn.Kernels;

/// <summary>What a forward pass costs at one shape, by the row's own formulas: tests and benches read them and define none.</summary>
/// <param name="Flops">Floating-point operations; a multiply-add counts two.</param>
/// <param name="Elements">Tensor elements that must cross slow memory at least (inputs read once, outputs written once, plus what the form spills).</param>
/// <param name="StateElements">Elements of state carried from one token to the next when decoding (a key-value cache counts as state).</param>
public readonly record struct AttentionCost(double Flops, double Elements, double StateElements);
