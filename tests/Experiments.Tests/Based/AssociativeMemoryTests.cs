namespace Attn.Experiments.Tests;

public class AssociativeMemoryTests
{
    [Fact]
    public void A_window_recalls_what_it_holds_and_a_larger_state_more()
    {
        double Mean(AssociativeMemory memory) => Enumerable.Range(1, 5).Average(seed => memory.Recall(128, seed));
        Assert.Equal(16.0 / 128, Mean(AssociativeMemory.Window(16)), 1e-12);
        Assert.Equal(1, Mean(AssociativeMemory.Softmax()), 1e-12);
        Assert.True(Mean(AssociativeMemory.Taylor(8)) < Mean(AssociativeMemory.Taylor(16)) - 0.2);
    }

    [Fact]
    public void States_are_counted_as_the_paper_counts_them()
    {
        Assert.Equal(153 * 65, AssociativeMemory.Taylor(16).StateFloats(1000));
        Assert.Equal(1024, AssociativeMemory.Identity(16).StateFloats(1000));
        Assert.Equal(16 * 80, AssociativeMemory.Window(16).StateFloats(1000));
        Assert.Equal(1000 * 80, AssociativeMemory.Softmax().StateFloats(1000));
    }
}
