using System.Text.RegularExpressions;
using Attn.Notebook;

namespace Attn.Host.Session.Language;

/// <summary>Completion of a cell's directive lines.</summary>
internal static partial class DirectiveCompletion
{
    private static readonly string[] Openings = ["#!attn ", "#r \"nuget: \"", "#r \"\"", "#i \"nuget: \"", "#!csharp"];

    /// <summary>What may stand at the cursor of a line that begins with <c>#</c>; positions are those of the line.</summary>
    public static IReadOnlyList<Completion> At(string line, int cursor, INotebookHost? host)
    {
        var lead = line.Length - line.TrimStart().Length;
        var typed = line[lead..cursor];
        if (typed.StartsWith(AttnCommand.Name, StringComparison.Ordinal) && typed.Length > AttnCommand.Name.Length)
            return [.. AttnCommand.Complete(line[lead..], cursor - lead, host).Select(found => new Completion(found.Text, "magic", lead + found.Start, lead + found.End))];
        if (Package().Match(typed) is { Success: true } match)
            return PackageNames(match, lead, cursor);
        return [.. Openings.Where(opening => opening.StartsWith(typed, StringComparison.Ordinal)).Select(opening => new Completion(opening.TrimEnd(), "magic", lead, cursor))];
    }

    private static Completion[] PackageNames(Match match, int lead, int cursor)
    {
        var (id, version) = (match.Groups["id"], match.Groups["version"]);
        return version.Success
            ? [.. PackageCache.Versions(id.Value, version.Value).Select(found => new Completion(found, "module", lead + version.Index, cursor))]
            : [.. PackageCache.Ids(id.Value).Select(found => new Completion(found, "module", lead + id.Index, cursor))];
    }

    [GeneratedRegex("""^#r\s*"\s*nuget:\s*(?<id>[\w.\-]*)(\s*,\s*(?<version>[\w.\-+]*))?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Package();
}
