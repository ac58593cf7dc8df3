using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Attn.Kernels.Torch;
using TorchSharp;

namespace Attn.Host.Session;

/// <summary>
/// Frees the tensors that a cell made and no variable holds. The garbage collector does not feel native memory, so a notebook's
/// temporaries would pile up until the machine is full.
/// </summary>
internal static class CellTensors
{
    private const int Reach = 200_000;

    // A cell that names one of these may make tensors; for any other the second that TorchSharp takes to load is saved.
    private static readonly string[] MakeTensors = ["TorchSharp", "Attn.Kernels", "Attn.Theory"];

    /// <summary>Opens a dispose scope which, when it closes, lets what <paramref name="held"/> gives, and all that hangs on it, live on.</summary>
    /// <param name="cell">The compiled cell; null when it is not known.</param>
    /// <param name="held">What variables hold when the cell has ended.</param>
    /// <returns>Null when neither this cell nor one before it uses tensors, or libtorch cannot be loaded.</returns>
    public static IDisposable? Open(Assembly? cell, Func<IEnumerable<object?>> held)
    {
        var needed = AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "TorchSharp")
            || cell is not null && CalledAssemblies.Of(cell).Any(MakeTensors.Contains);
        return needed && LibTorch.TryLoad().Failure is null ? OpenScope(held) : null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CellScope OpenScope(Func<IEnumerable<object?>> held) => new(torch.NewDisposeScope(), held);

    private sealed class CellScope(DisposeScope scope, Func<IEnumerable<object?>> held) : IDisposable
    {
        public void Dispose()
        {
            // What was not reached may be held: to leak it is a cost, to free it would be a crash.
            if (!TryDetach(held()))
                scope.Detach(scope.DisposablesView.ToArray());
            scope.Dispose();
        }
    }

    /// <returns>Whether all that the roots hold was reached.</returns>
    private static bool TryDetach(IEnumerable<object?> roots)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object>();
        void Push(object? value)
        {
            if (value is not null && MayHold(value.GetType()) && seen.Count <= Reach && seen.Add(value))
                left.Push(value);
        }

        foreach (var root in roots)
            Push(root);
        while (left.TryPop(out var value))
        {
            if (value is torch.Tensor tensor)
            {
                // One that the cell disposed of is a handle to nothing.
                if (!tensor.IsInvalid)
                {
                    tensor.DetachFromDisposeScope();
                    Push(tensor.grad);
                }
                continue;
            }

            if (value is Array array)
                foreach (var element in (IEnumerable)array)
                    Push(element);
            if (value is Delegate { Target: { } target })
                Push(target);
            foreach (var field in Fields(value.GetType()))
                Push(field.GetValue(value));
        }

        return seen.Count <= Reach;
    }

    private static readonly ConditionalWeakTable<Type, FieldInfo[]> FieldsOf = [];

    private static FieldInfo[] Fields(Type type) => FieldsOf.GetValue(type, static type =>
    {
        List<FieldInfo> fields = [];
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
            fields.AddRange(t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(field => MayHold(field.FieldType)));
        return [.. fields];
    });

    private static bool MayHold(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !type.IsPointer && !type.IsByRefLike && type != typeof(string) && type != typeof(decimal)
        && !typeof(MemberInfo).IsAssignableFrom(type) && type.Namespace is not ("System.Reflection" or "System.Threading")
        && !(type.IsArray && !MayHold(type.GetElementType()!)) && !(type.IsValueType && Fields(type).Length == 0);
}
