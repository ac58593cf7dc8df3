using System.Diagnostics;
using Attn.Tests;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>Every CUDA source is embedded under its name and passes a compiler's checks, in each set of macros it is used with; no GPU needed.</summary>
public class SourceTests
{
    /// <summary>The compiler that <c>.ci/run</c> installs.</summary>
    private const string Clang = "/usr/bin/clang-14";

    public static TheoryData<string, string> Variants => new()
    {
        { "src/Kernels/Linear/ScalarDecay/FixedDecay.cu", "-DD=128 -DSTAGES=2" },
        { "src/Kernels/Linear/ScalarDecay/FixedDecay.cu", "-DD=64 -DSTAGES=1" },
        { "src/Kernels/Linear/ScalarDecay/FixedDecay.cu", "-DD=128 -DSTAGES=2 -DSTATES_ONLY" },
        { "src/Kernels/Linear/ScalarDecay/FixedDecayHopper.cu", "" },
        { "src/Kernels/Linear/GatedLinear/GatedWeighting.cu", "" },
        { "src/Kernels/Linear/GatedLinear/GatedPass.cu", "" },
        { "src/Kernels/Linear/GatedLinear/GatedPass.cu", "-DCOLUMNS" },
        { "src/Kernels/Linear/GatedLinear/GatedPass.cu", "-DSTATES_ONLY" },
        { "src/Kernels/Linear/GatedLinear/GatedPass.cu", "-DCOLUMNS -DSTATES_ONLY" },
        { "src/Kernels/Softmax/TileKernels/TileForward.cu", "-DD=64" },
        { "src/Kernels/Softmax/TileKernels/TileForward.cu", "-DD=128 -DSOFTMAX -DHALF" },
        { "src/Kernels/Softmax/TileKernels/TileBackward.cu", "-DD=64 -DHALF" },
        { "src/Kernels/Softmax/TileKernels/TileBackward.cu", "-DD=128 -DKEYS" },
        { "src/Kernels/Softmax/TileKernels/TileBackward.cu", "-DD=128 -DSOFTMAX" },
        { "src/Kernels/Softmax/TileKernels/TileBackward.cu", "-DD=64 -DSOFTMAX -DKEYS" },
        { "src/Kernels/Softmax/TileKernels/TileForward.cu", "-DD=128 -DSOFTPLUS" },
        { "src/Kernels/Softmax/TileKernels/TileBackward.cu", "-DD=128 -DSOFTPLUS" },
        { "src/Kernels/Softmax/TileKernels/TileBackward.cu", "-DD=64 -DSOFTPLUS -DKEYS" },
        { "src/Kernels/Softmax/LeanAttention/LeanDecode.cu", "-DD=128 -DWARPS=8" },
        { "src/Kernels/Softmax/LeanAttention/LeanDecode.cu", "-DD=64 -DWARPS=4 -DHALF" },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Clang_finds_no_error(string source, string defines)
    {
        Assert.SkipUnless(File.Exists(Clang), "not run: no clang on this machine");
        var (code, log) = Check(source, defines);
        Assert.True(code == 0, log);
    }

    [Fact]
    public void Clang_finds_an_error_that_is_there()
    {
        Assert.SkipUnless(File.Exists(Clang), "not run: no clang on this machine");
        using var folder = new TemporaryFolder();
        var broken = Path.Combine(folder.Location, "broken.cu");
        File.WriteAllText(broken, "extern \"C\" __global__ void broken(float* x) { x[threadIdx.x] = missing; }");
        Assert.NotEqual(0, Check(broken, "").Code);
    }

    [Fact]
    public void Every_source_is_checked_and_embedded()
    {
        var sources = Files("*.cu").ToHashSet();
        Assert.NotEmpty(sources);
        Assert.Equal(sources, Variants.Select(variant => variant.Data.Item1).ToHashSet());
        Assert.Equal(
            sources.Concat(Files("*.cuh")).Select(file => Path.GetFileName(file)!).ToHashSet(),
            typeof(Catalog).Assembly.GetManifestResourceNames().Where(name => Path.GetExtension(name) is ".cu" or ".cuh").ToHashSet());
    }

    private static IEnumerable<string> Files(string pattern) =>
        Directory.GetFiles(Path.Combine(AttnProgram.Repository, "src"), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(AttnProgram.Repository, file));

    private static (int Code, string Log) Check(string source, string defines)
    {
        var prelude = Path.Combine(AttnProgram.Repository, "tests/Kernels.Tests/Cuda/Prelude.cuh");
        string[] options =
        [
            "-x", "cuda", "--cuda-device-only", "--cuda-gpu-arch=sm_80", "-nocudainc", "-nocudalib", "-fsyntax-only", "-std=c++17", "-include", prelude,
            .. Files("*.cuh").Select(header => $"-I{Path.GetDirectoryName(header)}").Distinct(),
            .. defines.Split(' ', StringSplitOptions.RemoveEmptyEntries), source,
        ];
        using var clang = Process.Start(new ProcessStartInfo(Clang, options) { RedirectStandardError = true, WorkingDirectory = AttnProgram.Repository })!;
        var log = clang.StandardError.ReadToEnd();
        clang.WaitForExit();
        return (clang.ExitCode, log);
    }
}
