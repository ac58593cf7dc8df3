using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Checks that every op makes before it computes. Each failure is an <see cref="ArgumentException"/> of the form
/// <c>argument: got …, needs …</c>.
/// </summary>
internal static class Arguments
{
    private static readonly ScalarType[] Dtypes = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16];

    /// <summary>Checks <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>: ranks, sizes, one floating dtype, one device.</summary>
    public static void Qkv(Tensor q, Tensor k, Tensor v)
    {
        Qk(q, k);
        Operand(v, nameof(v), "[B,H,Tk,Dv]", q);
        Size(v, nameof(v), 2, k.size(2), "tokens as k has");
    }

    /// <summary>Checks <c>q [B,H,Tq,D]</c> and <c>k [B,H,Tk,D]</c>.</summary>
    public static void Qk(Tensor q, Tensor k)
    {
        Rank(q, nameof(q), "[B,H,Tq,D]");
        if (!Dtypes.Contains(q.dtype))
            Fail(nameof(q), q.dtype.ToString(), $"one of {string.Join(", ", Dtypes)}");
        Operand(k, nameof(k), "[B,H,Tk,D]", q);
        Size(k, nameof(k), 3, q.size(3), "channels (D) as q has");
    }

    /// <summary>Checks that queries and keys are as many: self-attention.</summary>
    public static void SameLength(Tensor q, Tensor k) => Size(k, nameof(k), 2, q.size(2), "tokens as q has, for this mechanism serves self-attention alone");

    /// <summary>Checks a further tensor against the exact shape it must have; dtype that of <paramref name="q"/> or its accumulator.</summary>
    public static void Shape(Tensor tensor, string name, Tensor q, string meaning, params long[] shape)
    {
        Rank(tensor, name, meaning);
        for (var i = 0; i < shape.Length; i++)
            if (tensor.size(i) != shape[i])
                Fail(name, Text(tensor.shape), $"{meaning} = {Text(shape)}");
        if (tensor.dtype != q.dtype && tensor.dtype != Accumulator.For(q.dtype))
            Fail(name, tensor.dtype.ToString(), $"{q.dtype} as q has, or {Accumulator.For(q.dtype)}");
        Device(tensor, name, q);
    }

    /// <summary>Checks a logit scale, or gives 1/√D where none was given.</summary>
    public static double Scale(double? scale, long dim)
    {
        if (scale is { } given && !(given > 0 && double.IsFinite(given)))
            Fail(nameof(scale), Text(given), "a positive finite number, or null for 1/sqrt(D)");
        return scale ?? 1 / Math.Sqrt(dim);
    }

    /// <summary>Checks a size that must be at least one, such as a chunk or a tile.</summary>
    public static void Positive(long size, string name)
    {
        if (size < 1)
            Fail(name, size.ToString(), "at least 1");
    }

    /// <summary>Checks that every number, such as the logarithm of a decay, is at most 0; in host memory only, where looking costs no stall.</summary>
    public static void AtMostZero(Tensor tensor, string name, string what)
    {
        if (Extreme(tensor, all => all.max()) is { } largest && !(largest <= 0))
            Fail(name, $"a largest value of {Text(largest)}", $"{what} of at most 0");
    }

    /// <summary>Checks that every number is at least 0; in host memory only.</summary>
    public static void AtLeastZero(Tensor tensor, string name, string what)
    {
        if (Extreme(tensor, all => all.min()) is { } smallest && !(smallest >= 0))
            Fail(name, $"a smallest value of {Text(smallest)}", $"{what} of at least 0");
    }

    /// <summary>Checks that every number is a share, from 0 to 1; in host memory only.</summary>
    public static void Share(Tensor tensor, string name)
    {
        AtLeastZero(tensor, name, "numbers");
        if (Extreme(tensor, all => all.max()) is { } largest && !(largest <= 1))
            Fail(name, $"a largest value of {Text(largest)}", "numbers of at most 1");
    }

    /// <summary>Checks that a call is causal, for mechanisms that know no other.</summary>
    public static void Causal(bool causal, string mechanism)
    {
        if (!causal)
            Fail(nameof(causal), "false", $"true: {mechanism} is causal");
    }

    /// <summary>Checks that a call is not causal, for mechanisms that look at the whole sequence.</summary>
    public static void Noncausal(bool causal, string mechanism)
    {
        if (causal)
            Fail(nameof(causal), "true", $"false: {mechanism} is not causal");
    }

    /// <summary>Checks that a mask over the scores is boolean, <c>[Tq,Tk]</c> or broadcastable to <c>[B,H,Tq,Tk]</c>.</summary>
    public static void Mask(Tensor? mask, Tensor q, Tensor k)
    {
        if (mask is null)
            return;
        if (mask.dtype != ScalarType.Bool)
            Fail(nameof(mask), mask.dtype.ToString(), "Bool, true where a query may see a key");
        long[] full = [q.size(0), q.size(1), q.size(2), k.size(2)];
        var fits = mask.shape.Length is >= 2 and <= 4 && mask.shape.Reverse().Zip(full.Reverse()).All(pair => pair.First == 1 || pair.First == pair.Second);
        if (!fits)
            Fail(nameof(mask), Text(mask.shape), $"[Tq,Tk] or a shape that broadcasts to [B,H,Tq,Tk] = {Text(full)}");
        Device(mask, nameof(mask), q);
    }

    /// <summary>Checks chosen indices against the size they index.</summary>
    public static void Indices(IReadOnlyList<int>? indices, string name, long size)
    {
        if (indices is null)
            return;
        if (indices.Count == 0)
            Fail(name, "an empty list", "at least one index, or null for all");
        foreach (var index in indices)
            if (index < 0 || index >= size)
                Fail(name, index.ToString(), $"indices from 0 to {size - 1}");
    }

    /// <summary>Throws the promised message.</summary>
    [DoesNotReturn]
    public static void Fail(string name, string got, string needs) => throw new ArgumentException($"{name}: got {got}, needs {needs}.", name);

    /// <summary>A shape as messages print it.</summary>
    public static string Text(long[] shape) => $"[{string.Join(",", shape)}]";

    private static double? Extreme(Tensor tensor, Func<Tensor, Tensor> of)
    {
        if (tensor.device_type != DeviceType.CPU)
            return null;
        using var scope = NewDisposeScope();
        return of(tensor.detach()).ToDouble();
    }

    private static string Text(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void Operand(Tensor tensor, string name, string meaning, Tensor q)
    {
        Rank(tensor, name, meaning);
        Size(tensor, name, 0, q.size(0), "sequences (B) as q has");
        Size(tensor, name, 1, q.size(1), "heads (H) as q has");
        if (tensor.dtype != q.dtype)
            Fail(name, tensor.dtype.ToString(), $"{q.dtype} as q has");
        Device(tensor, name, q);
    }

    // Sizes are read one by one: TorchSharp makes the array of all of them through the native library, at twenty times the cost.
    private static void Rank(Tensor? tensor, string name, string meaning)
    {
        if (tensor is null)
            Fail(name, "null", $"a tensor {meaning}");
        if (tensor.dim() != 4)
            Fail(name, $"rank {tensor.dim()} {Text(tensor.shape)}", $"rank 4 {meaning}");
        if (tensor.numel() == 0)
            Fail(name, $"an empty tensor {Text(tensor.shape)}", $"at least one of each in {meaning}");
    }

    private static void Size(Tensor tensor, string name, int dim, long size, string what)
    {
        if (tensor.size(dim) != size)
            Fail(name, $"{tensor.size(dim)} in {Text(tensor.shape)}", $"{size} {what}");
    }

    private static void Device(Tensor tensor, string name, Tensor q)
    {
        if (tensor.device_type != q.device_type || tensor.device_index != q.device_index)
            Fail(name, tensor.device.ToString(), $"{q.device} as q has");
    }
}
