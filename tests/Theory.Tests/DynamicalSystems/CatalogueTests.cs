using Attn.Kernels;
using Attn.Theory.Dsf;
using static Theory.Tests.DynamicalSystems.DsfSystemTests;
using static TorchSharp.torch;

namespace Theory.Tests.DynamicalSystems;

public class CatalogueTests(ITestOutputHelper output)
{
    public static TheoryData<string> Systems => [.. Dsf.Ids];

    public static TheoryData<string> Others => [.. Catalog.Rows.Select(row => row.Id).Except(Dsf.Ids)];

    private static readonly AttentionShape[] Shapes =
        [new(2, 3, 7, 7, 5, 4), new(1, 1, 1, 1, 3, 2), new(1, 2, 19, 19, 4, 3), new(1, 1, 33, 33, 2, 1)];

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_row_read_as_a_system_gives_its_own_numbers(string id)
    {
        var from = Dsf.From(id);
        foreach (var (seed, shape) in Shapes.Index())
        {
            using var scope = NewDisposeScope();
            var inputs = AttentionInputs.Random(from.Row, shape, seed + 1, ScalarType.Float64, causal: true);
            var exact = from.Row.Reference.Run(inputs).Output;
            var size = exact.abs().max().item<double>();
            var head = from.Of(inputs);
            var errors = new List<(string, double)> { ("system", Gap(from.Run(inputs), exact)) };
            errors.AddRange(from.Row.Forms.Select(form => (form.Name, Gap(from.Run(inputs), form.Run(inputs).Output))));
            errors.Add(("weights", Gap(head.Weights().matmul(inputs.V), exact)));
            var back = head.ToGatedLinear(inputs.V);
            errors.Add(("as gated-linear", Gap(Catalog.Find("gated-linear").Form().Run(back).Output, exact)));
            var (what, worst) = errors.MaxBy(pair => pair.Item2);
            output.WriteLine($"{shape}, seed {seed + 1}: {worst:E1} of {size:E1}");
            Assert.True(worst <= 1e-10 * size, $"{id}, {shape}, seed {seed + 1}, {what}: {worst:E1} of {size:E1}");
        }
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_row_of_the_matrices_is_read_back_from_them(string id)
    {
        using var scope = NewDisposeScope();
        var from = Dsf.From(id);
        var head = from.Of(AttentionInputs.Random(from.Row, new(2, 2, 9, 9, 4, 3), 3, ScalarType.Float64, causal: true));
        var back = HeadSystem.Of(head.ToSystem(3));
        Assert.True(Gap(back.Decay, head.Decay) + Gap(back.Keys, head.Keys) + Gap(back.Queries, head.Queries) < 1e-14);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Any_other_row_says_why_it_is_none(string id)
    {
        var why = Dsf.WhyNot(id);
        output.WriteLine($"{id}: {why}");
        Assert.False(string.IsNullOrWhiteSpace(why));
        Assert.Contains(why, Assert.ThrowsAny<ArgumentException>(() => Dsf.From(id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_family_of_linear_attention_is_there_and_softmax_is_not()
    {
        string[] systems =
        [
            "based", "cosformer", "flowformer", "gated-linear", "hedgehog", "lightnet", "lightning", "linear", "longvq", "performer", "relu",
            "retention", "sliding-window", "ssd", "transnormer",
        ];
        Assert.Empty(systems.Except(Dsf.Ids));
        foreach (var (id, why) in new[] { ("softmax", "infinitely many"), ("titans", "not diagonal"), ("inline", "after it"), ("block-sparse", "grows"), ("sigmoid", "finitely many") })
            Assert.Contains(why, Dsf.WhyNot(id), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rows_are_compared()
    {
        var same = Dsf.Compare("lightning", "lightning");
        Assert.True(same.Same && same.OutputGap == 0 && same.KernelGap == 0 && same.A.StateSize == 16, same.ToString());
        var other = Dsf.Compare("linear", "relu", length: 20, dim: 3);
        Assert.False(other.Same);
        Assert.True(other.KernelGap > 0.1 && other.A.LargestDecay > 1 && other.A.Rank == 9, other.ToString());
        output.WriteLine($"{other}");
        Assert.True(Dsf.Compare("gated-linear", "ssd").A.LargestDecay <= 1);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        var row = Catalog.Find("linear");
        AttentionInputs Draw(AttentionShape shape, bool causal, bool state = false) =>
            AttentionInputs.Random(row, shape, 1, ScalarType.Float64, causal, state);
        Assert.Equal("id", Name(() => Dsf.From("nothing")));
        Assert.Equal("id", Name(() => Dsf.From("softmax")));
        Assert.Equal("inputs", Name(() => Dsf.From("linear").Of(Draw(AttentionShape.Self(1, 1, 4, 2), causal: false))));
        Assert.Equal("inputs", Name(() => Dsf.From("linear").Of(Draw(new(1, 1, 3, 4, 2, 2), causal: true))));
        Assert.Equal("inputs", Name(() => Dsf.From("linear").Of(Draw(AttentionShape.Self(1, 1, 4, 2), causal: true, state: true))));
        Assert.Equal("length", Name(() => Dsf.Compare("linear", "relu", length: 1)));
        Assert.Equal("dim", Name(() => Dsf.Compare("linear", "relu", dim: 0)));
        var head = Dsf.From("linear").Of(Draw(AttentionShape.Self(1, 1, 4, 2), causal: true));
        Assert.Equal("values", Name(() => head.ToGatedLinear(zeros(1, 1, 3, 2))));
        var model = StateSpaceModels.S6(2, 2, 1);
        Assert.Contains("Λ", Assert.ThrowsAny<ArgumentException>(() => HeadSystem.Of(model.System(Normal(1, 5, 2)))).Message, StringComparison.Ordinal);
        Assert.Equal("b", Name(() => Dsf.Compare(("a", model.System(Normal(1, 5, 2))), ("b", model.System(Normal(1, 6, 2))), Normal(1, 5, 2))));
        Assert.Equal("a", Name(() => Dsf.Compare(("a", head.ToSystem(1)), ("b", head.ToSystem(1)), Normal(1, 4, 1))));
    }
}
