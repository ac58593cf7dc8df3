using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>What follows <c>nuget:</c> in a <c>#r</c> line.</summary>
/// <param name="Id">The package's id.</param>
/// <param name="Range">The versions that will do; null for the newest stable one.</param>
internal sealed record PackageRequest(string Id, VersionRange? Range)
{
    /// <exception cref="PackageException">The text is not of the form <c>id</c> or <c>id, version</c>.</exception>
    public static PackageRequest Parse(string text)
    {
        var parts = text.Split(',', 2, StringSplitOptions.TrimEntries);
        // A range in brackets has a comma of its own, which the split above leaves alone.
        if (parts[0].Length == 0 || parts[0].Any(c => !char.IsLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            throw new PackageException($"'{parts[0]}' is not a package id; write #r \"nuget: Id\" or #r \"nuget: Id, 1.2.3\".");
        if (parts.Length == 1 || parts[1].Length == 0)
            return new PackageRequest(parts[0], null);
        return VersionRange.TryParse(parts[1], out var range)
            ? new PackageRequest(parts[0], range)
            : throw new PackageException($"'{parts[1]}' is not a version of {parts[0]}; write, for example, 1.2.3, 1.* or [1.2,2.0).");
    }

    public override string ToString() => Range is null ? Id : $"{Id}, {Range.OriginalString ?? Range.ToString()}";
}
