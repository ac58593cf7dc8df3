namespace Attn.Kernels;

/// <summary>The three published readings of Hedgehog's activation, which are not equal.</summary>
public enum HedgehogVariant
{
    /// <summary>[e^y ‖ e^−y]: the paper's.</summary>
    Exp,

    /// <summary>[softmax(y) ‖ softmax(−y)]: LoLCATs'. It does not see a constant that is added to all channels.</summary>
    SoftmaxHalves,

    /// <summary>softmax([2y ‖ −2y]) over both halves together: flash-linear-attention's.</summary>
    SoftmaxJoint,
}
