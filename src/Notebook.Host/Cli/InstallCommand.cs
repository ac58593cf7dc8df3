using System.CommandLine;
using Attn.Host.Jupyter;

namespace Attn.Host.Cli;

/// <summary><c>attn install</c>, <c>attn uninstall</c> and <c>attn list-kernels</c></summary>
internal static class InstallCommand
{
    public static IEnumerable<Command> Create()
    {
        yield return Verb("install", "Make this program Jupyter's C# kernel.", data =>
        {
            var folder = KernelSpec.Install(data, KernelSpec.ThisProgram());
            Console.WriteLine($"Jupyter's C# kernel is {KernelSpec.ThisProgram()[^1]}, by {folder}");
            if (Path.GetFileName(folder) == KernelSpec.SecondName)
                Console.WriteLine($"The name '{KernelSpec.Name}' belongs to another kernel here, so this one is '{KernelSpec.SecondName}'.");
            return 0;
        });
        yield return Verb("uninstall", "Take back what 'install' did.", data =>
        {
            var folders = KernelSpec.Uninstall(data);
            Console.WriteLine(folders.Count == 0 ? $"Nothing of ours in {Path.Combine(data, "kernels")}" : $"Removed {string.Join(", ", folders)}");
            return 0;
        });
        yield return List();
    }

    private static Command List()
    {
        var command = new Command("list-kernels", "Show the kernels that Jupyter finds here, and which of them are this program.");
        command.SetAction((_, _) => Guarded.RunAsync(_ =>
        {
            var kernels = InstalledKernels.All().ToArray();
            var width = kernels.Select(kernel => kernel.Name.Length).DefaultIfEmpty(0).Max();
            foreach (var kernel in kernels)
                Console.WriteLine($"{(kernel.IsOurs ? '*' : ' ')} {kernel.Name.PadRight(width)}  {kernel.DisplayName}: {kernel.Program}, by {kernel.Folder}");
            Console.WriteLine(kernels.Any(kernel => kernel.IsOurs) ? "* is attn" : "None of them is attn; 'attn install' adds it.");
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command Verb(string name, string description, Func<string, int> action)
    {
        var user = new Option<bool>("--user") { Description = "For this user; so it is when --prefix is not given." };
        var prefix = new Option<DirectoryInfo?>("--prefix") { Description = "Below this folder, in share/jupyter: for an environment or a whole machine." };
        var command = new Command(name, description) { user, prefix };
        command.Validators.Add(result =>
        {
            if (result.GetValue(user) && result.GetValue(prefix) is not null)
                result.AddError("--user, --prefix: needs one of them.");
        });
        command.SetAction((parse, _) => Guarded.RunAsync(_ => Task.FromResult(
            action(parse.GetValue(prefix) is { } folder ? Path.Combine(folder.FullName, "share", "jupyter") : KernelSpec.UserData()))));
        return command;
    }
}
