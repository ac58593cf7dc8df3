using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Attn.Notebook.Commands;

/// <summary>What is wrong with a line that cannot be read, in one sentence that says what is needed.</summary>
internal static class UsageError
{
    /// <summary>Of a parsed line; null when it is right.</summary>
    public static string? Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var path = Path(parse.CommandResult);
        // A verb that takes any number of words would take a misspelt option for one of them.
        var words = command.Arguments.SelectMany(argument => parse.GetResult(argument)?.Tokens ?? []).Select(token => token.Value);
        if (parse.UnmatchedTokens.Concat(words).FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal)) is { } option)
            return $"{Prefix(path)}no option '{option}'{Suggestion.Of(option, command.Options.Select(known => known.Name))}";
        if (parse.Errors.Count == 0)
            return null;
        if (parse.UnmatchedTokens is [var unknown, ..] && command.Subcommands.Count > 0)
            return $"{Prefix(path)}no verb '{unknown}'{Suggestion.Of(unknown, command.Subcommands.Select(verb => verb.Name))}";
        // The parser's own words name no option first; those of an option's own check do.
        if (parse.Errors[0] is { SymbolResult: OptionResult { Option: var asked, Tokens: var values } } error && !error.Message.StartsWith(asked.Name, StringComparison.Ordinal))
            return values is [var value, ..]
                ? $"{asked.Name}: got '{value.Value}', needs {Kind(asked)}."
                : $"{asked.Name}: got none, needs a value: {asked.Description}";
        foreach (var argument in command.Arguments)
        {
            var given = parse.GetResult(argument)?.Tokens.Count ?? 0;
            if (given < argument.Arity.MinimumNumberOfValues)
                return $"{path}: {argument.Name}: got {(given == 0 ? "none" : $"{given}")}, needs {argument.Arity.MinimumNumberOfValues}: {argument.Description}";
        }
        return command is { Subcommands.Count: > 0, Action: null }
            ? $"{path}: needs one of {string.Join(", ", command.Subcommands.Select(verb => verb.Name).Order())}."
            : parse.Errors[0].Message;
    }

    // The words from the first verb on; the tree itself is called by many names.
    private static string Path(CommandResult result) => result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}".TrimStart() : "";

    private static string Prefix(string path) => path.Length == 0 ? "" : $"{path}: ";

    private static string Kind(Option option) => (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) switch
    {
        var number when number == typeof(int) => "a whole number",
        var number when number == typeof(double) => "a number",
        _ => option.GetCompletions(CompletionContext.Empty).Select(word => word.Label).ToArray() is { Length: > 0 } known
            ? $"one of {string.Join(", ", known)}"
            : $"a value: {option.Description?.TrimEnd('.')}",
    };
}
