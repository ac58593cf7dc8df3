using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging.Core;
using NuGet.Packaging.Signing;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>Where packages come from: what <c>NuGet.Config</c> of the notebook's folder says, and the sources that <c>#i</c> lines add.</summary>
internal sealed class PackageSources(string folder)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DownloadTime = TimeSpan.FromMinutes(10);
    private readonly ISettings _settings = Settings.LoadDefaultSettings(folder);
    private readonly List<SourceRepository> _added = [];
    private readonly SourceCacheContext _cache = new();
    private List<SourceRepository>? _configured;

    /// <summary>The folder in which NuGet keeps the packages of all programs of this user.</summary>
    public string PackagesFolder => SettingsUtility.GetGlobalPackagesFolder(_settings);

    private List<SourceRepository> Configured => _configured ??=
        [.. new PackageSourceProvider(_settings).LoadPackageSources().Where(source => source.IsEnabled).Select(Repository.Factory.GetCoreV3)];

    private IEnumerable<SourceRepository> All => _added.Concat(Configured);

    /// <exception cref="PackageException">Neither an URL nor a folder that exists.</exception>
    public void Add(string source)
    {
        var place = source.StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(source, UriKind.Absolute, out _)
            ? source
            : Path.GetFullPath(source, folder);
        if (place != source && !Directory.Exists(place))
            throw new PackageException($"#i \"nuget: {source}\": no folder {place}, and not a URL that begins with https://.");
        _added.Insert(0, Repository.Factory.GetCoreV3(new PackageSource(place)));
    }

    /// <summary>All versions of a package that the sources have.</summary>
    /// <returns>The versions by source, and why a source gave none if it could not be asked.</returns>
    public async Task<SourceAnswers> VersionsAsync(string id, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(All.Select(source => AskAsync(source, id, cancellation)));
        return new SourceAnswers(answers);
    }

    private async Task<SourceAnswer> AskAsync(SourceRepository source, string id, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerTime);
        try
        {
            // Some of NuGet's waits heed no token.
            return await Task.Run(Ask, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SourceAnswer(source, [], $"no answer in {AnswerTime.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new SourceAnswer(source, [], e.GetBaseException().Message);
        }

        async Task<SourceAnswer> Ask()
        {
            var finder = await FinderAsync(source, limit.Token);
            return new SourceAnswer(source, [.. await finder.GetAllVersionsAsync(id, _cache, NullLogger.Instance, limit.Token)], null);
        }
    }

    private static async Task<FindPackageByIdResource> FinderAsync(SourceRepository source, CancellationToken cancellation) =>
        await source.GetResourceAsync<FindPackageByIdResource>(cancellation)
        ?? throw new PackageException($"{source.PackageSource.Source} is not a package source.");

    /// <summary>Fetches a package into <see cref="PackagesFolder"/>.</summary>
    /// <exception cref="PackageException">The source does not deliver it.</exception>
    public async Task FetchAsync(SourceRepository source, PackageIdentity package, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DownloadTime);
        var file = Path.GetTempFileName();
        try
        {
            using var content = new FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            var finder = await FinderAsync(source, limit.Token);
            if (!await finder.CopyNupkgToStreamAsync(package.Id, package.Version, content, _cache, NullLogger.Instance, limit.Token).WaitAsync(limit.Token))
                throw new PackageException($"{source.PackageSource.Source} lists {package} but does not deliver it.");
            content.Position = 0;
            var policy = ClientPolicyContext.GetClientPolicy(_settings, NullLogger.Instance);
            using var result = await GlobalPackagesFolderUtility.AddPackageAsync(
                source.PackageSource.Source, package, content, PackagesFolder, Guid.Empty, policy, NullLogger.Instance, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PackageException($"{package} did not arrive from {source.PackageSource.Source} in {DownloadTime.TotalMinutes:0} minutes.");
        }
        catch (Exception e) when (e is not (PackageException or OperationCanceledException))
        {
            throw new PackageException($"{package} cannot be fetched from {source.PackageSource.Source}: {e.GetBaseException().Message}");
        }
    }
}

/// <summary>What one source said of a package.</summary>
internal sealed record SourceAnswer(SourceRepository Source, IReadOnlyList<NuGetVersion> Versions, string? Failure);

/// <summary>What the sources said of a package.</summary>
internal sealed record SourceAnswers(IReadOnlyList<SourceAnswer> Answers)
{
    public IEnumerable<NuGetVersion> Versions => Answers.SelectMany(answer => answer.Versions).Distinct();

    public SourceRepository SourceOf(NuGetVersion version) => Answers.First(answer => answer.Versions.Contains(version)).Source;

    /// <summary>A line a source: what it is, and what was wrong with it if anything was.</summary>
    public string Describe() => Answers.Count == 0
        ? "\n  (no source is configured: add one with #i \"nuget: https://…\" or in NuGet.Config)"
        : string.Concat(Answers.Select(answer => $"\n  {answer.Source.PackageSource.Source}{(answer.Failure is null ? "" : $": {answer.Failure}")}"));
}
