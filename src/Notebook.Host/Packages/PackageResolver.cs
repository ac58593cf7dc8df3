using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>Chooses a version of a package and of all it depends on, as a restore does: the lowest that everyone accepts; fetches them.</summary>
internal sealed class PackageResolver(PackageSources sources)
{
    private readonly PackageFolder _folder = new(sources.PackagesFolder);

    /// <summary>The packages of a request, dependencies included, without those that the program itself brings.</summary>
    /// <param name="request">What a cell asks for.</param>
    /// <param name="present">Packages that the session has already; they cannot change.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="PackageException">Something is not to be had.</exception>
    public async Task<IReadOnlyCollection<PackageIdentity>> ResolveAsync(
        PackageRequest request, IReadOnlyDictionary<string, NuGetVersion> present, CancellationToken cancellation)
    {
        Dictionary<string, PackageIdentity> chosen = new(StringComparer.OrdinalIgnoreCase);
        Queue<(PackageRequest Wanted, PackageIdentity? By)> left = new([(request, null)]);
        while (left.TryDequeue(out var next))
        {
            var (id, range) = next.Wanted;
            if (HostPackages.Find(id) is not null || present.ContainsKey(id))
                continue;
            if (chosen.TryGetValue(id, out var before) && (range is null || range.Satisfies(before.Version) || range.MinVersion <= before.Version))
                continue;

            var package = await GetAsync(next.Wanted, next.By, cancellation);
            chosen[id] = package;
            foreach (var dependency in _folder.Dependencies(package))
                left.Enqueue((new PackageRequest(dependency.Id, dependency.VersionRange), package));
        }

        return chosen.Values;
    }

    /// <summary>The files of a package that <see cref="ResolveAsync"/> gave.</summary>
    public PackageAssets Assets(PackageIdentity package) => _folder.Assets(package);

    /// <summary>Has one package, of the version that a restore would choose, in <see cref="PackageSources.PackagesFolder"/>.</summary>
    /// <exception cref="PackageException">It is not to be had.</exception>
    public async Task<PackageIdentity> GetAsync(PackageRequest wanted, PackageIdentity? by, CancellationToken cancellation)
    {
        // A lower bound that is here already is the version that a restore would choose: no source need be asked.
        if (wanted.Range is { IsFloating: false, IsMinInclusive: true, MinVersion: { } lowest } && new PackageIdentity(wanted.Id, lowest) is var here && _folder.Has(here))
            return here;

        var answers = await sources.VersionsAsync(wanted.Id, cancellation);
        if (Best(wanted.Range, answers.Versions) is { } version)
        {
            var package = new PackageIdentity(wanted.Id, version);
            if (!_folder.Has(package))
                await sources.FetchAsync(answers.SourceOf(version), package, cancellation);
            return package;
        }

        // Offline, what an earlier restore left will do.
        if (answers.Answers.All(answer => answer.Failure is not null) && Best(wanted.Range, _folder.Versions(wanted.Id)) is { } kept)
            return new PackageIdentity(wanted.Id, kept);
        throw new PackageException(Explain(wanted, by, answers));
    }

    private static NuGetVersion? Best(VersionRange? range, IEnumerable<NuGetVersion> versions)
    {
        if (range is not null)
            return range.FindBestMatch(versions);
        var newestFirst = versions.OrderDescending().ToArray();
        return newestFirst.FirstOrDefault(version => !version.IsPrerelease) ?? newestFirst.FirstOrDefault();
    }

    private static string Explain(PackageRequest wanted, PackageIdentity? by, SourceAnswers answers)
    {
        var neededBy = by is null ? "" : $" (needed by {by})";
        var newest = answers.Versions.OrderDescending().Take(5).ToArray();
        return newest.Length == 0
            ? $"package '{wanted.Id}'{neededBy} was not found in:{answers.Describe()}"
            : $"package '{wanted}'{neededBy} was not found; there are {string.Join(", ", newest.AsEnumerable())}{(newest.Length == 5 ? ", …" : "")} in:{answers.Describe()}";
    }
}
