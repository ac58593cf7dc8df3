using System.CommandLine;
using Attn.Kernels;
using Attn.Notebook;

namespace Attn.Host.Cli;

/// <summary>The verbs of the program: its own, and those that cells have too.</summary>
internal static class Verbs
{
    /// <summary>
    /// The commands for a command line. 'run' is the one for notebooks, unless what stands after it is a mechanism's id and no file:
    /// then it is the one that cells have.
    /// </summary>
    public static IEnumerable<Command> Create(IReadOnlyList<string> line)
    {
        Command[] own =
        [
            RunCommand.Create(), VerifyCommand.Create(), GalleryCommand.Create(), DoctorCommand.Create(), PackCommand.Create(), .. InstallCommand.Create(),
            KernelCommand.Create(),
        ];
        var shared = AttnCommand.CreateVerbs(host: null, Console.Out).ToList();
        var replaced = line.Count > 1 && line[0] == "run" && !File.Exists(line[1]) && Catalog.Rows.Any(row => row.Id == line[1]) ? "run" : null;
        return own.Where(command => command.Name != replaced).Concat(shared.Where(command => command.Name == replaced || own.All(mine => mine.Name != command.Name)));
    }
}
