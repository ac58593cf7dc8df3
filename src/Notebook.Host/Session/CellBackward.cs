using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Attn.Host.Session;

/// <summary>
/// Backward passes that cells write. libtorch calls them and cannot carry their exceptions: the process would abort, and the variables of
/// a day's work with it. So each is compiled with a net, which keeps the exception and gives libtorch no gradients; the statement that
/// called for them throws it then.
/// </summary>
public static class CellBackward
{
    private static volatile Exception? _failure;
    private static int _running;

    /// <summary>Whether a backward pass of a cell is running, into which no abort must be sent.</summary>
    internal static bool IsRunning => Volatile.Read(ref _running) > 0;

    /// <summary>A forward pass begins: its backward pass owes as many gradients as it takes arguments.</summary>
    public static void Forward(torch.autograd.AutogradContext context, object[] arguments) => Owed.Counts.AddOrUpdate(context, arguments.Length);

    /// <summary>A backward pass begins.</summary>
    public static void Enter()
    {
        Interlocked.Increment(ref _running);
        CellChecks.Check();
    }

    /// <summary>A backward pass has ended.</summary>
    public static void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>A backward pass has thrown.</summary>
    /// <returns>An undefined gradient for each argument.</returns>
    public static List<torch.Tensor> Failed(torch.autograd.AutogradContext context, Exception failure)
    {
        _failure ??= failure;
        return [.. Enumerable.Repeat<torch.Tensor>(null!, Owed.Counts.TryGetValue(context, out var count) ? (int)count : 0)];
    }

    /// <summary>Throws what a backward pass has thrown, now that libtorch is left.</summary>
    public static void Rethrow()
    {
        if (TakeFailure() is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>What was thrown since the last call, if anything.</summary>
    internal static Exception? TakeFailure()
    {
        var failure = _failure;
        _failure = null;
        return failure;
    }

    /// <summary>Apart from the rest, which every cell asks: this loads TorchSharp, and libtorch with it, and a cell without tensors needs neither.</summary>
    private static class Owed
    {
        public static readonly ConditionalWeakTable<torch.autograd.AutogradContext, object> Counts = [];
    }
}
