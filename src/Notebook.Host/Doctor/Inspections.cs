using System.Runtime.InteropServices;
using Attn.Host.Packages;
using Attn.Kernels.Cuda;
using Attn.Kernels.Torch;
using TorchSharp;

namespace Attn.Host.Doctor;

/// <summary>What the doctor looks at, in the order in which it matters.</summary>
internal static class Inspections
{
    public static IEnumerable<Finding> All()
    {
        yield return Runtime();
        LibTorchFetch.Withdraw();
        var libtorch = LibTorch.TryLoad();
        yield return Tensors(libtorch);
        yield return Gpu(libtorch);
        yield return Nvrtc(libtorch);
        if (libtorch.Failure is null && torch.cuda.is_available())
            yield return OwnKernels();
        yield return Jupyter();
        yield return KernelSpec();
        yield return Browser();
    }

    private static Finding Runtime() => Finding.Good(
        "Runtime",
        $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier}), "
        + $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB");

    private static Finding Tensors(LibTorchStatus status)
    {
        if (status.Failure is not null && status.Tried.All(place => !place.CanServe && place.Origin == LibTorchSearch.Packaged))
            return Finding.Absent("libtorch", "not on this machine yet", $"the first use of tensors fetches {LibTorchPackage.Id} {LibTorchPackage.Version} from NuGet ({LibTorchPackage.Megabytes} MB); or set {LibTorchSearch.Variable} to a libtorch you have");
        if (status.Failure is { } failure)
            return Finding.Broken("libtorch", failure, "see the message above");
        if (status.Chosen is not { } chosen)
            return Finding.Good("libtorch", "left to TorchSharp's own loader on this platform");

        using var scope = torch.NewDisposeScope();
        var sum = torch.ones(2, 2).sum().item<float>();
        var patched = status.IsBindingPatched ? $"; binding patched for this libstdc++: {status.Binding}" : "";
        return sum == 4
            ? Finding.Good("libtorch", $"{chosen.Folder} ({chosen.Origin}), TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}{patched}")
            : Finding.Broken("libtorch", $"{chosen.Folder} computes 1+1+1+1 = {sum}", "set ATTN_LIBTORCH to another libtorch");
    }

    private static Finding Gpu(LibTorchStatus status)
    {
        if (CudaLibraries.FindDriver() is not { } driver)
            return Finding.Absent("GPU", "no NVIDIA driver (libcuda.so.1)", "nothing to do without a GPU: every mechanism runs on the CPU, Gpu claims report 'not run'");
        if (status.Failure is not null)
            return Finding.Absent("GPU", $"driver {driver}", "cure libtorch first");
        return torch.cuda.is_available()
            ? Finding.Good("GPU", $"{torch.cuda.device_count()} CUDA device(s), driver {driver}")
            : Finding.Absent("GPU", $"driver {driver}, but this libtorch has no CUDA", "set ATTN_LIBTORCH=python to use the CUDA build of your PyTorch, or build with -p:TorchCuda=true");
    }

    private static Finding Nvrtc(LibTorchStatus status) => CudaLibraries.FindNvrtc(status.Chosen?.Folder) is { } nvrtc
        ? Finding.Good("NVRTC", nvrtc)
        : Finding.Absent("NVRTC", "libnvrtc not found", "needed for our own CUDA kernels only: it comes with the CUDA toolkit or with a CUDA PyTorch");

    private static Finding OwnKernels() => CudaKernels.Reason is { } reason
        ? Finding.Absent("CUDA kernels", reason, "nothing to do: libtorch's operations compute the same, slower")
        : Finding.Good("CUDA kernels", "compiled at first use and kept in the user's cache folder");

    private static Finding Jupyter()
    {
        if (Programs.Find("jupyter") is not { } jupyter)
            return Finding.Absent("Jupyter", "no 'jupyter' on PATH", "'attn run' needs none; to open notebooks interactively install JupyterLab, Notebook, or VS Code with its Jupyter extension");
        var versions = Programs.Ask(jupyter, "--version")?.Split('\n') ?? [];
        var clients = versions.Where(line => !line.Contains("not installed", StringComparison.Ordinal) && line.Contains(':', StringComparison.Ordinal)
            && (line.Contains("lab", StringComparison.Ordinal) || line.Contains("notebook", StringComparison.Ordinal) || line.Contains("nbconvert", StringComparison.Ordinal)));
        return Finding.Good("Jupyter", $"{jupyter}: {string.Join(", ", clients.Select(line => string.Join(' ', line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries))))}");
    }

    private static Finding KernelSpec()
    {
        var listed = Programs.Find("jupyter") is { } jupyter ? Programs.Ask(jupyter, "kernelspec", "list") : null;
        var ours = listed?.Split('\n').Select(line => line.Trim()).FirstOrDefault(
            line => line.StartsWith(".net-csharp", StringComparison.Ordinal) || line.StartsWith("attn-csharp", StringComparison.Ordinal));
        return ours is not null
            ? Finding.Good("C# kernel", string.Join(" at ", ours.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            : Finding.Absent("C# kernel", "not installed in Jupyter", "run 'attn install'");
    }

    private static Finding Browser() => Programs.Find("chromium", "chromium-browser", "google-chrome", "firefox", "msedge") is { } browser
        ? Finding.Good("Browser", browser)
        : Finding.Absent("Browser", "none on PATH", "needed only to look at pages here: the HTML that 'attn run' writes opens in any browser, with no network");
}
