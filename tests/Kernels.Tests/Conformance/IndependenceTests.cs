using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Batch entries and heads are computed each for itself.</summary>
public class IndependenceTests
{
    public static TheoryData<Sample> Samples => [.. Matrix.Over([new(2, 3, 37, 37, 6, 5), new(2, 3, 9, 23, 6, 5)], [ScalarType.Float64])];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Each_batch_entry_and_head_alone_gives_what_it_gives_among_others(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in Variants.Of(sample.Row))
        {
            var together = Run.WithGradients(form, inputs);
            foreach (var (batch, head) in new[] { (0L, 0L), (1, 2) })
            {
                var alone = Run.Forward(form, inputs.Slice(batch, head));
                var part = alone.Keys.ToDictionary(name => name, name => together[name].narrow(0, batch, 1).narrow(1, head, 1));
                Tolerance.AssertAgree($"{sample} {form.Name}: entry {batch}, head {head}", alone, part, sample.Dtype);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_change_of_one_batch_entry_or_head_moves_it_and_no_other(Sample sample)
    {
        using var scope = NewDisposeScope();
        var (inputs, other) = (sample.Inputs(), sample.Inputs(seed: 2));
        foreach (var form in Variants.Of(sample.Row))
        {
            var before = Run.WithGradients(form, inputs);
            foreach (var dimension in new[] { 0, 1 })
                foreach (var (name, after) in Run.WithGradients(form, inputs.Splice(other, null, dimension, 1, 1)))
                {
                    var changes = (after - before[name]).abs().amax([.. Enumerable.Range(0, 4).Where(d => d != dimension).Select(d => (long)d)]).data<double>().ToArray();
                    var what = $"{sample} {form.Name}: {name} along dimension {dimension}";
                    Assert.True(changes[1] > 1e-6, $"{what} does not move");
                    Assert.All(changes.Where((_, i) => i != 1), change => Assert.True(change == 0, $"{what} moves elsewhere"));
                }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void NaN_in_one_head_stays_there(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        var poison = inputs.Q.clone();
        poison.narrow(1, 1, 1).fill_(double.NaN);
        foreach (var form in Variants.Of(sample.Row))
        {
            var output = form.Run(inputs with { Q = poison }).Output;
            Assert.True(output.narrow(1, 1, 1).isnan().any().item<bool>(), $"{sample} {form.Name}: NaN is lost");
            Assert.False(output.narrow(1, 0, 1).isnan().any().item<bool>() || output.narrow(1, 2, 1).isnan().any().item<bool>(), $"{sample} {form.Name}: NaN spreads");
        }
    }
}
