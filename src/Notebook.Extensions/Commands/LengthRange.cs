using System.Globalization;

namespace Attn.Notebook.Commands;

/// <summary>Sequence lengths as a command line gives them: <c>512..16384</c> doubles from one end to the other, <c>512,1000</c> lists them.</summary>
internal static class LengthRange
{
    /// <exception cref="CommandException">Another text.</exception>
    public static IReadOnlyList<int> Parse(string option, string text)
    {
        if (text.Split("..") is [var from, var to])
        {
            var (low, high) = (Number(option, text, from), Number(option, text, to));
            if (low > high)
                throw Bad(option, text);
            return [.. Doubling(low, high)];
        }

        return [.. text.Split(',').Select(part => Number(option, text, part))];
    }

    private static IEnumerable<int> Doubling(int low, int high)
    {
        for (var length = (long)low; length < high; length *= 2)
            yield return (int)length;
        yield return high;
    }

    private static int Number(string option, string text, string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Bad(option, text);

    private static CommandException Bad(string option, string text) =>
        new($"{option}: got '{text}', needs lengths such as 512..4096 (doubling) or 512,1000,3000.");
}
