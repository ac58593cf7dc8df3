using Attn.Host.Session;
using Attn.Host.Tests.Session;
using Attn.Notebook;
using Attn.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;

namespace Attn.Host.Tests.Interactive;

/// <summary>extension.dib, compiled and run against a stand-in for .NET Interactive: a slip in it is found where the real one is not to be had.</summary>
[Collection(SessionCollection.Name)]
public sealed class ExtensionTests : IDisposable
{
    private static readonly string Code = string.Join('\n', File.ReadLines(Path.Combine(AttnProgram.Repository, "src/Notebook.Extensions/interactive-extensions/dotnet/extension.dib"))
        .SkipWhile(line => line.StartsWith("#!", StringComparison.Ordinal)));

    // .NET Interactive compiles C# 14.
    private static readonly CSharpCompilation Script = CSharpCompilation.CreateScriptCompilation(
        "extension", CSharpSyntaxTree.ParseText(Code, new CSharpParseOptions(LanguageVersion.CSharp14, kind: SourceCodeKind.Script), cancellationToken: CancellationToken.None),
        [.. ReferenceSet.Default, MetadataReference.CreateFromFile(typeof(Kernel).Assembly.Location)],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default), returnType: typeof(object));

    private readonly CompositeKernel _root = Kernel.Root = new();

    public void Dispose()
    {
        NotebookHost.Attach(null);
        KernelInvocationContext.Current = null;
    }

    private KernelActionDirective Magic => Assert.IsType<KernelActionDirective>(Assert.Single(_root.KernelInfo.SupportedDirectives));

    [Fact]
    public void It_compiles_without_a_warning_and_leaves_no_name_behind()
    {
        Assert.DoesNotContain(Script.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        var tree = Script.SyntaxTrees.Single().GetCompilationUnitRoot(TestContext.Current.CancellationToken);
        Assert.Empty(tree.Usings);
        Assert.IsType<Microsoft.CodeAnalysis.CSharp.Syntax.BlockSyntax>(
            Assert.IsType<Microsoft.CodeAnalysis.CSharp.Syntax.GlobalStatementSyntax>(Assert.Single(tree.Members)).Statement);
    }

    [Fact]
    public async Task Its_verbs_and_words_are_the_trees()
    {
        await LoadAsync();
        var tree = AttnCommand.CreateVerbs(NotebookHost.Current, TextWriter.Null).ToArray();
        Assert.Equal(AttnCommand.Name, Magic.Name);
        Assert.Equal([.. tree.Select(verb => verb.Name), "help"], Magic.Subcommands.Select(verb => verb.Name));
        Assert.All(tree, verb =>
        {
            var declared = Magic.Subcommands.Single(directive => directive.Name == verb.Name);
            Assert.Equal(verb.Description, declared.Description);
            Assert.Superset(verb.Options.Select(option => option.Name).ToHashSet(), declared.Parameters.Select(parameter => parameter.Name).ToHashSet());
            Assert.Equal(verb.Arguments.Take(1).Select(argument => argument.Name), declared.Parameters.Where(parameter => parameter.AllowImplicitName).Select(parameter => parameter.Name));
            Assert.True(_root.Handlers.ContainsKey(declared));
        });
        Assert.Equal(Kernels.Catalog.Rows.Select(row => row.Id).Order(), Parameter("show", "id").Completions!().Order());
        _root.CSharp.ScriptState = new([new("queries", 1)]);
        Assert.Equal(["queries"], Parameter("run", "--q").Completions!());
        Assert.True(Parameter("run", "--causal").Flag);
        Assert.False(Parameter("run", "--q").Flag);
    }

    [Fact]
    public async Task It_loads_once_and_gives_cells_their_imports()
    {
        await LoadAsync();
        var host = NotebookHost.Current;
        await LoadAsync();
        Assert.Same(host, NotebookHost.Current);
        Assert.Equal([CellImports.Code], _root.CSharp.Deferred);
    }

    [Fact]
    public async Task A_line_is_run_as_it_was_typed()
    {
        await LoadAsync();
        var context = await InvokeAsync("list", "#!attn list --family=linear");
        Assert.Null(context.Failure);
        var shown = Assert.IsType<DisplayedValueProduced>(Assert.Single(context.Published));
        Assert.Equal(["text/html", "text/plain"], shown.FormattedValues.Select(value => value.MimeType).Order());

        Assert.StartsWith("attn: no verb 'lits'", (await InvokeAsync(null, "#!attn lits")).Failure, StringComparison.Ordinal);
        Assert.Equal("attn: the quote \" at column 13 is not closed.", (await InvokeAsync("show", "#!attn show \"softmax")).Failure);
    }

    [Fact]
    public async Task Displays_variables_and_the_interrupt_reach_the_kernel()
    {
        await LoadAsync();
        var host = NotebookHost.Current!;
        using var interrupt = new CancellationTokenSource();
        var context = KernelInvocationContext.Current = new(new SubmitCode(""), interrupt.Token);
        var display = Display.Show(new MimeBundle(new Dictionary<string, object> { ["text/html"] = "<b>a</b>", ["application/x+json"] = "{}" }));
        display.Update("b");
        Assert.Equal([(typeof(DisplayedValueProduced), display.Id), (typeof(DisplayedValueUpdated), display.Id)], context.Published.Select(shown => (shown.GetType(), shown.Id!)));
        Assert.Equal(["text/html", "text/plain"], context.Published.SelectMany(shown => shown.FormattedValues).Select(value => value.MimeType));
        interrupt.Cancel();
        Assert.True(host.Cancellation.IsCancellationRequested);

        Assert.Empty(host.VariableNames);
        _root.CSharp.ScriptState = new([new("x", 7)]);
        Assert.Equal(["x"], host.VariableNames);
        Assert.True(host.TryGetVariable("x", out var value));
        Assert.Equal(7, value);
        Assert.False(host.TryGetVariable("y", out _));
        await host.SetVariableAsync("t", null, typeof(TorchSharp.torch.Tensor));
        Assert.Equal("global::TorchSharp.torch.Tensor @t = (global::TorchSharp.torch.Tensor)global::Attn.Notebook.HandOver.Value;", Assert.Single(_root.CSharp.Submitted));
    }

    private KernelDirectiveParameter Parameter(string verb, string name) =>
        Magic.Subcommands.Single(directive => directive.Name == verb).Parameters.Single(parameter => parameter.Name == name);

    private async Task<KernelInvocationContext> InvokeAsync(string? verb, string line)
    {
        var command = new DirectiveCommand(line);
        var context = KernelInvocationContext.Current = new(command, CancellationToken.None);
        await _root.Handlers[verb is null ? Magic : Magic.Subcommands.Single(directive => directive.Name == verb)](command, context);
        return context;
    }

    private static async Task LoadAsync()
    {
        var error = new StringWriter();
        var before = Console.Error;
        Console.SetError(error);
        try
        {
            var (image, symbols) = (new MemoryStream(), new MemoryStream());
            // A process loads an assembly of a name once.
            var script = Script.WithAssemblyName($"extension-{Guid.NewGuid():N}");
            var emitted = script.Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: TestContext.Current.CancellationToken);
            // A value would be shown to the user.
            Assert.Null(await new CompiledCell(script, Code, null, emitted, image, symbols).RunAsync(new object?[2]));
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Empty(error.ToString());
    }
}
