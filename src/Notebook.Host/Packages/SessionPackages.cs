using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>The packages of one session.</summary>
internal sealed class SessionPackages
{
    private readonly Dictionary<string, NuGetVersion> _present = new(StringComparer.OrdinalIgnoreCase);
    private PackageSources? _sources;

    /// <summary>Adds a source for the requests that follow.</summary>
    public void AddSource(string source, string folder) => Sources(folder).Add(source);

    /// <summary>Makes a package, and what it depends on, usable in this process.</summary>
    /// <param name="text">What follows <c>nuget:</c>.</param>
    /// <param name="folder">The notebook's folder, whose <c>NuGet.Config</c> counts.</param>
    /// <param name="note">Takes one line on what was done.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The assemblies that cells may refer to from now on.</returns>
    /// <exception cref="PackageException">The package is not to be had; the message says why.</exception>
    public async Task<IReadOnlyList<string>> AddAsync(string text, string folder, Action<string> note, CancellationToken cancellation)
    {
        var request = PackageRequest.Parse(text);
        if (HostPackages.Find(request.Id) is { } host)
        {
            if (request.Range is { } range && !range.Satisfies(host.Identity.Version))
                note($"{request}: the loaded {host.Identity.Id} {host.Identity.Version} is used.");
            return host.Assemblies;
        }

        if (_present.TryGetValue(request.Id, out var version))
            return request.Range is null || request.Range.Satisfies(version)
                ? []
                : throw new PackageException($"{request.Id} {version} is in use; restart the notebook to use '{request}'.");

        var resolver = new PackageResolver(Sources(folder));
        var packages = await resolver.ResolveAsync(request, _present, cancellation);
        var assets = packages.Select(package => (Package: package, Assets: resolver.Assets(package))).ToArray();
        NativeLibraries.Add(assets.SelectMany(asset => asset.Assets.Natives));
        foreach (var (package, _) in assets)
            _present[package.Id] = package.Version;
        note($"Package {request.Id} {_present[request.Id]} is ready{(assets.Length == 1 ? "" : $", with {assets.Length - 1} that it needs")}.");
        return [.. assets.SelectMany(asset => asset.Assets.Assemblies)];
    }

    private PackageSources Sources(string folder) => _sources ??= new PackageSources(folder);
}
