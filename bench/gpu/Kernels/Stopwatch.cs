using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Bench;

/// <summary>Times what the GPU does, not what the host takes to ask for it.</summary>
internal sealed class Stopwatch : IDisposable
{
    private const int Samples = 15, WarmUps = 3;

    private readonly CudaTimer _timer = new();
    private readonly Tensor _busy = randn([8192, 8192], ScalarType.BFloat16, CUDA);

    /// <summary>Milliseconds of one call, the median of fifteen; short calls are asked for by the dozen, while the GPU is still busy with something else.</summary>
    public double Milliseconds(Action run)
    {
        for (var i = 0; i < WarmUps; i++)
            Once(run, 1);
        var repeats = Once(run, 1) < 0.3 ? 12 : 1;
        return Enumerable.Range(0, Samples).Select(_ => Once(run, repeats)).Order().ElementAt(Samples / 2);
    }

    /// <summary>Microseconds that the host takes to ask for a call.</summary>
    public static double HostMicroseconds(Action run)
    {
        const int Calls = 500;
        run();
        cuda.synchronize();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < Calls; i++)
            run();
        var elapsed = clock.Elapsed;
        cuda.synchronize();
        return elapsed.TotalMicroseconds / Calls;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _busy.Dispose();
    }

    private double Once(Action run, int repeats)
    {
        using var scope = NewDisposeScope();
        mm(_busy, _busy);
        var time = _timer.Milliseconds(() =>
        {
            for (var i = 0; i < repeats; i++)
                run();
        });
        return time / repeats;
    }
}
