using System.CommandLine;
using Attn.Host.Cli;
using Attn.Host.Packages;
using Attn.Notebook;

LibTorchFetch.Offer();
// A front end waits for its kernel, and has no use for the tree of commands.
if (args is ["kernel", [not '-', ..] file])
    return await KernelCommand.ServeAsync(file, Console.Error);
var root = new RootCommand("Attention, reproducible: run papers' notebooks, check their claims, try attention mechanisms.");
foreach (var command in Verbs.Create(args))
    root.Subcommands.Add(command);
return await AttnCommand.InvokeAsync(root, args, Console.Out, Console.Error);
