using System.CommandLine;
using Attn.Host.Jupyter;

namespace Attn.Host.Cli;

/// <summary><c>attn kernel CONNECTION_FILE</c></summary>
internal static class KernelCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("connection-file") { Description = "The file in which the front end says where to listen." };
        var command = new Command("kernel", "Serve as a Jupyter kernel; front ends start it, see 'install'.") { file };
        command.SetAction((parse, _) => ServeAsync(parse.GetValue(file)!, Console.Error));
        return command;
    }

    /// <summary>Serves until the front end is done.</summary>
    /// <returns>0; 2 when the connection file is none.</returns>
    public static async Task<int> ServeAsync(string file, TextWriter error)
    {
        ConnectionInfo connection;
        try
        {
            connection = ConnectionInfo.Read(file);
        }
        catch (InvalidDataException e)
        {
            error.WriteLine($"attn: {e.Message}");
            return 2;
        }

        using var ended = new ParentWatch();
        await using var kernel = new Kernel(connection, error);
        await kernel.RunAsync(ended.Token);
        return 0;
    }
}
