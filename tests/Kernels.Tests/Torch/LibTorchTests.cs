using Attn.Kernels.Torch;
using Attn.Tests;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Torch;

public class LibTorchTests
{
    [Fact]
    public void Torch_computes_on_this_machine()
    {
        using var a = ones(3, 3);
        using var sum = a.sum();
        Assert.Equal(9, sum.item<float>());
        Assert.Null(LibTorch.EnsureLoaded().Failure);
    }

    [Fact]
    public void The_packaged_libtorch_is_found_before_the_package_cache()
    {
        using var ours = TorchFiles.Without();
        var search = TorchFiles.Search(null, ours.Location, TorchFiles.LibTorchFolder);
        Assert.Equal(ours.Location, search.LibTorch().First(candidate => candidate.CanServe).Folder);
    }

    [Theory]
    [InlineData("libc10.so")]
    [InlineData("libtorch_cpu.so")]
    [InlineData("libtorch.so")]
    public void A_missing_piece_is_named_with_the_places_tried_and_the_way_out(string piece)
    {
        using var folder = TorchFiles.Without(piece);
        var status = Load(TorchFiles.Search(null, folder.Location));
        Assert.Contains($"no {piece}", status.Failure);
        Assert.Contains(folder.Location, status.Failure);
        Assert.Contains("ATTN_LIBTORCH", status.Failure);
        Assert.Null(status.Chosen);
    }

    [Fact]
    public void A_folder_named_by_the_variable_is_the_only_one_tried()
    {
        var status = Load(TorchFiles.Search("/nonexistent/libtorch", TorchFiles.LibTorchFolder));
        Assert.Equal("/nonexistent/libtorch", Assert.Single(status.Tried).Folder);
        Assert.Contains("no such folder", status.Failure);
    }

    [Fact]
    public void Python_without_torch_is_said_in_words()
    {
        var status = Load(TorchFiles.Search("python", TorchFiles.LibTorchFolder));
        Assert.Contains("no module torch", status.Failure);
    }

    [Fact]
    public void Python_with_torch_serves()
    {
        var search = new LibTorchSearch
        {
            Choice = "python",
            ProgramFolders = [],
            PackageCache = "",
            PythonTorch = () => TorchFiles.LibTorchFolder,
        };
        Assert.Equal(TorchFiles.LibTorchFolder, Assert.Single(search.LibTorch(), candidate => candidate.CanServe).Folder);
    }

    [Fact]
    public void A_missing_binding_is_named()
    {
        using var folder = TorchFiles.Without("libLibTorchSharp.so");
        Assert.Contains("libLibTorchSharp.so", Load(TorchFiles.Search(null, folder.Location)).Failure);
    }

    [Fact]
    public void A_corrupt_library_is_a_message_and_no_crash()
    {
        using var folder = TorchFiles.Without("libc10.so");
        File.WriteAllText(Path.Combine(folder.Location, "libc10.so"), "not a library");
        Assert.Contains("does not load", Load(TorchFiles.Search(null, folder.Location)).Failure);
    }

    [Fact]
    public void What_is_not_here_is_fetched_unless_a_place_was_chosen()
    {
        var fetches = 0;
        LibTorchStatus Load(LibTorchSearch search) => LibTorch.Load(search, "/nonexistent", newEnough: true, () =>
        {
            fetches++;
            return TorchFiles.LibTorchFolder;
        });

        // There is no binding to load it with, which is all that is missing.
        var status = Load(TorchFiles.Search(null, "/nonexistent"));
        Assert.Contains("libtorch found", status.Failure, StringComparison.Ordinal);
        Assert.Equal(TorchFiles.LibTorchFolder, Assert.Single(status.Tried, place => place.CanServe).Folder);
        using var here = TorchFiles.Without("libLibTorchSharp.so");
        Load(TorchFiles.Search(null, here.Location));
        Load(TorchFiles.Search("/nonexistent/libtorch", "/nonexistent"));
        Assert.Equal(1, fetches);
    }

    [Fact]
    public void A_fetch_that_fails_is_explained_and_one_that_is_interrupted_is_none()
    {
        static LibTorchStatus Load(Exception e) => LibTorch.Load(TorchFiles.Search(null, "/nonexistent"), "/nonexistent", newEnough: true, () => throw e);
        Assert.Contains("no network", Load(new InvalidOperationException("no network")).Failure, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => Load(new OperationCanceledException()));
    }

    private static LibTorchStatus Load(LibTorchSearch search)
    {
        using var cache = new TemporaryFolder();
        return LibTorch.Load(search, cache.Location, newEnough: true);
    }
}
