using Attn.Theory.IoComplexity;

namespace Theory.Tests.IoComplexity;

public sealed class PassAnalysisTests(ITestOutputHelper output)
{
    public static TheoryData<string, int> Known => new()
    {
        { AttentionCascades.ThreePass.Name, 3 },
        { AttentionCascades.DeferredDivision.Name, 2 },
        { AttentionCascades.TwoPass.Name, 2 },
        { AttentionCascades.OnePass.Name, 1 },
        { AttentionCascades.OnePassDividing.Name, 1 },
        { AttentionCascades.Split.Name, 1 },
        { AttentionCascades.OnlineNormaliser.Name, 2 },
        { AttentionCascades.NoMaximum.Name, 1 },
        { AttentionCascades.NoMaximumDividingFirst.Name, 2 },
        { AttentionCascades.Sigmoid.Name, 1 },
        { AttentionCascades.Linear.Name, 1 },
    };

    internal static IReadOnlyList<Cascade> All { get; } =
    [
        AttentionCascades.ThreePass, AttentionCascades.DeferredDivision, AttentionCascades.TwoPass, AttentionCascades.OnePass,
        AttentionCascades.OnePassDividing, AttentionCascades.OnePassUncorrected, AttentionCascades.Split, AttentionCascades.OnlineNormaliser,
        AttentionCascades.NoMaximum, AttentionCascades.NoMaximumDividingFirst, AttentionCascades.Sigmoid, AttentionCascades.Linear,
    ];

    [Theory]
    [MemberData(nameof(Known))]
    public void Attention_makes_the_passes_of_its_name(string name, int passes)
    {
        var cascade = All.Single(one => one.Name == name);
        Assert.Equal(passes, cascade.PassCount("m"));
        Assert.Equal(1, cascade.PassCount("p"));
        for (var tiles = 2; tiles < 5; tiles++)
            Assert.Equal(passes, RandomCascade.Sweeps(cascade, tiles));
    }

    [Fact]
    public void The_worked_example_makes_two_passes_and_one_by_either_way()
    {
        Assert.Equal((2, 1, 1), (TeachingCascades.TwoPass.PassCount("k"), TeachingCascades.Deferred.PassCount("k"), TeachingCascades.Iterative.PassCount("k")));
    }

    [Fact]
    public void The_count_is_that_of_a_machine_which_does_everything_as_soon_as_it_can()
    {
        var seed = 38;
        var random = new Random(seed);
        var counts = new int[9];
        for (var i = 0; i < 3000; i++)
        {
            var cascade = RandomCascade.Draw(random, 3 + random.Next(18));
            if (!cascade.Ranks.Contains("m"))
                continue;
            var passes = cascade.PassCount("m");
            counts[Math.Min(8, passes)]++;
            Assert.True(RandomCascade.Sweeps(cascade, 2 + i % 3) == passes, $"seed {seed}, draw {i}: {passes}\n{cascade}");
        }

        output.WriteLine($"seed {seed}: draws by passes {string.Join(", ", counts)}");
        Assert.All(counts[1..4], count => Assert.True(count > 20));
    }

    [Fact]
    public void Bad_cascades_are_named()
    {
        void Throws(string message, Action act) => Assert.StartsWith(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
        Throws("line: got 'Z = A[k]'", () => new Cascade("x").Add("Z = A[k]"));
        Throws("line: got 'a ^ b'", () => new Cascade("x").Add("Z[k] = A[k] ^ B[k]"));
        Throws("line: got 'Z[] = A[k]'", () => new Cascade("x").Add("Z[] = A[k]"));
        Throws("line: got 'Z[k] = sum A[k]'", () => new Cascade("x").Add("Z[k] = sum A[k]"));
        Throws("line: got 'Z[k] = A[k1]'", () => new Cascade("x").Add("Z[k] = A[k1]"));
        Throws("line: got 'Z[k,j] = A[k]'", () => new Cascade("x").Add("Z[k,j] = A[k]"));
        Throws("indices: got 'k0'", () => new Cascade("x").Add("Z[k0] = A[k]"));
        Throws("indices: got 'long'", () => new Cascade("x").Add("Z[long] = A[k]"));
        Throws("line: got a second Z", () => new Cascade("x").Add("Z[k] = exp(A[k])").Add("Z[k] = A[k]"));
        Throws("rank: got 'q'", () => AttentionCascades.OnePass.PassCount("q"));
        Throws("line: got Z[k1+1]", () => new Cascade("x").Add("Y[k1] = sum A[k]").Add("X[k1] = Y[k1] * Z[K1]").Add("Z[k1+1] = Z[k1] + X[k1]"));
        Throws("line: got Z[k]", () => new Cascade("x").Add("Y[k] = exp(Z[k])").Add("Z[k] = exp(A[k])"));
        Throws("line: got Z[k]", () => new Cascade("x").Add("Z[k] = exp(Z[k])"));
        Throws("cascade: got", () => new Cascade("x").Add("G[] = max Z[k1]").Add("Y[k] = A[k] * G[]").Add("X[k1] = sum Y[k]").Add("Z[k1+1] = Z[k1] + X[k1]").PassCount("k"));
    }
}
