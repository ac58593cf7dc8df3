using System.Text;

namespace Attn.Notebook.Commands;

/// <summary>Splits the line after <c>#!attn</c> into words, as a shell would: white space parts, quotes hold together, a backslash takes a quote as it is.</summary>
internal static class CommandLineText
{
    /// <exception cref="CommandException">A quote that is not closed.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, begun, opened) = ('\0', false, 0);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\'' or '\\')
                (_, begun) = (word.Append(line[++i]), true);
            else if (quote != '\0')
                _ = c == quote ? (quote = '\0') == 0 : word.Append(c) is null;
            else if (c is '"' or '\'')
                (quote, begun, opened) = (c, true, i);
            else if (!char.IsWhiteSpace(c))
                (_, begun) = (word.Append(c), true);
            else if (begun)
            {
                words.Add(word.ToString());
                (_, begun) = (word.Clear(), false);
            }
        }

        if (quote != '\0')
            throw new CommandException($"the quote {quote} at column {opened + 1} is not closed.");
        if (begun)
            words.Add(word.ToString());
        return words;
    }
}
