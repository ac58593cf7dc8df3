using System.CommandLine;
using Attn.Host.Cli;
using Attn.Notebook;

var root = new RootCommand("Attention, reproducible: run papers' notebooks, check their claims, try attention mechanisms.");
foreach (var command in Verbs.Create(args))
    root.Subcommands.Add(command);
return await AttnCommand.InvokeAsync(root, args, Console.Out, Console.Error);
