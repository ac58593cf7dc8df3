namespace Attn.Host.Jupyter;

/// <summary>Jupyter counts a text's Unicode code points, .NET its UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>The index of the code point <paramref name="count"/>; the text's length when it has fewer.</summary>
    public static int ToIndex(string text, int count)
    {
        var index = 0;
        for (; count > 0 && index < text.Length; count--)
            index += char.IsSurrogatePair(text, index) ? 2 : 1;
        return index;
    }

    /// <summary>The code points before <paramref name="index"/>.</summary>
    public static int FromIndex(string text, int index)
    {
        var count = 0;
        for (var i = 0; i < index; count++)
            i += char.IsSurrogatePair(text, i) ? 2 : 1;
        return count;
    }
}
