using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class GridStudyTests
{
    [Fact]
    public void A_grid_has_four_coloured_patches_and_one_that_asks()
    {
        using var scope = NewDisposeScope();
        var (tokens, answers) = ColourGrid.Sample(50, new Random(1));
        var cells = tokens.view(50, ColourGrid.Side, ColourGrid.Side, ColourGrid.Features);
        for (var b = 0; b < 50; b++)
        {
            var asks = cells[b].select(-1, ColourGrid.Features - 1).gt(0);
            var colour = cells[b][asks].narrow(1, 0, ColourGrid.Colours);
            Assert.Equal(4, colour.shape[0]);
            var asked = colour[0].argmax().item<long>();
            var shown = cells[b][asks.logical_not().logical_and(cells[b].select(-1, (int)asked).gt(0))];
            Assert.Equal(4, shown.shape[0]);
            Assert.Equal(answers[b].item<long>(), shown[0].narrow(0, ColourGrid.Colours, ColourGrid.Classes).argmax().item<long>());
            Assert.Equal(20, cells[b].sum([2L]).gt(0).sum().item<long>()); // Five patches, no overlap.
        }

        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => ColourGrid.Sample(0, new Random(1))).Message);
    }

    [Fact]
    public void Blurred_tokens_resemble_their_neighbours()
    {
        using var scope = NewDisposeScope();
        double Neighbours(double smoothness)
        {
            var q = GridTokens.Draw(14, 8, smoothness, 1).Q.view(14, 14, 8);
            return nn.functional.cosine_similarity(q.narrow(1, 0, 13), q.narrow(1, 1, 13), dim: -1).mean().item<double>();
        }
        Assert.InRange(Neighbours(0), -0.2, 0.2);
        Assert.InRange(Neighbours(1.5), 0.7, 1);
        var (first, second) = (GridTokens.Draw(6, 4, 1.5, 3), GridTokens.Draw(6, 4, 1.5, 3));
        Assert.True(first.V.eq(second.V).all().item<bool>());
        Assert.StartsWith("smoothness: got -1", Assert.Throws<ArgumentException>(() => GridTokens.Draw(6, 4, -1, 3)).Message);
    }

    [Fact]
    public void Agents_learn_the_grid()
    {
        AttentionCore agents = (q, k, v) => AgentAttention.Forward(q, k, v, AgentPool.FromQueries(q, 8, 8, 4, 4));
        var stop = TestContext.Current.CancellationToken;
        Assert.InRange(GridStudy.OverAll([agents], new(24, 24, 120, Convolution: false), [1], stop)[0][0], 0.3, 1);
        Assert.InRange(GridStudy.OverAll([agents], new(24, 24, 1, Convolution: true), [1], stop)[0][0], 0.05, 0.35);
    }
}
