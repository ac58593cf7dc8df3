using Attn.Kernels.Checking;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>One tensor of one form, against the row's plain reference in float64.</summary>
/// <param name="Form">The form.</param>
/// <param name="Tensor">What was compared: <c>output</c>, <c>state</c>, <c>gradient of q</c>, …</param>
/// <param name="Error">‖form − exact‖ / ‖exact‖.</param>
/// <param name="Allowed">What it may be: three times what the plain computation in the same dtype is off, plus rounding.</param>
public sealed record ConformanceResult(string Form, string Tensor, double Error, double Allowed)
{
    /// <summary>Whether the error is within what is allowed; NaN is not.</summary>
    public bool Holds => Error <= Allowed;
}

/// <summary>Checks a row of the catalogue against its own reference.</summary>
public static class Conformance
{
    /// <summary>Tokens of the small blocks. Short calls fit in one block of the size that a form takes by itself, and nothing would be cut.</summary>
    internal const int Block = 17;

    /// <summary>
    /// Compares every form, and those that work in blocks once more in small ones: output, final state and the gradient of every tensor, for one fixed random loss.
    /// </summary>
    /// <param name="mechanism">The row.</param>
    /// <param name="inputs">The call, in the dtype and on the device that are to be checked.</param>
    /// <exception cref="ArgumentException">The row does not serve the call.</exception>
    public static IReadOnlyList<ConformanceResult> Check(AttentionMechanism mechanism, AttentionInputs inputs)
    {
        if (!mechanism.Serves(inputs.Shape, inputs.Causal))
            Arguments.Fail(nameof(inputs), $"{inputs.Shape} ({inputs.Shape.Pattern(inputs.Causal)})", $"a call that {mechanism.Id} serves: {mechanism.Patterns}");
        using var scope = NewDisposeScope();
        var dtype = inputs.Q.dtype;
        var exact = Run.WithGradients(mechanism.Reference, inputs.Map((_, tensor) => tensor.to(ScalarType.Float64)));
        var plain = Run.WithGradients(mechanism.Reference, inputs);
        var scale = RelativeError.LargestNorm(exact.Values);
        var results = new List<ConformanceResult>();
        foreach (var form in mechanism.Forms)
        {
            foreach (var variant in form.InBlocks(Block).Prepend(form))
                Compare(variant.Name, Run.WithGradients(variant, inputs), exact.Keys);
            // Without a gradient by what is set, a GPU kernel may serve the call.
            string[] settings = [.. mechanism.Extras.Where(extra => extra.IsSetting).Select(extra => extra.Name)];
            if (inputs.Q.device_type == TorchSharp.DeviceType.CUDA && settings.Length > 0)
                Compare(
                    $"{form.Name}, {string.Join(", ", settings)} set", Run.WithGradients(form, inputs, settings),
                    exact.Keys.Except(settings.Select(name => $"gradient of {name}")));
        }

        return results;

        void Compare(string form, Dictionary<string, Tensor> got, IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                // A tensor that is missing or misshapen is as wrong as can be.
                var error = got.TryGetValue(name, out var value) && value.shape.SequenceEqual(exact[name].shape)
                    ? RelativeError.Rms(value, exact[name], scale)
                    : double.PositiveInfinity;
                results.Add(new(form, name, error, RelativeError.Allowed(RelativeError.Rms(plain[name], exact[name], scale), dtype)));
            }
        }
    }
}
