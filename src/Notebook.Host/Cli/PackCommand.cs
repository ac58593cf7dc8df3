using System.CommandLine;
using Attn.Host.Packages;

namespace Attn.Host.Cli;

/// <summary><c>attn pack</c></summary>
internal static class PackCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--out") { Description = "The folder for the packages.", DefaultValueFactory = _ => new DirectoryInfo("out/packages") };
        var command = new Command("pack", "Make packages of these libraries, for .NET Interactive and Polyglot Notebooks, and say how to load them there.") { folder };
        command.SetAction((parse, _) => Guarded.RunAsync(_ =>
        {
            var place = parse.GetValue(folder)!.FullName;
            var packages = LocalFeed.Write(place);
            Console.WriteLine($"""
                {string.Join(", ", packages)} are in {place}

                In .NET Interactive, in a cell of its own:

                #i "nuget:{place}"
                #r "nuget:{packages[0].Id},{packages[0].Version}"

                Or once for all notebooks, which then load it as they stand: dotnet nuget add source "{place}" --name attn
                """);
            foreach (var kept in LocalFeed.Stale(packages))
                Console.WriteLine($"NuGet keeps this version from before and would load that: remove {kept}");
            return Task.FromResult(0);
        }));
        return command;
    }
}
