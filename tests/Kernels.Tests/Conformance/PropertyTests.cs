using CsCheck;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>What holds at the shapes of the matrix holds at any: random shapes, shrunk to the smallest that fails.</summary>
public class PropertyTests
{
    private const int Draws = 15;

    public static TheoryData<string> Ids => [.. Catalog.Rows.Select(row => row.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_form_in_blocks_of_any_size_equals_the_reference(string id)
    {
        var row = Catalog.Find(id);
        Calls(row).Sample((shape, causal, state, block, seed) =>
        {
            using var scope = NewDisposeScope();
            var inputs = AttentionInputs.Random(row, shape, seed, ScalarType.Float64, causal, state);
            var (expected, single) = (Run.WithGradients(row.Reference, inputs), Run.WithGradients(row.Reference, inputs.To(ScalarType.Float32)));
            foreach (var form in row.Forms)
            {
                var blocked = form with { Run = form.RunInBlocks is { } run ? call => run(call, block) : form.Run };
                Tolerance.AssertAgree($"{id} {shape}{(causal ? "-causal" : "")} {form.Name} in blocks of {block}", Run.WithGradients(blocked, inputs), expected, ScalarType.Float64, single);
            }
        }, iter: Draws, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Random_inputs_have_the_shape_asked_for(string id)
    {
        var row = Catalog.Find(id);
        Calls(row).Sample((shape, causal, state, _, seed) =>
        {
            using var scope = NewDisposeScope();
            var inputs = AttentionInputs.Random(row, shape, seed, ScalarType.Float32, causal, state);
            var again = AttentionInputs.Random(row, shape, seed, ScalarType.Float64, causal, state).To(ScalarType.Float32);
            Assert.Equal(shape, inputs.Shape);
            Assert.Equal(causal, inputs.Causal);
            Assert.Equal(state, inputs.InitialState is not null);
            foreach (var ((name, one), (_, other)) in inputs.Named.Zip(again.Named))
                Assert.True(one.dtype == ScalarType.Float32 && one.eq(other).all().item<bool>(), $"{name} differs between dtypes of the same seed");
        }, iter: Draws, threads: 1);
    }

    /// <summary>Random shapes that the row serves, with a causality, a state or none, a block size and a seed.</summary>
    private static Gen<(AttentionShape Shape, bool Causal, bool State, int Block, long Seed)> Calls(AttentionMechanism row) =>
        (from batch in Gen.Int[1, 2]
         from heads in Gen.Int[1, 3]
         from queries in Gen.Int[1, 50]
         from keys in Gen.Frequency((1, Gen.Const(queries)), (1, Gen.Int[1, 50]))
         from keyDim in Gen.Int[1, 12]
         from valueDim in Gen.Int[1, 12]
         from causal in Gen.Bool
         from state in Gen.Bool
         from block in Gen.Int[1, 60]
         from seed in Gen.Long[0, 1000]
         select (new AttentionShape(batch, heads, queries, keys, keyDim, valueDim), causal, state && row.State is not null, block, seed))
        .Where(call => row.Serves(call.Item1, call.causal))
        .Select(call => (call.Item1, call.causal, call.Item3, call.block, call.seed));
}
