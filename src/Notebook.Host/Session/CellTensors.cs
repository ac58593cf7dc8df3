using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Attn.Host.Session;

/// <summary>
/// Frees the tensors that a cell made and no variable holds. The garbage collector does not feel native memory, so a notebook's
/// temporaries would pile up until the machine is full.
/// </summary>
internal static class CellTensors
{
    private const int Reach = 200_000;

    /// <summary>Runs <paramref name="cell"/> in a dispose scope, then lets what <paramref name="held"/> gives, and all that hangs on it, outlive the scope.</summary>
    public static async Task ScopedAsync(Func<Task> cell, Func<IEnumerable<object?>> held)
    {
        // Loading TorchSharp for a cell that has no tensors would cost it a second.
        if (!AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "TorchSharp"))
            await cell();
        else
            await InScope(cell, held);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task InScope(Func<Task> cell, Func<IEnumerable<object?>> held)
    {
        var scope = torch.NewDisposeScope();
        try
        {
            await cell();
        }
        finally
        {
            Detach(held());
            scope.Dispose();
        }
    }

    private static void Detach(IEnumerable<object?> roots)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object>();
        void Push(object? value)
        {
            if (value is not null && MayHold(value.GetType()) && seen.Count < Reach && seen.Add(value))
                left.Push(value);
        }

        foreach (var root in roots)
            Push(root);
        while (left.TryPop(out var value))
        {
            if (value is torch.Tensor tensor)
            {
                tensor.DetachFromDisposeScope();
                Push(tensor.grad);
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
        && !(type.IsArray && !MayHold(type.GetElementType()!));
}
