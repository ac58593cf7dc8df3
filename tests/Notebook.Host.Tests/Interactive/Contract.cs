// What extension.dib uses of .NET Interactive, with the names and signatures of its last version, and just enough behind them to see what was asked.
#pragma warning disable IDE0130 // The namespaces are the point.

using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive
{
    public delegate Task KernelCommandInvocation(KernelCommand command, KernelInvocationContext context);

    public abstract class Kernel
    {
        public static CompositeKernel Root { get; set; } = new();

        public KernelInfo KernelInfo { get; } = new();

        public List<string> Submitted { get; } = [];

        public List<string> Deferred { get; } = [];

        public Dictionary<KernelDirective, KernelCommandInvocation> Handlers { get; } = [];

        public void AddDirective(KernelActionDirective directive, KernelCommandInvocation handler)
        {
            if (directive.Parent is null && KernelInfo.SupportedDirectives.Any(known => known.Name == directive.Name))
                throw new ArgumentException($"The kernel already contains a directive named '{directive.Name}'.");
            if (directive.Parent is null)
                KernelInfo.SupportedDirectives.Add(directive);
            Handlers.Add(directive, handler);
        }

        public Task<KernelCommandResult> SendAsync(KernelCommand command, CancellationToken cancellationToken = default)
        {
            Submitted.Add(((SubmitCode)command).Code);
            return Task.FromResult(new KernelCommandResult());
        }

        public void DeferCommand(KernelCommand command) => Deferred.Add(((SubmitCode)command).Code);
    }

    public sealed class CompositeKernel : Kernel
    {
        public CSharp.CSharpKernel CSharp { get; } = new();
    }

    public sealed class KernelCommandResult;

    public sealed class KernelInfo
    {
        public ICollection<KernelDirective> SupportedDirectives { get; } = [];
    }

    public static class KernelExtensions
    {
        public static Kernel FindKernelByName(this Kernel kernel, string name) => name == "csharp" ? ((CompositeKernel)kernel).CSharp : throw new ArgumentException(name);
    }

    public sealed class KernelInvocationContext(KernelCommand command, CancellationToken cancellationToken)
    {
        public static KernelInvocationContext? Current { get; set; }

        public KernelCommand Command => command;

        public CancellationToken CancellationToken => cancellationToken;

        public List<KernelEvent> Published { get; } = [];

        public string? Failure { get; private set; }

        public void Publish(KernelEvent kernelEvent) => Published.Add(kernelEvent);

        public void Fail(KernelCommand command, Exception? exception = null, string? message = null) => Failure = message;
    }
}

namespace Microsoft.DotNet.Interactive.CSharp
{
    public sealed class CSharpKernel : Kernel
    {
        public ScriptState? ScriptState { get; set; }

        public bool TryGetValue<T>(string name, out T? value)
        {
            var variable = ScriptState?.Variables.FirstOrDefault(variable => variable.Name == name);
            value = (T?)variable?.Value;
            return variable is not null;
        }
    }

    public sealed record ScriptState(IReadOnlyList<ScriptVariable> Variables);

    public sealed record ScriptVariable(string Name, object? Value);
}

namespace Microsoft.DotNet.Interactive.Commands
{
    public abstract class KernelCommand;

    public sealed class SubmitCode(string code, string? targetKernelName = null) : KernelCommand
    {
        public string Code => code;

        public string? TargetKernelName => targetKernelName;
    }

    /// <summary>Not public in .NET Interactive; its names are what matters.</summary>
    internal sealed class DirectiveCommand(string line) : KernelCommand
    {
        public DirectiveNode DirectiveNode { get; } = new(line);
    }

    internal sealed record DirectiveNode(string FullText);
}

namespace Microsoft.DotNet.Interactive.Directives
{
    public abstract class KernelDirective(string name)
    {
        public string Name => name;

        public string? Description { get; init; }
    }

    public sealed class KernelActionDirective(string name) : KernelDirective(name)
    {
        private readonly Below _subcommands = [];

        public KernelActionDirective? Parent { get; private set; }

        public ICollection<KernelDirectiveParameter> Parameters { get; } = [];

        public ICollection<KernelActionDirective> Subcommands
        {
            get
            {
                _subcommands.Above = this;
                return _subcommands;
            }
        }

        private sealed class Below : System.Collections.ObjectModel.Collection<KernelActionDirective>
        {
            public KernelActionDirective? Above { get; set; }

            protected override void InsertItem(int index, KernelActionDirective item)
            {
                item.Parent = Above;
                base.InsertItem(index, item);
            }
        }
    }

    public sealed class KernelDirectiveParameter(string name, string? description = null)
    {
        public string Name => name;

        public string? Description => description;

        public bool AllowImplicitName { get; init; }

        public bool Flag { get; set; }

        public int MaxOccurrences { get; init; } = 1;

        public Func<IEnumerable<string>>? Completions { get; private set; }

        public KernelDirectiveParameter AddCompletions(Func<IEnumerable<string>> getCompletions)
        {
            Completions = getCompletions;
            return this;
        }
    }
}

namespace Microsoft.DotNet.Interactive.Events
{
    public abstract record KernelEvent(object? Value, string? Id, IReadOnlyCollection<FormattedValue> FormattedValues);

    public sealed record DisplayedValueProduced : KernelEvent
    {
        public DisplayedValueProduced(object? value, KernelCommand command, IReadOnlyCollection<FormattedValue>? formattedValues = null, string? valueId = null)
            : base(value, valueId, formattedValues ?? [])
        {
        }
    }

    public sealed record DisplayedValueUpdated : KernelEvent
    {
        public DisplayedValueUpdated(object? value, string valueId, KernelCommand command, IReadOnlyCollection<FormattedValue>? formattedValues = null)
            : base(value, valueId, formattedValues ?? [])
        {
        }
    }
}

namespace Microsoft.DotNet.Interactive.Formatting
{
    public sealed record FormattedValue(string MimeType, string Value);
}
