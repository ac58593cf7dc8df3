using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>
/// Everything is computed where the inputs lie. Tensors without storage stand for a second device, which every machine has: to mix them
/// with host memory fails as it does on a GPU.
/// </summary>
public class DeviceTests
{
    public static TheoryData<Sample> Samples => [.. Matrix.Small.Where(sample => !sample.InitialState)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_form_computes_where_its_inputs_lie(Sample sample)
    {
        using var scope = NewDisposeScope();
        var elsewhere = sample.Inputs().Map((_, tensor) => tensor.to(new Device(DeviceType.META)));
        foreach (var form in Variants.Of(sample.Row).Append(sample.Row.Reference))
            try
            {
                Assert.Equal(DeviceType.META, form.Run(elsewhere).Output.device_type);
            }
            catch (ExternalException failure) when (failure.Message.Contains("no fake impl", StringComparison.Ordinal))
            {
                // libtorch knows no shape rule of an operation: up to there all lay where the inputs lie.
            }
    }

    [Fact]
    public void A_form_that_makes_a_tensor_in_host_memory_is_found()
    {
        using var scope = NewDisposeScope();
        var elsewhere = zeros([2, 3], device: new Device(DeviceType.META));
        Assert.Contains("same device", Assert.ThrowsAny<ExternalException>(() => elsewhere + ones(2, 3)).Message, StringComparison.Ordinal);
    }
}
