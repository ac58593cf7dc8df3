using Attn.Kernels.Torch;
using Attn.Notebook;
using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace Attn.Host.Packages;

/// <summary>Fetches libtorch when a cell or a verb first needs it and it is not here: an installed tool comes without that half gigabyte.</summary>
internal static class LibTorchFetch
{
    /// <summary>Has <see cref="LibTorch"/> ask this when it finds none.</summary>
    public static void Offer() => LibTorch.Fetch = () =>
    {
        var cancellation = NotebookHost.Current?.Cancellation ?? CancellationToken.None;
        // Not on the thread that waits: a cell's continuations come back to it.
        return Task.Run(() => FetchAsync(cancellation), cancellation).GetAwaiter().GetResult();
    };

    /// <summary>Has libtorch be looked for and not fetched.</summary>
    public static void Withdraw() => LibTorch.Fetch = null;

    private static async Task<string> FetchAsync(CancellationToken cancellation)
    {
        var sources = new PackageSources(Environment.CurrentDirectory);
        var folder = new PackageFolder(sources.PackagesFolder);
        var package = new PackageIdentity(LibTorchPackage.Id, NuGetVersion.Parse(LibTorchPackage.Version));
        if (!folder.Has(package))
            await Console.Error.WriteLineAsync($"Fetching {package.Id} {package.Version} from NuGet into {sources.PackagesFolder}, once: {LibTorchPackage.Megabytes} MB …");
        var exactly = new VersionRange(package.Version, includeMinVersion: true, package.Version, includeMaxVersion: true);
        await new PackageResolver(sources).GetAsync(new PackageRequest(package.Id, exactly), by: null, cancellation);
        return LibTorchPackage.Natives(folder.Location(package));
    }
}
