using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class TextClassesTests
{
    private const string Text = "One fish, two fish: red fish. One fish, two fish! Don't red-hot fish.";

    [Fact]
    public void Words_keep_apostrophes_and_hyphens_inside_them() =>
        Assert.Equal(["don't", "fish", "one", "red", "red-hot", "two"], TextClasses.MostFrequent(Text, 1, 2).Words);

    [Fact]
    public void Windows_are_counted_before_the_most_frequent_pairs()
    {
        var text = TextClasses.MostFrequent(Text, 2, 2); // Of three answers: fish after two (twice), two after fish (once; the first has no window).
        var fish = text.Data.Classes[0];
        Assert.Equal(("two", "fish"), (text.Words[fish.Query], text.Words[fish.Next]));
        Assert.Equal(0.5, text.Data.Probability(0, 1)); // 'one fish' stands before it each time.
        Assert.Equal(2 * text.Data.Classes.Count + 2, text.Counts.Sum());
    }

    [Fact]
    public void The_book_is_there()
    {
        var text = TextClasses.MostFrequent(TextClasses.Alice, 20, 16);
        Assert.Equal(875, text.Words.Count);
        Assert.Equal(875, text.Data.Vocabulary);
        Assert.Equal(20, text.Data.Count);
        Assert.Equal(("she", "was"), (text.Words[text.Data.Classes[0].Query], text.Words[text.Data.Classes[0].Next]));
        Assert.Equal(250, text.Data.ContextTokens.Count(text.Data.IsDistinct));
    }

    [Fact]
    public void Dealt_windows_keep_the_words_and_lose_the_answers()
    {
        var (told, dealt) = (TextClasses.MostFrequent(TextClasses.Alice, 20, 16), TextClasses.MostFrequent(TextClasses.Alice, 20, 16, deal: 3));
        Assert.Equal(told.Counts, dealt.Counts);
        Assert.Equal(told.Data.Classes.Select(c => (c.Query, c.Next)), dealt.Data.Classes.Select(c => (c.Query, c.Next)));
        Assert.NotEqual(told.Data.Classes[0].Probabilities, dealt.Data.Classes[0].Probabilities);
    }

    [Theory]
    [InlineData(0, 2, "classes")]
    [InlineData(1, 0, "window")]
    [InlineData(50, 2, "text")]
    public void Bad_arguments_are_named(int classes, int window, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => TextClasses.MostFrequent(Text, classes, window)).ParamName);
}
